"""Sessions that the server can end, and how often an address guessed."""

from __future__ import annotations

from alembic.operations import Operations
from sqlalchemy import BigInteger, Column, LargeBinary, Text

from amparo.runtime.stores.types import Identifier

revision = "0002"
down_revision = "0001"


def upgrade(operations: Operations, schema: str | None) -> None:
    operations.create_table(
        "session",
        Column("id", LargeBinary, primary_key=True),
        Column("person", Identifier, nullable=False),
        Column("epoch", BigInteger, nullable=False),
        Column("begun_at", BigInteger, nullable=False),
        Column("seen_at", BigInteger, nullable=False),
        Column("ended_at", BigInteger),
        Column("device", Text),
        schema=schema,
    )
    operations.create_index("session_person", "session", ["person"], schema=schema)
    operations.create_table(
        "sign_in_address",
        Column("id", LargeBinary, primary_key=True),
        Column("failed", BigInteger, nullable=False),
        Column("began_at", BigInteger, nullable=False),
        schema=schema,
    )
