"""Facts made into what people read: who changed what, when, from what to what, by which channel."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Select, select

from amparo.metadata.fields.base import Answer, Storage
from amparo.metadata.missing import Missing
from amparo.runtime.access import Actor, Permission
from amparo.runtime.keys import RecordKey
from amparo.runtime.planner.queries import subject_of
from amparo.runtime.planner.views import Row, fetched
from amparo.runtime.records.encoding import Sealed
from amparo.runtime.releases.live import LiveObject, LiveRelease
from amparo.runtime.serializer.labels import Labels, member_names, record_names
from amparo.runtime.serializer.records import open_sealed, record_keys
from amparo.runtime.serializer.wording import SYSTEM_LABELS
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.projection import FieldPlace
from amparo.runtime.stores.tables import DELETED, OWNER, RECORD_TYPE
from amparo.runtime.stores.types import instant

RESERVED_NAMES = {OWNER: "owner", RECORD_TYPE: "record_type"}


@dataclass(frozen=True, slots=True)
class FieldChange:
    """``field`` is its name, or the permanent id of one that is no longer defined (then the values are texts).

    With ``hidden`` the reader may know that it changed, not from what to what.
    """

    field: str
    label: str
    old: Answer
    new: Answer
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One transaction's part in one record.

    ``kind`` is created, changed, deleted, undeleted, owner, record_type or
    erased. ``actor_name`` is empty for the machine's operator. ``labels``
    names the records and members among the values.
    """

    tx: int
    at: dt.datetime
    actor: uuid.UUID | None
    actor_name: str
    channel: str
    changes: tuple[FieldChange, ...]
    kind: str
    labels: Labels = field(default_factory=dict)


def entries_of(
    connection: Connection,
    store: OrganisationStore,
    actor: Actor,
    release: LiveRelease,
    live: LiveObject,
    record: uuid.UUID,
    field_name: str | None,
    limit: int,
    before: int | None,
) -> list[HistoryEntry]:
    """The history of one living or deleted record, last first."""
    numbers = None if field_name is None else [_number_of(live, field_name)]
    facts = fetched(connection, _facts(store, record, numbers, limit, before))
    reader = FactReader(connection, store, actor, release)
    created = fetched(connection, _creation(store, record))[0]
    if numbers is None and (before is None or created["tx"] < before):
        facts = [*facts, *([created] if not facts or facts[-1]["tx"] != created["tx"] else [])]
    entries = reader.entries(live, facts, {record: created["tx"]})
    return entries[:limit]


def _number_of(live: LiveObject, name: str) -> int:
    for number, reserved in RESERVED_NAMES.items():
        if name == reserved:
            return number
    subject_of(live, name)
    return live.fields[name].number if name in live.fields else DELETED


def _facts(
    store: OrganisationStore, record: uuid.UUID, numbers: Sequence[int] | None, limit: int, before: int | None
) -> Select[Any]:
    fact = store.tables.fact
    conditions = [fact.c.record == record]
    if numbers is not None:
        conditions.append(fact.c.field.in_(numbers))
    if before is not None:
        conditions.append(fact.c.tx < before)
    chosen = select(fact.c.tx).where(*conditions).group_by(fact.c.tx).order_by(fact.c.tx.desc()).limit(limit)
    return told_facts(store).where(*conditions, fact.c.tx.in_(chosen)).order_by(fact.c.tx.desc(), fact.c.field)


def told_facts(store: OrganisationStore) -> Select[Any]:
    """Facts with their transactions and the names of who made them."""
    fact, tx, member = store.tables.fact, store.tables.tx, store.tables.member
    return (
        select(
            fact.c.tx, fact.c.record, fact.c.field, fact.c.new, fact.c.old, fact.c.new_missing, fact.c.old_missing,
            tx.c.at, tx.c.actor, tx.c.channel, member.c.name,
        )
        .join(tx, tx.c.id == fact.c.tx)
        .outerjoin(member, member.c.id == tx.c.actor)
    )  # fmt: skip


def _creation(store: OrganisationStore, record: uuid.UUID) -> Select[Any]:
    kept, tx, member = store.tables.record, store.tables.tx, store.tables.member
    return (
        select(
            kept.c.created_tx.label("tx"), kept.c.id.label("record"), tx.c.at, tx.c.actor, tx.c.channel, member.c.name
        )
        .join(tx, tx.c.id == kept.c.created_tx)
        .outerjoin(member, member.c.id == tx.c.actor)
        .where(kept.c.id == record)
    )


