"""Connections that die are replaced before anybody notices, and errors keep what people wrote to themselves."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

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


def test_no_other_account_of_the_machine_reads_an_embedded_store(tmp_path: Path) -> None:
    organisations = Organisations(Settings(home=tmp_path))
    organisations.create("clinic", "Clinic").known_release()
    stores = [path for path in tmp_path.rglob("*") if path.name.startswith(("store.", "control."))]
    readable = [path.name for path in stores if path.stat().st_mode & 0o077]
    organisations.close()
    assert {"store.sqlite", "store.sqlite-wal", "control.sqlite"} <= {path.name for path in stores}
    assert readable == []
