"""What changed in an organisation since a transaction, in the order it happened.

Transactions are numbered in the order of their commits, so whoever keeps the
number of the last one seen misses nothing.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select, union

from amparo.runtime.access import Actor, Permission
from amparo.runtime.ledger.writing import current_head
from amparo.runtime.planner.row_access import visible_rows
from amparo.runtime.planner.telling import FactReader, HistoryEntry, Life, told_facts, told_moments
from amparo.runtime.planner.views import Row, fetched
from amparo.runtime.releases.live import LiveObject
from amparo.runtime.serializer.labels import in_parts
from amparo.runtime.stores.organisation import OrganisationStore

#: Transactions looked at in one step; one of an import may hold some hundred records.
_STEP = 50


@dataclass(frozen=True, slots=True)
class RecordChange:
    """One transaction's part in one record of ``object``."""

    object: str
    record: uuid.UUID
    entry: HistoryEntry


@dataclass(frozen=True, slots=True)
class Changes:
    """``upto`` is the transaction to ask from next; with ``more`` there is more to ask for at once."""

    changes: tuple[RecordChange, ...]
    upto: int
    more: bool


@dataclass(frozen=True, slots=True)
class _Touched:
    """One transaction's part in one record, before anything is known of it."""

    tx: int
    record: uuid.UUID


def changes_since(store: OrganisationStore, actor: Actor, tx: int, limit: int = 1000) -> Changes:
    """About ``limit`` changes after transaction ``tx``, never part of a transaction. Start from 0.

    Of a record that was erased meanwhile only remains that something happened.
    """
    actor.require(Permission.RECORDS_READ)
    with store.reading() as connection:
        head = current_head(connection, store.tables)[0]
        touched, upto = _touched_since(connection, store, tx, head, limit)
        release = store.live(connection)
        reader = FactReader(connection, store, actor, release)
        by_object = _records_by_object(connection, store, {each.record for each in touched})
        found: list[RecordChange] = []
        for number, records in by_object.items():
            live = release.by_number.get(number)
            if live is not None:
                found += _changes(connection, store, actor, reader, live, records, tx, upto)
        found.sort(key=lambda change: (change.entry.tx, change.object, change.record.bytes))
        return Changes(tuple(found), upto, upto < head)


def _touched_since(
    connection: Connection, store: OrganisationStore, since: int, head: int, limit: int
) -> tuple[list[_Touched], int]:
    """Whole transactions up to the limit, at least one, and the last transaction looked at."""
    touched: list[_Touched] = []
    upto = since
    while upto < head and len(touched) < limit:
        touched += _touched_between(connection, store, upto, min(upto + _STEP, head))
        upto = min(upto + _STEP, head)
    if len(touched) > limit:
        beyond = touched[limit].tx
        upto = max(touched[0].tx, beyond - 1)
        touched = [each for each in touched if each.tx <= upto]
    return touched, upto


def _touched_between(connection: Connection, store: OrganisationStore, after: int, upto: int) -> list[_Touched]:
    fact, record = store.tables.fact, store.tables.record
    moments = (
        select(column.label("tx"), owner.label("record")).where(column > after, column <= upto)
        for column, owner in (
            (fact.c.tx, fact.c.record),
            (record.c.created_tx, record.c.id),
            (record.c.erased_tx, record.c.id),
        )
    )
    every = union(*moments).subquery()
    rows = connection.execute(select(every.c.tx, every.c.record).order_by(every.c.tx, every.c.record))
    return [_Touched(row.tx, row.record) for row in rows]


def _records_by_object(
    connection: Connection, store: OrganisationStore, records: set[uuid.UUID]
) -> dict[int, dict[uuid.UUID, Life]]:
    """By object number and identifier."""
    record = store.tables.record
    query = select(record.c.id, record.c.object, record.c.created_tx, record.c.erased_tx)
    found: dict[int, dict[uuid.UUID, Life]] = defaultdict(dict)
    for part in in_parts(records):
        for row in connection.execute(query.where(record.c.id.in_(part))):
            found[row.object][row.id] = Life(row.created_tx, row.erased_tx)
    return found


def _changes(
    connection: Connection,
    store: OrganisationStore,
    actor: Actor,
    reader: FactReader,
    live: LiveObject,
    records: dict[uuid.UUID, Life],
    since: int,
    upto: int,
) -> list[RecordChange]:
    seen = _seen(connection, actor, live, records)
    fact, record = store.tables.fact, store.tables.record
    facts: list[Row] = []
    for part in in_parts(seen):
        facts += fetched(
            connection, told_facts(store).where(fact.c.tx > since, fact.c.tx <= upto, fact.c.record.in_(part))
        )
        for moment in (record.c.created_tx, record.c.erased_tx):
            happened = told_moments(store, moment).where(moment > since, moment <= upto, record.c.id.in_(part))
            facts += fetched(connection, happened)
    facts.sort(key=lambda row: (row["tx"], row["record"].bytes))
    entries = reader.entries(live, facts, records)
    return [RecordChange(live.name, entry.record, entry) for entry in entries]


def _seen(
    connection: Connection, actor: Actor, live: LiveObject, records: dict[uuid.UUID, Life]
) -> Sequence[uuid.UUID]:
    """The records the actor may see; of an erased one nothing is left to be seen."""
    conditions = visible_rows(actor, live)
    if not conditions:
        return list(records)
    query = select(live.table.c.id).where(*conditions)
    return [
        identifier
        for part in in_parts(records)
        for identifier in connection.scalars(query.where(live.table.c.id.in_(part)))
    ]
