"""Where the table begins and ends in a sheet that people made for people: titles above it, totals below."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Sequence
from itertools import zip_longest

from amparo.runtime.searching import normalised
from amparo.runtime.transfer.cells import Cell
from amparo.runtime.transfer.comparable_texts import comparable_name, name_words

#: Rows that are looked at for the header.
ROWS_LOOKED_AT = 60
#: A second row of names is looked for in tables of at least so many columns; how alike names must be (1 is equal).
_FEWEST_NAMED, _ALIKE, _MOST_UNLIKE = 5, 0.6, 0.4
_NAMED_SHARE, _SHORTEST_PART, _SHORTEST_WORD = 0.9, 4, 3
_FEWEST_NUMBERED = 3
#: So many columns at least have no name in a row that names groups of them.
_FEWEST_GROUPED = 2
_LETTER = re.compile(r"[^\W\d_]")

#: What people write before a sum, in the languages of this program and of their neighbours.
_TOTAL_WORDS = frozenset(
    normalised(word)
    for word in (
        "total", "totals", "grand total", "sum", "subtotal", "sub-total", "sub total", "total general", "somme", "suma",
        "ጠቅላላ", "ድምር", "ጠቅላላ ድምር", "المجموع", "الإجمالي", "مجموع", "إجمالي", "စုစုပေါင်း", "សរុប", "សរុបរួម",
        "जम्मा", "कुल", "कुल जम्मा", "รวม", "ผลรวม", "รวมทั้งหมด", "ยอดรวม", "tổng", "tổng cộng", "tổng số", "cộng",
    )
)  # fmt: skip


def find_header(rows: Sequence[Sequence[Cell]]) -> int:
    """The place among the first rows of the one that names the columns.

    The first row of words that is about as wide as the table: titles above it
    are narrower. One row that is wider than all others is a mistake, not the table.
    """
    filled = [filled_cells(row) for row in rows]
    widths = sorted(filled, reverse=True)
    typical = widths[1] if len(widths) > 1 else widths[0]
    wide = [place for place, width in enumerate(filled) if width > typical / 2 and width >= min(2, typical)]
    named = next((place for place in wide if _is_words(rows[place])), None)
    if named is None:
        return wide[0] if wide else 0
    return named + 1 if _names_groups(rows[named], rows[named + 1 :]) else named


def _names_groups(header: Sequence[Cell], below: Sequence[Sequence[Cell]]) -> bool:
    """Whether a row names groups of columns, as merged cells do, and the one below it the columns themselves.

    That one names every column, those outside of groups once more, which a record would not; and below one of the
    names that the header leaves out a figure stands, where a record would have one itself.
    """
    names, records = below[0] if below else (), below[1:]
    pairs = list(zip_longest(header, names, fillvalue=""))
    left_out = [at for at, (group, name) in enumerate(pairs) if group == "" and name != ""]
    if len(left_out) < _FEWEST_GROUPED or not _is_words(names) or any(name == "" != group for group, name in pairs):
        return False
    alone = (pair for at, pair in enumerate(pairs) if pair[0] != "" and at + 1 not in left_out)
    return all(group == name for group, name in alone) and any(
        _LETTER.search(str(names[at])) and at < len(row) and _is_figure(row[at]) for at in left_out for row in records
    )


def repeats_names(header: Sequence[Cell], below: Sequence[Cell]) -> bool:
    """Whether a row says the names of the columns once more in other words, as forms for data entry do."""
    pairs = [(name, other) for name, other in zip(header, below, strict=False) if name != "" and other != ""]
    if len(pairs) < _FEWEST_NAMED or len(pairs) < filled_cells(below) * _NAMED_SHARE or not _is_words(below):
        return False
    alike = sum(isinstance(other, str) and _are_alike(str(name), other) for name, other in pairs)
    return alike >= math.ceil(len(pairs) * _ALIKE)


def is_total(row: Sequence[Cell]) -> bool:
    """Whether a row adds up others: a word for it first, and a number."""
    first = next((cell for cell in row if cell != ""), "")
    if not _is_total_word(first):
        return False
    others = [cell for cell in row if cell not in ("", first)]
    return any(_is_figure(cell) for cell in others)


def is_title(row: Sequence[Cell]) -> bool:
    """Whether a row of one filled cell may be the title of those below it, or a note: it says something in words."""
    return any(isinstance(cell, str) and _LETTER.search(cell) is not None for cell in row)


def filled_cells(row: Sequence[Cell]) -> int:
    """How many cells hold anything."""
    return sum(cell != "" and not (isinstance(cell, str) and cell.isspace()) for cell in row)


def _is_total_word(cell: Cell) -> bool:
    return isinstance(cell, str) and normalised(cell.strip(" :.：=")) in _TOTAL_WORDS


def counts_rows(values: Sequence[Cell]) -> bool:
    """Whether a column that has no name only numbers the rows: 1, 2, 3 …, perhaps down to the word for a total."""
    if values and _is_total_word(values[-1]):
        values = values[:-1]
    numbers = [int(value) for value in map(str, values) if value.isascii() and value.isdigit() and len(value) < 10]
    is_counted = len(numbers) == len(values) >= _FEWEST_NUMBERED
    return is_counted and all(number == numbers[0] + place for place, number in enumerate(numbers))


def _is_words(row: Sequence[Cell]) -> bool:
    cells = [cell for cell in row if cell != ""]
    words = sum(isinstance(cell, str) and _LETTER.search(cell) is not None for cell in cells)
    return words * 5 >= len(cells) * 4


def _is_figure(cell: Cell) -> bool:
    if isinstance(cell, str):
        return any(char.isdigit() for char in cell) and not _LETTER.search(cell)
    return not isinstance(cell, bool)


def _are_alike(name: str, other: str) -> bool:
    """They share a word, one holds the other, or they are spelled nearly the same."""
    words, others = set(name_words(name)), set(name_words(other))
    if any(len(word) >= _SHORTEST_WORD for word in words & others):
        return True
    short, long = sorted((comparable_name(name), comparable_name(other)), key=len)
    if len(short) >= _SHORTEST_PART and short in long:
        return True
    return difflib.SequenceMatcher(None, short, long).ratio() >= 1 - _MOST_UNLIKE
