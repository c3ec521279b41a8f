"""The page about formulas' functions, written from the functions themselves."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from amparo.metadata.formulas.functions.registry import FUNCTIONS
from amparo.metadata.formulas.limits import (
    DEEPEST,
    MOST_CHARACTERS,
    MOST_LEVELS,
    MOST_LOOKUPS,
    MOST_PARTS,
    MOST_PATTERNS,
    MOST_TEXT,
)
from amparo.metadata.formulas.shapes import GLOBALS
from amparo.metadata.formulas.signatures import Function, Parameter
from amparo.metadata.formulas.value_types import ValueType

_OPENING = """\
# Functions of formulas

Formulas are written in the Salesforce formula language, so rules that are brought along need no change. Functions may
be written in large or small letters. A text stands in `"` or `'`; `/* … */` is a comment. A field is named by its API
name, across lookups with a dot: `client.birth_date`.

Blank stays blank: where a function is given no value, its result is blank, unless its description says otherwise. A
condition over a blank is neither true nor false; IF takes it for false, and a rule is broken only where it is
certainly true. The same holds for a date that is known in part: `birth_date < DATE(2008, 1, 1)` of somebody born in
2008 is false, and of somebody born in 2007 or 2008 neither true nor false. A number without an answer counts as zero
in a formula that says so. Two texts are equal also when both are blank.

AGE, EARLIEST, LATEST and MISSINGREASON are Amparo's own; every other function is Salesforce's.
"""


def formula_functions_page() -> str:
    """The whole text of ``docs/implementers/formula-functions.md``."""
    lines = [_OPENING, *_globals(), *_limits()]
    for family, functions in groupby(FUNCTIONS.values(), key=lambda each: each.family):
        lines += [f"## {family}", "", "| | takes | gives | |", "|---|---|---|---|", *map(_row, functions), ""]
    return "\n".join(lines)


def _globals() -> Iterator[str]:
    names = (f"`{owner}.{name}`" for owner, shape in GLOBALS.items() for name in shape.fields)
    yield f"Beside fields there are {', '.join(names)}."
    yield ""


def _limits() -> Iterator[str]:
    yield f"A formula has at most {MOST_CHARACTERS:,} characters and {MOST_PARTS:,} parts. Functions stand at most"
    yield f"{DEEPEST} deep. It reads across at most {MOST_LOOKUPS} lookups, each reference across {MOST_LEVELS} of"
    yield f"them, has at most {MOST_PATTERNS} regular expressions, and makes no text of more than {MOST_TEXT:,}"
    yield "characters."
    yield ""


def _row(function: Function) -> str:
    takes = ", ".join(map(_parameter, function.parameters))
    gives = function.result.words if isinstance(function.result, ValueType) else "the type of what it is given"
    example = function.example.replace("|", "\\|")
    return f"| `{function.name}` | {takes or 'nothing'} | {gives} | {function.summary} `{example}` |"


def _parameter(parameter: Parameter) -> str:
    name = f"*{parameter.name}*" + " …" * parameter.repeats
    if parameter.types:
        name += f" ({' or '.join(sorted(each.words for each in _shown(parameter.types)))})"
    elif parameter.is_field:
        name += " (a field)"
    return f"[{name}]" if parameter.is_optional else name


def _shown(types: frozenset[ValueType]) -> frozenset[ValueType]:
    """Percent and currency are numbers."""
    return types - {ValueType.PERCENT, ValueType.CURRENCY}
