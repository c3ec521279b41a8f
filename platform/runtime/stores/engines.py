"""Engines: how this process reaches SQLite files and PostgreSQL schemas."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry

from amparo.metadata.geolocations import kilometres_between
from amparo.runtime.formulas import primitives
from amparo.runtime.stores.round_trips import PLANS_FOR_VALUES, SendingConnection
from amparo.runtime.stores.sqlite_files import make_file, require_file

#: A writer waits this long for another writer of the same SQLite file.
SQLITE_BUSY_SECONDS = 30
#: When SQLite tells that a transaction is saved: with FULL, what it wrote survives a power cut by then.
SQLITE_SYNCHRONOUS = "FULL"
#: A PostgreSQL that does not answer, or takes nothing that is sent, is given up after so long: people wait.
POSTGRES_SECONDS = 10
#: A statement waits this long for a lock of PostgreSQL, as a writer does for SQLite: whoever waits at a page gives up,
#: and with it what they typed; told in time, it is kept.
POSTGRES_LOCK_SECONDS = 30
#: A pooled PostgreSQL connection that was not used for so long is asked whether it is still alive.
RESTED_SECONDS = 1.0
#: Execution option of connections: how their transactions begin; None for statements that stand alone.
_BEGIN = "amparo_begin"


def sqlite_engine(path: Path, way_back: str = "") -> Engine:
    """WAL with full durability: an acknowledged save survives a power cut. Errors, which get logged, show no values.

    Connecting raises :class:`StoreProblem` where the file is not there; ``way_back`` is what it says would do then.
    """
    engine = create_engine(
        f"sqlite:///{path}",
        pool_size=4,
        max_overflow=16,
        connect_args={"timeout": SQLITE_BUSY_SECONDS},
        hide_parameters=True,
    )
    event.listen(engine, "do_connect", lambda *_: require_file(path, way_back))
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin)
    return engine


def new_sqlite_engine(path: Path, way_back: str = "") -> Engine:
    """As :func:`sqlite_engine`, for a store that is made here and now."""
    make_file(path)
    return sqlite_engine(path, way_back)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver's own transaction control would commit before DDL; ours is explicit.
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        f"synchronous={SQLITE_SYNCHRONOUS}",
        "foreign_keys=ON",
        "cache_size=-65536",
        "temp_store=MEMORY",
        "mmap_size=268435456",
        "secure_delete=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")
    connection.create_function("amparo_identifier", 1, _identifier_bytes, deterministic=True)
    connection.create_function("amparo_kilometres", 4, _kilometres, deterministic=True)
    primitives.install(connection)


def _identifier_bytes(text: str | None) -> bytes | None:
    """The 16 bytes of an identifier's canonical text; SQLite before 3.41 has no ``unhex``."""
    return None if text is None else bytes.fromhex(text.replace("-", ""))


def _kilometres(latitude: float | None, longitude: float | None, north: float, east: float) -> float | None:
    """SQLite may come without functions of angles."""
    if latitude is None or longitude is None:
        return None
    return kilometres_between(latitude, longitude, north, east)


def _begin(connection: Connection) -> None:
    """Drivers leave transactions to us: switching theirs on and off took longer than a short statement.

    A plain transaction is one that writes. SQLite gives it the lock at once: one that had read before it asked for
    the lock would be refused, without any wait, when somebody else is writing.
    """
    writes = "BEGIN IMMEDIATE" if connection.dialect.name == "sqlite" else "BEGIN"
    statement = connection.get_execution_options().get(_BEGIN, writes)
    if statement is not None:
        connection.exec_driver_sql(statement)


def without_transactions(engine: Engine) -> Engine:
    """The same connections for statements that stand alone: each sees the store as it is when it begins.

    Begin and end of a transaction would cost PostgreSQL two more round trips.
    """
    return engine.execution_options(**{_BEGIN: None})


def with_snapshots(engine: Engine) -> Engine:
    """The same connections for reads that see one state in all statements of a transaction."""
    # A transaction of SQLite that takes no lock does so anyway; PostgreSQL must be asked to.
    begin = "BEGIN" if engine.dialect.name == "sqlite" else "BEGIN ISOLATION LEVEL REPEATABLE READ"
    return engine.execution_options(**{_BEGIN: begin})


def postgres_url(text: str) -> URL:
    """A libpq URL as SQLAlchemy wants it, with the psycopg driver."""
    return make_url(text).set(drivername="postgresql+psycopg")


def postgres_engine(url: URL) -> Engine:
    engine = create_engine(
        url,
        pool_size=4,
        max_overflow=16,
        # No store has a column of that kind; each engine asked the server for it, in another transaction.
        use_native_hstore=False,
        # Texts that are made ready beforehand are UTF-8, whatever PGCLIENTENCODING says.
        connect_args={
            "options": " ".join(f"-c {name}={value}" for name, value in _postgres_settings().items()),
            "client_encoding": "utf8",
            "application_name": "amparo",
            "connect_timeout": POSTGRES_SECONDS,
            "tcp_user_timeout": POSTGRES_SECONDS * 1000,
        },
        hide_parameters=True,
    )
    event.listen(engine, "do_connect", _connect)
    event.listen(engine, "begin", _begin)
    event.listen(engine, "checkin", _note_use)
    event.listen(engine, "checkout", _require_answer)
    return engine


def _postgres_settings() -> dict[str, str]:
    return {
        "timezone": "UTC",
        "plan_cache_mode": PLANS_FOR_VALUES,
        "lock_timeout": f"{POSTGRES_LOCK_SECONDS}s",
    }


def _connect(_dialect: Any, _record: Any, arguments: tuple[Any, ...], named: dict[str, Any]) -> SendingConnection:
    return SendingConnection.connect(*arguments, autocommit=True, **named)


def _note_use(_connection: Any, record: ConnectionPoolEntry) -> None:
    record.info["used"] = time.monotonic()


def _require_answer(connection: Any, record: ConnectionPoolEntry, _proxy: Any) -> None:
    """A connection that rested may be dead; asking one that was just used would cost every page a round trip."""
    if time.monotonic() - record.info.get("used", time.monotonic()) < RESTED_SECONDS:
        return
    try:
        connection.execute("SELECT 1")
    except psycopg.Error as error:
        raise DisconnectionError from error
