"""Objects whose rows wait to be filled for a release."""

from __future__ import annotations

from alembic.operations import Operations
from sqlalchemy import BigInteger, Column

revision = "0004"
down_revision = "0003"


def upgrade(operations: Operations, schema: str | None) -> None:
    operations.add_column("object_map", Column("outdated", BigInteger), schema=schema)
