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


def _options() -> Any:
    options = re2.Options()
    options.log_errors = False
    options.max_mem = _MEMORY
    return options


@lru_cache(maxsize=64)
def _compiled(pattern: str) -> Any:
    """Raises :class:`FormulaError` for what is no pattern, or one that looks around or back."""
    try:
        return re2.compile(pattern, _options())
    except (re2.error, UnicodeError):
        if _AROUND.search(pattern):
            advice = N_("A regular expression cannot look ahead or back here, as with (?= or \\1.")
            raise FormulaError("not_a_pattern", advice) from None
        raise FormulaError("not_a_pattern", N_("This is no regular expression that can be used here.")) from None


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
