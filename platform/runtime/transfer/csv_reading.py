"""Reading CSV files as people have them: any of several encodings, delimiters and habits.

What cannot be read without guessing at a value is refused, with the line.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from amparo.metadata.problems import Problem
from amparo.metadata.wording import N_
from amparo.runtime.errors import InvalidAnswers
from amparo.runtime.transfer.cells import MARKER, OWN_HEADER, Cell, unprotected
from amparo.runtime.transfer.delimiters import DELIMITERS, find_delimiter
from amparo.runtime.transfer.text_encoding import (
    Encoding,
    OpenContent,
    find_encoding,
    require_decodable,
    stated_encoding,
)

#: The most columns a file may have; a wider one is no table of records.
MOST_COLUMNS = 2000
#: Longest cell; the longest text that a field may hold is shorter.
_LONGEST_CELL = 1 << 22

csv.field_size_limit(_LONGEST_CELL)


@dataclass(frozen=True, slots=True)
class CsvRow:
    """One row of values. ``number`` is that of the row in a spreadsheet: the header is row 1.

    ``cells`` are as many as the header; ``problem`` says that the row is wider or narrower than it.
    """

    number: int
    cells: tuple[Cell, ...]
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class CsvFile:
    """An opened file. ``header`` has unique names, without the program's own columns.

    ``is_own_export``: the file carries the marker, so its cells were protected when it was written.
    """

    encoding: Encoding
    delimiter: str
    header: tuple[str, ...]
    is_own_export: bool
    _content: OpenContent
    _positions: tuple[int, ...]
    _width: int

    def rows(self) -> Iterator[CsvRow]:
        """Rows that hold anything, from the first; may be called again. Raises :class:`InvalidAnswers`."""
        take = _cells_as_written if self.is_own_export else _cells
        records = _records(self._content, self.encoding.name, self.delimiter)
        next(records)
        for number, record in records:
            if any(record):
                problem = self._width_problem(record)
                yield CsvRow(number, take(record, self._positions), problem)

    def count_rows(self) -> int:
        return sum(1 for _ in self.rows())

    def _width_problem(self, record: list[str]) -> Problem | None:
        if len(record) == self._width or (len(record) > self._width and not any(record[self._width :])):
            return None
        advice = N_("Give this row as many cells as the header has: it has {cells}, the header {width}.")
        return Problem("ragged", "", None, advice, {"cells": len(record), "width": self._width})


def open_csv(source: Path | bytes, *, encoding: str | None = None, delimiter: str | None = None) -> CsvFile:
    """Looks through the whole file once. Raises :class:`InvalidAnswers` for what cannot be read, with the line."""
    content = _opener(source)
    found = stated_encoding(encoding) if encoding else find_encoding(content)
    if delimiter is not None and delimiter not in DELIMITERS:
        advice = N_("Columns are parted by a comma, a semicolon, a tab or a bar.")
        raise InvalidAnswers([Problem("unknown_delimiter", "delimiter", delimiter, advice)])
    require_decodable(content, found.name)
    with _text(content, found.name) as lines:
        delimiter = delimiter or find_delimiter(lines)
    first = next(_records(content, found.name, delimiter), None)
    if first is None or not any(first[1]):
        raise _unreadable(1, N_("The file is empty. Its first line must name the columns."))
    written = first[1]
    if len(written) > MOST_COLUMNS:
        raise _unreadable(1, N_("The file has more than 2,000 columns. Check that it is a table of records."))
    is_own = MARKER in written
    names = [str(unprotected(name)) if is_own else name for name in written]
    positions = tuple(number for number, name in enumerate(names) if not name.startswith(OWN_HEADER))
    header = unique_names([names[position] for position in positions], positions)
    return CsvFile(found, delimiter, header, is_own, content, positions, len(written))


def unique_names(names: list[str], positions: tuple[int, ...]) -> tuple[str, ...]:
    """Empty headers become ``Column 3``, and the second ``Name`` becomes ``Name (2)``."""
    taken: set[str] = set()
    unique: list[str] = []
    for position, written in zip(positions, names, strict=True):
        name = " ".join(written.split()) or f"Column {position + 1}"
        number, made = 1, name
        while made in taken:
            number += 1
            made = f"{name} ({number})"
        taken.add(made)
        unique.append(made)
    return tuple(unique)


def _opener(source: Path | bytes) -> OpenContent:
    if isinstance(source, bytes):
        return lambda: io.BytesIO(source)
    return lambda: source.open("rb")


def _text(content: OpenContent, encoding: str) -> io.TextIOWrapper:
    binary: BinaryIO = content()
    return io.TextIOWrapper(binary, encoding=encoding, newline="")


def _records(content: OpenContent, encoding: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Rows with their number in a spreadsheet, where an empty line is a row too."""
    with _text(content, encoding) as lines:
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
        try:
            yield from enumerate(reader, start=1)
        except csv.Error as error:
            advice = next((text for fault, text in _FAULTS.items() if fault in str(error)), _OTHER_FAULT)
            raise _unreadable(reader.line_num, advice) from None


#: What the csv module says -> what a person can do.
_FAULTS = {
    "unexpected end of data": N_("A quotation mark is opened and never closed. Close it, or double it inside a text."),
    "field larger than": N_("A cell is longer than any field takes. A quotation mark may lack its second one."),
}
_OTHER_FAULT = N_("Something follows a closing quotation mark. Write a quotation mark inside a text twice.")


def _unreadable(line: int, advice: str) -> InvalidAnswers:
    return InvalidAnswers([Problem("unreadable", f"line {line}", None, advice)])


def _cells(record: list[str], positions: tuple[int, ...]) -> tuple[Cell, ...]:
    width = len(record)
    return tuple([record[position] if position < width else "" for position in positions])


def _cells_as_written(record: list[str], positions: tuple[int, ...]) -> tuple[Cell, ...]:
    return tuple(unprotected(str(cell)) for cell in _cells(record, positions))
