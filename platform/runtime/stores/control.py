"""The control store: organisations and the people who sign in. Nothing about survivors is ever kept here."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    LargeBinary,
    MetaData,
    Table,
    Text,
)

from amparo.runtime.stores.types import Identifier


class ControlTables:
    """SQLAlchemy tables of the control store, in schema ``amparo`` on PostgreSQL."""

    def __init__(self, schema: str | None) -> None:
        self.schema = schema
        self.metadata = MetaData(schema=schema)
        self.organisation = Table(
            "organisation",
            self.metadata,
            Column("id", Identifier, primary_key=True),
            Column("slug", Text, nullable=False, unique=True),
            Column("name", Text, nullable=False),
            # Login role of the organisation's schema and its sealed password; NULL on SQLite.
            Column("database_role", Text),
            Column("sealed_password", LargeBinary),
            Column("created_at", BigInteger, nullable=False),
            Column("state", Text, nullable=False),
        )
        self.person = Table(
            "person",
            self.metadata,
            Column("id", Identifier, primary_key=True),
            Column("login", Text, nullable=False, unique=True),
            Column("password_hash", Text, nullable=False),
            Column("active", Boolean, nullable=False),
            # Raised to end every session of this person.
            Column("session_epoch", BigInteger, nullable=False),
            Column("language", Text),
            Column("failed_sign_ins", BigInteger, nullable=False),
            Column("locked_until", BigInteger),
        )
        self.membership = Table(
            "membership",
            self.metadata,
            Column("person", Identifier, primary_key=True),
            Column("organisation", Identifier, primary_key=True),
        )
        Index("membership_organisation", self.membership.c.organisation)
        self.session = Table(
            "session",
            self.metadata,
            # SHA-256 of the random text in the cookie: a copy of this table opens no session.
            Column("id", LargeBinary, primary_key=True),
            Column("person", Identifier, nullable=False),
            # The person's epoch when it began; good while the person still has that one.
            Column("epoch", BigInteger, nullable=False),
            Column("begun_at", BigInteger, nullable=False),
            # Not exact: written every few minutes at most.
            Column("seen_at", BigInteger, nullable=False),
            Column("ended_at", BigInteger),
            Column("device", Text),
        )
        Index("session_person", self.session.c.person)
        self.sign_in_address = Table(
            "sign_in_address",
            self.metadata,
            # Keyed hash of the address: where people sign in from is not kept.
            Column("id", LargeBinary, primary_key=True),
            Column("failed", BigInteger, nullable=False),
            Column("began_at", BigInteger, nullable=False),
        )
