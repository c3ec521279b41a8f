"""The facts of new records, written fast: an import makes forty of them for every row of its file.

They say the same as any fact, but there is no old value, so less is sent. What
does not depend on the transaction is made ready before the head is taken, in
the form that the database reads fastest.
"""

from __future__ import annotations

import struct
import uuid
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.engine import Dialect

from amparo.runtime.stores.rows import driver_cursor, row_writer

_COLUMNS = ("tx", "record", "field", "new", "new_missing")
#: From this many facts on, COPY beats statements on PostgreSQL.
_COPY_FROM = 24

#: What a new record holds in a field: the field's number, the text and the missing reason, of which one is None.
FirstValue = tuple[int, str | None, str | None]


class FirstFacts(ABC):
    """The first values of some new records, ready for one database. Made by :func:`first_facts`."""

    @abstractmethod
    def add(self, record: uuid.UUID, values: Sequence[FirstValue]) -> None:
        """The values of one more record."""

    @abstractmethod
    def write(self, connection: Connection, tx: int) -> None:
        """Inserts the facts of all records inside the connection's transaction."""


def first_facts(fact: Table, dialect: Dialect) -> FirstFacts:
    return _PostgresFacts(fact) if dialect.name == "postgresql" else _SqliteFacts(fact)


class _PostgresFacts(FirstFacts):
    """COPY in its binary format, which the server reads in half the time of the text format.

    Every row begins with the number of its columns, the transaction and the record, which are the same for all
    facts of a record. Source: PostgreSQL manual, COPY, "Binary Format".
    """

    def __init__(self, fact: Table) -> None:
        self._fact = fact
        self._values: list[tuple[uuid.UUID, Sequence[FirstValue]]] = []
        self._endings: list[tuple[uuid.UUID, list[bytes]]] = []

    def add(self, record: uuid.UUID, values: Sequence[FirstValue]) -> None:
        self._values.append((record, values))
        endings: list[bytes] = []
        for number, text, missing in values:
            if missing is None:
                content = text.encode() if text is not None else b""
                endings.append(_FIELD_AND_LENGTH(2, number, len(content)) + content + _NULL)
            else:
                content = missing.encode()
                endings.append(_FIELD_AND_LENGTH(2, number, -1) + _LENGTH(len(content)) + content)
        self._endings.append((record, endings))

    def write(self, connection: Connection, tx: int) -> None:
        if sum(len(values) for _, values in self._values) < _COPY_FROM:
            rows = [(tx, record, *value) for record, values in self._values for value in values]
            row_writer(self._fact, _COLUMNS, connection.dialect).write(connection, rows)
            return
        content = [_SIGNATURE]
        for record, endings in self._endings:
            beginning = _BEGINNING(len(_COLUMNS), 8, tx, 16, record.bytes)
            content += (beginning, beginning.join(endings)) if endings else ()
        content.append(_END)
        target = connection.dialect.identifier_preparer.format_table(self._fact)
        statement = f"COPY {target} ({', '.join(_COLUMNS)}) FROM STDIN (FORMAT binary)"
        with driver_cursor(connection) as cursor, cursor.copy(statement) as copy:
            copy.write(b"".join(content))


_SIGNATURE, _END = b"PGCOPY\n\xff\r\n\0" + bytes(8), b"\xff\xff"
_NULL = b"\xff\xff\xff\xff"
_BEGINNING = struct.Struct("!hiqi16s").pack
_FIELD_AND_LENGTH = struct.Struct("!ihi").pack
_LENGTH = struct.Struct("!i").pack


class _SqliteFacts(FirstFacts):
    """One statement for each record, in which transaction and record are named once: binding costs most here."""

    def __init__(self, fact: Table) -> None:
        self._fact = fact
        self._texts: list[tuple[bytes, list[Any]]] = []
        self._reasons: list[tuple[bytes, int, str]] = []

    def add(self, record: uuid.UUID, values: Sequence[FirstValue]) -> None:
        texts: list[Any] = []
        for number, text, missing in values:
            if missing is None:
                texts += (number, text)
            else:
                self._reasons.append((record.bytes, number, missing))
        self._texts.append((record.bytes, texts))

    def write(self, connection: Connection, tx: int) -> None:
        reasons = [(tx, record, number, None, missing) for record, number, missing in self._reasons]
        row_writer(self._fact, _COLUMNS, connection.dialect).write_ready(connection, reasons)
        cursor = driver_cursor(connection)
        for record, texts in self._texts:
            if texts:
                cursor.execute(_insert_texts(self._fact.name, len(texts) // 2), (tx, record, *texts))
        cursor.close()


@lru_cache(maxsize=1024)
def _insert_texts(fact: str, count: int) -> str:
    rows: Iterable[str] = (f"(?1, ?2, ?{place}, ?{place + 1})" for place in range(3, 3 + 2 * count, 2))
    # Nothing but the ledger's own table and numbers of parameters.
    return f"INSERT INTO {fact} (tx, record, field, new) VALUES {', '.join(rows)}"  # noqa: S608
