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
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from xml.etree import ElementTree

import python_calamine

from amparo.runtime.transfer.packed_parts import MOST_CELLS, PERCENTAGE, PackedParts, Place, Unreadable

#: What this process may use.
_MEMORY_BYTES, _CPU_SECONDS = 2 << 30, 300


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
    parts = PackedParts(content) if content.startswith(b"PK") else None
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
        shown = _ByRow(parts.shown(sheet.name) if parts is not None else iter(()))
        yield from _rows(read, merged, errors, shown)


class _ByRow:
    """Places in the order of their rows with how they show their numbers, asked for row after row."""

    def __init__(self, places: Iterator[tuple[Place, int]]) -> None:
        self._places = places
        self._next = next(places, None)

    def columns(self, row: int) -> list[tuple[int, int]]:
        found: list[tuple[int, int]] = []
        while self._next is not None and self._next[0][0] <= row:
            (at, column), how = self._next
            if at == row:
                found.append((column, how))
            self._next = next(self._places, None)
        return found


def _rows(
    sheet: python_calamine.CalamineSheet, merged: Sequence[_Range], errors: Mapping[Place, str], shown: _ByRow
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
        for column, how in shown.columns(number):
            if column < len(row):
                row[column] = _percentage(row[column]) if how == PERCENTAGE else _padded(row[column], how)
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


def _padded(cell: Any, digits: int) -> Any:
    """A whole number that its cell shows with zeros before it: 7, shown as 007, is that text."""
    is_whole = isinstance(cell, int) and not isinstance(cell, bool)
    return f"{cell:0{digits}}" if is_whole and 0 <= cell < 10 ** (digits - 1) else cell


if __name__ == "__main__":
    main()
