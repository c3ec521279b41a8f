"""Numbers of a file, where its cells could mean another number than the field would read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from amparo.metadata.fields.base import Rejected
from amparo.metadata.fields.numerals import ascii_digits
from amparo.metadata.wording import N_
from amparo.runtime.transfer.cells import Cell, Percentage

_SWAPPED = str.maketrans(".,", ",.")
_POINT_AFTER_COMMA = re.compile(r",.*\.")
_THREE_DECIMALS = re.compile(r"\.[0-9]{3}(?![0-9])")
#: Thousands apart by what is no comma.
_GROUPS = r"[0-9]{1,3}(?:[. \u00a0\u2009\u202f'\u2019][0-9]{3})+"
#: Only with a comma before the decimals can these be read: 1250,5 and 1.250,50 and 1 250,50, but not 1,250.
_ONLY_COMMA = re.compile(rf"[^0-9]*(?:{_GROUPS},[0-9]+|[0-9]+,(?:[0-9]{{1,2}}|[0-9]{{4,}}))[^0-9]*")
_MAYBE_COMMA = re.compile(rf"[^0-9]*(?:{_GROUPS}|[0-9]+)(?:,[0-9]+)?[^0-9]*")


def with_point(cell: Cell) -> Cell:
    """A number with a comma before its decimals, written with a point: ``1.250,5`` is ``1,250.5``.

    Raises :class:`Rejected` where a point stands after a comma.
    """
    if not isinstance(cell, str):
        return cell
    text = ascii_digits(cell)
    if _POINT_AFTER_COMMA.search(text):
        advice = N_("In this column a comma stands before the decimals. Write the number like 1250,5 or 1.250,5.")
        raise Rejected("ambiguous_number", advice)
    # With one zero more, which changes nothing, 1,250 is not taken for thousands.
    return _THREE_DECIMALS.sub(r"\g<0>0", text.translate(_SWAPPED), count=1)


def has_decimal_comma(texts: Sequence[str]) -> bool:
    """Whether some text can only be read with a comma before its decimals, and none contradicts."""
    numbers = [ascii_digits(text) for text in texts if text.strip()]
    return any(map(_ONLY_COMMA.fullmatch, numbers)) and all(map(_MAYBE_COMMA.fullmatch, numbers))


def sure_percent(cell: Cell) -> Cell:
    """A percentage out of a workbook, which keeps 50 % as 0.5: the cell's format says so, of XLSX alone it is known.

    Raises :class:`Rejected` for another number up to 1.
    """
    if isinstance(cell, Percentage):
        return Decimal(f"{(cell * 100).normalize():f}")
    if type(cell) in (int, Decimal) and 0 < abs(Decimal(str(cell))) <= 1:
        advice = N_("This could mean {number} or {hundredfold} percent. Write it as text, with the percent sign.")
        raise Rejected("ambiguous_number", advice, number=str(cell), hundredfold=f"{Decimal(str(cell)) * 100:.6g}")
    return cell
