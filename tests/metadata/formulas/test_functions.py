"""Functions are data: described, with examples that work, and sound whatever they are given."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from typing import Any

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
from amparo.metadata.formulas.signatures import Function
from amparo.metadata.formulas.tree import Call, Node, nodes
from amparo.metadata.formulas.tree_json import tree_from_json, tree_to_json
from amparo.metadata.formulas.value_types import NUMBERS, Blanks, ValueType
from amparo.metadata.formulas.values_json import value_from_json, value_to_json
from amparo.metadata.geolocations import Geolocation
from amparo.metadata.partial_dates import PartialDate
from factories.formulas import NOW, RECORDS, SHAPES, formulas


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=lambda function: function.name)
def test_a_function_is_described_with_an_example_that_uses_it(function: Function) -> None:
    assert function.summary.endswith(".")
    assert (function.apply is None) != (function.build is None)
    checked = check_formula(function.example, SHAPES, "case")
    assert checked.tree is not None, checked.problems
    assert function.name in {node.name for node, _ in nodes(checked.tree) if isinstance(node, Call)}


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(formulas(), RECORDS, st.none() | RECORDS, st.sampled_from(Blanks))
def test_a_formula_that_is_checked_gives_a_value_of_its_type_or_an_error(
    tree: Node, answers: dict[str, Any], prior: dict[str, Any] | None, blanks: Blanks
) -> None:
    again = tree_from_json(json.loads(json.dumps(tree_to_json(tree))))
    assert tree_to_json(again) == tree_to_json(tree)
    assert parse(formula_text(tree)) == tree
    try:
        value = compile_formula(again, blanks)(Scope(answers, NOW, prior=prior))
    except FormulaError:
        return
    assert value is None or isinstance(value, PYTHON_TYPES[tree.type or ValueType.BLANK]), value
    assert value is None or value_from_json(value_to_json(value), tree.type or ValueType.BLANK) == value


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


#: What is typed by mistake, pasted, or brought along.
_SPOILT = (
    "", "nope", "$No.pe", "nope.nope", "NOPE(", '"', "'", "(", ")", ",", ";", " NOT ", "\u200f", "ឈ្មោះ", "\ud800",
    "\x00", "1", "/*", "\\", "{!", "“",
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(formulas(), st.integers(0, 120), st.integers(0, 6), st.sampled_from(_SPOILT))
def test_a_formula_that_is_spoilt_is_told_where_without_a_crash(tree: Node, at: int, length: int, put: str) -> None:
    text = formula_text(tree)
    spoilt = text[:at] + put + text[at + length :]
    checked = check_formula(spoilt, SHAPES, "case")
    assert (checked.tree is None) == bool(checked.problems)
    for problem in checked.problems:
        assert problem.message
        assert 0 <= problem.params.get("start", 0) <= problem.params.get("end", 0) <= len(spoilt)


@given(st.text(alphabet='IFANDage(),1.+-*/^&|!=<>" \nstatus', max_size=40))
def test_any_text_is_checked_without_a_crash(text: str) -> None:
    checked = check_formula(text, SHAPES, "case")
    assert (checked.tree is None) == bool(checked.problems)
