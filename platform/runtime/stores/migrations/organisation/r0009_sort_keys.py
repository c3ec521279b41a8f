"""Sort keys follow the alphabets of their readers: those of places are made anew, those of records by the worker."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from alembic.operations import Operations
from sqlalchemy import text

from amparo.runtime.collation.alphabets import COMMON, Alphabet
from amparo.runtime.collation.keys import sort_key

revision = "0009"
down_revision = "0008"


def upgrade(operations: Operations, schema: str | None) -> None:
    make_keys_anew(operations, schema, COMMON)


def make_keys_anew(operations: Operations, schema: str | None, alphabet: Alphabet) -> None:
    connection = operations.get_bind()
    prefix = f"{schema}." if schema else ""
    # A schema is named by the program alone.
    rows = connection.execute(text(f"SELECT code, parent, name FROM {prefix}place")).all()  # noqa: S608
    parents = {row.code: row.parent for row in rows}
    keys = {row.code: sort_key(row.name, alphabet) for row in rows}
    changed = [{"place": code, "key": "\t".join(reversed([*_keys_upwards(code, parents, keys)]))} for code in keys]
    if changed:
        change = text(f"UPDATE {prefix}place SET sort_key = :key WHERE code = :place")  # noqa: S608
        connection.execute(change, changed)
    # The sweeper of jobs fills the rows from the ledger, while people work.
    operations.execute(f"UPDATE {prefix}object_map SET outdated = (SELECT tx FROM {prefix}head)")  # noqa: S608


def _keys_upwards(code: str, parents: Mapping[str, str | None], keys: Mapping[str, str]) -> Iterator[str]:
    place: str | None = code
    while place is not None and place in keys:
        yield keys[place]
        place = parents[place]
