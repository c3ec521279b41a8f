"""The evaluators of formulas in databases, for proving them."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine as Database

from amparo.metadata.formulas.conformance import Engine
from amparo.runtime.errors import NotPossible
from amparo.runtime.formulas.conformance import sql_engine
from amparo.runtime.stores.engines import new_sqlite_engine, postgres_engine, postgres_url, without_transactions


@contextmanager
def sqlite_formulas(now: dt.datetime) -> Iterator[Engine]:
    """In a file that is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        database = new_sqlite_engine(Path(folder) / "records.db")
        with _formulas(database, now) as engine:
            yield engine


@contextmanager
def postgres_formulas(now: dt.datetime, url: str | None) -> Iterator[Engine]:
    """In a database. Raises :class:`NotPossible` when none is named."""
    if not url:
        advice = "Name one with --database-url or AMPARO_DATABASE_URL; nothing is written there."
        raise NotPossible(f"The engine postgresql needs a database. {advice}")
    with _formulas(postgres_engine(postgres_url(url)), now) as engine:
        yield engine


@contextmanager
def _formulas(database: Database, now: dt.datetime) -> Iterator[Engine]:
    """A statement that fails takes no other with it."""
    try:
        with without_transactions(database).connect() as connection:
            yield sql_engine(connection, now)
    finally:
        database.dispose()
