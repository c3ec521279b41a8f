"""Undoing an import: what it made is deleted, what it changed is put back, as new changes that history shows.

A record that somebody changed since is left alone and told. May be
interrupted and run again: what is undone already is as it should be.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, or_, select

from amparo.metadata.missing import Missing
from amparo.metadata.rules.judging import EVERY_WARNING
from amparo.metadata.wording import N_
from amparo.runtime.access import Actor, Permission
from amparo.runtime.errors import Conflict, NotFound, NotPossible
from amparo.runtime.keys import RecordKey
from amparo.runtime.records.changes import Change
from amparo.runtime.records.deleting import delete_many
from amparo.runtime.records.held import current_rows
from amparo.runtime.records.saving import save
from amparo.runtime.releases.live import LiveObject, LiveRelease
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.tables import OWNER, RECORD_TYPE
from amparo.runtime.transfer.import_identity import began_at, import_note, transactions_noted, undo_note


class WhyKept(StrEnum):
    """Why undoing left a record as it is."""

    CHANGED = "changed"
    HAS_DETAILS = "has_details"
    POINTED_TO = "pointed_to"
    REFUSED = "refused"


#: In words, by the value of a :class:`WhyKept`.
WHY_KEPT: Mapping[str, str] = {
    WhyKept.CHANGED: N_("Somebody changed it since."),
    WhyKept.HAS_DETAILS: N_("Other records belong to it."),
    WhyKept.POINTED_TO: N_("Other records point to it."),
    WhyKept.REFUSED: N_("What it held before is not allowed any more."),
}


@dataclass(frozen=True, slots=True)
class KeptRecord:
    object: str
    record: uuid.UUID
    why: WhyKept


@dataclass(slots=True)
class UndoOutcome:
    """``records`` counts what the import wrote; what was undone before counts nowhere else."""

    records: int = 0
    deleted: int = 0
    put_back: int = 0
    kept: int = 0

    def document(self) -> dict[str, Any]:
        return {"records": self.records, "deleted": self.deleted, "put_back": self.put_back, "kept": self.kept}


#: Called after each of the import's transactions with those done and those there are; may raise to stop.
Progress = Callable[[int, int], None]


def undo_import(
    store: OrganisationStore,
    actor: Actor,
    identity: uuid.UUID,
    *,
    progress: Progress | None = None,
    take_kept: Callable[[KeptRecord], None] | None = None,
) -> UndoOutcome:
    """The last of what it wrote comes first. Raises :class:`NotFound` when it wrote nothing, :class:`NotPermitted`."""
    actor.require(Permission.RECORDS_IMPORT)
    actor.require(Permission.RECORDS_DELETE)
    transactions = transactions_noted(store, import_note(identity), began_at(identity))
    if not transactions:
        raise NotFound(N_("No import of this identifier wrote anything in this organisation."))
    undoing = _Undoing(store, actor, identity, take_kept or (lambda _: None))
    for done, tx in enumerate(reversed(transactions), start=1):
        undoing.undo(tx)
        if progress is not None:
            progress(done, len(transactions))
    return undoing.outcome


#: What saving raises where somebody was quicker.
_CHANGED_JUST_NOW = (Conflict, NotFound, NotPossible)


class _Undoing:
    def __init__(
        self, store: OrganisationStore, actor: Actor, identity: uuid.UUID, take_kept: Callable[[KeptRecord], None]
    ) -> None:
        self._store = store
        self._actor = actor
        self._note = undo_note(identity)
        self._own_notes = (import_note(identity), self._note)
        self._take_kept = take_kept
        self.outcome = UndoOutcome()

    def undo(self, tx: int) -> None:
        release = self._store.newest_release()
        created, changed = self._written(tx)
        for number, records in changed.items():
            self._put_back(release.by_number[number], tx, records)
        for number in _details_first(release, created):
            self._delete(release.by_number[number], tx, created[number])

    def _written(self, tx: int) -> tuple[dict[int, list[uuid.UUID]], dict[int, list[uuid.UUID]]]:
        """By object number: records that the transaction made, and those it changed."""
        record, fact = self._store.tables.record, self._store.tables.fact
        created: dict[int, list[uuid.UUID]] = defaultdict(list)
        changed: dict[int, list[uuid.UUID]] = defaultdict(list)
        alive = record.c.erased_tx.is_(None)
        made = select(record.c.id, record.c.object).where(record.c.created_tx == tx, alive)
        touched = (
            select(record.c.id, record.c.object)
            .join(fact, fact.c.record == record.c.id)
            .where(fact.c.tx == tx, record.c.created_tx != tx, alive)
            .distinct()
        )
        with self._store.reading() as connection:
            for found, query in ((created, made), (changed, touched)):
                for row in connection.execute(query):
                    found[row.object].append(row.id)
        self.outcome.records += sum(len(records) for found in (created, changed) for records in found.values())
        return created, changed

    def _delete(self, live: LiveObject, tx: int, records: Sequence[uuid.UUID]) -> None:
        result = delete_many(self._store, self._actor, live.name, dict.fromkeys(records, tx), note=self._note)
        self.outcome.deleted += len(result.deleted)
        self._keep(live, result.kept, WhyKept.CHANGED)
        self._keep(live, result.with_details, WhyKept.HAS_DETAILS)
        self._keep(live, result.pointed_to, WhyKept.POINTED_TO)

    def _keep(self, live: LiveObject, records: Sequence[uuid.UUID], why: WhyKept) -> None:
        self.outcome.kept += len(records)
        for record in records:
            self._take_kept(KeptRecord(live.name, record, why))

    def _put_back(self, live: LiveObject, tx: int, records: Sequence[uuid.UUID]) -> None:
        changes = self._changes_back(live, tx, records)
        try:
            self._save(live, changes)
        except _CHANGED_JUST_NOW:
            # One by one shows which.
            for record, change in changes.items():
                self._save_one(live, tx, record, change)

    def _save_one(self, live: LiveObject, tx: int, record: uuid.UUID, change: Change) -> None:
        try:
            self._save(live, {record: change})
        except _CHANGED_JUST_NOW:
            self._keep(live, [*self._changes_back(live, tx, [record])], WhyKept.CHANGED)

    def _changes_back(self, live: LiveObject, tx: int, records: Sequence[uuid.UUID]) -> dict[uuid.UUID, Change]:
        """Of those that are as the transaction left them; the others are told, but for what is undone already."""
        with self._store.reading() as connection:
            rows = current_rows(connection, self._store.tables, live, self._store.keys, records)
            old = _old_values(connection, self._store, live, tx, {record: key for record, (_, key) in rows.items()})
            undone = self._undone_among(connection, {row["version"] for row, _ in rows.values()})
            put_back = [record for record, (row, _) in rows.items() if row["version"] in undone]
            between = self._changed_by_others(connection, tx, put_back)
        as_left = [record for record, (row, _) in rows.items() if row["version"] == tx and row["deleted_tx"] is None]
        others = [record for record, (row, _) in rows.items() if row["version"] not in undone or record in between]
        self._keep(live, [record for record in others if record not in as_left], WhyKept.CHANGED)
        # What it held before was accepted then.
        return {each: Change(old[each], each, tx, acknowledged=frozenset({EVERY_WARNING})) for each in as_left}

    def _undone_among(self, connection: Connection, versions: Set[int]) -> Set[int]:
        """The transactions that undo this import, those of a run beside this one too."""
        tx = self._store.tables.tx
        return set(connection.scalars(select(tx.c.id).where(tx.c.id.in_(versions), tx.c.note == self._note)))

    def _changed_by_others(self, connection: Connection, tx: int, records: Sequence[uuid.UUID]) -> Set[uuid.UUID]:
        """Of records that something later of this import was taken back from: it had been interrupted, and went on."""
        if not records:
            return frozenset()
        tables = self._store.tables
        fact, header = tables.fact, tables.tx
        is_others = or_(header.c.note.is_(None), header.c.note.not_in(self._own_notes))
        query = (
            select(fact.c.record)
            .join(header, header.c.id == fact.c.tx)
            .where(fact.c.record.in_(records), fact.c.tx > tx, is_others)
        )
        return set(connection.scalars(query))

    def _save(self, live: LiveObject, changes: Mapping[uuid.UUID, Change]) -> None:
        if not changes:
            return
        result = save(self._store, self._actor, live.name, [*changes.values()], all_or_nothing=False, note=self._note)
        self.outcome.put_back += len(result.saved)
        records = [*changes]
        self._keep(live, [records[each.position] for each in result.refused], WhyKept.REFUSED)


def _details_first(release: LiveRelease, numbers: Iterable[int]) -> list[int]:
    """Objects by number, each before its master, which is not deleted while details of it live."""

    def depth(name: str) -> int:
        return 1 + max((depth(detail.name) for detail, _ in release.application.details_of(name)), default=0)

    return sorted(numbers, key=lambda number: depth(release.by_number[number].name))


def _old_values(
    connection: Connection,
    store: OrganisationStore,
    live: LiveObject,
    tx: int,
    keys: Mapping[uuid.UUID, RecordKey],
) -> dict[uuid.UUID, dict[str, Any]]:
    """What each field held that the transaction changed, as inputs."""
    fact = store.tables.fact
    query = select(fact.c.record, fact.c.field, fact.c.old, fact.c.old_missing).where(
        fact.c.tx == tx, fact.c.record.in_(keys)
    )
    values: dict[uuid.UUID, dict[str, Any]] = defaultdict(dict)
    for row in connection.execute(query):
        for name, value in _old_value(live, keys[row.record], row.field, row.old, row.old_missing):
            values[row.record][name] = value
    return values


def _old_value(
    live: LiveObject, key: RecordKey, number: int, text: str | None, reason: str | None
) -> Iterator[tuple[str, Any]]:
    if number in (OWNER, RECORD_TYPE):
        yield ("owner" if number == OWNER else "record_type"), text
        return
    place = live.by_number.get(number)
    if place is None or place.field.retired:
        return
    if reason is not None:
        yield place.field.name, Missing(reason)
    elif text is None:
        yield place.field.name, None
    else:
        clear = key.unseal_text(text, place.id) if place.sensitive else text
        yield place.field.name, place.type.from_text(place.field, clear)
