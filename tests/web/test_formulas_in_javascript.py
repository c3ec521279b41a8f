"""The evaluator that browsers run gives what the one in Python gives."""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from amparo.admin.javascript_engine import JavaScriptEvaluator, find_node, javascript_evaluator
from amparo.metadata.formulas.checking import check_formula
from amparo.metadata.formulas.conformance import Unsupported, engine_of, run_cases
from amparo.metadata.formulas.evaluation import compile_formula
from amparo.metadata.formulas.failures import FormulaError
from amparo.metadata.formulas.functions.registry import FUNCTIONS
from amparo.metadata.formulas.printing import formula_text
from amparo.metadata.formulas.scope import Scope
from amparo.metadata.formulas.tree import Call, Literal, Node, Reference, nodes
from amparo.metadata.formulas.value_types import Blanks, ValueType
from amparo.metadata.formulas.values_json import value_to_json
from amparo.metadata.geolocations import Geolocation
from amparo.metadata.missing import Missing
from factories.formula_vectors import Vector, vectors
from factories.formulas import NOW, OF_DOUBLES, REASONS, RECORDS, SHAPES, VALUES, formulas
from factories.real_rules import blanks_of, real_formulas, shapes_around, tree_of
from servers.absence import report_absence

#: Neither the machine's time zone nor its language may matter: in Turkish i and I are no pair.
ELSEWHERE = {"TZ": "America/New_York", "LANG": "tr_TR.UTF-8", "LC_ALL": "tr_TR.UTF-8"}
ZONES = st.sampled_from(["UTC", "Asia/Phnom_Penh", "America/New_York", "Asia/Kathmandu", "Pacific/Apia"]).map(ZoneInfo)


@pytest.fixture(scope="module")
def javascript() -> Iterator[JavaScriptEvaluator]:
    if find_node() is None:
        report_absence("Node")
    with javascript_evaluator({**os.environ, **ELSEWHERE}) as evaluator:
        yield evaluator


def found(evaluate: Any, scope: Scope) -> Any:
    """A value, or an error with its place, as JSON."""
    try:
        return value_to_json(evaluate(scope))
    except FormulaError as error:
        return value_to_json(error)


def test_it_agrees_with_salesforce_in_every_shared_case(javascript: JavaScriptEvaluator, shared: Path) -> None:
    file = shared / "real" / "expressions" / "salesforce-formula" / "goldfiles.json"
    outcomes = run_cases(json.loads(file.read_text(encoding="utf-8")), engine_of(javascript.compile, NOW))
    assert len(outcomes) == 6124
    assert [each for each in outcomes if each.status != "passed"] == []


@settings(max_examples=200)
@given(data=st.data())
def test_a_real_rule_gives_of_any_record_what_it_gives_in_python(
    javascript: JavaScriptEvaluator, shared: Path, data: st.DataObject
) -> None:
    real = real_formulas(shared)
    each = data.draw(st.sampled_from(real))
    tree = tree_of(each, shapes_around(real))
    read = {node.key: node.type for node, _ in nodes(tree) if isinstance(node, Reference)}
    fields = {key: st.none() | VALUES[type_ or ValueType.TEXT] for key, type_ in read.items()}
    scope = Scope(data.draw(st.fixed_dictionaries(fields)), NOW, prior=data.draw(st.fixed_dictionaries(fields)))
    evaluate = javascript.compile(tree, blanks_of(each))
    assert found(evaluate, scope) == found(compile_formula(tree, blanks_of(each)), scope), each["name"]


@pytest.mark.parametrize("vector", vectors(), ids=lambda vector: vector.formula)
def test_it_gives_what_a_vector_expects_or_leaves_it_to_the_server(
    javascript: JavaScriptEvaluator, vector: Vector
) -> None:
    evaluate = javascript.compile(vector.tree, vector.blanks)
    if "javascript" in vector.left_by:
        with pytest.raises(Unsupported):
            vector.found(evaluate)
    else:
        assert vector.found(evaluate) == vector.expected


