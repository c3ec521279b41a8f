"""Under the head: what only the store knows. Exact, because no other writer of the organisation can run."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from enum import Enum, auto
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from sqlalchemy import ARRAY, UUID, Column, Connection, Select, Table, any_, bindparam, select

from amparo.metadata.missing import Missing
from amparo.metadata.problems import Problem
from amparo.metadata.wording import N_
from amparo.runtime.keys import OrganisationKeys
from amparo.runtime.records.prepared import Prepared
from amparo.runtime.releases.live import LiveObject, LiveRelease
from amparo.runtime.stores.projection import FieldPlace
from amparo.runtime.stores.tables import OrganisationTables

#: Values asked for in one statement; SQLite's limit on parameters lies above it.
_ASKED_AT_ONCE = 5000

_SAVED_BEFORE = N_("This record was saved before. Open it and change it there.")
_DELETED = N_("This record was saved before and is deleted. Bring it back and change it there.")
_ERASED = N_("The record with this identifier was erased for good. Leave the identifier out to make a new one.")

#: Records that the same transaction creates or changes, by object, with the answers that it gives them.
Arriving = Mapping[str, Mapping[uuid.UUID, Mapping[str, Any]]]


class StoreChecks:
    """Checks of one object's prepared changes. Problems are added to each change."""

    def __init__(
        self,
        connection: Connection,
        tables: OrganisationTables,
        release: LiveRelease,
        live: LiveObject,
        keys: OrganisationKeys,
        arriving: Arriving = MappingProxyType({}),
    ) -> None:
        self._connection = connection
        self._tables = tables
        self._release = release
        self._live = live
        self._keys = keys
        self._arriving = arriving

    def run(self, prepared: Sequence[Prepared]) -> None:
        self._members(prepared)
        self._identifiers(prepared)
        for place in self._live.references:
            self._references(place, prepared)
        for place in self._live.unique:
            if not place.type.generated:
                self._unique(place, prepared)

    def _members(self, prepared: Sequence[Prepared]) -> None:
        owners = {p.owner for p in prepared if p.owner is not None}
        if not owners:
            return
        known = set(self._found(self._tables.member, owners))
        for change in prepared:
            if change.owner is not None and change.owner not in known:
                advice = N_("Choose a member of this organisation.")
                change.problems.append(Problem("unknown_member", "owner", str(change.owner), advice))

    def _identifiers(self, prepared: Sequence[Prepared]) -> None:
        """An identifier made by the caller, on a device perhaps, must be new to the organisation."""
        made = [p for p in prepared if p.change.record is not None and not p.change.is_update]
        if not made:
            return
        known = set(self._found(self._tables.record, {p.record for p in made}))
        advices = self._advices(known) if known else {}
        for change in made:
            if change.record in known:
                advice = advices.get(change.record, _SAVED_BEFORE)
                change.problems.append(Problem("identifier_taken", "id", str(change.record), advice))

    def _advices(self, records: Collection[uuid.UUID]) -> Mapping[uuid.UUID, str]:
        """What would do for identifiers of records that cannot be opened."""
        record = self._tables.record
        rows = self._connection.execute(
            select(record.c.id, record.c.object, record.c.erased_tx).where(record.c.id.in_(records))
        ).all()
        found = {row.id: _ERASED for row in rows if row.erased_tx is not None}
        for number in {row.object for row in rows} & self._release.by_number.keys():
            table = self._release.by_number[number].table
            deleted = select(table.c.id).where(table.c.id.in_(records), table.c.deleted_tx.is_not(None))
            found = dict.fromkeys(self._connection.scalars(deleted), _DELETED) | found
        return found

    def _references(self, place: FieldPlace, prepared: Sequence[Prepared]) -> None:
        name = place.field.name
        asked = {value for p in prepared if isinstance(value := p.answers.get(name), uuid.UUID)}
        if not asked:
            return
        targets = [self._release.object(each) for each in place.field.targets]
        known: set[uuid.UUID] = set()
        for target in targets:
            known.update(self._found(target.table, asked - known, target))
            known.update(self._arriving.get(target.name, ()))
        for change in prepared:
            value = change.answers.get(name)
            if isinstance(value, uuid.UUID) and value not in known:
                change.problems.append(_unknown_record(name, value, targets))

    def _unique(self, place: FieldPlace, prepared: Sequence[Prepared]) -> None:
        name = place.field.name
        wanted = [
            (change, self.comparable(place, answer))
            for change in prepared
            if (answer := change.answers.get(name)) is not None and not isinstance(answer, Missing)
        ]
        clashing = self.clashing(place, [(change.record, value) for change, value in wanted])
        for change, value in wanted:
            if change.record in clashing:
                change.problems.append(taken(name, None if place.sensitive else value))

    def clashing(self, place: FieldPlace, wanted: Sequence[tuple[uuid.UUID, Any]]) -> set[uuid.UUID]:
        """Records whose value another living record, or an earlier one in the list, holds."""
        column = self._live.table.c[place.match_column if place.sensitive else place.column_name]
        holders: dict[Any, uuid.UUID] = {
            row[0]: row[1] for row in self._holders(column, {v for _, v in wanted}, self._live)
        }
        return {record for record, value in wanted if holders.setdefault(value, record) != record}

    def comparable(self, place: FieldPlace, answer: Any) -> Any:
        """The form of an answer under which uniqueness is compared."""
        if place.sensitive:
            return self._keys.match_hash(place.id, place.type.to_text(place.field, answer))
        return place.type.to_text(place.field, answer) if place.storage.is_kept_as_text else answer

    def _found(
        self, table: Table, identifiers: Collection[uuid.UUID], live: LiveObject | None = None
    ) -> Iterator[uuid.UUID]:
        """Those that are in force there; ``live`` is the object whose table it is, if any."""
        if len(identifiers) <= 1 or self._connection.dialect.name != "postgresql":
            return (row[0] for row in self._holders(table.c.id, identifiers, live))
        # One array is one parameter: a statement of a thousand takes longer to write than to run.
        query = _question(table.c.id, _Form.ARRAY, live)
        return (row[0] for row in self._connection.execute(query, {"asked": [*identifiers]}))

    def _holders(self, column: Column[Any], values: Collection[Any], live: LiveObject | None) -> Iterator[Any]:
        """Rows (value, identifier) of records in force that hold one of the values."""
        if len(values) == 1:
            (value,) = values
            return iter(self._connection.execute(_question(column, _Form.ONE, live), {"asked": value}))
        asked = list(values)
        query = _question(column, _Form.SOME, live)
        parts = (asked[start : start + _ASKED_AT_ONCE] for start in range(0, len(asked), _ASKED_AT_ONCE))
        return (row for part in parts for row in self._connection.execute(query, {"asked": part}))


