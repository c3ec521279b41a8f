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
from itertools import chain
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table
from sqlalchemy.engine import Dialect

from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.round_trips import driver_cursor, sends_together
from amparo.runtime.stores.rows import row_writer

_COLUMNS = ("tx", "record", "field", "new", "new_missing")

#: What a new record holds in a field: the field's number, the text and the missing reason, of which one is None.
FirstValue = tuple[int, str | None, str | None]


class FirstValues(NamedTuple):
    """What a new record holds; ``parts`` say the same in the form that :meth:`FirstFacts.write` wants."""

    record: uuid.UUID
    values: Sequence[FirstValue]
    parts: Sequence[Any]


class FirstFacts(ABC):
    """How one database takes the facts of new records. Made by :func:`first_facts`."""

    def __init__(self, fact: Table) -> None:
        self._fact = fact

    @abstractmethod
    def part(self, value: FirstValue) -> Any:
        """The part of the work that neither record nor transaction enters: done once for a value met again."""

    @abstractmethod
    def write(self, connection: Connection, tx: int, records: Sequence[FirstValues]) -> None:
        """Inserts all facts inside the connection's transaction."""


def first_facts(store: OrganisationStore) -> FirstFacts:
    """How the store's database takes them; the same object each time."""
    return _first_facts(store.tables.fact, store.engine.dialect)


@lru_cache(maxsize=1024)
def _first_facts(fact: Table, dialect: Dialect) -> FirstFacts:
    return _PostgresFacts(fact) if dialect.name == "postgresql" else _SqliteFacts(fact)


class _PostgresFacts(FirstFacts):
    """COPY in its binary format, which the server reads in half the time of the text format.

    Every row begins with the number of its columns, the transaction and the record, which are the same for all
    facts of a record. Source: PostgreSQL manual, COPY, "Binary Format".
    """

    def part(self, value: FirstValue) -> bytes:
        number, text, missing = value
        if missing is None:
            content = text.encode() if text is not None else b""
            return _FIELD_AND_LENGTH(2, number, len(content)) + content + _NULL
        content = missing.encode()
        return _FIELD_AND_LENGTH(2, number, -1) + _LENGTH(len(content)) + content

    def write(self, connection: Connection, tx: int, records: Sequence[FirstValues]) -> None:
        if sends_together(connection):
            self._insert(connection, tx, records)
        else:
            self._copy(connection, tx, records)

    def _insert(self, connection: Connection, tx: int, records: Sequence[FirstValues]) -> None:
        """One statement for each record, which the server plans once for any number of facts."""
        statement = _insert_facts(self._target(connection))
        with driver_cursor(connection) as cursor:
            for record, values, _ in records:
                if values:
                    numbers, texts, reasons = zip(*values, strict=True)
                    arrays = "{" + ",".join(map(str, numbers)) + "}", _array_text(texts), _array_text(reasons)
                    cursor.execute(statement, (tx, record, *arrays))

    def _target(self, connection: Connection) -> str:
        return connection.dialect.identifier_preparer.format_table(self._fact)

    def _copy(self, connection: Connection, tx: int, records: Sequence[FirstValues]) -> None:
        content = [_SIGNATURE]
        for record, _, endings in records:
            beginning = _BEGINNING(len(_COLUMNS), 8, tx, 16, record.bytes)
            content += (beginning, beginning.join(endings)) if endings else ()
        content.append(_END)
        statement = f"COPY {self._target(connection)} ({', '.join(_COLUMNS)}) FROM STDIN (FORMAT binary)"
        with driver_cursor(connection) as cursor, cursor.copy(statement) as copy:
            copy.write(b"".join(content))


@lru_cache(maxsize=1024)
def _insert_facts(fact: str) -> str:
    arrays = "unnest(%s::smallint[], %s::text[], %s::text[])"
    return f"INSERT INTO {fact} ({', '.join(_COLUMNS)}) SELECT %s, %s, * FROM {arrays}"  # noqa: S608


def _array_text(items: Iterable[str | None]) -> str:
    """An array as the server reads it; the driver's own way takes ten times as long.

    Source: PostgreSQL manual, Arrays, "Array Input and Output Syntax".
    """
    return "{" + ",".join(["NULL" if each is None else _quoted(each) for each in items]) + "}"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


_SIGNATURE, _END = b"PGCOPY\n\xff\r\n\0" + bytes(8), b"\xff\xff"
_NULL = b"\xff\xff\xff\xff"
_BEGINNING = struct.Struct("!hiqi16s").pack
_FIELD_AND_LENGTH = struct.Struct("!ihi").pack
_LENGTH = struct.Struct("!i").pack


class _SqliteFacts(FirstFacts):
    """One statement for each record, in which transaction and record are named once: binding costs most here."""

    def part(self, value: FirstValue) -> tuple[int | str, ...]:
        number, text, _ = value
        return () if text is None else (number, text)

    def write(self, connection: Connection, tx: int, records: Sequence[FirstValues]) -> None:
        reasons = [
            (tx, record.bytes, number, None, missing)
            for record, values, parts in records
            if () in parts
            for number, _, missing in values
            if missing is not None
        ]
        row_writer(self._fact, _COLUMNS, connection.dialect).write_ready(connection, reasons)
        with driver_cursor(connection) as cursor:
            for record, _, parts in records:
                texts = tuple(chain.from_iterable(parts))
                if texts:
                    cursor.execute(_insert_texts(self._fact.name, len(texts) // 2), (tx, record.bytes, *texts))


@lru_cache(maxsize=1024)
def _insert_texts(fact: str, count: int) -> str:
    rows: Iterable[str] = (f"(?1, ?2, ?{place}, ?{place + 1})" for place in range(3, 3 + 2 * count, 2))
    # Nothing but the ledger's own table and numbers of parameters.
    return f"INSERT INTO {fact} (tx, record, field, new) VALUES {', '.join(rows)}"  # noqa: S608
