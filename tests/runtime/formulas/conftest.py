"""A database that formulas are put to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection

from amparo.runtime.stores.engines import new_sqlite_engine, postgres_engine, postgres_url


@pytest.fixture(scope="module")
def module_connection(module_database: str | None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    if module_database is None:
        engine = new_sqlite_engine(Path(tmp_path_factory.mktemp("formulas")) / "records.db")
    else:
        engine = postgres_engine(postgres_url(module_database))
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@pytest.fixture
def connection(module_connection: Connection) -> Iterator[Connection]:
    """In a transaction that leaves nothing behind."""
    with module_connection.begin() as transaction:
        yield module_connection
        transaction.rollback()
