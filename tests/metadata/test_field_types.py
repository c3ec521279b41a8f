"""One battery over every field type."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amparo.metadata.building import application_from, field_from
from amparo.metadata.fields.base import CoercionContext, FieldType, Rejected
from amparo.metadata.fields.registry import FIELD_TYPES, collect, field_type
from amparo.metadata.fields.text import Text
from amparo.metadata.model import FieldDefinition
from amparo.metadata.reading import read_folder

SHELTER = Path(__file__).parent / "shelter"
SOMEBODY = uuid.UUID("0192f0c4-7b1e-7c3a-9d55-3f6a2b1c4d5e")
NOON = dt.datetime(2026, 11, 22, 12, 0, tzinfo=dt.UTC)
CONTEXT = CoercionContext(application_from(read_folder(SHELTER).document))


@dataclass(frozen=True)
class Sample:
    """What a type should do: (input, value, canonical text), refused (input, kind), and how to invent values."""

    taken: list[tuple[Any, Any, str]]
    refused: list[tuple[Any, str]]
    values: st.SearchStrategy[Any]
    options: Mapping[str, Any] = field(default_factory=dict)


plain_text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1)
#: Without everything that str.splitlines calls a line break.
line = plain_text.filter(lambda text: "\r" not in text and len(text.splitlines()) == 1 and text == text.splitlines()[0])
scalars = (
    *(st.booleans(), st.integers(), st.floats(), st.decimals()),
    *(st.text(), st.binary(), st.dates(), st.datetimes()),
)
anything = st.recursive(
    st.one_of(scalars), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=4
)

#: Input in a zone without summer time, and the instant it is.
INSTANTS = [
    ("2026-11-22T11:35:49.123456Z", "2026-11-22T11:35:49.123456Z"),
    ("2026-11-22 11:35", "2026-11-22T11:35:00.000000Z"),
    ("2026-11-22T18:35+07:00", "2026-11-22T11:35:00.000000Z"),
    ("2026-11-22t18:35+0700", "2026-11-22T11:35:00.000000Z"),
    ("២០២៦-១១-២២ ១១:៣៥", "2026-11-22T11:35:00.000000Z"),
    ("0001-01-01T00:00", "0001-01-01T00:00:00.000000Z"),
]

SAMPLES: Mapping[str, Sample] = {
    "text": Sample(
        taken=[
            ("  Srey ", "  Srey ", "  Srey "),
            ("e\u0301", "e\u0301", "e\u0301"),
            (" \t", " \t", " \t"),
            ("សុខ\u200bដារ៉ា", "សុខ\u200bដារ៉ា", "សុខ\u200bដារ៉ា"),
            ("=1+1", "=1+1", "=1+1"),
        ],
        refused=[
            ("a\0b", "bad_character"),
            ("\ud800", "bad_character"),
            *((f"a{char}b", "line_break") for char in "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"),
            ("x" * 11, "too_long"),
            (5, "not_text"),
            (["a"], "not_text"),
            (b"a", "not_text"),
        ],
        values=line,
        options={"max_length": 10},
    ),
    "long_text": Sample(
        taken=[("a\r\nb\rc\nd\u2028e", "a\r\nb\rc\nd\u2028e", "a\r\nb\rc\nd\u2028e"), ("\n", "\n", "\n")],
        refused=[("a\0", "bad_character"), ("\udfff", "bad_character"), ("x" * 21, "too_long"), (1.5, "not_text")],
        values=plain_text,
        options={"max_length": 20},
    ),
    "integer": Sample(
        taken=[
            (" 1,250 ", 1250, "1250"),
            ("-3", -3, "-3"),
            ("−3", -3, "-3"),
            (7.0, 7, "7"),
            (Decimal("7.00"), 7, "7"),
            ("+0007", 7, "7"),
            ("١٬٢٥٠", 1250, "1250"),
            ("۱۲۵۰", 1250, "1250"),
            ("१,२५,०००", 125000, "125000"),
            ("១២៥០", 1250, "1250"),
            ("၁၂၅၀", 1250, "1250"),
            ("๑๒๕๐", 1250, "1250"),
            ("1 250", 1250, "1250"),
            ("1\u202f250", 1250, "1250"),
            ("2'000'000", 2000000, "2000000"),
            ("12.0", 12, "12"),
            (str(2**63 - 1), 2**63 - 1, "9223372036854775807"),
        ],
        refused=[
            ("1.250", "ambiguous_number"),
            ("1.000", "ambiguous_number"),
            ("1.5", "too_many_decimals"),
            ("1,5", "ambiguous_number"),
            ("12,34", "ambiguous_number"),
            ("1,2345", "ambiguous_number"),
            ("1, 250", "not_a_number"),
            ("1e3", "not_a_number"),
            ("twelve", "not_a_number"),
            ("0x10", "not_a_number"),
            ("9" * 10_000, "not_a_number"),
            (2**63, "out_of_range"),
            ("-9223372036854775809", "out_of_range"),
            (1e300, "too_large"),
            (float("nan"), "not_a_number"),
            (float("inf"), "not_a_number"),
            (True, "not_a_number"),
            ([1], "not_a_number"),
        ],
        values=st.integers(-(2**63), 2**63 - 1),
    ),
    "decimal": Sample(
        taken=[
            (" 1,250.5 ", Decimal("1250.50"), "1250.50"),
            (1250.5, Decimal("1250.50"), "1250.50"),
            (3, Decimal("3.00"), "3.00"),
            ("-0", Decimal("0.00"), "0.00"),
            ("-0.00", Decimal("0.00"), "0.00"),
            (".5", Decimal("0.50"), "0.50"),
            ("7.", Decimal("7.00"), "7.00"),
            ("١٢٥٠٫٥", Decimal("1250.50"), "1250.50"),
            ("\u200f१२.५", Decimal("12.50"), "12.50"),
            ("1.5000", Decimal("1.50"), "1.50"),
            (Decimal("1E+2"), Decimal("100.00"), "100.00"),
        ],
        refused=[
            ("1.250,5", "ambiguous_number"),
            ("1250,5", "ambiguous_number"),
            ("1.250", "ambiguous_number"),
            ("1.255", "ambiguous_number"),
            ("1.2551", "too_many_decimals"),
            (0.1 + 0.2, "too_many_decimals"),
            (Decimal("NaN"), "not_a_number"),
            (Decimal("sNaN"), "not_a_number"),
            (Decimal("1E+30"), "too_large"),
            (10**16, "out_of_range"),
            ("abc", "not_a_number"),
            (False, "not_a_number"),
        ],
        values=st.decimals("-9999999999999999.99", "9999999999999999.99", places=2),
    ),
    "checkbox": Sample(
        taken=[
            (True, True, "true"),
            (" Yes ", True, "true"),
            ("ON", True, "true"),
            ("1", True, "true"),
            (1, True, "true"),
            ("false", False, "false"),
            ("no", False, "false"),
            ("off", False, "false"),
            (0, False, "false"),
        ],
        refused=[("maybe", "not_yes_or_no"), (2, "not_yes_or_no"), (1.0, "not_yes_or_no"), ([], "not_yes_or_no")],
        values=st.booleans(),
    ),
    "date": Sample(
        taken=[
            (" 2026-03-31 ", dt.date(2026, 3, 31), "2026-03-31"),
            (dt.date(1, 1, 1), dt.date(1, 1, 1), "0001-01-01"),
            ("9999-12-31", dt.date(9999, 12, 31), "9999-12-31"),
            ("២០២៦-០៣-៣១", dt.date(2026, 3, 31), "2026-03-31"),
            ("2024-02-29", dt.date(2024, 2, 29), "2024-02-29"),
        ],
        refused=[
            ("31/03/2026", "not_a_date"),
            ("2026-02-29", "not_a_date"),
            ("20260331", "not_a_date"),
            ("2026-W14-2", "not_a_date"),
            ("0000-01-01", "not_a_date"),
            ("2026-3-31", "not_a_date"),
            ("2026-03-31T00:00", "not_a_date"),
            (NOON, "not_a_date"),
            (20260331, "not_a_date"),
        ],
        values=st.dates(),
    ),
    "date_time": Sample(
        taken=[(text, dt.datetime.fromisoformat(instant), instant) for text, instant in INSTANTS],
        refused=[
            ("2026-11-22", "not_a_date_time"),
            ("2026-11-22 25:00", "not_a_date_time"),
            ("22.11.2026 10:00", "not_a_date_time"),
            ("2026-11-22T10:00:00.1234567", "not_a_date_time"),
            ("0001-01-01T00:00+10:00", "not_a_date_time"),
            (dt.date(2026, 11, 22), "not_a_date_time"),
            (1700000000, "not_a_date_time"),
        ],
        values=st.datetimes(timezones=st.just(dt.UTC)),
    ),
    "picklist": Sample(
        taken=[("low", "low", "low"), (" high ", "high", "high")],
        refused=[
            ("old", "option_inactive"),
            ("Low", "not_an_option"),
            ("lo", "not_an_option"),
            (1, "not_an_option"),
            (["low"], "not_an_option"),
            ({"a": 1}, "not_an_option"),
        ],
        values=st.sampled_from(["low", "high"]),
        options={"picklist": "risk"},
    ),
    "multi_select": Sample(
        taken=[
            (["vi", "km", "vi"], ("km", "vi"), "|km|vi|"),
            ("|vi|km|", ("km", "vi"), "|km|vi|"),
            (" vi ; km ;", ("km", "vi"), "|km|vi|"),
            ("km", ("km",), "|km|"),
            ({"my"}, ("my",), "|my|"),
        ],
        refused=[
            ("km;xx", "not_an_option"),
            (["km", 3], "not_an_option"),
            (7, "not_an_option"),
            ("km,vi", "not_an_option"),
        ],
        values=st.lists(st.sampled_from(["km", "my", "vi"]), min_size=1).map(lambda codes: tuple(sorted(set(codes)))),
        options={"picklist": "language"},
    ),
    "lookup": Sample(
        taken=[
            (SOMEBODY, SOMEBODY, str(SOMEBODY)),
            (f" {str(SOMEBODY).upper()} ", SOMEBODY, str(SOMEBODY)),
        ],
        refused=[
            (SOMEBODY.hex, "not_a_record"),
            (f"{{{SOMEBODY}}}", "not_a_record"),
            (f"urn:uuid:{SOMEBODY}", "not_a_record"),
            ("Srey", "not_a_record"),
            (SOMEBODY.int, "not_a_record"),
        ],
        values=st.uuids(),
        options={"object": "resident"},
    ),
    "master_detail": Sample(
        taken=[(str(SOMEBODY), SOMEBODY, str(SOMEBODY))],
        refused=[("1", "not_a_record")],
        values=st.uuids(),
        options={"object": "resident"},
    ),
    "auto_number": Sample(
        taken=[(" C-1 ", "C-1", "C-1")],
        refused=[(5, "not_text"), ("a\0", "bad_character")],
        values=line.filter(lambda text: text == text.strip()),
        options={"format": {"style": "sequence"}},
    ),
}


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
def test_a_value_survives_its_canonical_text(name: str, data: st.DataObject) -> None:
    value = data.draw(SAMPLES[name].values)
    kind, definition = field_type(name), definition_of(name)
    text = kind.to_text(definition, value)
    again = kind.from_text(definition, text)
    assert again == value
    assert type(again) is type(value)
    assert kind.to_text(definition, again) == text


@pytest.mark.parametrize("name", FIELD_TYPES)
@given(data=st.data())
def test_a_value_is_itself_as_input_and_so_is_its_text(name: str, data: st.DataObject) -> None:
    options = {key: value for key, value in SAMPLES[name].options.items() if key != "max_length"}
    value = data.draw(SAMPLES[name].values)
    kind, definition = field_type(name), definition_of(name, options)
    coerce = kind.coercer(definition, CONTEXT)
    assert coerce(value) == value
    assert coerce(kind.to_text(definition, value)) == value


@pytest.mark.parametrize("name", FIELD_TYPES)
@given(raw=anything)
def test_any_input_is_taken_or_refused_and_never_breaks(name: str, raw: Any) -> None:
    kind, definition = field_type(name), definition_of(name)
    try:
        value = kind.coercer(definition, CONTEXT)(raw)
    except Rejected:
        return
    if value is not None:
        assert kind.from_text(definition, kind.to_text(definition, value)) == value


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
