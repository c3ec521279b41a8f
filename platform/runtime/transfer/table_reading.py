"""Tables as people have them, read through one interface: CSV files, and workbooks of Excel and LibreOffice.

A file is known by its content, never by its name. The sheet with the data and
the row that names the columns are found and told; a person may name others.
What cannot be read without guessing at a value is refused, with the place.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from amparo.metadata.problems import Problem
from amparo.metadata.wording import N_
from amparo.runtime.errors import InvalidAnswers
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
    filled_cells,
    find_header,
    is_title,
    is_total,
    repeats_names,
)
from amparo.runtime.transfer.opened_table import NumberedRow, Records, TableChoice, TableFile, holds_anything
from amparo.runtime.transfer.standard_sheet import has_codes_first
from amparo.runtime.transfer.text_encoding import Encoding
from amparo.runtime.transfer.workbooks import Sheet, Workbook, read_workbook

#: Rows at the end of a table among which its total is looked for, and rows that a notice names.
_MOST_BELOW, _MOST_NAMED = 20, 10
#: Of a table in which titles stand out: cells that other rows fill on average, and the share that titles may be.
_FEWEST_FILLED, _MOST_TITLES = 2.5, 0.34
#: The most columns a file may have; a wider one is no table of records.
MOST_COLUMNS = 2000

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
    tables = _readable([_sheet_base(kind, workbook, sheet) for sheet in candidates], choice)
    best = max(tables, key=lambda table: (wanted(table) if wanted else 0.0, table.row_count))
    if len(candidates) > 1:
        advice = N_("The workbook has several sheets. “{sheet}” was taken; you can choose another.")
        notice = Problem("sheet_chosen", "", best.sheet, advice, {"sheet": best.sheet})
        best = replace(best, notices=(notice, *best.notices))
    return best


def _readable(bases: Sequence[_Base], choice: TableChoice) -> list[TableFile]:
    """The tables that can be read so: a row that names the columns is chosen of one sheet, and others may end above it.

    Raises :class:`InvalidAnswers` for the first where none can.
    """
    tables: list[TableFile] = []
    refusals: list[InvalidAnswers] = []
    for base in bases:
        try:
            tables.append(_table(base, choice))
        except InvalidAnswers as refused:
            refusals.append(refused)
    if not tables:
        raise refusals[0]
    return tables


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


@dataclass(frozen=True, slots=True)
class _Top:
    """The row that names the columns, and the one below it where that names them in other words."""

    row: int
    written: Sequence[Cell]
    second: NumberedRow | None
    has_rows_above: bool

    @property
    def is_own_export(self) -> bool:
        return MARKER in self.written

    @property
    def last_row(self) -> int:
        return self.second[0] if self.second else self.row

    @property
    def names(self) -> list[str]:
        is_own = self.is_own_export
        return [plain_text(unprotected(name) if is_own and isinstance(name, str) else name) for name in self.written]


def _top_of(base: _Base, choice: TableChoice) -> _Top:
    first = [(number, row) for number, row in islice(base.records(), ROWS_LOOKED_AT) if any(c != "" for c in row)]
    if not first:
        raise unreadable(1, N_("The file is empty. Its first line must name the columns."))
    place = _header_place(first, choice)
    row, written = first[place]
    if len(written) > MOST_COLUMNS:
        raise unreadable(row, N_("The file has more than 2,000 columns. Check that it is a table of records."))
    below = first[place + 1 : place + 2]
    is_repeated = bool(below) and MARKER not in written and repeats_names(written, below[0][1])
    return _Top(row, written, below[0] if is_repeated else None, has_rows_above=place > 0)


def _table(base: _Base, choice: TableChoice) -> TableFile:
    top = _top_of(base, choice)
    profile = _Profile(base, top)
    finds_totals = not (choice.keep_total or top.is_own_export)
    total = profile.total() if finds_totals else None
    names = top.names
    positions = tuple(
        at for at, name in enumerate(names) if not name.startswith(OWN_HEADER) and at not in profile.left_out
    )
    header, second_names = _header(names, top.second[1] if top.second else None, positions)
    return TableFile(
        format=base.format,
        header=header,
        second_names=second_names,
        is_own_export=top.is_own_export,
        header_row=top.row,
        row_count=profile.rows - (total.rows if total else 0),
        notices=(
            *_notices(top, profile, total),
            *(profile.totals_between(total) if finds_totals else ()),
            *(() if top.is_own_export else profile.titles_between(total)),
        ),
        sheets=base.sheets,
        sheet=base.sheet.name if base.sheet else None,
        encoding=base.encoding,
        delimiter=base.delimiter,
        keeps_total=choice.keep_total,
        _records=base.records,
        _positions=positions,
        _width=None if base.format.is_workbook else len(top.written),
        _left_out=profile.left_out,
        _after=top.last_row,
        _written=top.written,
        _total=total.row if total else None,
        _records_at=_own_column(top, names, RECORDS_HEADER),
        _version_at=_own_column(top, names, VERSION_HEADER),
    )


def _own_column(top: _Top, names: Sequence[str], name: str) -> int | None:
    """Where a column that only own exports have stands."""
    return names.index(name) if top.is_own_export and name in names else None


def _header(
    names: Sequence[str], second: Sequence[Cell] | None, positions: tuple[int, ...]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The unique names of the columns, and those of the second row of names."""
    header = unique_names([names[position] for position in positions], positions)
    if second is None:
        return header, ()
    seconds = tuple(plain_text(second[at]) if at < len(second) else "" for at in positions)
    if has_codes_first(header, seconds):
        return unique_names(seconds, positions), header
    return header, seconds


