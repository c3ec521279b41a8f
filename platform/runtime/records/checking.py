"""Under the head: what only the store knows. Exact, because no other writer of the organisation can run."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from sqlalchemy import ARRAY, UUID, Connection, any_, literal, select

from amparo.metadata.missing import Missing
from amparo.metadata.problems import Problem
from amparo.metadata.wording import N_
from amparo.runtime.keys import OrganisationKeys
from amparo.runtime.records.preparing import Prepared
from amparo.runtime.releases.live import LiveObject, LiveRelease
from amparo.runtime.stores.projection import FieldPlace
from amparo.runtime.stores.tables import OrganisationTables

#: Values asked for in one statement; SQLite's limit on parameters lies above it.
_ASKED_AT_ONCE = 5000


#: Records that the same transaction creates, by object.
Arriving = Mapping[str, set[uuid.UUID]]


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
        member = self._tables.member
        known = set(self._found(select(member.c.id).where(member.c.active), member.c.id, owners))
        for change in prepared:
            if change.owner is not None and change.owner not in known:
                advice = N_("Choose a member of this organisation.")
                change.problems.append(Problem("unknown_member", "owner", str(change.owner), advice))

    def _identifiers(self, prepared: Sequence[Prepared]) -> None:
        """An identifier made by the caller, on a device perhaps, must be new to the organisation."""
        made = [p for p in prepared if p.change.record is not None and not p.change.is_update]
        if not made:
            return
        record = self._tables.record
        known = set(self._found(select(record.c.id), record.c.id, {p.record for p in made}))
        for change in made:
            if change.record in known:
                advice = N_("This record was saved before. Open it and change it there.")
                change.problems.append(Problem("identifier_taken", "id", str(change.record), advice))

    def _references(self, place: FieldPlace, prepared: Sequence[Prepared]) -> None:
        name = place.field.name
        asked = {value for p in prepared if isinstance(value := p.answers.get(name), uuid.UUID)}
        targets = [self._release.object(each) for each in place.field.targets]
        known: set[uuid.UUID] = set()
        for target in targets:
            query = select(target.table.c.id).where(target.table.c.deleted_tx.is_(None))
            known.update(self._found(query, target.table.c.id, asked - known))
            known |= self._arriving.get(target.name, set())
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
        table = self._live.table
        column = table.c[place.match_column if place.sensitive else place.column_name]
        query = select(column, table.c.id).where(table.c.deleted_tx.is_(None))
        holders: dict[Any, uuid.UUID] = {row[0]: row[1] for row in self._rows(query, column, {v for _, v in wanted})}
        return {record for record, value in wanted if holders.setdefault(value, record) != record}

    def comparable(self, place: FieldPlace, answer: Any) -> Any:
        """The form of an answer under which uniqueness is compared."""
        if place.sensitive:
            return self._keys.match_hash(place.id, place.type.to_text(place.field, answer))
        return place.type.to_text(place.field, answer) if place.storage.is_kept_as_text else answer

    def _found(self, query: Any, column: Any, identifiers: Iterable[uuid.UUID]) -> Iterator[uuid.UUID]:
        asked = list(identifiers)
        if self._connection.dialect.name != "postgresql" or not asked:
            return (row[0] for row in self._rows(query, column, asked))
        # One array is one parameter: a statement of a thousand takes longer to write than to run.
        array = literal(asked, ARRAY(UUID(as_uuid=True)))
        return iter(self._connection.scalars(query.where(column == any_(array))))

    def _rows(self, query: Any, column: Any, values: Iterable[Any]) -> Iterator[Any]:
        asked = list(values)
        for start in range(0, len(asked), _ASKED_AT_ONCE):
            yield from self._connection.execute(query.where(column.in_(asked[start : start + _ASKED_AT_ONCE])))


def _unknown_record(name: str, value: uuid.UUID, targets: Sequence[LiveObject]) -> Problem:
    labels = [target.definition.label for target in targets]
    if len(labels) == 1:
        advice = N_("Choose a {object} that exists: this one was deleted or is not in this organisation.")
        return Problem("unknown_record", name, str(value), advice, {"object": labels[0]})
    advice = N_("Choose a record that exists, of one of these: {objects}. This one was deleted or is not among them.")
    return Problem("unknown_record", name, str(value), advice, {"objects": ", ".join(labels)})


def taken(name: str, value: Any) -> Problem:
    return Problem("not_unique", name, value, N_("Another record already has this value. Enter a different one."))


def problems_by_position(prepared: Iterable[Prepared]) -> Mapping[int, tuple[Problem, ...]]:
    return {p.position: tuple(p.problems) for p in prepared if p.problems}
