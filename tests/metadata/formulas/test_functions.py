"""Functions are data: described, with examples that work, and sound whatever they are given."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from amparo.metadata.formulas.checking import check_formula
from amparo.metadata.formulas.evaluation import compile_formula
from amparo.metadata.formulas.failures import FormulaError
from amparo.metadata.formulas.functions.registry import FUNCTIONS
from amparo.metadata.formulas.parsing import parse
from amparo.metadata.formulas.printing import formula_text
from amparo.metadata.formulas.scope import Scope
from amparo.metadata.formulas.shapes import FieldShape, ObjectShape, Shapes
from amparo.metadata.formulas.signatures import Function
from amparo.metadata.formulas.tree import Call, Literal, Node, Reference, nodes
from amparo.metadata.formulas.tree_json import tree_from_json, tree_to_json
from amparo.metadata.formulas.value_types import NUMBERS, Blanks, ValueType
from amparo.metadata.geolocations import Geolocation
from amparo.metadata.partial_dates import PartialDate

#: What the examples read.
EXAMPLE_FIELDS = {
    ValueType.NUMBER: "age nights costs rate balance places guests number",
    ValueType.DATE: "opened_on closed_on consent_date",
    ValueType.PARTIAL_DATE: "birth_date",
    ValueType.DATE_TIME: "updated_at",
    ValueType.TEXT: "summary case_number phone email given_name family_name country_code code street city website"
    " answer",
    ValueType.LOOKUP: "owner",
    ValueType.PICKLIST: "status risk",
    ValueType.MULTI_SELECT: "needs",
    ValueType.GEOLOCATION: "place",
}
FIELDS = {name: FieldShape(type_) for type_, names in EXAMPLE_FIELDS.items() for name in names.split()}
SHAPES = Shapes({"case": ObjectShape("Case", {**FIELDS, "is_urgent": FieldShape(ValueType.BOOLEAN)})})


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=lambda function: function.name)
def test_a_function_is_described_with_an_example_that_uses_it(function: Function) -> None:
    assert function.summary.endswith(".")
    assert (function.apply is None) != (function.build is None)
    checked = check_formula(function.example, SHAPES, "case")
    assert checked.tree is not None, checked.problems
    assert function.name in {node.name for node, _ in nodes(checked.tree) if isinstance(node, Call)}


NOW = dt.datetime(2026, 3, 31, 12, tzinfo=dt.UTC)
TEXT = st.text(alphabet="ab1.-+ é\\[({*?", max_size=6)
NUMBER = st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**12), max_value=10**12)
VALUES: dict[ValueType, st.SearchStrategy[Any]] = {
    ValueType.NUMBER: NUMBER | st.integers(-5, 5),
    ValueType.TEXT: TEXT,
    ValueType.BOOLEAN: st.booleans(),
    ValueType.DATE: st.dates(),
    ValueType.PARTIAL_DATE: st.sampled_from(["2010", "2010-06", "2010-06-15", "0001", "9999"]).map(PartialDate.parse),
    ValueType.DATE_TIME: st.datetimes(timezones=st.just(dt.UTC)),
    ValueType.PICKLIST: st.sampled_from(["open", "new"]),
    ValueType.MULTI_SELECT: st.sampled_from([(), ("legal",), ("legal", "shelter")]),
    ValueType.LOOKUP: st.uuids(),
    ValueType.GEOLOCATION: st.just(Geolocation(Decimal(1), Decimal(2))),
}
RECORDS = st.fixed_dictionaries(
    {name: st.none() | VALUES[shape.type] for name, shape in SHAPES.objects["case"].fields.items()}
)
LITERALS: dict[ValueType, st.SearchStrategy[Node]] = {
    ValueType.NUMBER: st.sampled_from(["0", "1", "2.5", "1e3", "99999999999"]).map(lambda each: Literal(Decimal(each))),
    ValueType.TEXT: TEXT.map(Literal),
    ValueType.BOOLEAN: st.booleans().map(Literal),
}


@st.composite
def expressions(draw: Callable[..., Any], wanted: ValueType, depth: int) -> Node:
    """A formula of a type, or nearly: the checker has the last word."""
    leaves = [
        st.just(Reference((name,))) for name, shape in SHAPES.objects["case"].fields.items() if shape.type is wanted
    ]
    if depth == 0 or draw(st.integers(0, 4)) == 0:
        return cast(
            "Node", draw(st.one_of(*leaves, LITERALS.get(wanted, st.just(Literal(None))), st.just(Literal(None))))
        )
    makers = [each for each in FUNCTIONS.values() if each.result is wanted or not isinstance(each.result, ValueType)]
    function = draw(st.sampled_from(makers))
    most = function.fewest + 2 if function.most is None else function.most
    count = draw(st.integers(function.fewest, most))
    arguments = []
    for place in range(count):
        parameter = function.parameter(place, count)
        kinds = [each for each in parameter.types if each in VALUES] or [wanted]
        level = 0 if parameter.is_field or parameter.is_literal else depth - 1
        arguments.append(draw(expressions(draw(st.sampled_from(sorted(kinds))), level)))
    return Call(function.name, tuple(arguments))


WANTED = st.sampled_from([ValueType.NUMBER, ValueType.TEXT, ValueType.BOOLEAN, ValueType.DATE, ValueType.DATE_TIME])


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(WANTED.flatmap(lambda wanted: expressions(wanted, 3)), RECORDS, RECORDS, st.sampled_from(Blanks))
def test_a_formula_that_is_checked_gives_a_value_of_its_type_or_an_error(
    tree: Node, answers: dict[str, Any], prior: dict[str, Any], blanks: Blanks
) -> None:
    checked = check_formula(formula_text(tree), SHAPES, "case")
    if checked.tree is None:
        assert checked.problems
        return
    again = tree_from_json(json.loads(json.dumps(tree_to_json(checked.tree))))
    assert tree_to_json(again) == tree_to_json(checked.tree)
    assert parse(formula_text(checked.tree)) == checked.tree
    try:
        value = compile_formula(again, blanks)(Scope(answers, NOW, prior=prior))
    except FormulaError:
        return
    assert value is None or isinstance(value, PYTHON_TYPES[checked.tree.type or ValueType.BLANK]), (value, checked.type)


PYTHON_TYPES: dict[ValueType, Any] = {
    **dict.fromkeys(NUMBERS, (Decimal, int)),
    **dict.fromkeys((ValueType.TEXT, ValueType.LOOKUP, ValueType.PICKLIST), str),
    ValueType.BOOLEAN: bool,
    ValueType.DATE: dt.date,
    ValueType.PARTIAL_DATE: (PartialDate, dt.date),
    ValueType.DATE_TIME: dt.datetime,
    ValueType.TIME: dt.time,
    ValueType.MULTI_SELECT: tuple,
    ValueType.GEOLOCATION: Geolocation,
    ValueType.BLANK: type(None),
}


@given(st.text(alphabet='IFANDage(),1.+-*/^&|!=<>" \nstatus', max_size=40))
def test_any_text_is_checked_without_a_crash(text: str) -> None:
    checked = check_formula(text, SHAPES, "case")
    assert (checked.tree is None) == bool(checked.problems)