def _notices(top: _Top, profile: _Profile, total: _Total | None) -> Iterator[Problem]:
    """What was found and left out."""
    if top.has_rows_above:
        advice = N_("Titles and names of groups of columns above row {row}, which names the columns, were left out.")
        yield Problem("title_rows", "", None, advice, {"row": top.row})
    yield from profile.notices()
    if top.second is not None:
        advice = N_("Row {row} names the columns in other words; it was read as names.")
        yield Problem("second_names", "", None, advice, {"row": top.second[0]})
    if total is not None:
        advice = N_("Row {row} looks like a total and was left out.")
        if total.rows > 1:
            advice = N_("Row {row} looks like a total and was left out, with what stands below it.")
        yield Problem("total_row", "", None, advice, {"row": total.row})


def _header_place(first: Sequence[NumberedRow], choice: TableChoice) -> int:
    own = next((place for place, (_, row) in enumerate(first) if MARKER in row), None)
    if choice.header_row is None:
        return own if own is not None else find_header([row for _, row in first])
    for place, (number, _) in enumerate(first):
        if number == choice.header_row:
            return place
    advice = N_("Row {row} is empty or too far down to name the columns. Choose one of the first {most} rows.")
    raise refusal("unknown_header", advice, row=choice.header_row, most=ROWS_LOOKED_AT)


@dataclass(frozen=True, slots=True)
class _Total:
    """Where a table ends with a sum, and how many rows that are: it and what stands below it."""

    row: int
    rows: int


class _Profile:
    """What one look through all rows shows: how many there are, which columns hold anything, how they end.

    A total is the last row but for other totals and for notes, of which each fills one cell.
    """

    def __init__(self, base: _Base, top: _Top) -> None:
        self._base = base
        self._after = top.last_row
        self._gaps = 0
        self._header = top.written
        self._repeated: list[int] = []
        self._totals: list[int] = []
        self._titles: list[int] = []
        self._filled = 0
        self.rows = 0
        self._ending: deque[NumberedRow] = deque(maxlen=_MOST_BELOW)
        self.left_out = self._columns_left_out(top.written)
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
            if number <= self._after or not holds_anything(row, self.left_out):
                continue
            self._gaps += number - previous > 1
            previous = number
            if row == self._header:
                self._repeated.append(number)
                continue
            self.rows += 1
            self._ending.append((number, row))
            if is_total(row):
                self._totals.append(number)
            filled = len(row) - row.count("")
            self._filled += filled
            if filled == 1 and is_title(row):
                self._titles.append(number)

    def total(self) -> _Total | None:
        found = None
        for rows, (number, row) in enumerate(reversed(self._ending), start=1):
            if is_total(row):
                found = _Total(number, rows)
            elif filled_cells(row) > 1:
                break
        return found

    def totals_between(self, total: _Total | None) -> Iterator[Problem]:
        """Sums that have more records below them. Somebody may be called so, so they are read and told."""
        between = [row for row in self._totals if total is None or row < total.row]
        if between:
            advice = N_(
                "These rows look like totals and were read as records, because others follow: {rows}. "
                "If they are no records, delete them from the file."
            )
            yield Problem("totals_between", "", None, advice, {"rows": _named(between)})

    def titles_between(self, total: _Total | None) -> Iterator[Problem]:
        """Texts that stand alone in a table of filled rows, as *MARCH 2021* and *Shelter B* above theirs, and notes.

        A record may hold no more, so they are read and told.
        """
        alone = [row for row in self._titles if total is None or row < total.row]
        others = self.rows - len(self._titles)
        stand_out = self._filled - len(self._titles) >= others * _FEWEST_FILLED
        if alone and stand_out and len(self._titles) <= self.rows * _MOST_TITLES:
            advice = N_(
                "These rows hold a text in one cell only, as titles and notes do, and were read as records: {rows}. "
                "If they are no records, delete them from the file."
            )
            yield Problem("titles_between", "", None, advice, {"rows": _named(alone)})

    def notices(self) -> Iterator[Problem]:
        if self.left_out:
            advice = N_("Columns without a name that are empty or only number the rows were left out: {columns}.")
            columns = ", ".join(str(at + 1) for at in sorted(self.left_out))
            yield Problem("unnamed_columns", "", None, advice, {"columns": columns})
        if self._repeated:
            advice = N_("These rows name the columns once more and were left out: {rows}.")
            yield Problem("names_again", "", None, advice, {"rows": _named(self._repeated)})
        if self._gaps and self._base.format.is_workbook:
            yield Problem("blank_rows", "", None, N_("There are empty rows inside the table; they were passed over."))
        if self._base.sheet is not None and self._base.sheet.merged:
            advice = N_("Merged cells were found: a value that spans several rows counts for each of them.")
            yield Problem("merged", "", None, advice)


def _named(rows: Sequence[int]) -> str:
    """The first of them, for a sentence."""
    return ", ".join(map(str, rows[:_MOST_NAMED])) + (", …" if len(rows) > _MOST_NAMED else "")


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
