"""Bringing the fixed tables of a store to what this program expects.

Alembic applies the revisions of :mod:`amparo.runtime.stores.migrations` in one
transaction; the version table lies in the same schema or file as the tables.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, NamedTuple

from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, event, text

from amparo.runtime.errors import StoreProblem
from amparo.runtime.stores.revisions import REVISIONS_FOLDER, require_known, revision_of
from amparo.runtime.stores.round_trips import run_script
from amparo.runtime.stores.time_limits import lift_time_limits


@lru_cache
def _scripts(kind: str) -> ScriptDirectory:
    folder = str(REVISIONS_FOLDER / kind)
    return ScriptDirectory(folder, version_locations=[folder])


def migrate(engine: Engine, schema: str | None, kind: str) -> None:
    """Applies what a store lacks. Raises :class:`StoreProblem` for one that a newer program made."""
    with engine.begin() as connection:
        _take_turn(connection, schema)
        found = revision_of(connection, schema)
        require_known(found, kind)
        if found is None:
            _make_new(connection, schema, kind)
        else:
            _upgrade(connection, schema, kind)


def _upgrade(connection: Connection, schema: str | None, kind: str) -> None:
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


class _Script(NamedTuple):
    """What the revisions said to the first store of its kind that this process made, whose schema is named there."""

    schema: str | None
    statements: tuple[str, ...]


#: What revisions may do to a store without any row. Questions are theirs alone, so they must not do anything.
_REPEATED = frozenset({"ALTER", "CREATE", "DELETE", "DROP", "INSERT", "UPDATE"})
_scripts_of_new: dict[tuple[str, str], _Script] = {}


def _make_new(connection: Connection, schema: str | None, kind: str) -> None:
    """A store without any table: all revisions, which say the same to each, so they are asked once in a process."""
    made = _scripts_of_new.get((kind, connection.dialect.name))
    if made is None:
        statements: list[str] = []
        with _overheard(connection, statements):
            _upgrade(connection, schema, kind)
        _scripts_of_new[kind, connection.dialect.name] = _Script(schema, tuple(statements))
        return
    said = (each.replace(made.schema, schema) if made.schema and schema else each for each in made.statements)
    run_script(connection, list(said))


@contextmanager
def _overheard(connection: Connection, statements: list[str]) -> Iterator[None]:
    """Collects what is done through the connection, but for questions."""

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        verb = statement.split(None, 1)[0].upper()
        if verb in ("SELECT", "PRAGMA"):
            return
        if verb not in _REPEATED or parameters or "%" in statement:
            raise StoreProblem(f"Another store could not be made by this statement of a revision: {statement}")
        statements.append(statement)

    event.listen(connection, "before_cursor_execute", note)
    try:
        yield
    finally:
        event.remove(connection, "before_cursor_execute", note)


def _take_turn(connection: Connection, schema: str | None) -> None:
    """One process migrates a store at a time; the others find the work done."""
    if connection.dialect.name != "postgresql":
        # A transaction of SQLite that writes holds the lock from its beginning.
        return
    # Changing large tables takes longer than anybody at a page would wait.
    connection.exec_driver_sql("SET LOCAL lock_timeout = 0")
    lift_time_limits(connection)
    connection.execute(text("SELECT pg_advisory_xact_lock(hashtext(:name))"), {"name": f"amparo migrate {schema}"})
    if connection.scalar(text("SELECT to_regnamespace(:name)"), {"name": schema}) is None:
        connection.exec_driver_sql(f"CREATE SCHEMA {schema}")
