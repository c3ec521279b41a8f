"""Reading a workbook in a process of its own: ``python -P -m amparo.runtime.transfer.workbook_process``.

A workbook may be made to use up a machine's memory, or to crash the library
that reads it. Here it can only end this process, whose memory and time are
limited. The workbook comes on standard input; compressed lines of JSON leave
on standard output: what the workbook is (or why it is refused), then for each
sheet its description and its rows that hold anything.
"""

from __future__ import annotations

import datetime as dt
import importlib.util
import io
import json
import re
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from xml.etree import ElementTree

import python_calamine

#: The most cells of all sheets together, empty ones inside a sheet's used area counted.
MOST_CELLS = 8_000_000
#: What this process may use.
_MEMORY_BYTES, _CPU_SECONDS = 2 << 30, 300
#: The most that the parts of a workbook may come to when they are unpacked.
MOST_UNPACKED_BYTES = 1 << 30
#: Longest beginning of a sheet's XML in which its used area is declared.
_BEGINNING_BYTES = 65_536
_BLOCK_BYTES = 1 << 20

_DIMENSION = re.compile(rb'<(?:\w+:)?dimension[^>]*\bref="([A-Z]+[0-9]+):([A-Z]+)([0-9]+)"')
#: A cell that holds something: its place, its attributes.
_FULL_CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*[^/])>\s*<(?:\w+:)?(?:v|is|f)\b")
_PLACE = re.compile(rb'\br="([A-Z]+)([0-9]+)"')
_ERROR_CELL = re.compile(rb'<(?:\w+:)?c\b[^>]*\bt="e"[^>]*>.*?<(?:\w+:)?v>([^<]*)<', re.DOTALL)
#: A cell of one of these formats.
_STYLED_CELL = rb'<(?:\w+:)?c\b(?=[^>]*\bs="(?:%b)")[^>]*>'
#: Formats that every workbook has: 0% and 0.00%. Of others what stands in quotes or behind a bar is text.
_PERCENT_FORMATS, _QUOTED = ("9", "10"), re.compile(r'"[^"]*"|\\.|_.')
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"

Place = tuple[int, int]


class Unreadable(Exception):
    """Why a workbook is refused: a kind, and what its sentence names."""

    def __init__(self, kind: str, **params: Any) -> None:
        super().__init__(kind)
        self.kind = kind
        self.params = params


def main() -> None:
    _limit_this_process()
    output = _Output(sys.stdout.buffer.write)
    try:
        for line in _lines(sys.stdin.buffer.read()):
            output.write(line)
    except Unreadable as refusal:
        output.write({"refused": refusal.kind, "params": refusal.params})
    except python_calamine.PasswordError:
        output.write({"refused": "protected", "params": {}})
    except MemoryError:
        output.write({"refused": "too_large", "params": {}})
    except (python_calamine.CalamineError, zipfile.BadZipFile, ElementTree.ParseError, OSError, ValueError, KeyError):
        output.write({"refused": "damaged", "params": {}})
    output.finish()


def _limit_this_process() -> None:
    if importlib.util.find_spec("resource") is None:
        # On Windows the parent's clock is the only limit.
        return
    resource = importlib.import_module("resource")
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


class _Output:
    """Compressed lines of JSON."""

    def __init__(self, write: Callable[[bytes], object]) -> None:
        self._write = write
        self._compressor = zlib.compressobj(1)

    def write(self, document: Any) -> None:
        line = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
        self._write(self._compressor.compress(line + b"\n"))

    def finish(self) -> None:
        self._write(self._compressor.flush())


def _lines(content: bytes) -> Iterator[Any]:
    parts = _Parts(content) if content.startswith(b"PK") else None
    workbook = python_calamine.load_workbook(io.BytesIO(content))
    cells = 0
    for sheet in workbook.sheets_metadata:
        if sheet.typ is not python_calamine.SheetTypeEnum.WorkSheet:
            continue
        if parts is not None:
            parts.require_reasonable(sheet.name)
        read = workbook.get_sheet_by_name(sheet.name)
        cells += read.height * read.width
        if cells > MOST_CELLS:
            raise Unreadable(
                "too_many_cells", sheet=sheet.name, rows=read.total_height + 1, columns=read.total_width + 1
            )
        is_visible = sheet.visible is python_calamine.SheetVisibleEnum.Visible
        merged = _merged(read)
        yield {"sheet": sheet.name, "visible": is_visible, "merged": len(merged)}
        errors = parts.errors(sheet.name) if parts is not None else {}
        percentages = _ByRow(parts.percentages(sheet.name) if parts is not None else iter(()))
        yield from _rows(read, merged, errors, percentages)


