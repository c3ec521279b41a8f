"""The ledger, releases and their map, keys, members, counters and jobs."""

from __future__ import annotations

from alembic.operations import Operations
from sqlalchemy import BigInteger, Boolean, Column, Integer, LargeBinary, SmallInteger, Text

from amparo.runtime.stores.types import CodePointText, Identifier

revision = "0001"
down_revision = None


def upgrade(operations: Operations, schema: str | None) -> None:
    _ledger(operations, schema)
    _releases(operations, schema)
    _people_and_keys(operations, schema)
    _jobs(operations, schema)


def _ledger(operations: Operations, schema: str | None) -> None:
    operations.create_table(
        "head",
        Column("one", SmallInteger, primary_key=True, autoincrement=False),
        Column("tx", BigInteger, nullable=False),
        Column("at", BigInteger, nullable=False),
        Column("release", Integer, nullable=False),
        Column("hash", LargeBinary, nullable=False),
        schema=schema,
    )
    operations.create_table(
        "tx",
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
        schema=schema,
    )
    operations.create_index("tx_request", "tx", ["actor", "request_key"], unique=True, schema=schema)
    operations.create_index("tx_at", "tx", ["at"], schema=schema)
    operations.create_table(
        "record",
        Column("id", Identifier, primary_key=True),
        Column("object", SmallInteger, nullable=False),
        Column("wrapped_key", LargeBinary),
        Column("created_tx", BigInteger, nullable=False),
        Column("erased_tx", BigInteger),
        schema=schema,
    )
    operations.create_index("record_created", "record", ["created_tx"], schema=schema)
    operations.create_table(
        "fact",
        Column("tx", BigInteger, nullable=False),
        Column("record", Identifier, nullable=False),
        Column("field", SmallInteger, nullable=False),
        Column("new", CodePointText),
        Column("old", CodePointText),
        Column("new_missing", CodePointText),
        Column("old_missing", CodePointText),
        Column("leaf", LargeBinary),
        schema=schema,
    )
    operations.create_index("fact_record", "fact", ["record", "tx"], schema=schema)
    operations.create_index(
        "fact_tx",
        "fact",
        ["tx"],
        schema=schema,
        postgresql_using="brin",
        postgresql_with={"pages_per_range": 32},
    )


def _releases(operations: Operations, schema: str | None) -> None:
    operations.create_table(
        "release",
        Column("number", Integer, primary_key=True, autoincrement=False),
        Column("hash", Text, nullable=False),
        Column("document", Text, nullable=False),
        Column("at", BigInteger, nullable=False),
        Column("actor", Identifier),
        schema=schema,
    )
    operations.create_table(
        "object_map",
        Column("number", SmallInteger, primary_key=True, autoincrement=False),
        Column("id", Text, nullable=False, unique=True),
        Column("table_name", Text, nullable=False),
        schema=schema,
    )
    operations.create_table(
        "field_map",
        Column("number", SmallInteger, primary_key=True, autoincrement=False),
        Column("id", Text, nullable=False, unique=True),
        Column("object", SmallInteger, nullable=False),
        Column("column_name", Text, nullable=False),
        Column("storage", Text, nullable=False),
        Column("decimals", SmallInteger, nullable=False),
        Column("sensitive", Boolean, nullable=False),
        schema=schema,
    )


def _people_and_keys(operations: Operations, schema: str | None) -> None:
    operations.create_table(
        "key",
        Column("number", SmallInteger, primary_key=True, autoincrement=False),
        Column("wrapped", LargeBinary, nullable=False),
        Column("created_at", BigInteger, nullable=False),
        schema=schema,
    )
    operations.create_table(
        "member",
        Column("id", Identifier, primary_key=True),
        Column("login", Text, nullable=False, unique=True),
        Column("name", Text, nullable=False),
        Column("role", Text, nullable=False),
        Column("active", Boolean, nullable=False),
        Column("language", Text),
        schema=schema,
    )
    operations.create_table(
        "counter",
        Column("field", SmallInteger, primary_key=True, autoincrement=False),
        Column("last", BigInteger, nullable=False),
        schema=schema,
    )


def _jobs(operations: Operations, schema: str | None) -> None:
    operations.create_table(
        "job",
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
        schema=schema,
    )
    operations.create_index("job_state", "job", ["state", "created_at"], schema=schema)
    operations.create_table(
        "job_file",
        Column("job", Identifier, primary_key=True),
        Column("name", Text, primary_key=True),
        Column("part", Integer, primary_key=True, autoincrement=False),
        Column("content", LargeBinary, nullable=False),
        schema=schema,
    )
