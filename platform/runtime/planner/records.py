"""One record, and what happened to it."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select

from amparo.metadata.wording import N_
from amparo.runtime.access import Actor, Permission
from amparo.runtime.errors import NotFound, NotThereYet
from amparo.runtime.planner.computed_answers import computed_answers
from amparo.runtime.planner.history import Timeline, TimelineQuery, entries_of, timeline_of
from amparo.runtime.planner.moments import transaction_at
from amparo.runtime.planner.past_roll_ups import count_again
from amparo.runtime.planner.past_rows import rewind
from amparo.runtime.planner.readings import Reading, answered
from amparo.runtime.planner.row_access import scope_of, visible_rows
from amparo.runtime.planner.telling import HistoryEntry
from amparo.runtime.planner.views import Row, View
from amparo.runtime.releases.live import LiveObject, LiveRelease
from amparo.runtime.serializer import Record, columns_beside, serialise
from amparo.runtime.stores.organisation import OrganisationStore


def read_record(
    store: OrganisationStore,
    actor: Actor,
    object_name: str,
    record_id: uuid.UUID,
    as_of: dt.datetime | None = None,
    *,
    deleted: bool = False,
    release: LiveRelease | None = None,
) -> Record:
    """One record with all its fields, retired ones too. A deleted one only with ``deleted``.

    ``release`` is the one the caller works under, when it has asked already.
    Of a past instant: the answers of then; a record that was deleted since
    does not open. Raises :class:`NotFound`, with a message of its own for a
    record that was erased or deleted, and :class:`NotThereYet` for one that came later.
    """
    actor.require(Permission.RECORDS_READ)
    is_wanted_deleted = deleted and as_of is None

    def read(reading: Reading) -> Record:
        tx: int | None = None
        live = reading.release.object(object_name)
        row = _row(reading, actor, live, record_id)
        if row is not None and row["deleted_tx"] is not None and not is_wanted_deleted:
            raise NotFound(N_("This record was deleted."))
        if row is not None and as_of is not None:
            tx = transaction_at(reading.connection, store, as_of)
            _require_there(row, tx)
            row = _past(reading, live, row, tx)
        if row is None:
            raise absent(reading.connection, store, live, record_id)
        now = as_of or dt.datetime.now(dt.UTC)
        computed = computed_answers(reading.connection, store, reading.release, live, [row], live.fields, now, tx)
        return serialise(
            reading.connection, store, actor, reading.release, live, [row], live.fields, computed=computed
        )[0]

    return answered(store, read, release, as_of)


def _row(reading: Reading, actor: Actor, live: LiveObject, record_id: uuid.UUID) -> Row | None:
    """The record as it is now, with all that its page names: one statement."""
    asked = ("record", scope_of(actor))
    (statement,) = reading.kept(live, asked, lambda: [_whole_row(reading, actor, live)], of_one_record=True)
    found = reading.run(statement, {"record": record_id})
    return found[0] if found else None


def _whole_row(reading: Reading, actor: Actor, live: LiveObject) -> Select[Any]:
    store, release = reading.store, reading.release
    view = View(store, release, live)
    columns = [*view.row_columns(live.fields), live.table.c.created_tx]
    columns += columns_beside(store, actor, release, live, live.fields)
    return (
        select(*columns)
        .select_from(view.source)
        .where(live.table.c.id == bindparam("record"), *visible_rows(actor, live))
    )


def _require_there(row: Row, tx: int) -> None:
    if row["created_tx"] > tx:
        raise NotThereYet(N_("This record was not there at that time."), row["created_at"])


def _past(reading: Reading, live: LiveObject, row: Row, tx: int) -> Row | None:
    """The row as it was after the transaction ``tx``; None where it was deleted."""
    rows = {row["id"]: dict(row)}
    rewind(reading.connection, reading.store, live, rows, tx)
    if rows[row["id"]]["was_deleted"]:
        return None
    count_again(reading.connection, View(reading.store, reading.release, live), rows, live.fields, tx)
    return rows[row["id"]]


def absent(connection: Connection, store: OrganisationStore, live: LiveObject, record_id: uuid.UUID) -> NotFound:
    """Why a record cannot be read: it was erased, was not there yet, or never was."""
    record = store.tables.record
    erased = connection.scalar(
        select(record.c.erased_tx).where(record.c.id == record_id, record.c.object == live.place.number)
    )
    if erased is not None:
        return NotFound(N_("This record was erased. What it held is gone for good."))
    if connection.scalar(select(live.table.c.id).where(live.table.c.id == record_id)) is not None:
        return NotFound(N_("This record was not there at that time."))
    return NotFound(N_("This record does not exist in this organisation."))


def record_history(
    store: OrganisationStore,
    actor: Actor,
    object_name: str,
    record_id: uuid.UUID,
    limit: int = 50,
    before: int | None = None,
    *,
    release: LiveRelease | None = None,
) -> list[HistoryEntry]:
    """What happened to a record, last first: ``limit`` transactions, from the one before ``before`` on.

    ``release`` is the one the caller works under, when it has asked already.
    Raises :class:`NotFound`; a deleted record keeps its history.
    """
    actor.require(Permission.RECORDS_READ)

    def read(reading: Reading) -> list[HistoryEntry]:
        live = reading.release.object(object_name)
        entries = entries_of(reading, actor, live, record_id, limit, before)
        if entries is None:
            raise absent(reading.connection, store, live, record_id)
        return entries

    return answered(store, read, release)


def record_timeline(
    store: OrganisationStore, actor: Actor, record: Record, asked: TimelineQuery, *, release: LiveRelease
) -> Timeline:
    """What happened to a record that was read, last first; its names are those the record brought along."""
    actor.require(Permission.RECORDS_READ)

    def read(reading: Reading) -> Timeline:
        return timeline_of(reading, actor, reading.release.object(record.object), record.id, asked, record.labels)

    return answered(store, read, release)
