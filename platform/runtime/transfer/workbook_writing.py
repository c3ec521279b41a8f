"""XLSX files written row by row: real numbers and days, texts that no spreadsheet runs.

Each row goes on at once to whoever keeps the file, so that memory stays small
and nothing lies on the disk meanwhile: a killed process would leave what
everybody's records say, in the clear.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import IO, Any

from amparo.metadata.missing import Missing
from amparo.runtime.transfer import workbook_parts as parts
from amparo.runtime.transfer.cells import Cell, CellError, Percentage, as_workbook_text, plain_text, reason_cell

#: What a sheet can hold: rows, characters of one cell, exact digits of a number, characters of its name.
MOST_ROWS, LONGEST_TEXT, _EXACT_DIGITS, _LONGEST_NAME = 1_048_576, 32_767, 15, 31
#: A spreadsheet counts days from here; earlier ones are written as text.
_FIRST_DAY = dt.date(1900, 3, 1)
#: Its day 0. The day of 29 February 1900, which it counts and which never was, lies before the first day here.
_DAY_ZERO = dt.date(1899, 12, 30)
_SECONDS_OF_A_DAY = 86_400
_BLOCK_BYTES = 1 << 18
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\\0-\x1f]")
_CUT = "…"
_WIDTHS = (8, 40)


class ForwardOnly(io.RawIOBase):
    """A file that can only be written on, so that an archive describes each part behind it."""

    def __init__(self, write: Callable[[bytes], object]) -> None:
        super().__init__()
        self._write = write
        self._is_given_up = False

    def give_up(self) -> None:
        """What is written from here on is for nobody."""
        self._is_given_up = True

    def writable(self) -> bool:
        return True

    def write(self, content: Any, /) -> int:
        if not self._is_given_up:
            self._write(bytes(content))
        return len(content)


class WorkbookWriter:
    """Sheets one after another, each written to its end before the next begins.

    ``cut`` counts texts that were too long for a cell. ``is_marked``: the file says that it is an export, so texts
    that its import would misread are marked. None is run by a spreadsheet either way.
    """

    def __init__(self, file: ForwardOnly, *, right_to_left: bool = False, is_marked: bool = True) -> None:
        self._archive = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED)
        self._right_to_left = right_to_left
        self._as_text = as_workbook_text if is_marked else plain_text
        self._names: list[str] = []
        self._sheet: IO[bytes] | None = None
        self._waiting: list[str] = []
        self._waiting_length = 0
        self.cut = 0

    def sheet(self, name: str, header: Sequence[str]) -> SheetWriter:
        return SheetWriter(self, name, header)

    def close(self) -> None:
        if not self._names:
            self.begin_sheet("", [])
        self._end_sheet()
        for path, content in parts.parts_around(self._names):
            self._archive.writestr(path, content)
        self._archive.close()

    def begin_sheet(self, name: str, header: Sequence[str]) -> None:
        """A sheet of its own with its header, under a name that no other has."""
        self._end_sheet()
        self._names.append(self._own_name(name))
        self._sheet = self._archive.open(parts.sheet_path(len(self._names)), "w")
        fewest, most = _WIDTHS
        widths = [min(most, max(fewest, len(text) + 2)) for text in header]
        is_first = len(self._names) == 1
        self._tell(parts.sheet_beginning(widths, is_first=is_first, right_to_left=self._right_to_left))
        self.write_row(0, header, parts.BOLD)

    def _end_sheet(self) -> None:
        if self._sheet is not None:
            self._tell(parts.SHEET_END)
            self._send()
            self._sheet.close()
            self._sheet = None

    def _own_name(self, name: str) -> str:
        plain = fitting_name(name) or "Sheet"
        own, number = plain, 1
        taken = {each.casefold() for each in self._names}
        while own.casefold() in taken:
            number += 1
            ending = f" ({number})"
            own = plain[: _LONGEST_NAME - len(ending)] + ending
        return own

    def write_row(self, row: int, cells: Sequence[Cell | None], style: int = parts.PLAIN) -> None:
        """``row`` counts from 0, in the sheet that was begun last."""
        told = [
            self._cell(parts.place_of(row, column), cell, style)
            for column, cell in enumerate(cells)
            if cell is not None and cell != ""
        ]
        self._tell(f'<row r="{row + 1}">{"".join(told)}</row>')

    def _tell(self, text: str) -> None:
        self._waiting.append(text)
        self._waiting_length += len(text)
        if self._waiting_length >= _BLOCK_BYTES:
            self._send()

    def _send(self) -> None:
        if self._sheet is not None:
            self._sheet.write("".join(self._waiting).encode("utf-8", "replace"))
        self._waiting, self._waiting_length = [], 0

    def _cell(self, place: str, cell: Cell, style: int) -> str:
        if isinstance(cell, Missing):
            return parts.text_cell(place, reason_cell(cell), style)
        if isinstance(cell, bool):
            return parts.truth_cell(place, cell)
        if isinstance(cell, (int, Decimal)) and len(Decimal(cell).normalize().as_tuple().digits) <= _EXACT_DIGITS:
            # A percentage that was read is written as one, so that it is read as one again.
            return parts.number_cell(place, float(cell), parts.PERCENTAGE if isinstance(cell, Percentage) else style)
        if isinstance(cell, (dt.date, dt.time)) and _is_counted(cell):
            return parts.number_cell(place, *_counted(cell))
        return parts.text_cell(
            place, self._fitting(cell.text if isinstance(cell, CellError) else self._as_text(cell)), style
        )

    def _fitting(self, text: str) -> str:
        if len(text) <= LONGEST_TEXT:
            return text
        self.cut += 1
        return text[: LONGEST_TEXT - 1] + _CUT


class SheetWriter:
    """Rows of one table; where a sheet is full the next one goes on, with the same header."""

    def __init__(self, book: WorkbookWriter, name: str, header: Sequence[str]) -> None:
        self._book = book
        self._name = name
        self._header = header
        self._begin()

    def _begin(self) -> None:
        self._book.begin_sheet(self._name, self._header)
        self._row = 1

    def row(self, cells: Sequence[Cell | None]) -> None:
        if self._row >= MOST_ROWS:
            self._begin()
        self._book.write_row(self._row, cells)
        self._row += 1


def fitting_name(name: str) -> str:
    """What becomes of a text as the name of a sheet: cut, and without the characters that names cannot hold."""
    return _NOT_IN_NAMES.sub(" ", name).strip(" '")[:_LONGEST_NAME]


def _is_counted(cell: dt.date | dt.time) -> bool:
    if isinstance(cell, dt.datetime):
        return cell.tzinfo is None and cell.date() >= _FIRST_DAY
    return isinstance(cell, dt.time) or cell >= _FIRST_DAY


def _counted(cell: dt.date | dt.time) -> tuple[float, int]:
    """The number that a spreadsheet has for a day or a time, and the style that shows it as one."""
    if isinstance(cell, dt.datetime):
        return (cell.date() - _DAY_ZERO).days + _part_of_day(cell.time()), parts.MOMENT
    if isinstance(cell, dt.date):
        return (cell - _DAY_ZERO).days, parts.DAY
    return _part_of_day(cell), parts.TIME


def _part_of_day(time: dt.time) -> float:
    seconds = time.hour * 3600 + time.minute * 60 + time.second + time.microsecond / 1_000_000
    return seconds / _SECONDS_OF_A_DAY


@contextmanager
def writing_workbook(
    write: Callable[[bytes], object], *, right_to_left: bool = False, is_marked: bool = True
) -> Iterator[WorkbookWriter]:
    """The workbook is written out bit by bit; it is whole when the block ended well."""
    file = ForwardOnly(write)
    writer = WorkbookWriter(file, right_to_left=right_to_left, is_marked=is_marked)
    try:
        yield writer
    except BaseException:
        file.give_up()
        raise
    finally:
        writer.close()
