"""The facts of new records, written fast: an import makes forty of them for every row of its file.

They say the same as any fact, but there is no old value, so less is sent; and
a record's identifier is turned for the driver once, not once for each fact.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table

from amparo.runtime.stores.rows import driver_cursor, row_writer
from amparo.runtime.stores.types import driver_converter

_COLUMNS = ("tx", "record", "field", "new", "new_missing")
#: From this many facts on, COPY beats statements on PostgreSQL.
_COPY_FROM = 24


class FirstValues(NamedTuple):
    """What a new record holds: for each answered field its number, text and missing reason."""

    record: uuid.UUID
    values: list[tuple[int, str | None, str | None]]


def write_first_values(connection: Connection, fact: Table, tx: int, new: Sequence[FirstValues]) -> None:
    dialect = connection.dialect
    if dialect.name == "postgresql" and sum(len(each.values) for each in new) >= _COPY_FROM:
        target = dialect.identifier_preparer.format_table(fact)
        with (
            driver_cursor(connection) as cursor,
            cursor.copy(f"COPY {target} ({', '.join(_COLUMNS)}) FROM STDIN") as copy,
        ):
            copy.write("".join(_copy_lines(tx, new)))
        return
    turned = driver_converter(fact.c.record.type, dialect)
    rows: list[tuple[Any, ...]] = []
    for each in new:
        record = turned(each.record) if turned else each.record
        rows.extend([(tx, record, number, text, missing) for number, text, missing in each.values])
    row_writer(fact, _COLUMNS, dialect).write_ready(connection, rows)


def _copy_lines(tx: int, new: Sequence[FirstValues]) -> Iterator[str]:
    """PostgreSQL's text format of COPY."""
    for each in new:
        start = f"{tx}\t{each.record}\t"
        for number, text, missing in each.values:
            yield f"{start}{number}\t{_copied(text)}\t{missing or _NULL}\n"


_NULL = "\\N"
_ESCAPES = str.maketrans({"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"})


def _copied(text: str | None) -> str:
    if text is None:
        return _NULL
    # Nothing that prints needs an escape but the escape itself, and asking is cheaper than translating.
    return text if text.isprintable() and "\\" not in text else text.translate(_ESCAPES)
