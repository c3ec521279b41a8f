"""Which character parts the columns of a file."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from contextlib import suppress
from itertools import islice

DELIMITERS = (",", ";", "\t", "|")
_ROWS_LOOKED_AT = 100


def find_delimiter(lines: Iterable[str]) -> str:
    """The delimiter under which most rows are as wide as the first; a comma when there is one column.

    The first row decides what is possible, because headers seldom hold a
    delimiter; the consistency of the rest decides between what remains.
    """
    beginning = list(islice(lines, _ROWS_LOOKED_AT * 4))
    scores = {each: _consistency(beginning, each) for each in DELIMITERS}
    best = max(DELIMITERS, key=lambda each: scores[each])
    return best if scores[best] > (0.0, 0) else ","


def _consistency(lines: list[str], delimiter: str) -> tuple[float, int]:
    """The share of rows as wide as the first, then that width; nothing for a single column."""
    rows: list[list[str]] = []
    # What breaks here breaks again when the file is read, and is told then.
    with suppress(csv.Error):
        rows.extend(row for row in islice(csv.reader(lines, delimiter=delimiter), _ROWS_LOOKED_AT) if row)
    if not rows or len(rows[0]) < 2:
        return 0.0, 0
    width = len(rows[0])
    return sum(len(row) == width for row in rows) / len(rows), width
