"""Writing many rows fast: COPY on PostgreSQL, the driver's executemany on SQLite.

Rows are tuples of Python values in the order of the columns; each column's
type turns them into what the driver wants.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.engine import Dialect

from amparo.runtime.stores.types import driver_converter

#: From this many rows on, COPY beats statements on PostgreSQL.
_COPY_FROM = 24


class RowWriter:
    """Inserts into fixed columns of one table on one database; made once per table and kept."""

    def __init__(self, table: Table, columns: Sequence[str], dialect: Dialect) -> None:
        chosen = [table.c[name] for name in columns]
        quote = dialect.identifier_preparer
        names = ", ".join(quote.quote(name) for name in columns)
        target = quote.format_table(table)
        self._postgres = dialect.name == "postgresql"
        mark = "%s" if self._postgres else "?"
        # Names come from the store's own map of columns, quoted by the dialect; values are parameters.
        self._insert = f"INSERT INTO {target} ({names}) VALUES ({', '.join([mark] * len(columns))})"  # noqa: S608
        self._copy = f"COPY {target} ({names}) FROM STDIN"
        self._converters = [
            (place, c) for place, column in enumerate(chosen) if (c := driver_converter(column.type, dialect))
        ]

    def write(self, connection: Connection, rows: Sequence[Sequence[Any]]) -> None:
        """Inserts all rows inside the connection's transaction."""
        if not rows:
            return
        converted = self._converted(rows) if self._converters else rows
        cursor = driver_cursor(connection)
        try:
            if not self._postgres:
                cursor.executemany(self._insert, converted)
            elif len(rows) < _COPY_FROM:
                cursor.executemany(self._insert, list(converted))
            else:
                with cursor.copy(self._copy) as copy:
                    for row in converted:
                        copy.write_row(row)
        finally:
            cursor.close()

    def _converted(self, rows: Iterable[Sequence[Any]]) -> Iterable[Sequence[Any]]:
        converters = self._converters
        for row in rows:
            changed = list(row)
            for place, convert in converters:
                if changed[place] is not None:
                    changed[place] = convert(changed[place])
            yield changed


def driver_cursor(connection: Connection) -> Any:
    """The driver's own cursor inside the same transaction."""
    return connection.connection.cursor()


@lru_cache(maxsize=4096)
def row_writer(table: Table, columns: tuple[str, ...], dialect: Dialect) -> RowWriter:
    return RowWriter(table, columns, dialect)