class _Form(Enum):
    """How the values that are asked for reach the database."""

    ONE = auto()
    SOME = auto()
    ARRAY = auto()


def _question(column: Column[Any], form: _Form, live: LiveObject | None) -> Select[Any]:
    """Made once: making a statement took longer than asking it, and every save asks some of these."""
    if live is None:
        return _of_the_store(column, form)
    return live.plans.kept((column.name, form), lambda: [_in_force(column, form)])[0]


def _in_force(column: Column[Any], form: _Form) -> Select[Any]:
    """The values of a column with the identifiers, of living records or of members who did not leave."""
    table = column.table
    query = select(column, table.c.id.label("holder"))
    if "deleted_tx" in table.c:
        query = query.where(table.c.deleted_tx.is_(None))
    elif "active" in table.c:
        query = query.where(table.c.active)
    if form is _Form.ONE:
        return query.where(column == bindparam("asked"))
    if form is _Form.SOME:
        return query.where(column.in_(bindparam("asked", expanding=True)))
    return query.where(column == any_(bindparam("asked", type_=ARRAY(UUID(as_uuid=True)))))


# The fixed tables of a store last as long as it is open.
_of_the_store = lru_cache(maxsize=1024)(_in_force)


def _unknown_record(name: str, value: uuid.UUID, targets: Sequence[LiveObject]) -> Problem:
    if len(targets) == 1:
        definition = targets[0].definition
        advice = N_("Choose a {object} that exists: this one was deleted or is not in this organisation.")
        return Problem(
            "unknown_record", name, str(value), advice, {"object": definition.label, "object_id": definition.id}
        )
    advice = N_("Choose a record that exists: this one was deleted or is of no kind that may be chosen here.")
    return Problem("unknown_record", name, str(value), advice)


def taken(name: str, value: Any) -> Problem:
    return Problem("not_unique", name, value, N_("Another record already has this value. Enter a different one."))


def problems_by_position(prepared: Iterable[Prepared]) -> Mapping[int, tuple[Problem, ...]]:
    return {p.position: tuple(p.problems) for p in prepared if p.problems}