class _ByRow:
    """Places in the order of their rows, asked for row after row."""

    def __init__(self, places: Iterator[Place]) -> None:
        self._places = places
        self._next = next(places, None)

    def columns(self, row: int) -> list[int]:
        found: list[int] = []
        while self._next is not None and self._next[0] <= row:
            if self._next[0] == row:
                found.append(self._next[1])
            self._next = next(self._places, None)
        return found


def _rows(
    sheet: python_calamine.CalamineSheet, merged: Sequence[_Range], errors: Mapping[Place, str], percentages: _ByRow
) -> Iterator[Any]:
    """Rows that hold anything as ``[number, cells]``; cells merged over several rows are repeated in each."""
    if sheet.start is None:
        return
    before = [""] * sheet.start[1]
    repeated: dict[Place, Any] = {}
    tops = {(top, column): bottom for top, column, bottom in merged if bottom > top}
    # The rows come from row 0 on, their cells from the first used column.
    for number, found in enumerate(sheet.iter_rows()):
        row = [*before, *map(_cell, found)]
        for column in percentages.columns(number):
            if column < len(row):
                row[column] = _percentage(row[column])
        for column in range(len(row)):
            place = (number, column)
            if row[column] == "" and place in errors:
                row[column] = ["e", errors[place]]
            if place in tops and row[column] != "":
                repeated |= {(below, column): row[column] for below in range(number + 1, tops[place] + 1)}
            elif row[column] == "" and place in repeated:
                row[column] = repeated.pop(place)
        if any(cell != "" for cell in row):
            yield [number + 1, row]


#: Top row, column, bottom row: of a merged range only its first column counts.
_Range = tuple[int, int, int]


def _merged(sheet: python_calamine.CalamineSheet) -> list[_Range]:
    ranges = sheet.merged_cell_ranges or []
    return sorted({(top, left, bottom) for (top, left), (bottom, _) in ranges})


def _cell(value: Any) -> Any:
    """A value as JSON: text and truth as they are, whole numbers as numbers, the rest as ``[kind, text]``."""
    if isinstance(value, (str, bool)):
        return value
    if isinstance(value, (int, float)):
        return _number(float(value))
    if isinstance(value, dt.datetime):
        return ["t", value.isoformat(" ")]
    if isinstance(value, dt.date):
        return ["d", value.isoformat()]
    if isinstance(value, dt.time):
        return ["h", value.isoformat()]
    if isinstance(value, dt.timedelta):
        hours, rest = divmod(round(value.total_seconds()), 3600)
        return f"{hours}:{rest // 60:02}:{rest % 60:02}"
    return str(value)


def _number(value: float) -> Any:
    """A spreadsheet computes with 15 digits; what stands behind them is the machine's."""
    if value.is_integer() and abs(value) < 1e15:
        return int(value)
    return ["n", f"{value:.15g}"]


def _percentage(cell: Any) -> Any:
    """A number whose cell shows it as a percentage."""
    if isinstance(cell, int) and not isinstance(cell, bool):
        return ["p", str(cell)]
    return ["p", cell[1]] if isinstance(cell, list) and cell[0] == "n" else cell


