"""What a backup holds: compressed lines of JSON, the same whichever database they came from.

The first line is the manifest. Then, for each fixed table of the store, lines
of rows; then the contents of files; then the people of the control store; then
how many there were of each. Projections are not in it: they are made again
from the ledger. Contents are copied as they lie on the disk, sealed under
their records' keys: a "file" line says whose they are, "bytes" lines follow.

Format 1 had no files. The manifest names the columns of each table, so that a
backup comes back into tables that have got more since; those made before
revision 0007 do not, and had the columns of revision 0006.
"""

from __future__ import annotations

import base64
import json
import uuid
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, LargeBinary, Table

from amparo.runtime.backups.sealed_file import SealedReader, SealingWriter
from amparo.runtime.errors import BackupProblem
from amparo.runtime.stores.types import Identifier

FORMAT = 2
#: The kinds of lines that carry the contents of files.
FILE, BYTES = "file", "bytes"
_COMPRESSION = 1

Converter = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Line:
    """One line: what it is, and its content."""

    kind: str
    content: Any


class ContentWriter:
    def __init__(self, sealed: SealingWriter) -> None:
        self._sealed = sealed
        self._compressor = zlib.compressobj(_COMPRESSION)

    def write(self, kind: str, content: Any) -> None:
        text = json.dumps([kind, content], ensure_ascii=False, separators=(",", ":"))
        self._sealed.write(self._compressor.compress(text.encode() + b"\n"))

    def finish(self) -> None:
        self._sealed.write(self._compressor.flush())
        self._sealed.finish()


def read_lines(sealed: SealedReader) -> Iterator[Line]:
    """Raises :class:`BackupProblem` when the end is missing."""
    decompressor = zlib.decompressobj()
    rest = b""
    for chunk in sealed.chunks():
        *lines, rest = (rest + decompressor.decompress(chunk)).split(b"\n")
        for line in lines:
            kind, content = json.loads(line)
            yield Line(kind, content)
    if rest or not decompressor.eof:
        raise BackupProblem("The backup file was cut short before it was sealed. Nothing was restored.")


def encoded_rows(table: Table, rows: Iterable[Sequence[Any]]) -> list[list[Any]]:
    """Rows in the order of the table's columns, as JSON has them."""
    converters = [(place, convert) for place, c in enumerate(table.columns) if (convert := _to_json(c)) is not None]
    return _converted(rows, converters)


def decoded_rows(columns: Iterable[Column[Any]], rows: Iterable[Sequence[Any]]) -> list[list[Any]]:
    """Rows that were written in the order of these columns."""
    converters = [(place, convert) for place, c in enumerate(columns) if (convert := _from_json(c)) is not None]
    return _converted(rows, converters)


def _converted(rows: Iterable[Sequence[Any]], converters: Sequence[tuple[int, Converter]]) -> list[list[Any]]:
    converted = []
    for row in rows:
        changed = list(row)
        for place, convert in converters:
            if changed[place] is not None:
                changed[place] = convert(changed[place])
        converted.append(changed)
    return converted


def _to_json(column: Column[Any]) -> Converter | None:
    if isinstance(column.type, Identifier):
        return _hex
    return bytes_text if isinstance(column.type, LargeBinary) else None


def _from_json(column: Column[Any]) -> Converter | None:
    if isinstance(column.type, Identifier):
        return uuid.UUID
    return base64.b64decode if isinstance(column.type, LargeBinary) else None


def _hex(identifier: uuid.UUID) -> str:
    return identifier.hex


def bytes_text(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")


def wrapped_keys_content(wrapped: Mapping[int, bytes]) -> dict[str, str]:
    return {str(number): bytes_text(content) for number, content in wrapped.items()}


def wrapped_keys_from(content: Mapping[str, str]) -> dict[int, bytes]:
    return {int(number): base64.b64decode(text) for number, text in content.items()}
