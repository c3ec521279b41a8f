"""The rows that an import refused, as a file to correct and import again."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence

from amparo.runtime.transfer.cells import MARKER, REASON_HEADER, ROW_HEADER, Cell, protected, returned
from amparo.runtime.transfer.outcomes import RowProblems

#: A refused row: its problems and its cells as they were read.
RefusedRow = tuple[RowProblems, Sequence[Cell]]


class CsvLines:
    """Rows made into bytes one by one, so that a file of any length needs no memory."""

    def __init__(self) -> None:
        self._text = io.StringIO()
        self._writer = csv.writer(self._text, lineterminator="\r\n")

    def line(self, cells: Sequence[str]) -> bytes:
        self._writer.writerow(cells)
        written = self._text.getvalue()
        self._text.seek(0)
        self._text.truncate()
        return written.encode()


class ProblemFile:
    """CSV in UTF-8 with its mark, written bit by bit; nothing is written while no row is refused.

    Cells are protected and the file says so, so that importing it again, with
    the same mapping, changes none of them.
    """

    def __init__(self, header: Sequence[str], write: Callable[[bytes], object]) -> None:
        self._header = header
        self._write = write
        self._lines = CsvLines()
        self.rows = 0

    def take(self, refused: RefusedRow) -> None:
        row, cells = refused
        if not self.rows:
            self._write("\ufeff".encode())
            self._write(self._lines.line([*map(protected, self._header), ROW_HEADER, REASON_HEADER, MARKER]))
        reasons = " ".join(
            f"{problem.path}: {problem.message}" if problem.path else problem.message for problem in row.problems
        )
        self._write(self._lines.line([*map(returned, cells), str(row.row), protected(reasons), ""]))
        self.rows += 1
