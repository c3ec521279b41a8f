"""Texts. Lengths and places count code points, places from 1."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import Any

from amparo.metadata.formulas.currencies import currency_text
from amparo.metadata.formulas.decimals import CONTEXT, plain_text
from amparo.metadata.formulas.failures import FormulaError, too_long
from amparo.metadata.formulas.limits import MOST_TEXT
from amparo.metadata.formulas.signatures import Function, Parameter
from amparo.metadata.formulas.value_types import NUMBERS, ValueType
from amparo.metadata.wording import N_

_FAMILY = "Text"
_TEXT = frozenset({ValueType.TEXT})
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,9})?")
_LONGEST_NUMBER = 1_000
#: Languages whose i keeps its dot in capitals.
DOTTED_LANGUAGES = ("tr", "az")


def number_of(text: str) -> Decimal | None:
    """The number that a text is, in the digits 0 to 9; ``None`` for none."""
    if len(text) > _LONGEST_NUMBER or _NUMBER.fullmatch(text) is None:
        return None
    try:
        return CONTEXT.create_decimal(text)
    except ArithmeticError:
        return None


def _value(text: str) -> Decimal:
    number = number_of(text)
    if number is None:
        raise FormulaError("not_a_number", N_("This text is no number."))
    return number


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M:%S").rjust(19, "0") + "Z"
    if isinstance(value, dt.time):
        return value.isoformat("milliseconds")
    return str(value) if isinstance(value, dt.date) or not isinstance(value, (Decimal, int)) else plain_text(value)


def _left(text: str, count: Decimal) -> str | None:
    return text[: max(0, int(count))] or None


def _right(text: str, count: Decimal) -> str | None:
    return text[-int(count) :] if count >= 1 else None


def _mid(text: str, start: Decimal, count: Decimal) -> str | None:
    first = max(int(start), 1) - 1
    return text[first : first + max(int(count), 0)] or None


def _substring(text: str, start: Decimal, count: Decimal | None = None) -> str | None:
    first, length = int(start), len(text)
    if abs(first) > length:
        return None
    begin = first + length if first < 0 else max(first, 1) - 1
    end = length if count is None else begin + max(int(count), 0)
    return text[begin:end] or None


def _find(sought: str | None, text: str | None, start: Decimal | None = Decimal(1)) -> Decimal:
    if sought is None or text is None:
        return Decimal(0)
    return Decimal(text.find(sought, max(int(start or 1) - 1, 0)) + 1)


def _begins(text: str | None, sought: str | None) -> bool | None:
    if sought is None:
        return True
    return None if text is None else text.startswith(sought)


def _ends(text: str | None, sought: str | None) -> bool | None:
    if sought is None:
        return True
    return None if text is None else text.endswith(sought)


def _contains(text: str | None, sought: str | None) -> bool | None:
    if sought is None:
        return True
    return None if text is None else sought in text


def _substitute(text: str | None, old: str | None, new: str | None) -> str | None:
    if text is None or old is None:
        return None
    added = new or ""
    if len(text) + text.count(old) * (len(added) - len(old)) > MOST_TEXT:
        raise too_long()
    return text.replace(old, added) or None


def _padding(text: str | None, length: Decimal | None, fill: str | None) -> tuple[str, str] | None:
    """The text, cut to the length, and what fills it up; ``None`` for nothing."""
    if text is None or length is None or length < 1:
        return None
    if length > MOST_TEXT:
        raise too_long()
    missing = max(int(length) - len(text), 0)
    pattern = fill or " "
    return text[: int(length)], (pattern * (missing // len(pattern) + 1))[:missing]


def _lpad(text: str | None, length: Decimal | None, fill: str | None = None) -> str | None:
    padded = _padding(text, length, fill)
    return padded and padded[1] + padded[0]


def _rpad(text: str | None, length: Decimal | None, fill: str | None = None) -> str | None:
    padded = _padding(text, length, fill)
    return padded and padded[0] + padded[1]


def _upper(text: str | None, language: str | None = None) -> str | None:
    if text is None:
        return None
    return (text.replace("i", "İ") if _is_dotted(language) else text).upper()


def _lower(text: str | None, language: str | None = None) -> str | None:
    if text is None:
        return None
    return (text.replace("İ", "i").replace("I", "ı") if _is_dotted(language) else text).lower()


def _is_dotted(language: str | None) -> bool:
    return (language or "").replace("-", "_").partition("_")[0].lower() in DOTTED_LANGUAGES


def _initcap(text: str) -> str:
    """A letter that follows no letter or digit in capitals, every other one small."""
    parts: list[str] = []
    before = " "
    for char in text:
        parts.append(char.lower() if before.isalnum() else char.upper())
        before = char
    return "".join(parts)


def _char(number: Decimal) -> str | None:
    point = int(number)
    is_character = 0 < point <= 0x10FFFF and not 0xD800 <= point <= 0xDFFF
    return chr(point) if is_character else None


def _hyperlink(url: str | None, label: str | None, target: str | None = None) -> str | None:
    return label or url


def _image(url: str | None, words: str | None, *size: Any) -> str | None:
    return words


def _currency(code: str | None, amount: Decimal | None) -> str | None:
    return None if amount is None else currency_text(code or "", amount)


def _function(name: str, summary: str, example: str, parameters: Any, apply: Any, **how: Any) -> Function:
    result = how.pop("result", ValueType.TEXT)
    return Function(name, _FAMILY, summary, example, parameters, result, apply=apply, **how)


_A_TEXT = Parameter("text", _TEXT)
_SOUGHT = Parameter("sought", _TEXT)
_COUNT = Parameter("count", NUMBERS)
_START = Parameter("start", NUMBERS)
_LANGUAGE = Parameter("language", _TEXT, is_optional=True)
_PADDED = (_A_TEXT, Parameter("length", NUMBERS), Parameter("fill", _TEXT, is_optional=True))
_SHOWN = frozenset(
    {*NUMBERS, ValueType.DATE, ValueType.PARTIAL_DATE, ValueType.DATE_TIME, ValueType.TIME, ValueType.PICKLIST}
)

FUNCTIONS = (
    _function("TEXT", N_("A number, a date, a time or a picklist's code as a text."), "TEXT(opened_on)",
              (Parameter("value", _SHOWN),), _text),
    _function("VALUE", N_("The number that a text is. An error when it is none."), 'VALUE("12.5")', (_A_TEXT,), _value,
              result=ValueType.NUMBER),
    _function("ISNUMBER", N_("True when a text is a number."), "ISNUMBER(case_number)", (_A_TEXT,),
              lambda text: text is not None and number_of(text) is not None, result=ValueType.BOOLEAN,
              takes_blanks=True),
    _function("LEN", N_("How many characters a text has."), "LEN(summary)", (_A_TEXT,),
              lambda text: Decimal(len(text or "")), result=ValueType.NUMBER, takes_blanks=True),
    _function("LEFT", N_("So many characters from the beginning."), "LEFT(case_number, 3)", (_A_TEXT, _COUNT), _left),
    _function("RIGHT", N_("So many characters from the end."), "RIGHT(case_number, 4)", (_A_TEXT, _COUNT), _right),
    _function("MID", N_("So many characters from a place on."), "MID(case_number, 3, 2)",
              (_A_TEXT, _START, _COUNT), _mid),
    _function("SUBSTR", N_("As MID; a negative place counts from the end, and without a count it goes to the end."),
              "SUBSTR(case_number, -4)", (_A_TEXT, _START, Parameter("count", NUMBERS, is_optional=True)), _substring),
    _function("FIND", N_("The place of a text in another one, from a place on; 0 when it is not there."),
              'FIND("-", case_number)', (_SOUGHT, _A_TEXT, Parameter("start", NUMBERS, is_optional=True)), _find,
              result=ValueType.NUMBER, takes_blanks=True),
    _function("BEGINS", N_("True when a text begins with another one."), 'BEGINS(phone, "+855")', (_A_TEXT, _SOUGHT),
              _begins, result=ValueType.BOOLEAN, takes_blanks=True),
    _function("ENDS", N_("True when a text ends with another one."), 'ENDS(email, ".org")', (_A_TEXT, _SOUGHT), _ends,
              result=ValueType.BOOLEAN, takes_blanks=True),
    _function("CONTAINS", N_("True when a text has another one in it."), 'CONTAINS(summary, "passport")',
              (_A_TEXT, _SOUGHT), _contains, result=ValueType.BOOLEAN, takes_blanks=True),
    _function("SUBSTITUTE", N_("A text with every old part replaced by a new one."), 'SUBSTITUTE(phone, " ", "")',
              (_A_TEXT, Parameter("old", _TEXT), Parameter("new", _TEXT)), _substitute, takes_blanks=True),
    _function("TRIM", N_("A text without spaces at its ends."), "TRIM(given_name)", (_A_TEXT,),
              lambda text: text.strip() or None),
    _function("UPPER", N_("A text in capitals; in Turkish and Azerbaijani with their own i."), "UPPER(country_code)",
              (_A_TEXT, _LANGUAGE), _upper, takes_blanks=True),
    _function("LOWER", N_("A text in small letters; in Turkish and Azerbaijani with their own i."), "LOWER(email)",
              (_A_TEXT, _LANGUAGE), _lower, takes_blanks=True),
    _function("INITCAP", N_("A text with every word's first letter in capitals."), "INITCAP(family_name)", (_A_TEXT,),
              _initcap),
    _function("LPAD", N_("A text filled up from the left, or cut, to a length."), 'LPAD(TEXT(number), 5, "0")', _PADDED,
              _lpad, takes_blanks=True),
    _function("RPAD", N_("A text filled up from the right, or cut, to a length."), 'RPAD(code, 8, ".")', _PADDED, _rpad,
              takes_blanks=True),
    _function("REVERSE", N_("A text from its last character to its first."), "REVERSE(case_number)", (_A_TEXT,),
              lambda text: text[::-1]),
    _function("ASCII", N_("The number of the first character's code point."), 'ASCII("A")', (_A_TEXT,),
              lambda text: Decimal(ord(text[0])), result=ValueType.NUMBER),
    _function("CHR", N_("The character of a code point; blank when there is none."), "CHR(65)",
              (Parameter("number", NUMBERS),), _char),
    _function("BR", N_("A line break."), "street & BR() & city", (), lambda: "\n"),
    _function("FORMATCURRENCY", N_("An amount with its currency's code and decimals."), 'FORMATCURRENCY("USD", costs)',
              (Parameter("code", _TEXT), Parameter("amount", NUMBERS)), _currency, takes_blanks=True),
    _function("HYPERLINK", N_("The words of a link. For formulas that are brought along: a text holds no link."),
              'HYPERLINK(website, "Website")', (Parameter("url", _TEXT), Parameter("label", _TEXT),
              Parameter("target", _TEXT, is_optional=True)), _hyperlink, takes_blanks=True),
    _function("IMAGE", N_("The words for a picture. For formulas that are brought along: a text holds no picture."),
              'IMAGE("/flags/red.png", "red")', (Parameter("url", _TEXT), Parameter("words", _TEXT),
              Parameter("height", NUMBERS, is_optional=True), Parameter("width", NUMBERS, is_optional=True)), _image,
              takes_blanks=True),
    _function("CASESAFEID", N_("The identifier itself. For formulas that are brought along."), "CASESAFEID(owner)",
              (Parameter("id", _TEXT),), lambda identifier: identifier),
)  # fmt: skip
