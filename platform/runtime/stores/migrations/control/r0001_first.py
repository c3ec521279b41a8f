"""Organisations, people and who is member where."""

from __future__ import annotations

from alembic.operations import Operations
from sqlalchemy import BigInteger, Boolean, Column, LargeBinary, Text

from amparo.runtime.stores.types import Identifier

revision = "0001"
down_revision = None


def upgrade(operations: Operations, schema: str | None) -> None:
    operations.create_table(
        "organisation",
        Column("id", Identifier, primary_key=True),
        Column("slug", Text, nullable=False, unique=True),
        Column("name", Text, nullable=False),
        Column("database_role", Text),
        Column("sealed_password", LargeBinary),
        Column("created_at", BigInteger, nullable=False),
        Column("state", Text, nullable=False),
        schema=schema,
    )
    operations.create_table(
        "person",
        Column("id", Identifier, primary_key=True),
        Column("login", Text, nullable=False, unique=True),
        Column("password_hash", Text, nullable=False),
        Column("active", Boolean, nullable=False),
        Column("session_epoch", BigInteger, nullable=False),
        Column("language", Text),
        Column("failed_sign_ins", BigInteger, nullable=False),
        Column("locked_until", BigInteger),
        schema=schema,
    )
    operations.create_table(
        "membership",
        Column("person", Identifier, primary_key=True),
        Column("organisation", Identifier, primary_key=True),
        schema=schema,
    )
    operations.create_index("membership_organisation", "membership", ["organisation"], schema=schema)
