"""At which revision of the fixed tables a store is, and which one this program expects.

Asked at every start, when there is nothing to do nearly always: Alembic, which
takes longer to load than a store to be asked, comes only where a store is to be changed.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from sqlalchemy import Column, Connection, Engine, MetaData, String, Table, select

from amparo.runtime.errors import StoreProblem
from amparo.runtime.stores.engines import without_transactions

CONTROL, ORGANISATION = "control", "organisation"
#: The files of revisions, a folder for each kind of store.
REVISIONS_FOLDER = Path(__file__).parent / "migrations"


def bring_up_to_date(engine: Engine, schema: str | None, kind: str, *, may_be_new: bool = True) -> None:
    """Makes or changes the fixed tables where they are not this program's.

    Raises :class:`StoreProblem` for a store that a newer program made, and for an empty one unless it ``may_be_new``.
    """
    found = _found(engine, schema)
    if found == newest_revision(kind):
        return
    if not may_be_new:
        _require_tables(found)
    from amparo.runtime.stores.migrating import migrate  # noqa: PLC0415 - it loads Alembic

    migrate(engine, schema, kind)


def require_current(engine: Engine, schema: str | None, kind: str) -> None:
    """Raises :class:`StoreProblem` unless the store's tables are those this program expects."""
    found = _found(engine, schema)
    if found == newest_revision(kind):
        return
    _require_tables(found)
    require_known(found, kind)
    raise StoreProblem(
        "The store was made by an earlier Amparo. Make a backup with that version: this one makes none before the "
        "store has its tables. Then run: amparo migrate"
    )


def _require_tables(found: str | None) -> None:
    if found is None:
        raise StoreProblem("The store is empty: somebody removed its tables. Restore it from a backup.")


def is_empty(engine: Engine, schema: str | None) -> bool:
    """No revision was ever applied: a new installation."""
    return _found(engine, schema) is None


def newest_revision(kind: str) -> str:
    return _revisions(kind)[-1]


def require_known(found: str | None, kind: str) -> None:
    """Raises :class:`StoreProblem` for a revision that this program does not know."""
    if found is not None and found not in _revisions(kind):
        raise StoreProblem(
            f"The store was made by a newer Amparo (its tables are at revision {found}; this program knows "
            f"{newest_revision(kind)}). Install that version, or restore a backup made by this one."
        )


def revision_of(connection: Connection, schema: str | None) -> str | None:
    """What Alembic's table of the store says; None where no revision was ever applied."""
    table = Table("alembic_version", MetaData(), Column("version_num", String), schema=schema)
    if not _is_there(connection, table):
        return None
    found: str | None = connection.scalar(select(table.c.version_num))
    return found


def _is_there(connection: Connection, table: Table) -> bool:
    """In plain SQL: SQLAlchemy's inspector compiles its question anew for each store, and asks a catalogue or two."""
    if connection.dialect.name == "postgresql":
        found = connection.exec_driver_sql("SELECT to_regclass(%s)", (table.fullname,))
    else:
        found = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE name = ?", (table.name,))
    return found.scalar() is not None


def _found(engine: Engine, schema: str | None) -> str | None:
    with without_transactions(engine).connect() as connection:
        return revision_of(connection, schema)


@lru_cache
def _revisions(kind: str) -> tuple[str, ...]:
    """Oldest first. Each file is named by its revision: ``r0004_outdated.py`` is 0004."""
    return tuple(sorted(file.stem[1:].split("_", 1)[0] for file in (REVISIONS_FOLDER / kind).glob("r*.py")))
