"""Values out of a text that is JSON."""

from __future__ import annotations

import json
import re
from typing import Any

from amparo.metadata.formulas.failures import FormulaError
from amparo.metadata.formulas.signatures import Function, Parameter
from amparo.metadata.formulas.value_types import ValueType
from amparo.metadata.wording import N_

_FAMILY = "JSON"
_TEXT = frozenset({ValueType.TEXT})
_STEP = re.compile(r"\.([^.\[\]]+)|\[([0-9]{1,9})\]|\['([^']*)'\]|\[\"([^\"]*)\"\]")


def _read(text: str) -> Any:
    """Numbers stay as they are written. Half a character, as an escape can write it, could not be kept."""
    try:
        content = json.loads(text, parse_float=str, parse_int=str, parse_constant=str)
        if "\\u" in text:
            json.dumps(content, ensure_ascii=False).encode()
        return content
    except (ValueError, RecursionError):
        raise FormulaError("not_json", N_("This text is no JSON.")) from None


def _value(text: str, key: str) -> str | None:
    content = _read(text)
    return _leaf(content.get(key)) if isinstance(content, dict) else None


def _leaf(value: Any) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    return (value or None) if isinstance(value, str) else None


def _path_value(text: str, path: str) -> str | None:
    """Blank wherever there is nothing, or no JSON."""
    try:
        content = _read(text)
    except FormulaError:
        return None
    rest = path.removeprefix("$") if path.startswith("$") else f".{path}"
    while rest:
        step = _STEP.match(rest)
        if step is None:
            return None
        content = _inside(content, *step.groups())
        rest = rest[step.end() :]
    if isinstance(content, (dict, list)):
        return json.dumps(content, ensure_ascii=False)
    return _leaf(content)


def _inside(content: Any, name: str | None, index: str | None, *quoted: str | None) -> Any:
    if index is not None:
        return content[int(index)] if isinstance(content, list) and int(index) < len(content) else None
    key = next(each for each in (name, *quoted) if each is not None)
    return content.get(key) if isinstance(content, dict) else None


FUNCTIONS = (
    Function("JSONVALUE", _FAMILY, N_("The value of a key in an object, as a text."), "JSONVALUE(answer, 'score')",
             (Parameter("json", _TEXT), Parameter("key", _TEXT, is_literal=True)), ValueType.TEXT, apply=_value),
    Function("JSONPATHVALUE", _FAMILY, N_("The value at a path such as $.scores[0].total, as a text."),
             "JSONPATHVALUE(answer, '$.scores[0]')",
             (Parameter("json", _TEXT), Parameter("path", _TEXT, is_literal=True)), ValueType.TEXT,
             apply=_path_value),
)  # fmt: skip
