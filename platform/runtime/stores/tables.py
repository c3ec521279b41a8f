"""The fixed tables of an organisation's store (what they hold: docs/developers/architecture.md)."""

from __future__ import annotations

from functools import lru_cache

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    select,
)
from sqlalchemy.dialects.postgresql import TSVECTOR

from amparo.runtime.stores.types import CodePointText, Identifier

#: Numbers of the reserved fields in facts. Defined fields start at 16.
DELETED, OWNER, RECORD_TYPE, ACKNOWLEDGED = 1, 2, 3, 4
FIRST_FIELD_NUMBER = 16
#: The full-text table that indexes the terms of search entries on SQLite; PostgreSQL has a column for them.
SEARCH_INDEX = "search_index"
#: The identity a leaf hash uses for a reserved field.
RESERVED_FIELDS = {
    DELETED: "@deleted",
    OWNER: "@owner",
    RECORD_TYPE: "@record_type",
    ACKNOWLEDGED: "@acknowledged",
}


class OrganisationTables:
    """SQLAlchemy tables of one organisation, qualified with its schema (None on SQLite)."""

    def __init__(self, schema: str | None) -> None:
        self.schema = schema
        self.metadata = MetaData(schema=schema)
        self.head = _head(self.metadata)
        self.tx = _tx(self.metadata)
        self.record = _record(self.metadata)
        self.fact = _fact(self.metadata)
        self.release = _release(self.metadata)
        self.object_map = _object_map(self.metadata)
        self.field_map = _field_map(self.metadata)
        self.key = _key(self.metadata)
        self.member = _member(self.metadata)
        self.place = _place(self.metadata)
        self.place_change = _place_change(self.metadata)
        self.counter = _counter(self.metadata)
        self.job = _job(self.metadata)
        self.job_file = _job_file(self.metadata)
        self.import_mapping = _import_mapping(self.metadata)
        self.search_entry = _search_entry(self.metadata)
        #: What state of the store a statement sees, beside whatever it selects: the last transaction, the release.
        self.state_columns = (
            select(self.head.c.tx).scalar_subquery().label("seen_tx"),
            select(self.head.c.release).scalar_subquery().label("seen_release"),
        )


@lru_cache(maxsize=64)
def organisation_tables(schema: str | None) -> OrganisationTables:
    """Kept, because they are asked for again and again, and making them takes longer than most statements.

    Embedded stores share theirs, and with them whatever statements are kept by table.
    """
    return OrganisationTables(schema)


def _head(metadata: MetaData) -> Table:
    return Table(
        "head",
        metadata,
        Column("one", SmallInteger, primary_key=True, autoincrement=False),
        Column("tx", BigInteger, nullable=False),
        Column("at", BigInteger, nullable=False),
        Column("release", Integer, nullable=False),
        Column("hash", LargeBinary, nullable=False),
        Column("places", BigInteger),
        # The organisation's key that wraps new records.
        Column("key", SmallInteger, nullable=False, server_default="1"),
    )


def _tx(metadata: MetaData) -> Table:
    table = Table(
        "tx",
        metadata,
        Column("id", BigInteger, primary_key=True, autoincrement=False),
        Column("at", BigInteger, nullable=False),
        Column("actor", Identifier),
        Column("channel", Text, nullable=False),
        Column("release", Integer, nullable=False),
        Column("request_key", Text),
        Column("request_digest", LargeBinary),
        Column("result", Text),
        Column("note", Text),
        Column("hash", LargeBinary, nullable=False),
    )
    Index("tx_request", table.c.actor, table.c.request_key, unique=True)
    Index("tx_at", table.c.at)
    return table


def _record(metadata: MetaData) -> Table:
    table = Table(
        "record",
        metadata,
        Column("id", Identifier, primary_key=True),
        Column("object", SmallInteger, nullable=False),
        Column("wrapped_key", LargeBinary),
        Column("created_tx", BigInteger, nullable=False),
        Column("erased_tx", BigInteger),
    )
    Index("record_created", table.c.created_tx)
    return table


def _fact(metadata: MetaData) -> Table:
    table = Table(
        "fact",
        metadata,
        Column("tx", BigInteger, nullable=False),
        Column("record", Identifier, nullable=False),
        Column("field", SmallInteger, nullable=False),
        Column("new", CodePointText),
        Column("old", CodePointText),
        Column("new_missing", CodePointText),
        Column("old_missing", CodePointText),
        Column("leaf", LargeBinary),
    )
    Index("fact_record", table.c.record, table.c.tx)
    Index("fact_tx", table.c.tx, postgresql_using="brin", postgresql_with={"pages_per_range": 32})
    return table


def _release(metadata: MetaData) -> Table:
    return Table(
        "release",
        metadata,
        Column("number", Integer, primary_key=True, autoincrement=False),
        Column("hash", Text, nullable=False),
        Column("document", Text, nullable=False),
        Column("at", BigInteger, nullable=False),
        Column("actor", Identifier),
    )


