"""Numbers as people write them in eight languages, read without guessing.

Accepted: digits of the scripts Amparo serves; a point before the decimals;
groups of three (or Nepali groups, ``1,25,000``) separated by a comma, a space or
an apostrophe. Where a text could be two different numbers it is refused, not
rounded and not guessed.
"""

from __future__ import annotations

import math
import re
from decimal import Decimal
from typing import Any

from amparo.metadata.fields.base import Rejected
from amparo.metadata.wording import N_

#: First digit of: Arabic-Indic, Persian, Devanagari, Thai, Burmese, Shan, Khmer.
_ZEROS = (0x0660, 0x06F0, 0x0966, 0x0E50, 0x1040, 0x1090, 0x17E0)
_NATIVE_DIGITS = {zero + digit: str(digit) for zero in _ZEROS for digit in range(10)}
#: Arabic separators, the true minus sign, and the marks that copied right-to-left text carries.
_ARABIC_AND_MARKS = {0x066B: ".", 0x066C: ",", 0x2212: "-", 0x200E: None, 0x200F: None, 0x061C: None}
_TO_ASCII: dict[int, str | None] = {**_NATIVE_DIGITS, **_ARABIC_AND_MARKS}

_PLAIN = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}([, \u00a0\u2009\u202f'\u2019])[0-9]{3}(?:\1[0-9]{3})*(?:\.[0-9]*)?")
_LAKHS = re.compile(r"[+-]?[0-9]{1,2}(?:,[0-9]{2})*,[0-9]{3}(?:\.[0-9]*)?")
_COMMA_DECIMALS = re.compile(r"[+-]?[0-9]+(?:[. \u00a0\u202f][0-9]{3})*,[0-9]*")
_THREE_AFTER_POINT = re.compile(r"[+-]?[0-9]{1,3}\.[0-9]{3}")
_SEPARATORS = dict.fromkeys(map(ord, ", \u00a0\u2009\u202f'\u2019"))
#: No number a field can hold is longer; Python refuses to read absurdly long ones quickly.
_LONGEST = 60


def ascii_digits(text: str) -> str:
    """The text without white space around it, its native digits and separators written in ASCII."""
    return text.translate(_TO_ASCII).strip()


def read_number(raw: Any, decimals: int) -> Decimal:
    """The exact number in ``raw``, at most ``decimals`` digits after the point; raises :class:`Rejected`."""
    if isinstance(raw, str):
        number = _from_text(raw, decimals)
    elif isinstance(raw, bool) or not isinstance(raw, (int, float, Decimal)):
        raise Rejected("not_a_number", N_("Write a number, in digits."))
    elif isinstance(raw, float):
        number = _finite(Decimal(repr(raw))) if math.isfinite(raw) else _finite(Decimal("NaN"))
    else:
        number = _finite(Decimal(raw))
    return _exactly(number, decimals)


def _from_text(raw: str, decimals: int) -> Decimal:
    text = ascii_digits(raw)
    if len(text) > _LONGEST:
        raise Rejected("not_a_number", N_("Write a number of at most {maximum} digits."), maximum=18)
    if not (_PLAIN.fullmatch(text) or _GROUPED.fullmatch(text) or _LAKHS.fullmatch(text)):
        if _COMMA_DECIMALS.fullmatch(text):
            raise Rejected("ambiguous_number", N_("Write the decimals after a point, like 1250.5, not after a comma."))
        raise Rejected("not_a_number", N_("Write a number in digits, like 1250 or 1250.5."))
    if decimals < 3 and _THREE_AFTER_POINT.fullmatch(text):
        advice = N_("This could be thousands or decimals. Write it without a separator, like 1250 or 1.25.")
        raise Rejected("ambiguous_number", advice)
    return Decimal(text.translate(_SEPARATORS))


def _finite(number: Decimal) -> Decimal:
    if not number.is_finite():
        raise Rejected("not_a_number", N_("Write a number, in digits."))
    return number


def _exactly(number: Decimal, decimals: int) -> Decimal:
    """The number, refused when it has more decimals than the field keeps or is too large for any field."""
    if number and number.adjusted() > 20:
        raise Rejected("too_large", N_("Write a number of at most {maximum} digits."), maximum=18)
    if -int(number.normalize().as_tuple().exponent) > decimals:
        if decimals == 0:
            raise Rejected("too_many_decimals", N_("Write a whole number, without decimals."))
        advice = N_("Write at most {decimals} digits after the point.")
        raise Rejected("too_many_decimals", advice, decimals=decimals)
    return number
