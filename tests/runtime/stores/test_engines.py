"""Connections that die are replaced before anybody notices, and errors keep what people wrote to themselves."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from jinja2 import BytecodeCache
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError

from amparo.runtime.search_entries.writing import merge_index
from amparo.runtime.settings import Settings
from amparo.runtime.stores import engines
from amparo.runtime.stores.engines import postgres_engine
from amparo.runtime.stores.organisations import Organisations


def test_a_connection_that_died_at_rest_is_replaced(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "RESTED_SECONDS", 0.0)
    engine = postgres_engine(engines.postgres_url(postgres_url))
    other = postgres_engine(engines.postgres_url(postgres_url))
    with engine.connect() as connection:
        backend = connection.scalar(text("SELECT pg_backend_pid()"))
    with other.connect() as connection:
        connection.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": backend})
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT pg_backend_pid()")) != backend
    engine.dispose()
    other.dispose()


def test_an_error_of_the_database_names_no_value(database: str | None, tmp_path: Path) -> None:
    organisations = Organisations(Settings(home=tmp_path, database_url=database))
    store = organisations.create("clinic", "Clinic")
    with store.engine.connect() as connection, pytest.raises(DBAPIError) as failed:
        connection.execute(text("SELECT * FROM nowhere WHERE name = :name"), {"name": "Sokha"})
    organisations.close()
    assert "nowhere" in str(failed.value)
    assert "Sokha" not in str(failed.value)


def test_who_reads_before_they_write_waits_for_who_writes(database: str | None, tmp_path: Path) -> None:
    """Also with the first use of an index of SQLite, which reads what the index is made of."""
    organisations, others = (Organisations(Settings(home=tmp_path, database_url=database)) for _ in range(2))
    store = organisations.create("clinic", "Clinic")
    late = others.open("clinic")
    is_held, failed = threading.Event(), []

    def hold() -> None:
        with store.engine.begin() as connection:
            connection.execute(update(store.tables.head).values(at=1))
            is_held.set()
            time.sleep(0.3)

    holder = threading.Thread(target=hold)
    holder.start()
    is_held.wait()
    try:
        with late.engine.begin() as connection:
            connection.execute(select(store.tables.head)).one()
            if not store.is_postgres:
                merge_index(connection)
            connection.execute(update(store.tables.head).values(at=store.tables.head.c.at + 1))
    except DBAPIError as error:
        failed.append(error)
    holder.join()
    with store.asking() as connection:
        assert (failed, connection.scalar(select(store.tables.head.c.at))) == ([], 2)
    others.close()
    organisations.close()


def test_an_embedded_store_tells_of_a_save_when_a_power_cut_cannot_undo_it(
    production_synchronous: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "SQLITE_SYNCHRONOUS", production_synchronous)
    engine = engines.new_sqlite_engine(tmp_path / "store.sqlite")
    with engine.connect() as connection:
        found = [connection.scalar(text(f"PRAGMA {name}")) for name in ("journal_mode", "synchronous")]
    engine.dispose()
    full = 2
    assert found == ["wal", full]


def test_no_other_account_enters_a_home_that_was_made_with_every_permission_for_all(
    tmp_path: Path, production_templates: Callable[[Path], BytecodeCache]
) -> None:
    """Whoever could write into it could put keys and compiled pages of their own there."""
    home = tmp_path / "srv" / "home"
    before = os.umask(0)
    try:
        with closing(Organisations(Settings(home=home))) as organisations:
            organisations.create("clinic", "Clinic").known_release()
        production_templates(home / "cache" / "templates")
    finally:
        os.umask(before)
    made = [home.parent, home, *home.rglob("*")]
    assert {"keys", "cache", "organisations", "store.sqlite", "file.key"} <= {path.name for path in made}
    assert [path for path in made if path.stat().st_mode & 0o077] == []


def test_no_other_account_of_the_machine_reads_an_embedded_store(tmp_path: Path) -> None:
    organisations = Organisations(Settings(home=tmp_path))
    organisations.create("clinic", "Clinic").known_release()
    stores = [path for path in tmp_path.rglob("*") if path.name.startswith(("store.", "control."))]
    readable = [path.name for path in stores if path.stat().st_mode & 0o077]
    organisations.close()
    assert {"store.sqlite", "store.sqlite-wal", "control.sqlite"} <= {path.name for path in stores}
    assert readable == []
