"""What a cell may hold in files that this program writes, so that it comes back unchanged.

A spreadsheet runs a text that looks like a formula, so such a text gets one
apostrophe before it; so does a text that begins with an apostrophe, to tell
the two apart. A reason for a missing answer is written as ``#`` and its code.
The last header of such a file is the marker: it survives a round trip through
a spreadsheet, and tells the import to undo exactly this. Source of what is
dangerous: OWASP, "CSV Injection".
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from operator import itemgetter

from amparo.metadata.missing import Missing

#: Headers that begin so are the program's own and hold no answers.
OWN_HEADER = "amparo:"
#: The last header of files whose cells are protected. The number is the version of these rules.
MARKER = "amparo:export:1"
ROW_HEADER = "amparo:row"
REASON_HEADER = "amparo:reason"
#: Records that a refused row speaks of and that other rows made, as ``object=identifier`` parted by spaces.
RECORDS_HEADER = "amparo:records"
#: The version at which an export wrote the record of a row, by which a later change of it is noticed.
VERSION_HEADER = "amparo:version"


@dataclass(frozen=True, slots=True)
class CellError:
    """A cell of a workbook whose formula failed; ``text`` is what it shows, such as ``#N/A``."""

    text: str


class Percentage(Decimal):
    """A number of a workbook that is shown as a percentage: 0.25, shown as 25 %."""


#: What a workbook's cell may hold beside text. Numbers with decimals are exact to the 15 digits a spreadsheet has.
Typed = int | Decimal | bool | dt.date | dt.datetime | dt.time | CellError
#: A CSV file has texts and reasons only. A blank cell is the empty text.
Cell = str | Missing | Typed

_REASONS = {f"#{reason.value}": reason for reason in Missing}
_DANGEROUS = frozenset("=+-@\t\r\n")
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f\u061c"
_NUMBER = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)*")


def cells_at(positions: Sequence[int]) -> Callable[[Sequence[Cell]], tuple[Cell, ...]]:
    """Takes the cells at these positions out of a row, which has that many."""
    # Of one position itemgetter would give the cell alone.
    return itemgetter(*positions) if len(positions) > 1 else lambda cells: tuple([cells[at] for at in positions])


def is_dangerous(text: str) -> bool:
    """A spreadsheet might run it, also after white space and in full-width letters."""
    if text[:1] in ("\t", "\r", "\n"):
        return True
    start = text.lstrip().lstrip(_INVISIBLE).lstrip()[:1]
    return bool(start) and unicodedata.normalize("NFKC", start)[:1] in _DANGEROUS


def protected(text: str) -> str:
    """A text as a cell: unchanged, or with one apostrophe before it."""
    if text and (text[0] == "'" or text in _REASONS or is_dangerous(text)):
        return "'" + text
    return text


def plain_text(cell: Cell) -> str:
    """A cell as text: days and times as ISO writes them, numbers with a point, a reason as its code."""
    if isinstance(cell, str):
        return str(cell)
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, dt.datetime):
        return cell.isoformat(" ")
    if isinstance(cell, (dt.date, dt.time)):
        return cell.isoformat()
    if isinstance(cell, Decimal):
        return format(cell, "f")
    return cell.text if isinstance(cell, CellError) else str(cell)


def as_workbook_text(cell: Cell) -> str:
    """A cell as the text of a workbook's cell, which no spreadsheet runs: only what import would misread is marked."""
    text = plain_text(cell)
    return "'" + text if text[:1] == "'" or text in _REASONS else text


def returned(cell: Cell) -> str:
    """A cell that was read, written again for somebody to correct. Plain numbers stay plain."""
    if isinstance(cell, Missing):
        return reason_cell(cell)
    text = plain_text(cell)
    return text if _NUMBER.fullmatch(text) else protected(text)


def reason_cell(reason: Missing) -> str:
    return f"#{reason.value}"


def unprotected(cell: str) -> Cell:
    """The inverse of :func:`protected` and :func:`reason_cell`."""
    if cell[:1] == "'":
        return cell[1:]
    return _REASONS.get(cell, cell)
