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
from amparo.runtime.transfer.delimiters import DELIMITERS, find_delimiter
from amparo.runtime.transfer.text_encoding import (
    Encoding,
    OpenContent,
    find_encoding,
    require_decodable,
    stated_encoding,
)

#: Longest cell; the longest text that a field may hold is shorter.
_LONGEST_CELL = 1 << 22

csv.field_size_limit(_LONGEST_CELL)


@dataclass(frozen=True, slots=True)
class CsvText:
    """A file of text whose encoding and delimiter are known."""

    encoding: Encoding
    delimiter: str
    _content: OpenContent

    def records(self) -> Iterator[tuple[int, list[str]]]:
        """Rows with their number in a spreadsheet, where an empty line is a row too.

        Raises :class:`InvalidAnswers` for what cannot be read, with the line.
        """
        return _records(self._content, self.encoding.name, self.delimiter)


def open_csv(source: Path | bytes, *, encoding: str | None = None, delimiter: str | None = None) -> CsvText:
    """Raises :class:`InvalidAnswers` for what is no text in any encoding, with the line."""
    content = _opener(source)
    found = stated_encoding(encoding) if encoding else find_encoding(content)
    if delimiter is not None and delimiter not in DELIMITERS:
        advice = N_("Columns are parted by a comma, a semicolon, a tab or a bar.")
        raise InvalidAnswers([Problem("unknown_delimiter", "delimiter", delimiter, advice)])
    require_decodable(content, found.name)
    with _text(content, found.name) as lines:
        delimiter = delimiter or find_delimiter(lines)
    return CsvText(found, delimiter, content)


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
            raise unreadable(reader.line_num, advice) from None


#: What the csv module says -> what a person can do.
_FAULTS = {
    "unexpected end of data": N_("A quotation mark is opened and never closed. Close it, or double it inside a text."),
    "field larger than": N_("A cell is longer than any field takes. A quotation mark may lack its second one."),
}
_OTHER_FAULT = N_("Something follows a closing quotation mark. Write a quotation mark inside a text twice.")


def unreadable(line: int, advice: str) -> InvalidAnswers:
    """A file refused for what stands in a line."""
    return InvalidAnswers([Problem("unreadable", f"line {line}", None, advice)])