class _Parts:
    """The packed files of an Office workbook or an OpenDocument sheet."""

    def __init__(self, content: bytes) -> None:
        self._zip = zipfile.ZipFile(io.BytesIO(content))
        unpacked = sum(each.file_size for each in self._zip.infolist())
        if unpacked > MOST_UNPACKED_BYTES:
            raise Unreadable("unpacks_too_large", megabytes=unpacked >> 20, most=MOST_UNPACKED_BYTES >> 20)
        names = self._zip.namelist()
        self._paths = self._sheet_paths() if "xl/workbook.xml" in names else {}
        self._percent_styles = self._styles_of_percentages() if self._paths and "xl/styles.xml" in names else []

    def _sheet_paths(self) -> dict[str, str]:
        """Sheet name -> path of its XML."""
        relations = ElementTree.fromstring(self._zip.read("xl/_rels/workbook.xml.rels"))  # noqa: S314 - limited.
        targets = {each.get("Id"): each.get("Target", "") for each in relations}
        paths: dict[str, str] = {}
        described = ElementTree.fromstring(self._zip.read("xl/workbook.xml"))  # noqa: S314 - limited.
        for element in described.iter():
            if element.tag.endswith("}sheet"):
                target = targets.get(element.get(_RELATION), "")
                path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
                paths[element.get("name", "")] = path
        return paths

    def _styles_of_percentages(self) -> list[bytes]:
        """Numbers of the cell formats that show a number as a percentage."""
        styles = ElementTree.fromstring(self._zip.read("xl/styles.xml"))  # noqa: S314 - limited.
        own = {
            each.get("numFmtId", ""): _QUOTED.sub("", each.get("formatCode", ""))
            for each in styles.iter()
            if each.tag.endswith("}numFmt")
        }
        shown = {*_PERCENT_FORMATS, *(number for number, code in own.items() if "%" in code)}
        formats = next((each for each in styles.iter() if each.tag.endswith("}cellXfs")), ())
        return [str(at).encode() for at, each in enumerate(formats) if each.get("numFmtId") in shown]

    def percentages(self, name: str) -> Iterator[Place]:
        """Cells that show a percentage, row after row; calamine gives their numbers alone."""
        path = self._paths.get(name)
        if path is None or not self._percent_styles:
            return
        wanted = re.compile(_STYLED_CELL % b"|".join(self._percent_styles))
        for block in self._blocks(path):
            for cell in wanted.finditer(block):
                if place := _PLACE.search(cell[0]):
                    yield int(place[2]) - 1, _column(place[1]) - 1

    def require_reasonable(self, name: str) -> None:
        """Before the sheet is laid out in memory: raises :class:`Unreadable` when its used area is too large.

        A declared area may be empty but for its formats; what is declared too
        large is therefore measured by the cells that hold anything.
        """
        path = self._paths.get(name)
        if path is None:
            return
        with self._zip.open(path) as file:
            declared = _DIMENSION.search(file.read(_BEGINNING_BYTES))
        if declared is None or _area(declared[2], declared[3]) <= MOST_CELLS:
            return
        last_row, last_column = self._extent(path)
        if last_row * last_column > MOST_CELLS:
            raise Unreadable("too_many_cells", sheet=name, rows=last_row, columns=last_column)

    def _extent(self, path: str) -> Place:
        rows = columns = 0
        for block in self._blocks(path):
            for cell in _FULL_CELL.finditer(block):
                if place := _PLACE.search(cell[1]):
                    rows, columns = max(rows, int(place[2])), max(columns, _column(place[1]))
        return rows, columns

    def errors(self, name: str) -> dict[Place, str]:
        """Cells that show an error such as ``#N/A``, which calamine gives as blank."""
        path = self._paths.get(name)
        found: dict[Place, str] = {}
        for block in self._blocks(path) if path else ():
            if b't="e"' in block:
                for cell in _ERROR_CELL.finditer(block):
                    if place := _PLACE.search(cell[0]):
                        found[int(place[2]) - 1, _column(place[1]) - 1] = cell[1].decode("utf-8", "replace")
        return found

    def _blocks(self, path: str) -> Iterator[bytes]:
        """The XML in pieces that end between two cells."""
        rest = b""
        with self._zip.open(path) as file:
            while block := file.read(_BLOCK_BYTES):
                whole, mark, rest = (rest + block).rpartition(b"</row>")
                if mark:
                    yield whole
                elif len(rest) > MOST_UNPACKED_BYTES // 4:
                    raise Unreadable("damaged")
        yield rest


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _area(column: bytes, row: bytes) -> int:
    return _column(column) * int(row)


if __name__ == "__main__":
    main()
