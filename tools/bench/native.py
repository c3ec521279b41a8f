"""The hand-made table: what a programmer would write for this one object, with no platform around it.

It has an index of the names' trigrams, as the one that the designs were
measured beside: people look for cases by any part of a name, and Amparo's own
index finds that, too.
"""

from __future__ import annotations

import csv
import datetime
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Connection, Engine, Index, MetaData, Table

from amparo.metadata.fields.base import Storage
from amparo.runtime.identifiers import new_identifier
from amparo.runtime.stores.rows import row_writer
from amparo.runtime.stores.types import Identifier, Moment, column_type
from tools.bench.cases import INDEXED, NAME, field_names

_STORAGE = {
    "p": Storage.TEXT,
    "d": Storage.DATE,
    "n": Storage.INTEGER,
    "m": Storage.DECIMAL,
    "c": Storage.BOOLEAN,
    "t": Storage.TEXT,
}

Row = dict[str, Any]
#: PostgreSQL's module pg_trgm, which only a superuser may add: whoever starts the server does.
_TRIGRAMS = "public.gin_trgm_ops"
#: Rows that the script sends at once.
_BLOCK = 2000


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
    return _made_anew(engine, table, table.c[NAME])


def make_like(engine: Engine, projection: Table) -> Table:
    """A table with every column and index of an object's projection."""
    columns = [Column(c.name, c.type, primary_key=c.primary_key, nullable=c.nullable) for c in projection.columns]
    table = Table("native_import", MetaData(schema=projection.schema), *columns)
    for index in projection.indexes:
        Index(f"native_{index.name}", *(table.c[column.name] for column in index.columns), unique=index.unique)
    return _made_anew(engine, table, next(column for column in table.c if column.name.startswith(f"{NAME}_")))


def _made_anew(engine: Engine, table: Table, name: Column[Any]) -> Table:
    """With the index of trigrams that each database brings along."""
    if engine.dialect.name == "postgresql":
        Index(f"{table.name}_names", name, postgresql_using="gin", postgresql_ops={name.name: _TRIGRAMS})
    with engine.begin() as connection:
        table.drop(connection, checkfirst=True)
        table.create(connection)
        if engine.dialect.name == "sqlite":
            for statement in _names_of(table.name, name.name):
                connection.exec_driver_sql(statement)
    return table


def _names_of(table: str, name: str) -> Iterator[str]:
    """A full-text index kept by a trigger. Source: SQLite manual, FTS5, "External Content Tables"."""
    index = f"{table}_names"
    yield f"DROP TABLE IF EXISTS {index}"
    yield f"CREATE VIRTUAL TABLE {index} USING fts5({name}, content='{table}', tokenize='trigram')"
    insert = f"INSERT INTO {index} (rowid, {name}) VALUES (new.rowid, new.{name})"  # noqa: S608
    yield f"CREATE TRIGGER {index}_added AFTER INSERT ON {table} BEGIN {insert}; END"


def load_file(connection: Connection, table: Table, path: Path, now: datetime.datetime) -> None:
    """What a programmer's script does with a CSV file: parse it, turn each cell into its type, send block by block."""
    names = tuple(column.name for column in table.columns)
    writer = row_writer(table, names, connection.dialect)
    with path.open(encoding="utf-8", newline="") as file:
        lines = csv.reader(file)
        plan = _CellPlan(next(lines), names)
        while block := [plan.row(cells, now) for cells in islice(lines, _BLOCK)]:
            writer.write(connection, block)


class _CellPlan:
    """Where each cell of a file goes in a projection's row, and what it becomes."""

    def __init__(self, header: Sequence[str], names: Sequence[str]) -> None:
        place = {name: number for number, name in enumerate(names)}
        column = {name.rpartition("_")[0]: name for name in names}
        self._width = len(names)
        self._stamps = [place[name] for name in ("created_at", "updated_at")]
        self._counts = [place[name] for name in ("version", "created_tx")]
        self._cells = [
            (number, place[column[name]], _READERS.get(name[0]), place.get(f"{column[name]}_k"))
            for number, name in enumerate(header)
        ]

    def row(self, cells: Sequence[str], now: datetime.datetime) -> list[Any]:
        row: list[Any] = [None] * self._width
        row[0] = new_identifier()
        for place in self._stamps:
            row[place] = now
        for place in self._counts:
            row[place] = 1
        for number, place, read, key in self._cells:
            cell = cells[number]
            if cell == "":
                continue
            row[place] = read(cell) if read else cell
            if key is not None:
                row[key] = cell.casefold()
        return row


_READERS: Mapping[str, Callable[[str], Any]] = {
    "d": datetime.date.fromisoformat,
    "n": int,
    "m": Decimal,
    "c": "true".__eq__,
}


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
