"""Hostile formulas: refused or an error, never a hang, and never the end of the memory or of the stack."""

from __future__ import annotations

import pytest

from amparo.metadata.formulas.checking import check_formula
from amparo.metadata.formulas.limits import (
    DEEPEST,
    MOST_CHARACTERS,
    MOST_LOOKUPS,
    MOST_PARTS,
    MOST_PATTERNS,
    MOST_TEXT,
    Price,
    price,
)
from amparo.metadata.formulas.parsing import parse
from amparo.metadata.formulas.shapes import FieldShape, ObjectShape, Shapes
from amparo.metadata.formulas.value_types import ValueType
from metadata.formulas.conftest import Compute


@pytest.mark.parametrize(
    ("formula", "kind"),
    [
        ("(" * 100_000, "too_long"),
        ("a" * 1_000_000, "too_long"),
        ('"' + "\\n" * 500_000 + '"', "too_long"),
        ("(" * MOST_CHARACTERS, "unfinished"),
        ("-" * (MOST_CHARACTERS - 1) + "1", "too_deep"),
        ("!" * (MOST_CHARACTERS - 1) + "a", "too_deep"),
        ("IF(" * 3000, "unfinished"),
        ("ABS(" * 1500 + "1" + ")" * 1500, "too_deep"),
        ("1" + "+1" * 1500, "too_deep"),
        ("a" + "&a" * 4000, "too_many_parts"),
        ("/* " * 3000, "open_comment"),
        ("'" * 9999, "unexpected"),
        ("9" * MOST_CHARACTERS, None),
        ("(" * 4000 + "1" + ")" * 4000, None),
        ("a" + "&a" * 1500, None),
    ],
)
def test_a_formula_that_costs_too_much_is_refused(formula: str, kind: str | None) -> None:
    result = parse(formula)
    if kind is None:
        assert not isinstance(result, list)
    else:
        assert isinstance(result, list)
        assert kind in [problem.kind for problem in result]


def test_a_formula_as_deep_and_as_long_as_may_be_is_checked_and_computed(compute: Compute) -> None:
    assert compute("ABS(" * (DEEPEST - 1) + "1" + ")" * (DEEPEST - 1)) == 1
    assert compute("1" + "+1" * (DEEPEST - 1)) == DEEPEST
    assert compute('"a"' + '&"a"' * (MOST_PARTS - 2)) == "a" * (MOST_PARTS - 1)
    nested = '"x"'
    for _ in range(DEEPEST - 2):
        nested = f'IF(age = 1, "y", {nested})'
    assert compute(nested, {"age": 2}) == "x"


def test_a_refusal_says_the_limit_and_the_price() -> None:
    result = parse("ABS(" * 200 + "1" + ")" * 200, "rule")
    assert isinstance(result, list)
    assert [str(each) for each in result] == [
        "rule: Functions stand at most 100 deep; here they stand 201 deep. [too_deep]"
    ]


def test_a_price_counts_every_lookup_once() -> None:
    tree = parse("a.b.c = a.b.d || a.e = $User.id || REGEX(f, g)")
    assert not isinstance(tree, list)
    assert price(tree) == Price(parts=10, depth=3, lookups=2, patterns=1)


def test_a_formula_has_so_many_regular_expressions_at_most() -> None:
    assert not isinstance(parse(" && ".join(["REGEX(a, b)"] * MOST_PATTERNS)), list)
    result = parse(" && ".join(["REGEX(a, b)"] * (MOST_PATTERNS + 1)))
    assert isinstance(result, list)
    assert [problem.kind for problem in result] == ["too_many_patterns"]


def test_a_formula_crosses_so_many_lookups_at_most() -> None:
    fields = {f"l{number}": FieldShape(ValueType.LOOKUP, ("thing",)) for number in range(20)}
    shapes = Shapes({"thing": ObjectShape("Thing", {**fields, "name": FieldShape(ValueType.TEXT)})})
    some = " & ".join(f"l{number}.name" for number in range(MOST_LOOKUPS))
    assert check_formula(some, shapes, "thing").problems == ()
    (problem,) = check_formula(f"{some} & l19.name", shapes, "thing").problems
    assert problem.kind == "too_many_lookups"


def test_near_names_are_looked_for_only_for_the_first_problems(shapes: Shapes) -> None:
    found = check_formula(" & ".join(["nmae", "LNE(name)"] * 20), shapes, "case").problems
    assert len(found) == 40
    assert [("near" in each.params) for each in found] == [True] * 10 + [False] * 30


def test_a_text_may_be_as_long_as_the_limit(compute: Compute) -> None:
    assert compute(f'LEN(RPAD("a", {MOST_TEXT}))') == MOST_TEXT


def test_texts_joined_beyond_the_limit_are_an_error(compute: Compute) -> None:
    long = "a" * (MOST_TEXT // 2 + 1)
    for formula in ("name & name", "name + name"):
        assert compute(f'IFERROR({formula}, "too long")', {"name": long}) == "too long"
