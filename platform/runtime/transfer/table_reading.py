"""Tables as people have them, read through one interface: CSV files, and workbooks of Excel and LibreOffice.

A file is known by its content, never by its name. The sheet with the data and
the row that names the columns are found and told; a person may name others.
What cannot be read without guessing at a value is refused, with the place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from amparo.metadata.problems import Problem
from amparo.metadata.wording import N_
from amparo.runtime.transfer.cells import (
    MARKER,
    OWN_HEADER,
    RECORDS_HEADER,
    VERSION_HEADER,
    Cell,
    plain_text,
    unprotected,
)
from amparo.runtime.transfer.content_kinds import FileFormat, find_format, refusal
from amparo.runtime.transfer.csv_reading import open_csv, unreadable
from amparo.runtime.transfer.header_finding import (
    ROWS_LOOKED_AT,
    counts_rows,
    find_header,
    is_total,
    repeats_names,
)
from amparo.runtime.transfer.standard_sheet import has_codes_first
from amparo.runtime.transfer.text_encoding import Encoding
from amparo.runtime.transfer.workbooks import Sheet, Workbook, read_workbook

#: The most columns a file may have; a wider one is no table of records.
MOST_COLUMNS = 2000

#: Rows with their number in the file, opened from the first as often as asked.
Records = Callable[[], Iterator[tuple[int, Sequence[Cell]]]]


@dataclass(frozen=True, slots=True)
class TableChoice:
    """What a person chose of a file; None is found by looking. ``header_row`` counts as the program of the file does.

    ``keep_total``: the last row is a record though it begins like a sum.
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
        take = _cells_as_written if self.is_own_export else _cells
        for number, record in self._values():
            yield TableRow(
                number,
                take(record, self._positions),
                self._width_problem(record),
                _text_at(record, self._records_at) or "",
                _text_at(record, self._version_at),
            )

    def _values(self) -> Iterator[tuple[int, Sequence[Cell]]]:
        for number, record in self._records():
            if number > self._after and number != self._total and _holds_anything(record, self._left_out):
                yield number, record

    def _width_problem(self, record: Sequence[Cell]) -> Problem | None:
        width = self._width
        if width is None or len(record) == width or (len(record) > width and not any(record[width:])):
            return None
        advice = N_("Give this row as many cells as the header has: it has {cells}, the header {width}.")
        return Problem("ragged", "", None, advice, {"cells": len(record), "width": width})


#: Which of several tables in a workbook is wanted: the greatest is taken.
Wanted = Callable[[TableFile], float]


def open_table(
    source: Path | bytes,
    choice: TableChoice | None = None,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    wanted: Wanted | None = None,
) -> TableFile:
    """Looks through the whole file. Raises :class:`InvalidAnswers` for what cannot be read, with the reason.

    Of a workbook the sheet that ``wanted`` values most is read, the one with
    the most rows where it values several alike. ``encoding`` and ``delimiter``
    are of CSV files.
    """
    choice = choice or TableChoice()
    found = find_format(_beginning(source))
    if not found.is_workbook:
        text = open_csv(source, encoding=encoding, delimiter=delimiter)
        base = _Base(FileFormat.CSV, text.records, encoding=text.encoding, delimiter=text.delimiter)
        return _table(base, choice)
    content = source if isinstance(source, bytes) else source.read_bytes()
    return _open_workbook(find_format(content), read_workbook(content), choice, wanted)


def open_sheets(source: Path | bytes) -> list[TableFile]:
    """Every visible sheet of a workbook that holds anything, in their order. Raises :class:`InvalidAnswers`."""
    content = source if isinstance(source, bytes) else source.read_bytes()
    kind = find_format(content)
    if not kind.is_workbook:
        raise refusal("no_workbook", N_("This is no workbook. Say of which object its rows are."))
    workbook = read_workbook(content)
    sheets = [sheet for sheet in workbook.sheets if sheet.rows and sheet.is_visible]
    return [_table(_sheet_base(kind, workbook, sheet), TableChoice(sheet.name)) for sheet in sheets]


#: Enough to tell text from a workbook; a workbook is then read whole.
_BEGINNING_BYTES = 4096


