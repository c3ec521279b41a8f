"""One battery over every field type."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amparo.metadata.building import application_from, field_from
from amparo.metadata.collecting import collect
from amparo.metadata.fields.base import CoercionContext, FieldType, Rejected
from amparo.metadata.fields.registry import FIELD_TYPES, field_type
from amparo.metadata.fields.text import Text
from amparo.metadata.model import FieldDefinition
from amparo.metadata.reading import read_folder
from metadata.samples import SAMPLES

SHELTER = Path(__file__).parent / "shelter"
CONTEXT = CoercionContext(application_from(read_folder(SHELTER).document))
scalars = (
    *(st.booleans(), st.integers(), st.floats(), st.decimals()),
    *(st.text(), st.binary(), st.dates(), st.datetimes()),
)
anything = st.recursive(
    st.one_of(scalars), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=4
)


def definition_of(name: str, options: Mapping[str, Any] | None = None) -> FieldDefinition:
    chosen = SAMPLES[name].options if options is None else options
    return field_from({"id": "f", "name": "f", "type": name, "label": "F", **chosen})


def coercer_of(name: str) -> Callable[[Any], Any]:
    return field_type(name).coercer(definition_of(name), CONTEXT)


def test_the_battery_knows_every_type() -> None:
    assert list(SAMPLES) == list(FIELD_TYPES)


def test_two_types_of_one_name_are_refused_at_the_start() -> None:
    with pytest.raises(ValueError, match="'text'"):
        collect([Text(), Text()])


@pytest.mark.parametrize("name", FIELD_TYPES)
def test_a_type_says_what_it_is_to_implementation_staff(name: str) -> None:
    kind: FieldType = field_type(name)
    assert kind.label
    assert kind.summary.endswith(".")
    assert all(option["description"].endswith(".") for option in kind.options.values())
    assert set(kind.required_options) <= set(kind.options)


@pytest.mark.parametrize("name", FIELD_TYPES)
def test_nothing_and_empty_text_are_blank(name: str) -> None:
    assert coercer_of(name)("") is None


@pytest.mark.parametrize(
    ("name", "raw", "value", "text"),
    [(name, *taken) for name, sample in SAMPLES.items() for taken in sample.taken],
)
def test_input_becomes_a_value_and_its_canonical_text(name: str, raw: Any, value: Any, text: str) -> None:
    found = coercer_of(name)(raw)
    assert found == value
    assert type(found) is type(value)
    assert field_type(name).to_text(definition_of(name), found) == text


@pytest.mark.parametrize(
    ("name", "raw", "kind"),
    [(name, *refused) for name, sample in SAMPLES.items() for refused in sample.refused],
    ids=lambda each: repr(each)[:30],
)
def test_other_input_is_refused_with_advice(name: str, raw: Any, kind: str) -> None:
    with pytest.raises(Rejected) as caught:
        coercer_of(name)(raw)
    assert caught.value.kind == kind
    message = caught.value.at("f", raw).message
    assert message.endswith((".", "?"))
    assert "{" not in message


@pytest.mark.parametrize("name", FIELD_TYPES)
@given(data=st.data())
def test_a_value_survives_its_canonical_text_and_is_itself_as_input(name: str, data: st.DataObject) -> None:
    value = data.draw(SAMPLES[name].values)
    kind, definition = field_type(name), definition_of(name)
    text = kind.to_text(definition, value)
    again = kind.from_text(definition, text)
    assert again == value
    assert type(again) is type(value)
    assert kind.to_text(definition, again) == text
    options = {key: option for key, option in SAMPLES[name].options.items() if key != "max_length"}
    coerce = kind.coercer(definition_of(name, options), CONTEXT)
    assert coerce(value) == value
    assert coerce(text) == value


@given(raw=anything)
@settings(max_examples=300)
def test_any_input_is_taken_or_refused_and_never_breaks(raw: Any) -> None:
    """Every type gets each input: making one takes longer than asking all types."""
    for name in FIELD_TYPES:
        kind, definition = field_type(name), definition_of(name)
        try:
            value = kind.coercer(definition, CONTEXT)(raw)
        except Rejected:
            continue
        if value is not None:
            again = kind.from_text(definition, kind.to_text(definition, value))
            assert (name, again) == (name, value)


def test_a_decimal_has_no_more_digits_than_its_precision_and_keeps_its_bounds() -> None:
    definition = definition_of("decimal", {"decimals": 3, "precision": 6, "minimum": -1.5, "maximum": 5000})
    coerce = field_type("decimal").coercer(definition, CONTEXT)
    assert coerce("999.999") == Decimal("999.999")
    assert coerce("1.250") == Decimal("1.250")
    for refused in ("1000", "-1.501"):
        with pytest.raises(Rejected) as caught:
            coerce(refused)
        assert caught.value.params == {"minimum": "-1.5", "maximum": "999.999"}


@pytest.mark.parametrize(
    ("name", "options", "raw"),
    [
        ("integer", {"minimum": 0, "maximum": 5}, 6),
        ("integer", {"minimum": 0}, -1),
        ("date", {"minimum": "2000-01-01"}, "1999-12-31"),
        ("date", {"maximum": "2000-01-01"}, dt.date(2000, 1, 2)),
    ],
)
def test_bounds_are_kept(name: str, options: Mapping[str, Any], raw: Any) -> None:
    with pytest.raises(Rejected) as caught:
        field_type(name).coercer(definition_of(name, options), CONTEXT)(raw)
    assert caught.value.kind == "out_of_range"


def test_canonical_text_of_earlier_options_is_still_read() -> None:
    picklist, codes = field_type("picklist"), field_type("multi_select")
    assert picklist.from_text(definition_of("picklist"), "gone") == "gone"
    assert codes.from_text(definition_of("multi_select"), "|gone|km|") == ("gone", "km")
    assert field_type("text").from_text(definition_of("text"), "x" * 4000) == "x" * 4000


def test_near_options_are_named() -> None:
    for raw, near in (("Low", "low"), ("hig", "high"), ("HIGH", "high")):
        with pytest.raises(Rejected) as caught:
            coercer_of("picklist")(raw)
        assert caught.value.params["near"] == near
