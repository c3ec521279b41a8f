"""The texts that records are found by move out of the projections, beside an index of their grams."""

from __future__ import annotations

from alembic.operations import Operations
from sqlalchemy import BigInteger, Column, Integer, SmallInteger, Text, inspect, text
from sqlalchemy.dialects.postgresql import TSVECTOR

from amparo.runtime.stores.types import CodePointText, Identifier

revision = "0008"
down_revision = "0007"


def upgrade(operations: Operations, schema: str | None) -> None:
    connection = operations.get_bind()
    is_postgres = connection.dialect.name == "postgresql"
    operations.create_table(
        "search_entry",
        Column("id", BigInteger().with_variant(Integer(), "sqlite"), primary_key=True, autoincrement=False),
        Column("record", Identifier, nullable=False),
        Column("object", SmallInteger, nullable=False),
        Column("name", CodePointText, nullable=False),
        Column("words", Text, nullable=False),
        Column("terms", Text().with_variant(TSVECTOR(), "postgresql"), nullable=False),
        schema=schema,
    )
    operations.create_index("search_entry_record", "search_entry", ["record"], unique=True, schema=schema)
    operations.create_index("search_entry_object", "search_entry", ["object", "id"], schema=schema)
    operations.create_index("search_entry_name", "search_entry", ["name", "object"], schema=schema)
    if is_postgres:
        operations.create_index("search_entry_terms", "search_entry", ["terms"], schema=schema, postgresql_using="gin")
    else:
        operations.execute(
            "CREATE VIRTUAL TABLE search_index USING fts5"
            "(terms, content = 'search_entry', content_rowid = 'id', detail = none, columnsize = 0, tokenize = 'ascii')"
        )
    present = set(inspect(connection).get_table_names(schema=schema))
    prefix = f"{schema}." if schema else ""
    # A schema is named by the program alone.
    names = connection.scalars(text(f"SELECT table_name FROM {prefix}object_map")).all()  # noqa: S608
    for name in present.intersection(names):
        operations.drop_column(name, "search", schema=schema)
    # The sweeper of jobs fills the entries from the ledger, while people work.
    operations.execute(f"UPDATE {prefix}object_map SET outdated = (SELECT tx FROM {prefix}head)")  # noqa: S608
