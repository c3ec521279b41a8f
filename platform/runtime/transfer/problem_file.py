"""The rows that an import refused, as a file to correct and import again."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager

from amparo.runtime.transfer.cells import (
    MARKER,
    REASON_HEADER,
    RECORDS_HEADER,
    ROW_HEADER,
    VERSION_HEADER,
    Cell,
    protected,
    returned,
)
from amparo.runtime.transfer.content_kinds import FileFormat
from amparo.runtime.transfer.outcomes import RowProblems
from amparo.runtime.transfer.workbook_writing import WorkbookWriter, writing_workbook

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


def _reasons(row: RowProblems) -> str:
    return " ".join(f"{each.path}: {each.message}" if each.path else each.message for each in row.problems)


def _own_headers(row: RowProblems) -> list[str]:
    records = [] if row.records is None else [RECORDS_HEADER]
    version = [] if row.version is None else [VERSION_HEADER]
    return [ROW_HEADER, REASON_HEADER, *records, *version, MARKER]


def _known(row: RowProblems) -> list[str]:
    """What the file knows of records that are there."""
    records = [] if row.records is None else [" ".join(f"{name}={record}" for name, record in row.records.items())]
    return [*records, *([] if row.version is None else [row.version])]


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
            self._write(self._lines.line([*map(protected, self._header), *_own_headers(row)]))
        self._write(self._lines.line([*map(returned, cells), str(row.row), protected(_reasons(row)), *_known(row), ""]))
        self.rows += 1

    def close(self) -> None:
        """A CSV file is whole after each row."""


class ProblemWorkbook:
    """The same as a workbook, with numbers and days as they were; written out when it is closed."""

    def __init__(self, header: Sequence[str], write: Callable[[bytes], object]) -> None:
        self._header = header
        self._write = write
        self._context: AbstractContextManager[WorkbookWriter] | None = None
        self.rows = 0

    def take(self, refused: RefusedRow) -> None:
        row, cells = refused
        if self._context is None:
            self._context = writing_workbook(self._write)
            header = [*self._header, *_own_headers(row)]
            self._sheet = self._context.__enter__().sheet("Refused", header)
        self._sheet.row([*cells, row.row, _reasons(row), *_known(row)])
        self.rows += 1

    def close(self) -> None:
        if self._context is not None:
            self._context.__exit__(None, None, None)


@contextmanager
def problem_file(
    kind: FileFormat, header: Sequence[str], write: Callable[[bytes], object]
) -> Iterator[ProblemFile | ProblemWorkbook]:
    """The refused rows in the kind of file they came in."""
    made = ProblemWorkbook(header, write) if kind.is_workbook else ProblemFile(header, write)
    try:
        yield made
    finally:
        made.close()


def problem_ending(kind: FileFormat) -> str:
    """How the names of such files end."""
    return "xlsx" if kind.is_workbook else "csv"
