"""Instants as places in the ledger, and what was there then that no longer is."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Connection, func, select

from amparo.runtime.releases.live import LiveObject
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.tables import DELETED
from amparo.runtime.stores.types import microseconds


def transaction_at(connection: Connection, store: OrganisationStore, at: dt.datetime) -> int:
    """The last transaction up to an instant; 0 before the first."""
    tx = store.tables.tx
    statement = select(tx.c.id).where(tx.c.at <= microseconds(at)).order_by(tx.c.at.desc()).limit(1)
    return connection.scalar(statement) or 0


def erased_since(connection: Connection, store: OrganisationStore, live: LiveObject, tx: int) -> int:
    """How many records were there after transaction ``tx`` and were erased later.

    Erasure leaves the facts of deletion without values; their number tells:
    deletion and undeletion take turns.
    """
    record, fact = store.tables.record, store.tables.fact
    turns = (
        select(func.count())
        .where(fact.c.record == record.c.id, fact.c.field == DELETED, fact.c.tx <= tx)
        .correlate(record)
        .scalar_subquery()
    )
    statement = select(func.count()).where(
        record.c.object == live.place.number, record.c.created_tx <= tx, record.c.erased_tx > tx, turns % 2 == 0
    )
    return connection.scalar(statement) or 0