def _object_map(metadata: MetaData) -> Table:
    return Table(
        "object_map",
        metadata,
        Column("number", SmallInteger, primary_key=True, autoincrement=False),
        Column("id", Text, nullable=False, unique=True),
        Column("table_name", Text, nullable=False),
        # The transaction of a release whose search text and sort keys the rows do not all hold yet.
        Column("outdated", BigInteger),
    )


def _field_map(metadata: MetaData) -> Table:
    return Table(
        "field_map",
        metadata,
        Column("number", SmallInteger, primary_key=True, autoincrement=False),
        Column("id", Text, nullable=False, unique=True),
        Column("object", SmallInteger, nullable=False),
        Column("column_name", Text, nullable=False),
        Column("storage", Text, nullable=False),
        Column("decimals", SmallInteger, nullable=False),
        Column("sensitive", Boolean, nullable=False),
    )


def _key(metadata: MetaData) -> Table:
    return Table(
        "key",
        metadata,
        Column("number", SmallInteger, primary_key=True, autoincrement=False),
        Column("wrapped", LargeBinary, nullable=False),
        Column("created_at", BigInteger, nullable=False),
    )


def _member(metadata: MetaData) -> Table:
    return Table(
        "member",
        metadata,
        Column("id", Identifier, primary_key=True),
        Column("login", Text, nullable=False, unique=True),
        Column("name", Text, nullable=False),
        Column("role", Text, nullable=False),
        Column("active", Boolean, nullable=False),
        Column("language", Text),
    )


def _place(metadata: MetaData) -> Table:
    table = Table(
        "place",
        metadata,
        Column("code", CodePointText, primary_key=True),
        Column("parent", CodePointText),
        Column("level", Text, nullable=False),
        Column("name", Text, nullable=False),
        Column("names", Text, nullable=False),
        Column("closed", Boolean, nullable=False),
        Column("path", CodePointText, nullable=False),
        Column("sort_key", CodePointText, nullable=False),
    )
    Index("place_path", table.c.path)
    return table


def _place_change(metadata: MetaData) -> Table:
    return Table(
        "place_change",
        metadata,
        Column("tx", BigInteger, primary_key=True, autoincrement=False),
        Column("code", CodePointText, primary_key=True),
        Column("old", Text),
        Column("new", Text, nullable=False),
    )


def _counter(metadata: MetaData) -> Table:
    return Table(
        "counter",
        metadata,
        Column("field", SmallInteger, primary_key=True, autoincrement=False),
        Column("last", BigInteger, nullable=False),
    )


def _job(metadata: MetaData) -> Table:
    table = Table(
        "job",
        metadata,
        Column("id", Identifier, primary_key=True),
        Column("kind", Text, nullable=False),
        Column("payload", Text, nullable=False),
        Column("state", Text, nullable=False),
        Column("done", BigInteger, nullable=False),
        Column("total", BigInteger),
        Column("outcome", Text),
        Column("actor", Identifier),
        Column("attempts", Integer, nullable=False),
        Column("created_at", BigInteger, nullable=False),
        Column("started_at", BigInteger),
        Column("beat_at", BigInteger),
        Column("finished_at", BigInteger),
        # The erasure that came while the job was going: its files go when it ends.
        Column("erased_tx", BigInteger),
    )
    Index("job_state", table.c.state, table.c.created_at)
    return table


def _job_file(metadata: MetaData) -> Table:
    return Table(
        "job_file",
        metadata,
        Column("job", Identifier, primary_key=True),
        Column("name", Text, primary_key=True),
        Column("part", Integer, primary_key=True, autoincrement=False),
        Column("content", LargeBinary, nullable=False),
    )


def _import_mapping(metadata: MetaData) -> Table:
    return Table(
        "import_mapping",
        metadata,
        Column("object", Text, primary_key=True),
        Column("header", Text, primary_key=True),
        Column("content", LargeBinary, nullable=False),
        Column("used_at", BigInteger, nullable=False),
    )


def _search_entry(metadata: MetaData) -> Table:
    table = Table(
        "search_entry",
        metadata,
        # SQLite's own row number, by which its index of terms knows an entry.
        Column("id", BigInteger().with_variant(Integer(), "sqlite"), primary_key=True, autoincrement=False),
        Column("record", Identifier, nullable=False),
        Column("object", SmallInteger, nullable=False),
        Column("name", CodePointText, nullable=False),
        Column("words", Text, nullable=False),
        Column("terms", Text().with_variant(TSVECTOR(), "postgresql"), nullable=False),
    )
    Index("search_entry_record", table.c.record, unique=True)
    Index("search_entry_object", table.c.object, table.c.id)
    Index("search_entry_name", table.c.name, table.c.object)
    if metadata.schema is not None:
        Index("search_entry_terms", table.c.terms, postgresql_using="gin")
    return table
