"""Conditions, choices and blanks."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from amparo.metadata.formulas.failures import FormulaError
from amparo.metadata.formulas.value_types import Blanks
from metadata.formulas.conftest import Compute

DAY = dt.date(2026, 3, 31)


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("AND(TRUE, TRUE, TRUE)", True),
        ("AND(TRUE, FALSE)", False),
        ("AND(NULL, FALSE)", False),
        ("AND(NULL, TRUE)", None),
        ("AND(TRUE, NULL, TRUE)", None),
        ("OR(FALSE, FALSE, TRUE)", True),
        ("OR(FALSE, FALSE)", False),
        ("OR(NULL, TRUE)", True),
        ("OR(NULL, FALSE)", None),
        ("OR(FALSE, NULL, FALSE)", None),
        ("NOT(TRUE)", False),
        ("NOT(NULL)", None),
        ("IF(NULL, 1, 2)", 2),
        ("IFS(FALSE, 1, TRUE, 2, 3)", 2),
        ("IFS(FALSE, 1, NULL, 2, 3)", 3),
    ],
)
def test_what_is_neither_true_nor_false_stays_so_until_a_choice_takes_it_for_false(
    compute: Compute, formula: str, expected: Any
) -> None:
    assert compute(formula) == expected


def test_only_what_is_needed_is_computed(compute: Compute) -> None:
    assert compute("IF(TRUE, 1, 1 / 0)") == 1
    assert compute("AND(FALSE, 1 / 0 = 1)") is False
    assert compute("OR(TRUE, 1 / 0 = 1)") is True
    assert compute("CASE(1, 1, 2, 1 / 0, 3, 4)") == 2


def test_a_blank_text_equals_a_blank_text_and_no_other_blank_equals_anything(compute: Compute) -> None:
    assert compute("summary = name") is True
    assert compute('summary = ""') is True
    assert compute('summary <> "a"') is True
    assert compute("opened_on = closed_on") is None
    assert compute("age <> costs") is None
    assert compute("opened_on < closed_on", {"opened_on": DAY}) is None


def test_numbers_are_equal_by_value_and_texts_by_letter(compute: Compute) -> None:
    assert compute("age = 1.50", {"age": Decimal("1.5")}) is True
    assert compute('name = "ana"', {"name": "Ana"}) is False
    assert compute('"Z" < "a"') is True


def test_a_blank_number_counts_as_zero_where_the_formula_says_so(compute: Compute) -> None:
    assert compute("age + 1") is None
    assert compute("age + 1", blanks=Blanks.AS_ZERO) == 1
    assert compute("ISBLANK(age)") is True
    assert compute("ISBLANK(age)", blanks=Blanks.AS_ZERO) is False
    assert compute("ISBLANK(closed_on)", blanks=Blanks.AS_ZERO) is True


def test_a_checkbox_without_an_answer_is_false(compute: Compute) -> None:
    assert compute("is_urgent") is False
    assert compute("is_urgent = is_known") is True


def test_case_finds_the_result_of_a_value(compute: Compute) -> None:
    formula = 'CASE(status, "new", 1, "open", 2, 3)'
    assert [compute(formula, {"status": code}) for code in ("new", "open", "closed", None)] == [1, 2, 3, 3]
    assert compute("CASE(opened_on, closed_on, 1, 2)") == 2
    assert compute('CASE(name, "", 1, 2)') == 1


def test_in_finds_a_value_among_several_and_never_a_blank(compute: Compute) -> None:
    assert compute("IN(age, 1, 2, 3)", {"age": 2}) is True
    assert compute("IN(age, 1, NULL)") is False
    assert compute('IN(status, "new", "open")', {"status": "open"}) is True


def test_blanks_are_replaced(compute: Compute) -> None:
    assert compute("BLANKVALUE(age, 7)") == 7
    assert compute("BLANKVALUE(name, summary)", {"summary": "a"}) == "a"
    assert compute("NULLVALUE(age, 7)") == 7
    assert compute("NULLVALUE(name, summary)", {"summary": "a"}) is None
    assert compute("ISNULL(age)") is True
    assert compute("ISNULL(name)") is False


def test_an_error_is_replaced_and_says_where_it_is_when_it_is_not(compute: Compute) -> None:
    assert compute("IFERROR(1 / 0, 5)") == 5
    formula = 'IF(TRUE, 1 + VALUE("x"), 2)'
    with pytest.raises(FormulaError) as error:
        compute(formula)
    assert error.value.kind == "not_a_number"
    assert formula[error.value.start : error.value.end] == 'VALUE("x")'
    assert error.value.problem("objects/case.json").params["start"] == 13
    with pytest.raises(FormulaError, match="divides by zero"):
        compute("age / 0", {"age": 1})


def test_an_error_of_a_formula_field_is_one_where_it_is_read(compute: Compute) -> None:
    broken = FormulaError("division_by_zero", "This divides by zero.")
    with pytest.raises(FormulaError):
        compute("age + 1", {"age": broken})
    assert compute("IFERROR(age + 1, 0)", {"age": broken}) == 0
