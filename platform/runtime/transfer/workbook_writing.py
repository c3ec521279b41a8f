"""XLSX files written row by row in constant memory: real numbers and days, texts that no spreadsheet runs.

What is not in memory lies, while the file is made, in a folder that only this
process may read, and is removed with it.
"""

from __future__ import annotations

import datetime as dt
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

from amparo.metadata.missing import Missing
from amparo.runtime.transfer.cells import Cell, CellError, Percentage, as_workbook_text, plain_text, reason_cell

#: What a sheet can hold: rows, characters of one cell, exact digits of a number, characters of its name.
MOST_ROWS, LONGEST_TEXT, _EXACT_DIGITS, _LONGEST_NAME = 1_048_576, 32_767, 15, 31
#: A spreadsheet counts days from here; earlier ones are written as text.
_FIRST_DAY = dt.date(1900, 3, 1)
_BLOCK_BYTES = 1 << 18
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\\0-\x1f]")
_CUT = "…"
_FORMATS: Mapping[str, str] = {
    "day": "yyyy-mm-dd",
    "moment": "yyyy-mm-dd hh:mm:ss",
    "time": "hh:mm:ss",
    "percentage": "0.##########%",
}
_WIDTHS = (8, 40)


class WorkbookWriter:
    """Sheets one after another; ``cut`` counts texts that were too long for a cell.

    ``is_marked``: the file says that it is an export, so texts that its import would misread are marked. None is run
    by a spreadsheet either way.
    """

    def __init__(self, path: Path, *, right_to_left: bool = False, is_marked: bool = True) -> None:
        options = {
            "constant_memory": True,
            "tmpdir": str(path.parent),
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        import xlsxwriter  # noqa: PLC0415 - 40 files that only who writes a workbook needs

        self._book = xlsxwriter.Workbook(str(path), options)
        self._right_to_left = right_to_left
        self._as_text = as_workbook_text if is_marked else plain_text
        self._formats = {name: self._book.add_format({"num_format": text}) for name, text in _FORMATS.items()}
        self._bold = self._book.add_format({"bold": True})
        self._names: set[str] = set()
        self.cut = 0

    def sheet(self, name: str, header: Sequence[str]) -> SheetWriter:
        return SheetWriter(self, name, header)

    def close(self) -> None:
        if not self._names:
            self._book.add_worksheet()
        self._book.close()

    def begin_sheet(self, name: str, header: Sequence[str]) -> Any:
        """A worksheet of its own with its header, under a name that no other has."""
        sheet = self._book.add_worksheet(self._own_name(name))
        if self._right_to_left:
            sheet.right_to_left()
        sheet.freeze_panes(1, 0)
        for place, text in enumerate(header):
            fewest, most = _WIDTHS
            sheet.set_column(place, place, min(most, max(fewest, len(text) + 2)))
            sheet.write_string(0, place, self._as_text(text), self._bold)
        return sheet

    def _own_name(self, name: str) -> str:
        plain = fitting_name(name) or "Sheet"
        own, number = plain, 1
        while own.casefold() in self._names:
            number += 1
            ending = f" ({number})"
            own = plain[: _LONGEST_NAME - len(ending)] + ending
        self._names.add(own.casefold())
        return own

    def write(self, sheet: Any, row: int, place: int, cell: Cell | None) -> None:
        if cell is None or cell == "":
            return
        if isinstance(cell, Missing):
            sheet.write_string(row, place, reason_cell(cell))
        elif isinstance(cell, bool):
            sheet.write_boolean(row, place, cell)
        elif isinstance(cell, (int, Decimal)) and len(Decimal(cell).normalize().as_tuple().digits) <= _EXACT_DIGITS:
            sheet.write_number(row, place, float(cell), self._number_format(cell))
        elif isinstance(cell, (dt.date, dt.time)) and _is_counted(cell):
            kind = "moment" if isinstance(cell, dt.datetime) else "day" if isinstance(cell, dt.date) else "time"
            sheet.write_datetime(row, place, cell, self._formats[kind])
        else:
            self._write_text(sheet, row, place, cell)

    def _number_format(self, cell: int | Decimal) -> Any:
        """A percentage that was read is written as one, so that it is read as one again."""
        return self._formats["percentage"] if isinstance(cell, Percentage) else None

    def _write_text(self, sheet: Any, row: int, place: int, cell: Cell) -> None:
        text = cell.text if isinstance(cell, CellError) else self._as_text(cell)
        if len(text) > LONGEST_TEXT:
            self.cut += 1
            text = text[: LONGEST_TEXT - 1] + _CUT
        sheet.write_string(row, place, text)


class SheetWriter:
    """Rows of one table; where a sheet is full the next one goes on, with the same header."""

    def __init__(self, book: WorkbookWriter, name: str, header: Sequence[str]) -> None:
        self._book = book
        self._name = name
        self._header = header
        self._begin()

    def _begin(self) -> None:
        self._sheet = self._book.begin_sheet(self._name, self._header)
        self._row = 1

    def row(self, cells: Sequence[Cell | None]) -> None:
        if self._row >= MOST_ROWS:
            self._begin()
        for place, cell in enumerate(cells):
            self._book.write(self._sheet, self._row, place, cell)
        self._row += 1


def fitting_name(name: str) -> str:
    """What becomes of a text as the name of a sheet: cut, and without the characters that names cannot hold."""
    return _NOT_IN_NAMES.sub(" ", name).strip(" '")[:_LONGEST_NAME]


def _is_counted(cell: dt.date | dt.time) -> bool:
    if isinstance(cell, dt.datetime):
        return cell.tzinfo is None and cell.date() >= _FIRST_DAY
    return isinstance(cell, dt.time) or cell >= _FIRST_DAY


@contextmanager
def writing_workbook(
    write: Callable[[bytes], object], *, right_to_left: bool = False, is_marked: bool = True
) -> Iterator[WorkbookWriter]:
    """The workbook is written out, block by block, when the caller has filled it."""
    with tempfile.TemporaryDirectory(prefix="amparo-workbook-") as folder:
        path = Path(folder) / "workbook.xlsx"
        writer = WorkbookWriter(path, right_to_left=right_to_left, is_marked=is_marked)
        try:
            yield writer
        finally:
            writer.close()
        for block in blocks_of(path):
            write(block)


def blocks_of(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(_BLOCK_BYTES):
            yield block
