"""One record, and what happened to it."""

from __future__ import annotations

import datetime as dt
import uuid

from sqlalchemy import Connection, select

from amparo.metadata.wording import N_
from amparo.runtime.access import Actor, Permission
from amparo.runtime.errors import NotFound
from amparo.runtime.planner.history import entries_of
from amparo.runtime.planner.moments import transaction_at
from amparo.runtime.planner.past_rows import rewind
from amparo.runtime.planner.row_access import visible_rows
from amparo.runtime.planner.tailing import Changes, changes_since
from amparo.runtime.planner.telling import HistoryEntry
from amparo.runtime.planner.views import Row, View, fetched
from amparo.runtime.releases.live import LiveObject, LiveRelease
from amparo.runtime.serializer import Record, serialise
from amparo.runtime.stores.organisation import OrganisationStore

__all__ = ["Changes", "HistoryEntry", "changes_since", "field_history", "read_record", "record_history"]


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
    record that was erased, deleted or not there yet.
    """
    actor.require(Permission.RECORDS_READ)
    with store.reading() as connection:
        release = release or store.live(connection)
        live = release.object(object_name)
        view = View(store, release, live)
        kept = store.tables.record
        columns = [*view.row_columns(live.fields), live.table.c.created_tx, kept.c.wrapped_key]
        statement = (
            select(*columns)
            .join(kept, kept.c.id == live.table.c.id)
            .where(live.table.c.id == record_id, *visible_rows(actor, live))
        )
        row = next(iter(fetched(connection, statement)), None)
        if row is not None and row["deleted_tx"] is not None and (as_of is not None or not deleted):
            raise NotFound(N_("This record was deleted."))
        if row is not None and as_of is not None:
            row = _past(connection, store, live, row, as_of)
        if row is None:
            raise absent(connection, store, live, record_id)
        return serialise(connection, store, actor, release, live, [row], live.fields)[0]


def _past(
    connection: Connection, store: OrganisationStore, live: LiveObject, row: Row, as_of: dt.datetime
) -> Row | None:
    """The row as it was; None where it was not there yet, or deleted."""
    tx = transaction_at(connection, store, as_of)
    if row["created_tx"] > tx:
        return None
    past = dict(row)
    rewind(connection, store, live, {row["id"]: past}, tx)
    return None if past["was_deleted"] else past


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
) -> list[HistoryEntry]:
    """What happened to a record, last first: ``limit`` transactions, from the one before ``before`` on.

    Raises :class:`NotFound`; a deleted record keeps its history.
    """
    return _history(store, actor, object_name, record_id, None, limit, before)


def field_history(
    store: OrganisationStore,
    actor: Actor,
    object_name: str,
    record_id: uuid.UUID,
    field_name: str,
    limit: int = 50,
    before: int | None = None,
) -> list[HistoryEntry]:
    """The changes of one field of a record (or of ``owner`` or ``record_type``), last first."""
    return _history(store, actor, object_name, record_id, field_name, limit, before)


def _history(
    store: OrganisationStore,
    actor: Actor,
    object_name: str,
    record_id: uuid.UUID,
    field_name: str | None,
    limit: int,
    before: int | None,
) -> list[HistoryEntry]:
    actor.require(Permission.RECORDS_READ)
    with store.reading() as connection:
        release = store.live(connection)
        live = release.object(object_name)
        statement = select(live.table.c.id).where(live.table.c.id == record_id, *visible_rows(actor, live))
        if connection.scalar(statement) is None:
            raise absent(connection, store, live, record_id)
        return entries_of(connection, store, actor, release, live, record_id, field_name, limit, before)
