"""Bringing the fixed tables of a store to what this program expects.

Alembic applies the revisions of :mod:`amparo.runtime.stores.migrations` in one
transaction; the version table lies in the same schema or file as the tables.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from amparo.runtime.errors import StoreProblem

CONTROL, ORGANISATION = "control", "organisation"
#: "AMPR": marks a SQLite file as a store. Writing it takes the file's write lock before anything is read.
_APPLICATION_ID = 0x414D5052


def migrate_control(engine: Engine, schema: str | None) -> None:
    """Raises :class:`StoreProblem` for a store that a newer program made."""
    _migrate(engine, schema, CONTROL)


def migrate_organisation(engine: Engine, schema: str | None) -> None:
    """Raises :class:`StoreProblem` for a store that a newer program made."""
    _migrate(engine, schema, ORGANISATION)


def require_current(engine: Engine, schema: str | None, kind: str) -> None:
    """Raises :class:`StoreProblem` unless the store's tables are those this program expects."""
    with engine.connect() as connection:
        found = _revision(connection, schema)
    if found == newest_revision(kind):
        return
    _require_known(found, kind)
    raise StoreProblem("The store was made by an earlier Amparo. Make a backup, then run: amparo migrate")


def is_empty(engine: Engine, schema: str | None) -> bool:
    """No revision was ever applied: a new installation."""
    with engine.connect() as connection:
        return _revision(connection, schema) is None


@lru_cache
def _scripts(kind: str) -> ScriptDirectory:
    folder = str(Path(__file__).parent / "migrations" / kind)
    return ScriptDirectory(folder, version_locations=[folder])


def newest_revision(kind: str) -> str:
    return str(_scripts(kind).get_current_head())


def _revision(connection: Connection, schema: str | None) -> str | None:
    context = MigrationContext.configure(connection, opts={"version_table_schema": schema})
    return context.get_current_revision()


def _require_known(found: str | None, kind: str) -> None:
    known = {script.revision for script in _scripts(kind).walk_revisions()}
    if found is not None and found not in known:
        raise StoreProblem(
            f"The store was made by a newer Amparo (its tables are at revision {found}; this program knows "
            f"{newest_revision(kind)}). Install that version, or restore a backup made by this one."
        )


def _migrate(engine: Engine, schema: str | None, kind: str) -> None:
    with engine.connect() as connection:
        if _revision(connection, schema) == newest_revision(kind):
            return
    with engine.begin() as connection:
        _take_turn(connection, schema)
        _require_known(_revision(connection, schema), kind)
        scripts = _scripts(kind)
        context = MigrationContext.configure(
            connection,
            opts={
                "version_table_schema": schema,
                "fn": lambda revision, _: scripts._upgrade_revs("head", revision),
            },
        )
        # The operations are handed over: Alembic's global ones would mix two threads that make organisations.
        context.run_migrations(operations=Operations(context), schema=schema)


def _take_turn(connection: Connection, schema: str | None) -> None:
    """One process migrates a store at a time; the others find the work done."""
    if connection.dialect.name != "postgresql":
        connection.exec_driver_sql(f"PRAGMA application_id = {_APPLICATION_ID}")
        return
    connection.execute(text("SELECT pg_advisory_xact_lock(hashtext(:name))"), {"name": f"amparo migrate {schema}"})
    if connection.scalar(text("SELECT to_regnamespace(:name)"), {"name": schema}) is None:
        connection.exec_driver_sql(f"CREATE SCHEMA {schema}")
