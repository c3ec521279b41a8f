"""Overwriting what erased values leave behind in the database's own files.

A database that deletes a value only marks its place as free. The store's files
hold it until the place is used again, so a stolen disk would tell it. Here the
files are written anew without it. Logs kept for replication and backups made
earlier are outside the store; the manual says how long to keep them.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from functools import partial

from sqlalchemy import Connection, Engine, Table, literal, select, text
from sqlalchemy.exc import OperationalError

from amparo.runtime.search_entries.writing import merge_index
from amparo.runtime.stores.engines import SQLITE_BUSY_SECONDS, without_transactions
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.time_limits import without_time_limits

#: How long to wait for those who still read what was there before, and between two tries.
PATIENCE_SECONDS = 60.0
_PAUSE_SECONDS = 0.2
#: How long one try waits for readers to end: whoever wants to write meanwhile waits as long.
_LOCK_TIMEOUT_MS = 500
_log = logging.getLogger("amparo.records")


def overwrite_traces(store: OrganisationStore, tables: Sequence[Table]) -> bool:
    """Outside any transaction, after the erasure is committed. ``tables`` held the values, the facts first.

    A reader who never ends can keep that from being finished; then the log says so, and False is given.
    """
    if not store.is_postgres:
        # The index of terms only notes what was taken from it, until it is merged.
        with store.engine.begin() as connection:
            merge_index(connection)
    return overwrite_traces_in(store.engine, tables, f"Organisation {store.slug}")


def overwrite_traces_in(engine: Engine, tables: Sequence[Table], whose: str) -> bool:
    """As :func:`overwrite_traces`, of a store that is searched for nothing; ``whose`` it is says the log."""
    with without_transactions(engine).connect() as connection:
        overwrite = _rewrite_tables if connection.dialect.name == "postgresql" else _empty_log
        is_finished = overwrite(connection, tables)
    if not is_finished:
        _log.warning(
            "%s: somebody still reads what was erased; its traces stay in the database's files. "
            "End long reports and erase another record, or restart the database and do so.",
            whose,
        )
    return is_finished


def _patiently(attempt: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not attempt():
        if time.monotonic() > deadline:
            return False
        time.sleep(_PAUSE_SECONDS)
    return True


def _empty_log(connection: Connection, _tables: Sequence[Table]) -> bool:
    """``secure_delete`` has overwritten the pages of SQLite's file; its log still holds what they were."""
    connection.execute(text(f"PRAGMA busy_timeout = {_LOCK_TIMEOUT_MS}"))
    try:
        return _patiently(lambda: connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)")).one()[0] == 0)
    finally:
        connection.execute(text(f"PRAGMA busy_timeout = {SQLITE_BUSY_SECONDS * 1000}"))


def _rewrite_tables(connection: Connection, tables: Sequence[Table]) -> bool:
    """Plain VACUUM leaves the bytes of dead rows in their pages; FULL writes tables and indexes anew.

    FULL carries over rows that an older snapshot may still see, so those snapshots must have ended first. The
    first table tells: facts are only ever added, so none of them is dead but through an erasure.
    """
    with without_time_limits(connection):
        is_finished = _patiently(lambda: _holds_no_dead_rows(connection, tables[0]))
        return _rewrite_each(connection, tables) and is_finished


def _rewrite_each(connection: Connection, tables: Sequence[Table]) -> bool:
    is_finished = True
    connection.execute(text(f"SET lock_timeout = '{_LOCK_TIMEOUT_MS}ms'"))
    try:
        for table in tables:
            is_finished &= _patiently(partial(_rewrite, connection, table))
        return is_finished
    finally:
        # One that died is not used again, and asking it would hide what it died of.
        if not connection.invalidated:
            connection.execute(text("RESET lock_timeout"))


def _holds_no_dead_rows(connection: Connection, table: Table) -> bool:
    connection.execute(text(f"VACUUM {_name(connection, table)}"))
    dead = text("SELECT n_dead_tup FROM pg_stat_user_tables WHERE schemaname = :schema AND relname = :table")
    return not connection.scalar(dead, {"schema": table.schema, "table": table.name})


def _rewrite(connection: Connection, table: Table) -> bool:
    """False when somebody uses the table."""
    try:
        connection.execute(text(f"VACUUM (FULL) {_name(connection, table)}"))
        _forget_statistics(connection, table)
    except OperationalError as error:
        if getattr(error.orig, "sqlstate", None) != "55P03":
            raise
        return False
    return True


def _forget_statistics(connection: Connection, table: Table) -> None:
    """The planner's statistics hold values as they were met: names, and whole answers.

    Made anew they are of the rows that are there. ANALYZE leaves them as they are where none is; giving a column the
    type that it has takes its statistics away.
    """
    name = _name(connection, table)
    if connection.scalar(select(literal(1)).select_from(table).limit(1)) is not None:
        connection.execute(text(f"ANALYZE {name}"))
        return
    quote = connection.dialect.identifier_preparer.format_column
    types = (f"ALTER {quote(each)} TYPE {each.type.compile(connection.dialect)}" for each in table.columns)
    connection.execute(text(f"ALTER TABLE {name} {', '.join(types)}"))


def _name(connection: Connection, table: Table) -> str:
    return connection.dialect.identifier_preparer.format_table(table)