@pytest.mark.slow
@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(formulas(OF_DOUBLES), RECORDS, st.none() | RECORDS, REASONS, st.sampled_from(Blanks), ZONES)
def test_any_formula_gives_of_any_record_what_it_gives_in_python(
    javascript: JavaScriptEvaluator,
    tree: Node,
    answers: dict[str, Any],
    prior: dict[str, Any] | None,
    missing: dict[str, Missing],
    blanks: Blanks,
    zone: ZoneInfo,
) -> None:
    scope = Scope({**answers, **dict.fromkeys(missing)}, NOW, zone, prior, missing)
    expected = found(compile_formula(tree, blanks), scope)
    try:
        assert found(javascript.compile(tree, blanks), scope) == expected, formula_text(tree)
    except Unsupported as reason:
        # Random texts are seldom a pattern that both know; whatever else it leaves to the server is a fault.
        assert "regular expression" in str(reason) or "before 1980" in str(reason)  # noqa: PT017


@pytest.mark.parametrize("name", sorted(OF_DOUBLES - {"DISTANCE"}))
def test_a_function_of_doubles_gives_the_same_fifteen_digits(javascript: JavaScriptEvaluator, name: str) -> None:
    fields = tuple(Reference((field,), type=ValueType.NUMBER) for field in ("n", "m")[: FUNCTIONS[name].fewest])
    call = Call(name, fields, type=ValueType.NUMBER)
    for number in ("0.0001", "0.5", "1", "2.5", "10", "100.25", "-0.75", "-3", "700"):
        scope = Scope({"n": Decimal(number), "m": Decimal("1.5")}, NOW)
        ours, theirs = found(javascript.compile(call), scope), found(compile_formula(call), scope)
        if isinstance(theirs, dict):
            assert ours == theirs
        else:
            assert float(ours) == pytest.approx(float(theirs), rel=1e-14, abs=1e-15)


def test_a_distance_is_the_same_to_a_millimetre(javascript: JavaScriptEvaluator) -> None:
    tree = check_formula('DISTANCE(place, GEOLOCATION(11.5564, 104.9282), "km")', SHAPES, "case").tree
    assert tree is not None
    for point in ("11.556400,104.928200", "11.556401,104.928200", "-90.000000,0.000000", "40.712800,-74.006000"):
        scope = Scope({"place": Geolocation.parse(point)}, NOW)
        ours, theirs = found(javascript.compile(tree), scope), found(compile_formula(tree), scope)
        assert float(ours) == pytest.approx(float(theirs), rel=1e-12, abs=1e-6)


def test_every_function_is_known_to_it(javascript: JavaScriptEvaluator) -> None:
    unknown = []
    for function in FUNCTIONS.values():
        blanks = tuple(Literal(None, type=ValueType.BLANK) for _ in range(function.fewest))
        try:
            javascript.compile(Call(function.name, blanks, type=ValueType.BLANK))(Scope({}, NOW))
        except Unsupported as reason:
            unknown += [function.name] * str(reason).startswith("No function")
    assert unknown == []


def test_a_function_that_it_does_not_know_is_left_to_the_server(javascript: JavaScriptEvaluator) -> None:
    tree = Call("IFERROR", (Call("ABACUS", (), 8, 16), Literal(True)), 0, 20, ValueType.BOOLEAN)
    with pytest.raises(Unsupported, match="No function ABACUS"):
        javascript.compile(tree)(Scope({}, NOW))


def test_an_error_says_which_part_of_the_formula_could_not_be_computed(javascript: JavaScriptEvaluator) -> None:
    half = Call("/", (Literal(Decimal(1)), Literal(Decimal(0))), 4, 9, ValueType.NUMBER)
    tree = Call("+", (Literal(Decimal(1)), half), 0, 9, ValueType.NUMBER)
    assert found(javascript.compile(tree), Scope({}, NOW)) == {"error": "division_by_zero", "at": [4, 9]}


def test_today_is_the_organisations_day(javascript: JavaScriptEvaluator) -> None:
    today = javascript.compile(Call("TODAY", (), type=ValueType.DATE))
    assert today(Scope({}, NOW, ZoneInfo("Asia/Phnom_Penh"))) == dt.date(2026, 4, 1)
    assert today(Scope({}, NOW, ZoneInfo("America/New_York"))) == dt.date(2026, 3, 31)
