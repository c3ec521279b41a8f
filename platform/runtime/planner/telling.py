"""Facts made readable: who changed what, when, from what to what, by which channel."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, select

from amparo.metadata.fields.base import Answer, Storage
from amparo.metadata.missing import Missing
from amparo.runtime.access import Actor, Permission
from amparo.runtime.keys import RecordKey
from amparo.runtime.planner.views import Row
from amparo.runtime.records.encoding import Sealed
from amparo.runtime.releases.live import LiveObject, LiveRelease
from amparo.runtime.serializer.labels import Labels, labels_of
from amparo.runtime.serializer.records import open_sealed, record_keys
from amparo.runtime.serializer.wording import ACKNOWLEDGED_LABEL, SYSTEM_LABELS
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.projection import FieldPlace
from amparo.runtime.stores.tables import ACKNOWLEDGED, DELETED, OWNER, RECORD_TYPE
from amparo.runtime.stores.types import instant

#: What the reserved fields are called that a change can be about; ``acknowledged`` holds ids of validation rules.
RESERVED_NAMES = {OWNER: "owner", RECORD_TYPE: "record_type", ACKNOWLEDGED: "acknowledged"}


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
    record: uuid.UUID
    labels: Labels = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Life:
    """The transactions that created and erased a record."""

    created: int
    erased: int | None


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


def told_moments(store: OrganisationStore, moment: ColumnElement[int]) -> Select[Any]:
    """Creations or erasures, told like facts but of no field: either may have none."""
    kept, tx, member = store.tables.record, store.tables.tx, store.tables.member
    return (
        select(moment.label("tx"), kept.c.id.label("record"), tx.c.at, tx.c.actor, tx.c.channel, member.c.name)
        .join(tx, tx.c.id == moment)
        .outerjoin(member, member.c.id == tx.c.actor)
    )


class FactReader:
    """Makes told facts readable for one actor; asks the store only for what it meets."""

    def __init__(
        self,
        connection: Connection,
        store: OrganisationStore,
        actor: Actor,
        release: LiveRelease,
        wrapped_keys: Mapping[uuid.UUID, bytes] | None = None,
        known: Labels | None = None,
    ) -> None:
        """``wrapped_keys`` and ``known`` names of what was read already need not be asked for."""
        self._known = known or {}
        self._connection = connection
        self._wrapped_keys = wrapped_keys or {}
        self._store = store
        self._release = release
        self._actor = actor
        self._opens = actor.may(Permission.SENSITIVE_READ)
        self._keys: dict[uuid.UUID, RecordKey] = {}
        #: Fields that are no longer defined: number -> (permanent id, sensitive).
        self._foreign: dict[int, tuple[str, bool]] = {}
        #: Identifiers to be named, by object; members under None.
        self._referred: dict[str | None, set[uuid.UUID]] = defaultdict(set)

    def entries(self, live: LiveObject, facts: Sequence[Row], lives: Mapping[uuid.UUID, Life]) -> list[HistoryEntry]:
        """One entry per transaction and record, in the order of the facts."""
        self._prepare(live, facts)
        labels: Labels = dict(self._known)
        entries = [
            self._entry(live, list(group), lives[record], labels)
            for (_, record), group in groupby(facts, key=lambda row: (row["tx"], row["record"]))
        ]
        labels |= labels_of(self._connection, self._store, self._actor, self._release, self._referred)
        return entries

    def _prepare(self, live: LiveObject, facts: Sequence[Row]) -> None:
        numbers = {row["field"] for row in facts if "field" in row}
        unknown = numbers - live.by_number.keys() - {DELETED, *RESERVED_NAMES}
        if unknown:
            places = self._store.tables.field_map
            query = select(places.c.number, places.c.id, places.c.sensitive)
            rows = self._connection.execute(query.where(places.c.number.in_(sorted(unknown))))
            self._foreign = {row.number: (row.id, bool(row.sensitive)) for row in rows}
        sealed = {number for number, place in live.by_number.items() if place.sensitive}
        sealed |= {number for number, (_, sensitive) in self._foreign.items() if sensitive}
        if self._opens and sealed & numbers:
            self._keys = self._opened({row["record"] for row in facts if row.get("field") in sealed})

    def _opened(self, records: set[uuid.UUID]) -> dict[uuid.UUID, RecordKey]:
        known = records & self._wrapped_keys.keys()
        keys = {each: self._store.keys.open_record_key(each, self._wrapped_keys[each]) for each in known}
        return keys | record_keys(self._connection, self._store, records - known)

    def _entry(self, live: LiveObject, facts: Sequence[Row], life: Life, labels: Labels) -> HistoryEntry:
        first = facts[0]
        # Of an erased record's facts only hashes are left, so nothing of them can be told.
        told = [row for row in facts if row.get("field", DELETED) != DELETED and life.erased is None]
        order = {place.number: position for position, place in enumerate(live.fields.values())}
        told.sort(key=lambda row: order.get(row["field"], -1))
        return HistoryEntry(
            first["tx"],
            instant(first["at"]),
            first["actor"],
            first["name"] or "",
            first["channel"],
            tuple(self._change(live, row) for row in told),
            kind_of(facts, life),
            first["record"],
            labels,
        )

    def _change(self, live: LiveObject, row: Row) -> FieldChange:
        number = row["field"]
        if number in RESERVED_NAMES:
            return self._reserved(row, RESERVED_NAMES[number])
        place = live.by_number.get(number)
        if place is None:
            return self._foreign_change(row)
        name, label = place.field.name, place.field.label
        if place.sensitive and not self._opens:
            return FieldChange(name, label, None, None, hidden=True)
        old, new = (self._answer(place, row, side) for side in ("old", "new"))
        if place.storage is Storage.REFERENCE:
            for target in place.field.targets:
                self._refer(target, old, new)
        return FieldChange(name, label, old, new)

    def _reserved(self, row: Row, name: str) -> FieldChange:
        old: Answer = row["old"]
        new: Answer = row["new"]
        if name == "owner":
            old, new = (uuid.UUID(text) if text else None for text in (row["old"], row["new"]))
            self._refer(None, old, new)
        return FieldChange(name, ACKNOWLEDGED_LABEL if name == "acknowledged" else SYSTEM_LABELS[name], old, new)

    def _foreign_change(self, row: Row) -> FieldChange:
        """A field that no definition describes any more: its texts as they are kept."""
        name, sensitive = self._foreign.get(row["field"], (str(row["field"]), True))
        if sensitive and not self._opens:
            return FieldChange(name, name, None, None, hidden=True)
        old, new = (
            self._keys[row["record"]].unseal_text(row[side], name) if sensitive and row[side] else _kept(row, side)
            for side in ("old", "new")
        )
        return FieldChange(name, name, old, new)

    def _refer(self, target: str | None, *values: Answer) -> None:
        self._referred[target] |= {value for value in values if isinstance(value, uuid.UUID)} - self._known.keys()

    def _answer(self, place: FieldPlace, row: Row, side: str) -> Answer:
        text = row[side]
        if text is None:
            return _kept(row, side)
        if place.sensitive:
            return open_sealed(place, Sealed(text), self._keys[row["record"]])
        return place.type.from_text(place.field, text)


def _kept(row: Row, side: str) -> Answer:
    reason = row[f"{side}_missing"]
    text: str | None = row[side]
    return Missing(reason) if reason else text


def kind_of(facts: Sequence[Row], life: Life) -> str:
    """What a transaction did to a record, from its facts."""
    tx = facts[0]["tx"]
    if tx in (life.created, life.erased):
        return "created" if tx == life.created else "erased"
    deletion = next((row for row in facts if row["field"] == DELETED), None)
    if deletion is not None and life.erased is None:
        return "deleted" if deletion["new"] is not None else "undeleted"
    numbers = {row["field"] for row in facts}
    return RESERVED_NAMES[numbers.pop()] if len(numbers) == 1 and numbers <= RESERVED_NAMES.keys() else "changed"
