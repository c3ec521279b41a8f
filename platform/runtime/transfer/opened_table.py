"""Tables that were opened: what was chosen, what was found, and the rows of values."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from amparo.metadata.problems import Problem
from amparo.metadata.wording import N_
from amparo.runtime.transfer.cells import Cell, cells_at, plain_text, unprotected
from amparo.runtime.transfer.content_kinds import FileFormat
from amparo.runtime.transfer.text_encoding import Encoding
from amparo.runtime.transfer.workbooks import Sheet

#: A row with its number in the file.
NumberedRow = tuple[int, Sequence[Cell]]
#: The rows of a file, opened from the first as often as asked.
Records = Callable[[], Iterator[NumberedRow]]


@dataclass(frozen=True, slots=True)
class TableChoice:
    """What a person chose of a file; None is found by looking. ``header_row`` counts as the program of the file does.

    ``keep_total``: a last row that begins like a sum is a record, and so are those below it.
    """

    sheet: str | None = None
    header_row: int | None = None
    keep_total: bool = False


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row of values. ``number`` is that of the row in a spreadsheet.

    ``cells`` are as many as the header; ``problem`` says that the row is wider or narrower than it. ``records`` is
    what a file of refused rows says of records that are made already, ``version`` at which version an export wrote the
    row's own; None where the file has no such column.
    """

    number: int
    cells: tuple[Cell, ...]
    problem: Problem | None = None
    records: str = ""
    version: str | None = None


@dataclass(frozen=True, slots=True)
class TableFile:
    """An opened table. ``header`` has unique names, without the program's own columns.

    ``second_names`` are those of a second header row, empty where there is
    none. ``is_own_export``: the file carries the marker, so its cells were
    protected when it was written. ``notices`` say what was left out or
    understood, as problems that stop nothing. ``row_count`` counts rows of values.
    """

    format: FileFormat
    header: tuple[str, ...]
    second_names: tuple[str, ...]
    is_own_export: bool
    header_row: int
    row_count: int
    notices: tuple[Problem, ...]
    sheets: tuple[Sheet, ...]
    sheet: str | None
    encoding: Encoding | None
    delimiter: str | None
    keeps_total: bool
    _records: Records
    _positions: tuple[int, ...]
    _width: int | None
    _left_out: frozenset[int]
    _after: int
    _written: Sequence[Cell]
    _total: int | None
    _records_at: int | None
    _version_at: int | None

    @property
    def choice(self) -> TableChoice:
        """What it takes to open the same table again: of a CSV file whose first row names the columns, nothing."""
        header_row = None if self.format is FileFormat.CSV and self.header_row == 1 else self.header_row
        return TableChoice(self.sheet, header_row, self.keeps_total)

    def rows(self) -> Iterator[TableRow]:
        """Rows that hold anything, from the first; may be called again. Raises :class:`InvalidAnswers`."""
        take = self._cells()
        for number, record in self._values():
            yield TableRow(
                number,
                take(record),
                self._width_problem(record),
                _text_at(record, self._records_at) or "",
                _text_at(record, self._version_at),
            )

    def _cells(self) -> Callable[[Sequence[Cell]], tuple[Cell, ...]]:
        """Takes the cells of the columns out of a record, blank where it ends before."""
        take, width = cells_at(self._positions), max(self._positions, default=-1) + 1

        def cells(record: Sequence[Cell]) -> tuple[Cell, ...]:
            return take(record if len(record) >= width else [*record, *[""] * (width - len(record))])

        def as_written(record: Sequence[Cell]) -> tuple[Cell, ...]:
            return tuple(unprotected(cell) if isinstance(cell, str) else cell for cell in cells(record))

        return as_written if self.is_own_export else cells

    def _values(self) -> Iterator[NumberedRow]:
        for number, record in self._records():
            if self._total is not None and number >= self._total:
                return
            # Where each page of a printout begins with the names of the columns, they are no record.
            if number > self._after and record != self._written and holds_anything(record, self._left_out):
                yield number, record

    def _width_problem(self, record: Sequence[Cell]) -> Problem | None:
        width = self._width
        if width is None or len(record) == width or (len(record) > width and not any(record[width:])):
            return None
        advice = N_("Give this row as many cells as the header has: it has {cells}, the header {width}.")
        return Problem("ragged", "", None, advice, {"cells": len(record), "width": width})


def holds_anything(record: Sequence[Cell], left_out: frozenset[int]) -> bool:
    """``left_out`` are columns that do not count."""
    if left_out:
        return any(cell != "" for at, cell in enumerate(record) if at not in left_out)
    return any(cell != "" for cell in record)


def _text_at(record: Sequence[Cell], position: int | None) -> str | None:
    """What stands in one of the program's own columns; None where the file has it not."""
    if position is None:
        return None
    return plain_text(record[position]) if position < len(record) else ""
