"""The naughty strings go through text unchanged, or are refused with a reason."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from amparo.metadata.building import field_from
from amparo.metadata.fields.base import Coercer, CoercionContext, Rejected, Value
from amparo.metadata.fields.registry import FIELD_TYPES, field_type


@pytest.fixture(scope="module")
def strings(naughty: Path) -> list[str]:
    found: list[str] = json.loads((naughty / "blns.json").read_text("utf-8"))
    assert len(found) > 400
    return found


def test_long_text_keeps_every_one_exactly(strings: list[str], context: CoercionContext) -> None:
    definition = field_from({"id": "f", "name": "f", "type": "long_text", "label": "F"})
    coerce = field_type("long_text").coercer(definition, context)
    changed = [text for text in strings if coerce(text) != (text or None)]
    assert changed == []


def test_text_keeps_every_one_exactly_but_those_of_several_lines(strings: list[str], context: CoercionContext) -> None:
    definition = field_from({"id": "f", "name": "f", "type": "text", "label": "F", "max_length": 4000})
    coerce = field_type("text").coercer(definition, context)
    several_lines = [text for text in strings if len((text + "x").splitlines()) > 1]
    assert several_lines
    for text in strings:
        if text not in several_lines:
            assert coerce(text) == (text or None)
    for text in several_lines:
        with pytest.raises(Rejected) as caught:
            coerce(text)
        assert caught.value.kind == "line_break"


@pytest.mark.parametrize("name", FIELD_TYPES)
def test_no_type_breaks_on_any_of_them(strings: list[str], context: CoercionContext, name: str) -> None:
    options = {"picklist": "risk", "object": "resident", "format": {"style": "code"}}
    own = {key: value for key, value in options.items() if key in FIELD_TYPES[name].options}
    definition = field_from({"id": "f", "name": "f", "type": name, "label": "F", **own})
    coerce = field_type(name).coercer(definition, context)
    values = [value for text in strings if (value := taken_by(coerce, text)) is not None]
    kind = field_type(name)
    assert [kind.from_text(definition, kind.to_text(definition, value)) for value in values] == values


def taken_by(coerce: Coercer, text: str) -> Value | None:
    try:
        return coerce(text)
    except Rejected:
        return None