def _beginning(source: Path | bytes) -> bytes:
    if isinstance(source, bytes):
        return source
    with source.open("rb") as file:
        beginning = file.read(_BEGINNING_BYTES)
    return beginning if not beginning.startswith((b"PK", b"\xd0\xcf")) else source.read_bytes()


def _open_workbook(kind: FileFormat, workbook: Workbook, choice: TableChoice, wanted: Wanted | None) -> TableFile:
    if choice.sheet is not None and choice.sheet not in [sheet.name for sheet in workbook.sheets]:
        names = ", ".join(sheet.name for sheet in workbook.sheets)
        advice = N_("The workbook has no sheet “{name}”. It has: {names}.")
        raise refusal("unknown_sheet", advice, name=choice.sheet, names=names)
    candidates = [sheet for sheet in workbook.sheets if sheet.rows and choice.sheet in (None, sheet.name)]
    candidates = [sheet for sheet in candidates if sheet.is_visible] or candidates
    if not candidates:
        raise refusal("empty", N_("The workbook holds nothing. Choose the one with the table."))
    tables = [_table(_sheet_base(kind, workbook, sheet), choice) for sheet in candidates]
    best = max(tables, key=lambda table: (wanted(table) if wanted else 0.0, table.row_count))
    if len(candidates) > 1:
        advice = N_("The workbook has several sheets. “{sheet}” was taken; you can choose another.")
        notice = Problem("sheet_chosen", "", best.sheet, advice, {"sheet": best.sheet})
        best = replace(best, notices=(notice, *best.notices))
    return best


def _sheet_base(kind: FileFormat, workbook: Workbook, sheet: Sheet) -> _Base:
    return _Base(kind, lambda: workbook.rows(sheet.name), workbook.sheets, sheet)


@dataclass(frozen=True, slots=True)
class _Base:
    """What a table is made from."""

    format: FileFormat
    records: Records
    sheets: tuple[Sheet, ...] = ()
    sheet: Sheet | None = None
    encoding: Encoding | None = None
    delimiter: str | None = None


def _table(base: _Base, choice: TableChoice) -> TableFile:
    first = [(number, row) for number, row in islice(base.records(), ROWS_LOOKED_AT) if any(c != "" for c in row)]
    if not first:
        raise unreadable(1, N_("The file is empty. Its first line must name the columns."))
    place = _header_place(base, first, choice)
    header_row, written = first[place]
    if len(written) > MOST_COLUMNS:
        raise unreadable(header_row, N_("The file has more than 2,000 columns. Check that it is a table of records."))
    below = first[place + 1] if place + 1 < len(first) else None
    is_own = MARKER in written
    is_second = below is not None and not is_own and repeats_names(written, below[1])
    after = below[0] if below is not None and is_second else header_row
    profile = _Profile(base, written, after)
    last = profile.last
    drops_total = last is not None and not choice.keep_total and not is_own and is_total(last[1])
    names = [plain_text(unprotected(name) if is_own and isinstance(name, str) else name) for name in written]
    is_ours = [name.startswith(OWN_HEADER) for name in names]
    positions = tuple(at for at in range(len(names)) if not is_ours[at] and at not in profile.left_out)
    notices = [*_above(first[:place]), *profile.notices()]
    if is_second and below is not None:
        advice = N_("Row {row} names the columns in other words; it was read as names.")
        notices.append(Problem("second_names", "", None, advice, {"row": below[0]}))
    if drops_total and last is not None:
        advice = N_("Row {row} looks like a total and was left out.")
        notices.append(Problem("total_row", "", None, advice, {"row": last[0]}))
    second = below[1] if is_second and below is not None else ()
    header = unique_names([names[position] for position in positions], positions)
    seconds = tuple(plain_text(second[at]) if at < len(second) else "" for at in positions) if is_second else ()
    if has_codes_first(header, seconds):
        header, seconds = unique_names(seconds, positions), header
    return TableFile(
        base.format,
        header,
        seconds,
        is_own,
        header_row,
        profile.rows - drops_total,
        tuple(notices),
        base.sheets,
        base.sheet.name if base.sheet else None,
        base.encoding,
        base.delimiter,
        choice.keep_total,
        base.records,
        positions,
        None if base.format.is_workbook else len(written),
        profile.left_out,
        after,
        last[0] if drops_total and last is not None else None,
        names.index(RECORDS_HEADER) if is_own and RECORDS_HEADER in names else None,
        names.index(VERSION_HEADER) if is_own and VERSION_HEADER in names else None,
    )


