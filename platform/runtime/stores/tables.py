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
        self.head = Table(
            "head",
            self.metadata,
            Column("one", SmallInteger, primary_key=True, autoincrement=False),
            Column("tx", BigInteger, nullable=False),
            Column("at", BigInteger, nullable=False),
            Column("release", Integer, nullable=False),
            Column("hash", LargeBinary, nullable=False),
            Column("places", BigInteger),
            # The organisation's key that wraps new records.
            Column("key", SmallInteger, nullable=False, server_default="1"),
        )
        self.tx = Table(
            "tx",
            self.metadata,
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
        Index("tx_request", self.tx.c.actor, self.tx.c.request_key, unique=True)
        Index("tx_at", self.tx.c.at)
        self.record = Table(
            "record",
            self.metadata,
            Column("id", Identifier, primary_key=True),
            Column("object", SmallInteger, nullable=False),
            Column("wrapped_key", LargeBinary),
            Column("created_tx", BigInteger, nullable=False),
            Column("erased_tx", BigInteger),
        )
        Index("record_created", self.record.c.created_tx)
        self.fact = Table(
            "fact",
            self.metadata,
            Column("tx", BigInteger, nullable=False),
            Column("record", Identifier, nullable=False),
            Column("field", SmallInteger, nullable=False),
            Column("new", CodePointText),
            Column("old", CodePointText),
            Column("new_missing", CodePointText),
            Column("old_missing", CodePointText),
            Column("leaf", LargeBinary),
        )
        Index("fact_record", self.fact.c.record, self.fact.c.tx)
        Index("fact_tx", self.fact.c.tx, postgresql_using="brin", postgresql_with={"pages_per_range": 32})
        self.release = Table(
            "release",
            self.metadata,
            Column("number", Integer, primary_key=True, autoincrement=False),
            Column("hash", Text, nullable=False),
            Column("document", Text, nullable=False),
            Column("at", BigInteger, nullable=False),
            Column("actor", Identifier),
        )
        self.object_map = Table(
            "object_map",
            self.metadata,
            Column("number", SmallInteger, primary_key=True, autoincrement=False),
            Column("id", Text, nullable=False, unique=True),
            Column("table_name", Text, nullable=False),
            # The transaction of a release whose search text and sort keys the rows do not all hold yet.
            Column("outdated", BigInteger),
        )
        self.field_map = Table(
            "field_map",
            self.metadata,
            Column("number", SmallInteger, primary_key=True, autoincrement=False),
            Column("id", Text, nullable=False, unique=True),
            Column("object", SmallInteger, nullable=False),
            Column("column_name", Text, nullable=False),
            Column("storage", Text, nullable=False),
            Column("decimals", SmallInteger, nullable=False),
            Column("sensitive", Boolean, nullable=False),
        )
        self.key = Table(
            "key",
            self.metadata,
            Column("number", SmallInteger, primary_key=True, autoincrement=False),
            Column("wrapped", LargeBinary, nullable=False),
            Column("created_at", BigInteger, nullable=False),
        )
        self.member = Table(
            "member",
            self.metadata,
            Column("id", Identifier, primary_key=True),
            Column("login", Text, nullable=False, unique=True),
            Column("name", Text, nullable=False),
            Column("role", Text, nullable=False),
            Column("active", Boolean, nullable=False),
            Column("language", Text),
        )
        self.place = Table(
            "place",
            self.metadata,
            Column("code", CodePointText, primary_key=True),
            Column("parent", CodePointText),
            Column("level", Text, nullable=False),
            Column("name", Text, nullable=False),
            Column("names", Text, nullable=False),
            Column("closed", Boolean, nullable=False),
            Column("path", CodePointText, nullable=False),
            Column("sort_key", CodePointText, nullable=False),
        )
        Index("place_path", self.place.c.path)
        self.place_change = Table(
            "place_change",
            self.metadata,
            Column("tx", BigInteger, primary_key=True, autoincrement=False),
            Column("code", CodePointText, primary_key=True),
            Column("old", Text),
            Column("new", Text, nullable=False),
        )
        self.counter = Table(
            "counter",
            self.metadata,
            Column("field", SmallInteger, primary_key=True, autoincrement=False),
            Column("last", BigInteger, nullable=False),
        )
        self.job = Table(
            "job",
            self.metadata,
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
        Index("job_state", self.job.c.state, self.job.c.created_at)
        self.job_file = Table(
            "job_file",
            self.metadata,
            Column("job", Identifier, primary_key=True),
            Column("name", Text, primary_key=True),
            Column("part", Integer, primary_key=True, autoincrement=False),
            Column("content", LargeBinary, nullable=False),
        )
        self.import_mapping = Table(
            "import_mapping",
            self.metadata,
            Column("object", Text, primary_key=True),
            Column("header", Text, primary_key=True),
            Column("content", LargeBinary, nullable=False),
            Column("used_at", BigInteger, nullable=False),
        )
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
