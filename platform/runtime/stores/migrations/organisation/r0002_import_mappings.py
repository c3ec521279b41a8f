"""Mappings of imports, kept for the next file with the same columns."""

from __future__ import annotations

from alembic.operations import Operations
from sqlalchemy import BigInteger, Column, LargeBinary, Text

revision = "0002"
down_revision = "0001"


def upgrade(operations: Operations, schema: str | None) -> None:
    operations.create_table(
        "import_mapping",
        Column("object", Text, primary_key=True),
        Column("header", Text, primary_key=True),
        Column("content", LargeBinary, nullable=False),
        Column("used_at", BigInteger, nullable=False),
        schema=schema,
    )
