"""Stores as an earlier version of the program left them."""

from __future__ import annotations

from sqlalchemy import Engine, text


def set_revision(engine: Engine, schema: str | None, revision: str | None) -> None:
    """What the store says of itself, and nothing else; None for one that was never migrated."""
    table = f"{schema}.alembic_version" if schema else "alembic_version"
    with engine.begin() as connection:
        connection.execute(text(f"DELETE FROM {table}"))
        if revision is not None:
            connection.execute(text(f"INSERT INTO {table} VALUES (:revision)"), {"revision": revision})
