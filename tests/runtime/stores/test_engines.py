"""Connections that die are replaced before anybody notices."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from amparo.runtime.stores import engines
from amparo.runtime.stores.engines import postgres_engine


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