def _header_place(base: _Base, first: Sequence[tuple[int, Sequence[Cell]]], choice: TableChoice) -> int:
    own = next((place for place, (_, row) in enumerate(first) if MARKER in row), None)
    if choice.header_row is None:
        return own if own is not None else find_header([row for _, row in first])
    for place, (number, _) in enumerate(first):
        if number == choice.header_row:
            return place
    advice = N_("Row {row} is empty or too far down to name the columns. Choose one of the first {most} rows.")
    raise refusal("unknown_header", advice, row=choice.header_row, most=ROWS_LOOKED_AT)


def _above(rows: Sequence[tuple[int, Sequence[Cell]]]) -> Iterator[Problem]:
    if rows:
        advice = N_("The rows above row {row} are no part of the table and were left out.")
        yield Problem("title_rows", "", None, advice, {"row": rows[-1][0] + 1})


class _Profile:
    """What one look through all rows shows: how many there are, which columns hold anything, the last row."""

    def __init__(self, base: _Base, header: Sequence[Cell], after: int) -> None:
        self._base = base
        self._after = after
        self._gaps = 0
        self.rows = 0
        self.last: tuple[int, Sequence[Cell]] | None = None
        self.left_out = self._columns_left_out(header)
        self._count_rows()

    def _columns_left_out(self, header: Sequence[Cell]) -> frozenset[int]:
        """Columns without a name that are empty or only number the rows."""
        nameless = (at for at, name in enumerate(header) if name == "" or (isinstance(name, str) and name.isspace()))
        unnamed: dict[int, list[Cell]] = {at: [] for at in nameless}
        if unnamed:
            for number, row in self._base.records():
                for at, values in unnamed.items():
                    if number > self._after and at < len(row) and row[at] != "":
                        values.append(row[at])
        return frozenset(at for at, values in unnamed.items() if not values or counts_rows(values))

    def _count_rows(self) -> None:
        previous = self._after
        for number, row in self._base.records():
            if number > self._after and _holds_anything(row, self.left_out):
                self.rows += 1
                self._gaps += number - previous > 1
                previous, self.last = number, (number, row)

    def notices(self) -> Iterator[Problem]:
        if self.left_out:
            advice = N_("Columns without a name that are empty or only number the rows were left out: {columns}.")
            columns = ", ".join(str(at + 1) for at in sorted(self.left_out))
            yield Problem("unnamed_columns", "", None, advice, {"columns": columns})
        if self._gaps and self._base.format.is_workbook:
            yield Problem("blank_rows", "", None, N_("There are empty rows inside the table; they were passed over."))
        if self._base.sheet is not None and self._base.sheet.merged:
            advice = N_("Merged cells were found: a value that spans several rows counts for each of them.")
            yield Problem("merged", "", None, advice)


def _holds_anything(record: Sequence[Cell], left_out: frozenset[int]) -> bool:
    if left_out:
        return any(cell != "" for at, cell in enumerate(record) if at not in left_out)
    return any(cell != "" for cell in record)


def unique_names(names: Sequence[str], positions: Sequence[int]) -> tuple[str, ...]:
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


def _text_at(record: Sequence[Cell], position: int | None) -> str | None:
    """What stands in one of the program's own columns; None where the file has it not."""
    if position is None:
        return None
    return plain_text(record[position]) if position < len(record) else ""


def _cells(record: Sequence[Cell], positions: tuple[int, ...]) -> tuple[Cell, ...]:
    width = len(record)
    return tuple([record[position] if position < width else "" for position in positions])


def _cells_as_written(record: Sequence[Cell], positions: tuple[int, ...]) -> tuple[Cell, ...]:
    return tuple(unprotected(cell) if isinstance(cell, str) else cell for cell in _cells(record, positions))
