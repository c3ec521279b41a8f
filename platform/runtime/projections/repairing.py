"""Putting right what differs from the ledger.

A repair builds the rows aside from a snapshot, then swaps them in under the
head in one transaction that is short because it moves only rows that differ;
records saved in between are folded again inside it. The repair is itself a
transaction of the ledger, so that it can be seen later.
"""

from __future__ import annotations

import uuid

from sqlalchemy import Column, MetaData, Table, delete, insert, select
from sqlalchemy.exc import IntegrityError

from amparo.metadata.building import application_from
from amparo.runtime.access import Actor, Permission
from amparo.runtime.errors import NotPossible
from amparo.runtime.ledger.writing import Writing, writing
from amparo.runtime.projections.comparing import compare, table_damage
from amparo.runtime.projections.folding import Folder
from amparo.runtime.projections.refreshing import refresh_object
from amparo.runtime.releases.growing import grow_tables
from amparo.runtime.releases.live import LiveObject, read_document
from amparo.runtime.roll_ups.mending import mend_roll_ups
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.rows import row_writer
from amparo.runtime.stores.time_limits import lift_time_limits


def repair_projections(store: OrganisationStore, actor: Actor) -> int:
    """Gives the number of records whose rows were put right. Raises :class:`NotPermitted`."""
    actor.require(Permission.LEDGER_VERIFY)
    _mend_tables(store, actor)
    repaired = 0
    for live in store.newest_release().objects.values():
        repaired += _repair_object(store, actor, live) + refresh_object(store, live.place.number)
    # Counted from rows that are right by now.
    return repaired + mend_roll_ups(store)


def _mend_tables(store: OrganisationStore, actor: Actor) -> None:
    with store.reading() as connection:
        damaged = any(table_damage(connection, live) for live in store.live(connection).objects.values())
    if not damaged:
        return
    with writing(store, actor, note="repair tables") as current:
        lift_time_limits(current.connection)
        document = read_document(current.connection, store.tables, current.release)
        grow_tables(current.connection, store, application_from(document))


def _repair_object(store: OrganisationStore, actor: Actor, live: LiveObject) -> int:
    aside = _aside_table(live)
    with store.engine.begin() as connection:
        aside.drop(connection, checkfirst=True)
        aside.create(connection)
    try:
        seen_tx, count = _build_aside(store, live, aside)
        if count:
            with writing(store, actor, note=f"repair projection: {live.name}") as current:
                _swap(current, live, aside, seen_tx)
    finally:
        with store.engine.begin() as connection:
            aside.drop(connection)
    return count


def _aside_table(live: LiveObject) -> Table:
    """The projection's columns, all of them free to be blank: a row without a version is one to remove."""
    columns = [Column(column.name, column.type) for column in live.table.columns]
    return Table(f"aside_{live.place.number}", MetaData(schema=live.table.schema), *columns)


def _build_aside(store: OrganisationStore, live: LiveObject, aside: Table) -> tuple[int, int]:
    """The transaction of the snapshot, and how many records differ in it."""
    count = 0
    columns = tuple(column.name for column in live.table.columns)
    with store.reading() as connection:
        lift_time_limits(connection)
        seen_tx = connection.scalar(select(store.tables.head.c.tx)) or 0
        for compared in compare(connection, store, live):
            surplus = [[each, *[None] * (len(columns) - 1)] for each in compared.found if each not in compared.expected]
            rows = [*compared.expected.values(), *surplus]
            if rows:
                with store.engine.begin() as writer:
                    row_writer(aside, columns, writer.dialect).write(writer, rows)
            count += len(rows)
    return seen_tx, count


def _swap(current: Writing, live: LiveObject, aside: Table, seen_tx: int) -> None:
    connection, table = current.connection, live.table
    lift_time_limits(connection)
    saved_since = _saved_since(current, aside, seen_tx)
    connection.execute(delete(table).where(table.c.id.in_(select(aside.c.id))))
    connection.execute(delete(aside).where(aside.c.id.in_(saved_since)))
    rebuilt = select(*aside.c).where(aside.c.version.is_not(None))
    folder = Folder(connection, current.store, live)
    try:
        connection.execute(insert(table).from_select(list(folder.columns), rebuilt))
        row_writer(table, folder.columns, connection.dialect).write(connection, folder.rows_of(saved_since))
    except IntegrityError as error:
        raise NotPossible(
            f"{live.name}: two living records hold the same value in a field that is unique. Nothing was repaired."
        ) from error


def _saved_since(current: Writing, aside: Table, seen_tx: int) -> list[uuid.UUID]:
    """Records that differed in the snapshot and were changed or erased after it."""
    fact, record = current.tables.fact, current.tables.record
    changed = select(fact.c.record).where(fact.c.tx > seen_tx)
    erased = select(record.c.id).where(record.c.erased_tx > seen_tx)
    query = select(aside.c.id).where(aside.c.id.in_(changed) | aside.c.id.in_(erased))
    return list(current.connection.scalars(query))
