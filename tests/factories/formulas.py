"""Formulas drawn at random, with records to read, for whatever has to agree about their values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, cast

from hypothesis import assume
from hypothesis import strategies as st

from amparo.metadata.formulas.checking import check_formula
from amparo.metadata.formulas.functions.registry import FUNCTIONS
from amparo.metadata.formulas.printing import formula_text
from amparo.metadata.formulas.shapes import FieldShape, ObjectShape, Shapes
from amparo.metadata.formulas.signatures import Function
from amparo.metadata.formulas.tree import Call, Literal, Node, Reference
from amparo.metadata.formulas.value_types import NUMBERS, ValueType
from amparo.metadata.geolocations import Geolocation
from amparo.metadata.missing import Missing
from amparo.metadata.partial_dates import PartialDate

#: What the functions' examples read, and a second field of the types that are compared.
_NAMES = {
    ValueType.NUMBER: "age nights costs rate balance places guests number",
    ValueType.CURRENCY: "wage",
    ValueType.PERCENT: "share",
    ValueType.DATE: "opened_on closed_on consent_date",
    ValueType.PARTIAL_DATE: "birth_date arrived",
    ValueType.DATE_TIME: "updated_at seen_at",
    ValueType.TIME: "begins_at ends_at",
    ValueType.TEXT: "summary case_number phone email given_name family_name country_code code street city website"
    " answer",
    ValueType.BOOLEAN: "is_urgent",
    ValueType.LOOKUP: "owner",
    ValueType.PICKLIST: "status risk",
    ValueType.MULTI_SELECT: "needs",
    ValueType.GEOLOCATION: "place",
}
_FIELDS = {name: FieldShape(type_) for type_, names in _NAMES.items() for name in names.split()}
_CLIENT = {
    "name": FieldShape(ValueType.TEXT), "birth_date": FieldShape(ValueType.PARTIAL_DATE),
    "weight": FieldShape(ValueType.NUMBER), "gender": FieldShape(ValueType.PICKLIST),
}  # fmt: skip
SHAPES = Shapes(
    {
        "case": ObjectShape("Case", {**_FIELDS, "client": FieldShape(ValueType.LOOKUP, ("client",))}),
        "client": ObjectShape("Client", _CLIENT),
    }
)
#: What a formula on a case may read: its own fields, the client's across the lookup, and who acts.
_TYPES: Mapping[str, ValueType] = {
    **{name: shape.type for name, shape in _FIELDS.items()},
    **{f"client.{name}": shape.type for name, shape in _CLIENT.items()},
    "$User.id": ValueType.LOOKUP,
    "$User.name": ValueType.TEXT,
}
NOW = dt.datetime(2026, 3, 31, 18, 30, 15, 250_000, tzinfo=dt.UTC)

#: They reckon with doubles, in which engines differ behind the fifteenth digit.
OF_DOUBLES = frozenset({"EXP", "LN", "LOG", "SQRT", "SIN", "COS", "TAN", "ASIN", "ACOS", "ATAN", "ATAN2", "DISTANCE"})

#: What some functions can read as a date, a time, a number, a code, an object or a language.
_READABLE = (
    "2024-02-29", "2026-02-30", "2026-03-31 17:00:00", "17:30:15.250", "25:00:00.000", "-12.50", "1e3", "legal",
    '{"score": [1.50, {"a": true}]}', "\u00a0Đa \x1c", "tr", "km",
)  # fmt: skip
_TEXT = st.text(alphabet="ab1.-+ é\\[({*?ßİǆ🏠", min_size=1, max_size=6) | st.sampled_from(_READABLE)
_NUMBER = (
    st.integers(-5, 40).map(Decimal)
    | st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**12), max_value=10**12)
    | st.sampled_from(["0.005", "-0.5", "2.5", "-2.5", "0.333333333333333333", "99999999999999999.99"]).map(Decimal)
)
_DATE = st.dates() | st.sampled_from([dt.date(2024, 2, 29), dt.date(2025, 2, 28), dt.date(1, 1, 1), dt.date.max])
_PARTIAL = st.sampled_from("2010 2010-06 2010-06-15 2010-06-15~ 2009-07-01/2010-06-30 0001 9999".split())

VALUES: dict[ValueType, st.SearchStrategy[Any]] = {
    ValueType.NUMBER: _NUMBER,
    ValueType.CURRENCY: _NUMBER,
    ValueType.PERCENT: st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-1000, max_value=1000),
    ValueType.TEXT: _TEXT,
    ValueType.BOOLEAN: st.booleans(),
    ValueType.DATE: _DATE,
    ValueType.PARTIAL_DATE: _PARTIAL.map(PartialDate.parse),
    ValueType.DATE_TIME: st.datetimes(timezones=st.just(dt.UTC)),
    ValueType.TIME: st.times().map(lambda time: time.replace(microsecond=time.microsecond // 1000 * 1000)),
    ValueType.PICKLIST: st.sampled_from(["open", "new"]),
    ValueType.MULTI_SELECT: st.sampled_from([("legal",), ("legal", "shelter")]),
    ValueType.LOOKUP: st.uuids().map(str),
    ValueType.GEOLOCATION: st.sampled_from(["0.000000,0.000000", "11.556400,104.928200"]).map(Geolocation.parse),
}
#: A value or none for each field.
RECORDS = st.fixed_dictionaries({name: st.none() | VALUES[type_] for name, type_ in _TYPES.items()})
#: Why some of them have none.
REASONS = st.dictionaries(st.sampled_from(sorted(_TYPES)), st.sampled_from(Missing), max_size=5)

_LITERALS: dict[ValueType, st.SearchStrategy[Node]] = {
    ValueType.NUMBER: st.sampled_from("0 1 2 3 12 2.5 0.01 1e3 99999999999".split()).map(
        lambda each: Literal(Decimal(each))
    ),
    ValueType.TEXT: _TEXT.map(Literal),
    ValueType.BOOLEAN: st.booleans().map(Literal),
    ValueType.TIME: st.just(Call("TIMEVALUE", (Literal("17:30:15.250"),))),
    ValueType.DATE: st.just(Call("DATEVALUE", (Literal("2024-02-29"),))),
    ValueType.DATE_TIME: st.just(Call("DATETIMEVALUE", (Literal("2024-02-29 23:30:00"),))),
    ValueType.GEOLOCATION: st.just(Call("GEOLOCATION", (Reference(("costs",)), Literal(Decimal("104.5"))))),
}

Draw = Callable[[st.SearchStrategy[Any]], Any]
_MOMENTS = (ValueType.DATE, ValueType.DATE_TIME, ValueType.TIME)
_ORDERED = (ValueType.NUMBER, ValueType.TEXT, ValueType.PARTIAL_DATE, *_MOMENTS)
#: What formulas yield.
WANTED = st.sampled_from((ValueType.NUMBER, ValueType.TEXT, ValueType.BOOLEAN, *_MOMENTS))
_COMPARISONS = frozenset({"=", "<>", "<", "<=", ">", ">="})


@st.composite
def formulas(draw: Draw, without: frozenset[str] = frozenset(), depth: int = 3) -> Node:
    """A formula that the checker passed, on a case of :data:`SHAPES`, without some functions."""
    tree = _Drawing(draw, without).of(draw(WANTED), depth)
    checked = check_formula(formula_text(tree), SHAPES, "case").tree
    assume(checked is not None)
    return cast("Node", checked)


class _Drawing:
    """Draws formulas of a type, or nearly: the checker has the last word."""

    def __init__(self, draw: Draw, without: frozenset[str]) -> None:
        self._draw = draw
        self._without = without

    def of(self, wanted: ValueType, depth: int) -> Node:
        if depth == 0 or self._draw(st.integers(0, 5)) == 0:
            return self._leaf(wanted)
        makers = [each for each in FUNCTIONS.values() if each.name not in self._without and _may_yield(each, wanted)]
        if not makers:
            return self._leaf(wanted)
        # Those that yield any type would take the place of all others.
        makers += 2 * [each for each in makers if isinstance(each.result, ValueType)]
        function = self._draw(st.sampled_from(makers))
        types = self._types(function, wanted, self._count(function, wanted))
        return Call(function.name, tuple(self._argument(function, place, types, depth) for place in range(len(types))))

    def _count(self, function: Function, wanted: ValueType) -> int:
        fewest = 2 if wanted in _MOMENTS and function.is_operator else function.fewest
        count: int = self._draw(st.integers(fewest, fewest + 2 if function.most is None else function.most))
        if function.name == "CASE":
            return count + count % 2
        return count + 1 - count % 2 if function.name == "IFS" else count

    def _leaf(self, wanted: ValueType) -> Node:
        leaves: list[st.SearchStrategy[Node]] = [self._fields(wanted)]
        if wanted in _LITERALS:
            leaves.append(_LITERALS[wanted])
        if self._draw(st.integers(0, 15)) == 0:
            return Literal(None)
        return cast("Node", self._draw(st.one_of(*leaves)))

    def _fields(self, wanted: ValueType, *, is_own: bool = False) -> st.SearchStrategy[Node]:
        types = NUMBERS if wanted is ValueType.NUMBER else {wanted}
        names = [name for name, type_ in _TYPES.items() if type_ in types and not (is_own and "." in name)]
        return st.sampled_from(names).map(lambda name: Reference(tuple(name.split("."))))

    def _argument(self, function: Function, place: int, types: Sequence[ValueType], depth: int) -> Node:
        parameter = function.parameter(place, len(types))
        if parameter.is_field:
            return cast("Node", self._draw(self._fields(types[place], is_own=parameter.is_own)))
        if parameter.is_literal:
            return Literal(self._draw(st.sampled_from(["legal", "open", "score", "$.score[0]", ""])))
        return self.of(types[place], depth - 1)

    def _types(self, function: Function, wanted: ValueType, count: int) -> list[ValueType]:
        """A type for each argument that the checker is likely to take."""
        name = function.name
        if name in ("+", "-"):
            return self._sum(name, wanted, count)
        if name in ("=", "<>"):
            return [self._draw(st.sampled_from((*_ORDERED, ValueType.BOOLEAN, ValueType.LOOKUP)))] * count
        if name in _COMPARISONS or name == "IN":
            return [self._draw(st.sampled_from(_ORDERED))] * count
        if name == "CASE":
            of = self._draw(st.sampled_from((*_ORDERED, ValueType.PICKLIST)))
            given = ValueType.TEXT if of is ValueType.PICKLIST else of
            return [of, *[given, wanted] * ((count - 2) // 2), wanted]
        if name == "FORMATDURATION":
            of = self._draw(st.sampled_from((ValueType.NUMBER, ValueType.DATE_TIME, ValueType.TIME)))
            return [of, ValueType.BOOLEAN][:count] if of is ValueType.NUMBER else [of, of]
        return [self._type(function, place, wanted, count) for place in range(count)]

    def _sum(self, name: str, wanted: ValueType, count: int) -> list[ValueType]:
        if wanted is ValueType.NUMBER and name == "-" and count == 2:
            return [self._draw(st.sampled_from((ValueType.NUMBER, *_MOMENTS)))] * 2
        return [wanted] * count if wanted not in _MOMENTS else [wanted, ValueType.NUMBER][:count]

    def _type(self, function: Function, place: int, wanted: ValueType, count: int) -> ValueType:
        allowed = function.parameter(place, count).types
        if not allowed:
            is_any = function.name in ("ISBLANK", "ISNULL", "MISSINGREASON", "ISCHANGED")
            return cast("ValueType", self._draw(st.sampled_from(list(VALUES)))) if is_any else wanted
        if wanted in allowed and function.name == "ADDMONTHS":
            return wanted
        if ValueType.NUMBER in allowed and self._draw(st.integers(0, 3)):
            return ValueType.NUMBER
        return cast("ValueType", self._draw(st.sampled_from(sorted(allowed))))


def _may_yield(function: Function, wanted: ValueType) -> bool:
    if isinstance(function.result, ValueType):
        return function.result is wanted
    if function.name == "+":
        return wanted is not ValueType.BOOLEAN
    if function.name == "-":
        return wanted in (ValueType.NUMBER, *_MOMENTS)
    return function.name != "ADDMONTHS" or wanted in (ValueType.DATE, ValueType.DATE_TIME)
