"""The tree of places, and what was changed of it."""

from __future__ import annotations

from alembic.operations import Operations
from sqlalchemy import BigInteger, Boolean, Column, Text

from amparo.runtime.stores.types import CodePointText

revision = "0003"
down_revision = "0002"


def upgrade(operations: Operations, schema: str | None) -> None:
    operations.add_column("head", Column("places", BigInteger), schema=schema)
    operations.create_table(
        "place",
        Column("code", CodePointText, primary_key=True),
        Column("parent", CodePointText),
        Column("level", Text, nullable=False),
        Column("name", Text, nullable=False),
        Column("names", Text, nullable=False),
        Column("closed", Boolean, nullable=False),
        Column("path", CodePointText, nullable=False),
        Column("sort_key", CodePointText, nullable=False),
        schema=schema,
    )
    operations.create_index("place_path", "place", ["path"], schema=schema)
    operations.create_table(
        "place_change",
        Column("tx", BigInteger, primary_key=True, autoincrement=False),
        Column("code", CodePointText, primary_key=True),
        Column("old", Text),
        Column("new", Text, nullable=False),
        schema=schema,
    )