class FactReader:
    """Makes facts readable for one actor; asks the store only for what it meets."""

    def __init__(self, connection: Connection, store: OrganisationStore, actor: Actor, release: LiveRelease) -> None:
        self._connection = connection
        self._store = store
        self._release = release
        self._opens = actor.may(Permission.SENSITIVE_READ)
        self._keys: dict[uuid.UUID, RecordKey] = {}
        self._foreign: dict[int, str] = {}

    def entries(self, live: LiveObject, facts: Iterable[Row], created: Mapping[uuid.UUID, int]) -> list[HistoryEntry]:
        """One entry per transaction and record, in the order of the facts."""
        facts = list(facts)
        self._prepare(live, facts)
        labels: Labels = {}
        wanted: dict[str | None, set[uuid.UUID]] = defaultdict(set)
        entries = [
            self._entry(live, list(group), created, wanted, labels)
            for _, group in groupby(facts, key=lambda row: (row["tx"], row["record"]))
        ]
        for target, found in wanted.items():
            if target is None:
                labels |= member_names(self._connection, self._store, found)
            else:
                labels |= record_names(self._connection, self._release, target, found)
        return entries

    def _prepare(self, live: LiveObject, facts: Sequence[Row]) -> None:
        sealed = {
            row["record"]
            for row in facts
            if (place := live.by_number.get(row.get("field", 0))) is not None and place.sensitive
        }
        if sealed and self._opens:
            self._keys = record_keys(self._connection, self._store, sealed)
        unknown = {row["field"] for row in facts if "field" in row} - live.by_number.keys() - {DELETED, *RESERVED_NAMES}
        if unknown:
            places = self._store.tables.field_map
            query = select(places.c.number, places.c.id).where(places.c.number.in_(sorted(unknown)))
            self._foreign = {row.number: row.id for row in self._connection.execute(query)}

    def _entry(
        self,
        live: LiveObject,
        facts: Sequence[Row],
        created: Mapping[uuid.UUID, int],
        wanted: dict[str | None, set[uuid.UUID]],
        labels: Labels,
    ) -> HistoryEntry:
        first = facts[0]
        told = [row for row in facts if row.get("field", DELETED) != DELETED]
        order = {place.number: position for position, place in enumerate(live.fields.values())}
        told.sort(key=lambda row: order.get(row["field"], -1))
        changes = tuple(self._change(live, row, wanted) for row in told)
        return HistoryEntry(
            first["tx"],
            instant(first["at"]),
            first["actor"],
            first["name"] or "",
            first["channel"],
            changes,
            kind_of(facts, created.get(first["record"]) == first["tx"]),
            labels,
        )

    def _change(self, live: LiveObject, row: Row, wanted: dict[str | None, set[uuid.UUID]]) -> FieldChange:
        number = row["field"]
        if number in RESERVED_NAMES:
            return self._reserved(row, wanted)
        place = live.by_number.get(number)
        if place is None:
            name = self._foreign.get(number, str(number))
            return FieldChange(name, name, _reason_or(row, "old"), _reason_or(row, "new"))
        if place.sensitive and not self._opens:
            return FieldChange(place.field.name, place.field.label, None, None, hidden=True)
        old, new = (self._answer(place, row, side) for side in ("old", "new"))
        if place.storage is Storage.REFERENCE:
            target = wanted[place.field.options["object"]]
            target |= {value for value in (old, new) if isinstance(value, uuid.UUID)}
        return FieldChange(place.field.name, place.field.label, old, new)

    def _reserved(self, row: Row, wanted: dict[str | None, set[uuid.UUID]]) -> FieldChange:
        name = RESERVED_NAMES[row["field"]]
        old: Answer = row["old"]
        new: Answer = row["new"]
        if row["field"] == OWNER:
            old, new = (uuid.UUID(text) if text else None for text in (row["old"], row["new"]))
            wanted[None] |= {value for value in (old, new) if isinstance(value, uuid.UUID)}
        return FieldChange(name, SYSTEM_LABELS[name], old, new)

    def _answer(self, place: FieldPlace, row: Row, side: str) -> Answer:
        text = row[side]
        if text is None:
            return _reason_or(row, side)
        if place.sensitive:
            return open_sealed(place, Sealed(text), self._keys[row["record"]])
        return place.type.from_text(place.field, text)


def _reason_or(row: Row, side: str) -> Answer:
    reason = row[f"{side}_missing"]
    text: str | None = row[side]
    return Missing(reason) if reason else text


def kind_of(facts: Sequence[Row], is_creation: bool) -> str:
    """What a transaction did to a record, from its facts."""
    if is_creation:
        return "created"
    for row in facts:
        if row["field"] == DELETED:
            return "deleted" if row["new"] is not None else "undeleted"
    numbers = {row["field"] for row in facts}
    return RESERVED_NAMES[numbers.pop()] if len(numbers) == 1 and numbers <= RESERVED_NAMES.keys() else "changed"
