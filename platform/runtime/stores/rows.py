"""Writing many rows fast: COPY on PostgreSQL, the driver's executemany on SQLite.

Rows are tuples of Python values in the order of the columns; each column's
type turns them into what the driver wants.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.engine import Dialect

from amparo.runtime.stores.round_trips import driver_cursor, sends_together
from amparo.runtime.stores.types import driver_converter

#: From this many rows on, COPY beats statements on PostgreSQL.
_COPY_FROM = 24
#: Parameters of one statement on SQLite; its limit lies far above.
_MARKS_TOGETHER = 500


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
        row = f"({', '.join([mark] * len(columns))})"
        self._insert = f"INSERT INTO {target} ({names}) VALUES {row}"  # noqa: S608
        self._together = max(1, _MARKS_TOGETHER // len(columns))
        self._insert_together = f"INSERT INTO {target} ({names}) VALUES {', '.join([row] * self._together)}"  # noqa: S608
        self._copy = f"COPY {target} ({names}) FROM STDIN"
        self._converters = [
            (place, c) for place, column in enumerate(chosen) if (c := driver_converter(column.type, dialect))
        ]

    def write(self, connection: Connection, rows: Sequence[Sequence[Any]]) -> None:
        """Inserts all rows inside the connection's transaction."""
        self.write_ready(connection, list(self._converted(rows)) if self._converters else rows)

    def write_ready(self, connection: Connection, rows: Sequence[Sequence[Any]]) -> None:
        """As :meth:`write`, for values that are turned for the driver already."""
        if not rows:
            return
        with driver_cursor(connection) as cursor:
            if len(rows) == 1:
                cursor.execute(self._insert, rows[0])
            elif not self._postgres:
                self._insert_many(cursor, rows)
            elif len(rows) < _COPY_FROM or sends_together(connection):
                cursor.executemany(self._insert, rows)
            else:
                with cursor.copy(self._copy) as copy:
                    for row in rows:
                        copy.write_row(row)

    def _insert_many(self, cursor: Any, rows: Sequence[Sequence[Any]]) -> None:
        """Several rows in each statement: starting one costs SQLite more than a row."""
        size = self._together
        whole = len(rows) - len(rows) % size
        together = (tuple(chain.from_iterable(rows[start : start + size])) for start in range(0, whole, size))
        cursor.executemany(self._insert_together, together)
        cursor.executemany(self._insert, rows[whole:])

    def _converted(self, rows: Iterable[Sequence[Any]]) -> Iterable[Sequence[Any]]:
        converters = self._converters
        for row in rows:
            changed = list(row)
            for place, convert in converters:
                if changed[place] is not None:
                    changed[place] = convert(changed[place])
            yield changed


@lru_cache(maxsize=4096)
def row_writer(table: Table, columns: tuple[str, ...], dialect: Dialect) -> RowWriter:
    return RowWriter(table, columns, dialect)
