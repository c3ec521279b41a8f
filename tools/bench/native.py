"""The hand-made table: what a programmer would write for this one object, with no platform around it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, Connection, Engine, Index, MetaData, Table

from amparo.metadata.fields.base import Storage
from amparo.runtime.identifiers import new_identifier
from amparo.runtime.stores.rows import row_writer
from amparo.runtime.stores.types import Identifier, Moment, column_type
from tools.bench.cases import INDEXED, field_names

_STORAGE = {
    "p": Storage.TEXT,
    "d": Storage.DATE,
    "n": Storage.INTEGER,
    "m": Storage.DECIMAL,
    "c": Storage.BOOLEAN,
    "t": Storage.TEXT,
}

Row = dict[str, Any]


def native_table(schema: str | None) -> Table:
    table = Table(
        "native_case",
        MetaData(schema=schema),
        Column("id", Identifier, primary_key=True),
        Column("updated_at", Moment, nullable=False),
        *(Column(name, column_type(_STORAGE[name[0]], 2)) for name in field_names()),
    )
    Index("native_updated", table.c.updated_at, table.c.id)
    for name in INDEXED:
        Index(f"native_{name}", table.c[name], table.c.id)
    return table


def make(engine: Engine, schema: str | None) -> Table:
    table = native_table(schema)
    with engine.begin() as connection:
        table.drop(connection, checkfirst=True)
        table.create(connection)
    return table


def load(connection: Connection, table: Table, rows: Sequence[Row], now: Any) -> list[uuid.UUID]:
    """As fast as the driver can: COPY on PostgreSQL, executemany on SQLite."""
    names = tuple(column.name for column in table.columns)
    identifiers = [new_identifier() for _ in rows]
    values = [
        (identifier, now, *(row.get(name) for name in names[2:]))
        for identifier, row in zip(identifiers, rows, strict=True)
    ]
    row_writer(table, names, connection.dialect).write(connection, values)
    return identifiers
