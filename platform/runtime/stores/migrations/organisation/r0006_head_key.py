"""The organisation's key that wraps new records, named by the head."""

from __future__ import annotations

from alembic.operations import Operations
from sqlalchemy import Column, SmallInteger

revision = "0006"
down_revision = "0005"


def upgrade(operations: Operations, schema: str | None) -> None:
    operations.add_column("head", Column("key", SmallInteger, nullable=False, server_default="1"), schema=schema)
