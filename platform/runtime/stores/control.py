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
        self.organisation = _organisation(self.metadata)
        self.person = _person(self.metadata)
        self.membership = _membership(self.metadata)
        self.session = _session(self.metadata)
        self.sign_in_address = _sign_in_address(self.metadata)


def _organisation(metadata: MetaData) -> Table:
    return Table(
        "organisation",
        metadata,
        Column("id", Identifier, primary_key=True),
        Column("slug", Text, nullable=False, unique=True),
        Column("name", Text, nullable=False),
        # Login role of the organisation's schema and its sealed password; NULL on SQLite.
        Column("database_role", Text),
        Column("sealed_password", LargeBinary),
        Column("created_at", BigInteger, nullable=False),
        Column("state", Text, nullable=False),
    )


def _person(metadata: MetaData) -> Table:
    return Table(
        "person",
        metadata,
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


def _membership(metadata: MetaData) -> Table:
    table = Table(
        "membership",
        metadata,
        Column("person", Identifier, primary_key=True),
        Column("organisation", Identifier, primary_key=True),
    )
    Index("membership_organisation", table.c.organisation)
    return table


def _session(metadata: MetaData) -> Table:
    table = Table(
        "session",
        metadata,
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
    Index("session_person", table.c.person)
    return table


def _sign_in_address(metadata: MetaData) -> Table:
    return Table(
        "sign_in_address",
        metadata,
        # Keyed hash of the address: where people sign in from is not kept.
        Column("id", LargeBinary, primary_key=True),
        Column("failed", BigInteger, nullable=False),
        Column("began_at", BigInteger, nullable=False),
    )
