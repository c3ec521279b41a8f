"""Workbooks: read in a process of its own, kept compressed, and read again row by row."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from amparo.metadata.wording import N_
from amparo.runtime.errors import InvalidAnswers
from amparo.runtime.transfer.cells import Cell, CellError, Percentage
from amparo.runtime.transfer.content_kinds import damaged, protected, refusal
from amparo.runtime.transfer.packed_parts import MOST_CELLS

_PROCESS = "amparo.runtime.transfer.workbook_process"
#: What a reading process may take; the largest allowed workbook takes a fraction of it.
_PATIENCE_SECONDS = 300
_BLOCK_BYTES = 1 << 18


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet. ``rows`` counts rows that hold anything; ``merged`` counts merged areas."""

    name: str
    is_visible: bool
    rows: int
    merged: int


@dataclass(frozen=True, slots=True)
class Workbook:
    """A workbook that was read. ``content`` holds its rows, compressed to about the size of the file."""

    sheets: tuple[Sheet, ...]
    content: bytes

    def rows(self, sheet: str) -> Iterator[tuple[int, list[Cell]]]:
        """Rows that hold anything with their number in the sheet, from 1."""
        is_here = False
        for line in _lines(self.content):
            if isinstance(line, dict):
                if is_here:
                    return
                is_here = line["sheet"] == sheet
            elif is_here:
                yield line[0], [each if type(each) is str else _typed(each) for each in line[1]]


def read_workbook(content: bytes) -> Workbook:
    """Raises :class:`InvalidAnswers` with the reason for a workbook that cannot be read."""
    compressed = _read_apart(content)
    sheets: list[Sheet] = []
    described: Mapping[str, Any] | None = None
    rows = 0
    try:
        for line in _lines(compressed):
            if not isinstance(line, dict):
                rows += 1
                continue
            if "refused" in line:
                raise _refused(line)
            sheets += _counted(described, rows)
            described, rows = line, 0
    except (zlib.error, ValueError, EOFError):
        raise damaged() from None
    sheets += _counted(described, rows)
    return Workbook(tuple(sheets), compressed)


def _counted(described: Mapping[str, Any] | None, rows: int) -> list[Sheet]:
    return [Sheet(described["sheet"], described["visible"], rows, described["merged"])] if described else []


def _read_apart(content: bytes) -> bytes:
    environment = {name: os.environ[name] for name in ("PATH", "PYTHONPATH", "SYSTEMROOT") if name in os.environ}
    command = [sys.executable, "-P", "-m", _PROCESS]
    try:
        answer = subprocess.run(  # noqa: S603 - this program itself.
            command, input=content, capture_output=True, timeout=_PATIENCE_SECONDS, env=environment, check=False
        )
    except subprocess.TimeoutExpired:
        raise refusal("too_large", _TOO_LARGE) from None
    if answer.returncode > 0 and not answer.stdout:
        raise damaged()
    if answer.returncode:
        # The process was ended: its memory or its time was used up, or the library crashed.
        raise refusal("too_large", _TOO_LARGE)
    return answer.stdout


_TOO_LARGE = N_(
    "The workbook takes too much memory to read, or is damaged. Save its table as CSV, or in several smaller workbooks."
)
_REFUSALS: Mapping[str, Callable[[], InvalidAnswers]] = {"protected": protected, "damaged": damaged}
_TOO_MANY_CELLS = N_(
    "The sheet “{sheet}” has {rows} rows and {columns} columns; a workbook may have {most} cells. Delete what lies "
    "outside the table, or save the table as CSV."
)
_UNPACKS = N_(
    "The workbook unpacks to {megabytes} MB; {most} MB are allowed. Save its table as CSV, or in several workbooks."
)


def _refused(line: Mapping[str, Any]) -> InvalidAnswers:
    kind, params = line["refused"], line["params"]
    if kind in _REFUSALS:
        return _REFUSALS[kind]()
    if kind == "too_many_cells":
        return refusal(kind, _TOO_MANY_CELLS, most=f"{MOST_CELLS:,}", **params)
    if kind == "unpacks_too_large":
        return refusal(kind, _UNPACKS, **params)
    return refusal("too_large", _TOO_LARGE)


def _lines(compressed: bytes) -> Iterator[Any]:
    """Raises :class:`EOFError` when the end is missing."""
    decompressor = zlib.decompressobj()
    rest = b""
    for start in range(0, len(compressed), _BLOCK_BYTES):
        *lines, rest = (rest + decompressor.decompress(compressed[start : start + _BLOCK_BYTES])).split(b"\n")
        for line in lines:
            yield json.loads(line)
    if rest or not decompressor.eof:
        raise EOFError


def _typed(cell: Any) -> Cell:
    """What :mod:`workbook_process` wrote for a value."""
    if not isinstance(cell, Sequence):
        number: int | bool = cell
        return number
    kind, text = cell
    return _KINDS[kind](text)


_KINDS: Mapping[str, Callable[[str], Cell]] = {
    "n": Decimal,
    "p": Percentage,
    "d": dt.date.fromisoformat,
    "t": dt.datetime.fromisoformat,
    "h": dt.time.fromisoformat,
    "e": CellError,
}
