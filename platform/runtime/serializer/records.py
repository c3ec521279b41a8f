"""Rows of the projection made into records for one reader."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import repeat
from typing import Any

from sqlalchemy import ColumnElement, Connection, select

from amparo.metadata.fields.base import Answer, Storage
from amparo.metadata.formulas.failures import FormulaError
from amparo.runtime.access import Actor, Permission
from amparo.runtime.keys import RecordKey
from amparo.runtime.records.encoding import Sealed, answer_from
from amparo.runtime.releases.live import LiveObject, LiveRelease
from amparo.runtime.serializer.labels import Labels, Name, in_parts, labels_of, name_beside
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.projection import FieldPlace

#: System fields that hold a member.
MEMBER_COLUMNS = ("created_by", "updated_by", "owner")
_NONE: frozenset[str] = frozenset()
#: Ends the name of a column that holds the name of what another one refers to, before the place of its object.
_NAME = "_n"


@dataclass(frozen=True, slots=True)
class Record:
    """One record as its reader may see it.

    ``answers`` holds the fields asked for, without those the reader may not
    see. ``labels`` names the records and members the answers refer to; it is
    shared by the records of one page. ``deleted`` says whether the record is
    deleted today, also where its answers are those of a past instant.
    """

    id: uuid.UUID
    object: str
    version: int
    created_at: dt.datetime
    created_by: uuid.UUID | None
    updated_at: dt.datetime
    updated_by: uuid.UUID | None
    owner: uuid.UUID | None
    record_type: str | None
    deleted: bool
    answers: dict[str, Answer]
    name: str
    number: str | None
    labels: Labels = field(default_factory=dict)
    #: Formula fields that cannot be computed with what the record holds; their answers are blank.
    incomputable: frozenset[str] = frozenset()


def serialise(
    connection: Connection,
    store: OrganisationStore,
    actor: Actor,
    release: LiveRelease,
    live: LiveObject,
    rows: Sequence[Mapping[str, Any]],
    columns: Iterable[str],
    *,
    name_members: bool = True,
    computed: Sequence[Mapping[str, Answer | FormulaError]] = (),
) -> tuple[Record, ...]:
    """``rows`` hold the columns of ``columns``, of the naming fields, and those every row has.

    ``computed`` has what the formula fields of each row hold, if any were asked for.

    What :func:`columns_beside` adds to rows need not be asked for. Without
    ``name_members`` the labels leave out who owns, made and changed a record.
    """
    shown = _shown(actor, live, columns)
    keys = _record_keys(connection, store, rows, shown)
    reader = _AnswerReader(shown, keys)
    labels: Labels = {}
    wanted: dict[str | None, set[uuid.UUID]] = defaultdict(set)
    for column, place, target in _references(shown, name_members=name_members):
        name = f"{column}{_NAME}{place}"
        if rows and name in rows[0]:
            labels |= {row[column]: Name(row[name], target) for row in rows if row[name] is not None}
        else:
            wanted[target] |= {row[column] for row in rows} - {None}
    labels |= labels_of(connection, store, actor, release, wanted)
    called = _plain_column(live, live.definition.name_field)
    numbered = _plain_column(live, live.definition.number_field)
    return tuple(
        _record(live, row, reader, held, labels, called, numbered)
        for row, held in zip(rows, computed or repeat({}, len(rows)), strict=True)
    )


def columns_beside(
    store: OrganisationStore,
    actor: Actor,
    release: LiveRelease,
    live: LiveObject,
    columns: Iterable[str],
    *,
    name_members: bool = True,
) -> list[ColumnElement[Any]]:
    """What rows of an object's table bring along for :func:`serialise`: names of what they refer to, their key.

    One statement then reads the whole of a page, in one state of the store.
    """
    shown = _shown(actor, live, columns)
    added: list[ColumnElement[Any]] = []
    for column, place, target in _references(shown, name_members=name_members):
        name = name_beside(store, actor, release, target, live.table.c[column])
        if name is not None:
            added.append(name.label(f"{column}{_NAME}{place}"))
    if any(place.sensitive for place in shown):
        kept = store.tables.record
        key = select(kept.c.wrapped_key).where(kept.c.id == live.table.c.id).scalar_subquery()
        added.append(key.label("wrapped_key"))
    return added


def _shown(actor: Actor, live: LiveObject, columns: Iterable[str]) -> list[FieldPlace]:
    """The named fields that the reader may see."""
    opens = actor.may(Permission.SENSITIVE_READ)
    places = [live.fields[name] for name in dict.fromkeys(columns) if name in live.fields]
    return [place for place in places if opens or not place.sensitive]


def _references(shown: Sequence[FieldPlace], *, name_members: bool) -> Iterator[tuple[str, int, str | None]]:
    """The columns that refer to something, with each object of what it may refer to, counted; None for members."""
    for place in shown:
        if place.storage is Storage.REFERENCE:
            yield from ((place.column_name, number, target) for number, target in enumerate(place.field.targets))
    if name_members:
        yield from ((column, 0, None) for column in MEMBER_COLUMNS)


def record_keys(
    connection: Connection, store: OrganisationStore, records: Collection[uuid.UUID]
) -> dict[uuid.UUID, RecordKey]:
    """The keys of records that were not erased."""
    table = store.tables.record
    query = select(table.c.id, table.c.wrapped_key).where(table.c.wrapped_key.is_not(None))
    return {
        row.id: store.keys.open_record_key(row.id, bytes(row.wrapped_key))
        for part in in_parts(records)
        for row in connection.execute(query.where(table.c.id.in_(part)))
    }


def _record_keys(
    connection: Connection, store: OrganisationStore, rows: Sequence[Mapping[str, Any]], shown: Sequence[FieldPlace]
) -> Mapping[uuid.UUID, RecordKey]:
    """Rows that bring their key along need not be asked for it."""
    sealed = [place.column_name for place in shown if place.sensitive]
    if not sealed:
        return {}
    holding = [row for row in rows if any(row[column] is not None for column in sealed)]
    if all(row.get("wrapped_key") is not None for row in holding):
        return {row["id"]: store.keys.open_record_key(row["id"], bytes(row["wrapped_key"])) for row in holding}
    return record_keys(connection, store, [row["id"] for row in holding])


class _AnswerReader:
    """The answers that rows hold, in the order of the fields; most of them are columns as they are."""

    def __init__(self, shown: Sequence[FieldPlace], keys: Mapping[uuid.UUID, RecordKey]) -> None:
        self._keys = keys
        held = [place for place in shown if place.field.formula is None]
        self._names = [place.field.name for place in shown]
        self._columns = [(place.field.name, place.column_name) for place in held]
        self._others = [place for place in held if not _is_its_column(place)]
        self._computed = [place.field.name for place in shown if place.field.formula is not None]

    def answers(self, row: Mapping[str, Any], computed: Mapping[str, Answer | FormulaError]) -> dict[str, Answer]:
        answers: dict[str, Answer] = {name: row[column] for name, column in self._columns}
        for place in self._others:
            answer = answer_from(place, row)
            if isinstance(answer, Sealed):
                answer = open_sealed(place, answer, self._keys[row["id"]])
            answers[place.field.name] = answer
        if not self._computed:
            return answers
        for name in self._computed:
            found = computed.get(name)
            answers[name] = None if isinstance(found, FormulaError) else found
        return {name: answers[name] for name in self._names}

    def incomputable(self, computed: Mapping[str, Answer | FormulaError]) -> frozenset[str]:
        if not self._computed:
            return _NONE
        return frozenset([name for name in self._computed if isinstance(computed.get(name), FormulaError)])


def _is_its_column(place: FieldPlace) -> bool:
    return not (place.sensitive or place.has_reasons or place.storage.is_kept_as_text)


def open_sealed(place: FieldPlace, sealed: Sealed, key: RecordKey) -> Answer:
    """The value of a sensitive field; only for readers with the permission for it."""
    return place.type.from_text(place.field, key.unseal_text(sealed.text, place.id))


def _record(
    live: LiveObject,
    row: Mapping[str, Any],
    reader: _AnswerReader,
    computed: Mapping[str, Answer | FormulaError],
    labels: Labels,
    name_column: str | None,
    number_column: str | None,
) -> Record:
    number = _text(row, number_column)
    return Record(
        row["id"],
        live.name,
        row["version"],
        row["created_at"],
        row["created_by"],
        row["updated_at"],
        row["updated_by"],
        row["owner"],
        row["record_type"],
        row["deleted_tx"] is not None,
        reader.answers(row, computed),
        _text(row, name_column) or number or "",
        number,
        labels,
        reader.incomputable(computed),
    )


def _plain_column(live: LiveObject, name: str | None) -> str | None:
    """The column of a naming field; a sensitive one names nobody."""
    place = live.fields.get(name) if name is not None else None
    return None if place is None or place.sensitive else place.column_name


def _text(row: Mapping[str, Any], column: str | None) -> str | None:
    value = None if column is None else row[column]
    return None if value is None else str(value)
