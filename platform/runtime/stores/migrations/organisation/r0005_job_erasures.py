"""Jobs that were going when something was erased."""

from __future__ import annotations

from alembic.operations import Operations
from sqlalchemy import BigInteger, Column

revision = "0005"
down_revision = "0004"


def upgrade(operations: Operations, schema: str | None) -> None:
    operations.add_column("job", Column("erased_tx", BigInteger), schema=schema)
