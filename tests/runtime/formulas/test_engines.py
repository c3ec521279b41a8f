"""The engines in the databases give what the engine in Python gives."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from amparo.metadata.formulas.checking import check_formula
from amparo.metadata.formulas.conformance import run_cases
from amparo.metadata.formulas.evaluation import compile_formula
from amparo.metadata.formulas.failures import FormulaError
from amparo.metadata.formulas.functions.registry import FUNCTIONS
from amparo.metadata.formulas.printing import formula_text
from amparo.metadata.formulas.sayable import UNSAYABLE, reason_not_sayable
from amparo.metadata.formulas.scope import Scope
from amparo.metadata.formulas.tree import Call, Literal, Node, Reference, nodes
from amparo.metadata.formulas.value_types import Blanks, ValueType
from amparo.metadata.formulas.values_json import value_to_json
from amparo.metadata.missing import Missing
from amparo.runtime.formulas.clock import Clock
from amparo.runtime.formulas.conformance import prepared, sql_engine
from amparo.runtime.formulas.functions.registry import BUILDERS
from factories.formula_vectors import Vector, vectors
from factories.formulas import NOW, OF_DOUBLES, REASONS, RECORDS, SHAPES, VALUES, formulas
from factories.real_rules import blanks_of, real_formulas, shapes_around, tree_of

ZONE = ZoneInfo("Asia/Phnom_Penh")
#: A field of the record that cannot be computed, as a formula that is one.
_WRONG = Call("/", (Literal(Decimal(1)), Literal(Decimal(0))), type=ValueType.NUMBER)


def is_put(vector: Vector) -> bool:
    """Whether SQL can say it; a point on the map is no column that a formula yields."""
    return reason_not_sayable(vector.tree) is None and vector.tree.type is not ValueType.GEOLOCATION


@pytest.mark.every_database
@pytest.mark.parametrize("vector", [each for each in vectors() if is_put(each)], ids=lambda vector: vector.formula)
def test_a_database_gives_what_a_vector_expects(vector: Vector, connection: Connection) -> None:
    wrong = [name for name, value in vector.values.items() if isinstance(value, FormulaError)]
    computed: list[tuple[str, Node]] = [(name, _WRONG) for name in wrong]
    evaluate = prepared(connection, [*computed, ("", vector.tree)], Clock(vector.now, vector.zone), vector.blanks)
    found = vector.found(lambda scope: evaluate(scope.values, scope.missing))
    assert without_kind(found) == without_kind(vector.expected)


def without_kind(value: Any) -> Any:
    """In SQL one error is as good as another."""
    return "an error" if isinstance(value, Mapping) else value


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(
    formulas(OF_DOUBLES | UNSAYABLE.keys()), st.lists(st.tuples(RECORDS, REASONS), min_size=1, max_size=3),
    st.sampled_from(Blanks),
)  # fmt: skip
def test_a_database_gives_what_python_gives(
    connection: Connection, tree: Node, records: list[tuple[dict[str, Any], dict[str, Missing]]], blanks: Blanks
) -> None:
    compute = compile_formula(tree, blanks)
    with connection.begin_nested() as savepoint:
        evaluate = prepared(connection, [("", tree)], Clock(NOW, ZONE), blanks)
        for record, missing in records:
            scope = Scope({**record, **dict.fromkeys(missing)}, NOW, ZONE, missing=missing)
            found = outcome(lambda each: evaluate(each.values, each.missing), scope)
            assert found == outcome(compute, scope), (formula_text(tree), record, missing)
        savepoint.rollback()


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_real_rule_gives_of_any_record_what_it_gives_in_python(
    connection: Connection, shared: Path, data: st.DataObject
) -> None:
    real = real_formulas(shared)
    each = data.draw(st.sampled_from(real))
    tree, blanks = tree_of(each, shapes_around(real)), blanks_of(each)
    assume(reason_not_sayable(tree) is None)
    read = {node.key: node.type for node, _ in nodes(tree) if isinstance(node, Reference)}
    answers = data.draw(st.fixed_dictionaries({key: st.none() | VALUES[type_] for key, type_ in read.items() if type_}))
    evaluate = prepared(connection, [("", tree)], Clock(NOW, ZONE), blanks)
    expected = outcome(compile_formula(tree, blanks), Scope(answers, NOW, ZONE))
    assert outcome(evaluate, answers) == expected, (each["name"], answers)


def outcome(compute: Callable[[Any], Any], given_: Any) -> Any:
    try:
        return value_to_json(compute(given_))
    except FormulaError:
        return "an error"


def test_every_function_is_said_in_sql_or_has_a_reason_why_not() -> None:
    assert BUILDERS.keys() | UNSAYABLE.keys() == FUNCTIONS.keys()
    assert not BUILDERS.keys() & UNSAYABLE.keys()


def test_what_sql_cannot_say_is_known_beforehand() -> None:
    pattern = Call("REGEX", (Reference(("phone",)), Literal("[0-9]+")))
    reason = reason_not_sayable(Call("NOT", (pattern,)))
    assert reason is not None
    assert reason.startswith("REGEX: ")
    assert reason_not_sayable(Reference(("phone",))) is None


def test_a_formula_that_is_large_is_computed_after_the_query() -> None:
    large = Call("AND", (Reference(("is_urgent",)),) * 600)
    reason = reason_not_sayable(large)
    assert reason is not None
    assert reason.startswith("It has 601 parts")


#: Chains, nests and lists as large as SQL takes them, each in its own way too deep for a parser that it is written for.
_LARGE = (
    "/".join(["age"] * 49),
    "OR(" + ",".join(["age / nights > 1"] * 90) + ")",
    "AND(" + ",".join(["age > 0"] * 160) + ")",
    "&".join(["phone"] * 450),
    "CASE(age, " + ",".join(f"{number}, {number}" for number in range(240)) + ", 0)",
    "IN(age, " + ",".join(map(str, range(450))) + ")",
    "MAX(" + ",".join(["age"] * 450) + ")",
    "IF(age > 1, " * 48 + "1" + ", 2)" * 48,
    "SUBSTITUTE(" * 48 + "phone" + ', "a", "b")' * 48,
    "ADDMONTHS(" * 45 + "DATE(2020, 1, 31)" + ", 1)" * 45,
)


@pytest.mark.parametrize("formula", _LARGE, ids=lambda formula: formula[:20])
def test_a_database_computes_the_largest_formulas(formula: str, connection: Connection) -> None:
    checked = check_formula(formula, SHAPES, "case")
    assert checked.tree is not None, checked.problems
    assert reason_not_sayable(checked.tree) is None
    answers = {"age": Decimal(3), "nights": Decimal(7), "phone": "a1"}
    evaluate = prepared(connection, [("", checked.tree)], Clock(NOW, ZONE), Blanks.AS_BLANK)
    expected = outcome(compile_formula(checked.tree), Scope(answers, NOW, ZONE))
    assert outcome(evaluate, answers) == expected


def test_a_sample_of_salesforces_cases_passes_in_the_database(connection: Connection, shared: Path) -> None:
    """Every fifth instance, which has some 1,200 of the 6,124 outcomes; ``make conformance`` puts them all."""
    file = shared / "real" / "expressions" / "salesforce-formula" / "goldfiles.json"
    found = run_cases(json.loads(file.read_text(encoding="utf-8"))[::5], sql_engine(connection, NOW))
    assert len(found) > 1000
    assert [each for each in found if each.status == "failed"] == []
    assert {each.found for each in found if each.status == "skipped"} <= {
        f"{name}: {UNSAYABLE[name]}" for name in ("JSONVALUE", "JSONPATHVALUE")
    }
