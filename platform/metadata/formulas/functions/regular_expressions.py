"""Regular expressions, by an engine whose time grows with the text alone: no pattern makes it wait."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import re2

from amparo.metadata.formulas.failures import FormulaError
from amparo.metadata.formulas.signatures import Function, Mismatch, Parameter
from amparo.metadata.formulas.tree import Call, Literal
from amparo.metadata.formulas.value_types import ValueType
from amparo.metadata.wording import N_

_FAMILY = "Regular expressions"
_TEXT = frozenset({ValueType.TEXT})
#: Of one pattern, in bytes: enough for names of up to a hundred letters of any script.
_MEMORY = 8 << 20
_AROUND = re.compile(r"\(\?<?[=!]|\\[1-9]")
#: What is one thing in a pattern: a quotation, a character by its number, a class by its name, brackets, a character.
_PART = re.compile(
    r"\\Q.*?(?:\\E|\Z)|\\u(?P<point>[0-9A-Fa-f]{4})|\\(?P<sign>[pP])\{(?P<name>\w{3,})\}|\\.|\[:\^?\w+:\]|\[\^?|.",
    re.DOTALL,
)
#: Classes of Java, which Salesforce's patterns may have; RE2 has them in small letters, and scripts without "Is".
_CLASSES = frozenset("Alnum Alpha ASCII Blank Cntrl Digit Graph Lower Print Punct Space Upper XDigit".split())


def _options() -> Any:
    options = re2.Options()
    options.log_errors = False
    options.max_mem = _MEMORY
    return options


@lru_cache(maxsize=64)
def _compiled(pattern: str) -> Any:
    """Raises :class:`FormulaError` for what is no pattern, or one that looks around or back."""
    try:
        return re2.compile(_in_re2(pattern), _options())
    except (re2.error, UnicodeError):
        if _AROUND.search(pattern):
            advice = N_("A regular expression cannot look ahead or back here, as with (?= or \\1.")
            raise FormulaError("not_a_pattern", advice) from None
        raise FormulaError("not_a_pattern", N_("This is no regular expression that can be used here.")) from None


def _in_re2(pattern: str) -> str:
    """The same in RE2's syntax. What only Java has otherwise, RE2 refuses, but for what two classes have in common."""
    parts: list[str] = []
    is_in_class = False
    for part in _PART.finditer(pattern):
        parts.append(_part_in_re2(part, is_in_class))
        if part[0] in ("[", "[^", "]"):
            is_in_class = part[0] != "]"
    return "".join(parts)


def _part_in_re2(part: re.Match[str], is_in_class: bool) -> str:
    if part["point"]:
        return f"\\x{{{part['point']}}}"
    if part["name"] in _CLASSES:
        named = f"[:{'^' if part['sign'] == 'P' else ''}{part['name'].lower()}:]"
        return named if is_in_class else f"[{named}]"
    if part["name"] and part["name"].startswith("Is"):
        return f"\\{part['sign']}{{{part['name'][2:]}}}"
    if is_in_class and part.string.startswith("&&", part.start()):
        # What two classes have in common in Java; RE2 would take each of them, and the sign.
        raise re2.error
    return part[0]


def _matches(text: str | None, pattern: str | None) -> bool:
    return _compiled(pattern or "").fullmatch(text or "") is not None


def _check(call: Call) -> None:
    pattern = call.arguments[1]
    if isinstance(pattern, Literal) and isinstance(pattern.value, str):
        try:
            _compiled(pattern.value)
        except FormulaError as error:
            raise Mismatch(1, error.advice, **error.params) from None


FUNCTIONS = (
    Function("REGEX", _FAMILY, N_("True when the whole text matches a regular expression."),
             'REGEX(phone, "[+]?[0-9 ]{6,20}")', (Parameter("text", _TEXT), Parameter("pattern", _TEXT)),
             ValueType.BOOLEAN, apply=_matches, takes_blanks=True, check=_check),
)  # fmt: skip
