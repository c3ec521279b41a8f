"""An index for what somebody changed last, on every projection that is there."""

from __future__ import annotations

from alembic.operations import Operations
from sqlalchemy import inspect, text

revision = "0007"
down_revision = "0006"


def upgrade(operations: Operations, schema: str | None) -> None:
    connection = operations.get_bind()
    present = set(inspect(connection).get_table_names(schema=schema))
    prefix = f"{schema}." if schema else ""
    # A schema is named by the program alone.
    names = connection.scalars(text(f"SELECT table_name FROM {prefix}object_map")).all()  # noqa: S608
    for name in present.intersection(names):
        operations.create_index(f"{name}_by", name, ["updated_by", "updated_at", "id"], schema=schema)
