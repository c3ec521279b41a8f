"""Numbers: exact decimals, and doubles where there is no exact result."""

from __future__ import annotations

from decimal import Decimal

import pytest

from amparo.metadata.formulas.failures import FormulaError
from metadata.formulas.conftest import Compute


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("0.1 + 0.2", "0.3"),
        ("1 / 3 * 3", "0.999999999999999999999999999999999999999"),
        ("CEILING(1 / 3 * 3)", "1"),
        ("FLOOR(1 / 3 * 3)", "1"),
        ("CEILING(2.1)", "3"),
        ("CEILING(-2.1)", "-3"),
        ("FLOOR(-2.9)", "-2"),
        ("MCEILING(-2.9)", "-2"),
        ("MFLOOR(-2.1)", "-3"),
        ("ROUND(2.5, 0)", "3"),
        ("ROUND(-2.5, 0)", "-3"),
        ("ROUND(1.005, 2)", "1.01"),
        ("ROUND(1250, -2)", "1300"),
        ("ROUND(40, -2)", "0"),
        ("ROUND(1.5, 1000000)", "1.5"),
        ("ROUND(1.5, -1000000)", "0"),
        ("TRUNC(-2.567, 2)", "-2.56"),
        ("TRUNC(1299, -2)", "1200"),
        ("MOD(7, 3)", "1"),
        ("MOD(-7, 3)", "-1"),
        ("MOD(5.5, 2)", "1.5"),
        ("MAX(1, 3, 2)", "3"),
        ("MIN(1, -3, 2)", "-3"),
        ("ABS(-1.5)", "1.5"),
        ("2 ^ 10", "1024"),
        ("2 ^ -2", "0.25"),
        ("0 ^ 0", "1"),
        ("(-20) ^ -40", "0"),
        ("-(-3)", "3"),
        ("SQRT(16)", "4"),
        ("LOG(1000)", "3"),
        ("LN(EXP(2))", "2"),
        ("ATAN2(0, -1)", "3.141592653589793"),
        ("ROUND(PI(), 4)", "3.1416"),
        ("SIN(0) + COS(0) + TAN(0) + ASIN(0) + ACOS(1) + ATAN(0)", "1"),
    ],
)
def test_a_math_function_gives(compute: Compute, formula: str, expected: str) -> None:
    assert compute(formula) == Decimal(expected)


@pytest.mark.parametrize(
    "formula",
    [
        "1 / 0", "0 / 0", "MOD(1, 0)", "SQRT(-1)", "LN(0)", "LOG(-1)", "ASIN(2)", "2 ^ 0.5", "0 ^ -1", "10 ^ 65",
        "9999999999 ^ 999999999999", "EXP(1000)", "1.0000001 ^ 999999999999999999",
        "(((10 ^ 60) ^ 1 * 10 ^ 60) * (10 ^ 60)) * ((10 ^ 60) * (10 ^ 60) * (10 ^ 60)) * VALUE(\"1e900\")",
        'VALUE("1e900") * VALUE("1e900")',
    ],
)  # fmt: skip
def test_what_cannot_be_computed_is_an_error(compute: Compute, formula: str) -> None:
    with pytest.raises(FormulaError):
        compute(formula)


def test_a_blank_makes_the_result_blank(compute: Compute) -> None:
    for formula in ("age + 1", "MAX(1, age)", "ROUND(age, 1)", "SQRT(age)", "-age", "age ^ 2", "1 / age"):
        assert compute(formula) is None


def test_a_percent_is_read_as_its_hundredth(compute: Compute) -> None:
    assert compute("share * costs", {"share": Decimal("12.5"), "costs": 80}) == 10


def test_whole_numbers_of_fields_are_numbers_too(compute: Compute) -> None:
    assert compute("age / 4", {"age": 10}) == Decimal("2.5")
    assert compute("TEXT(age)", {"age": 10}) == "10"
    assert compute("CEILING(age) + ROUND(age, -1) + MOD(age, 3)", {"age": 17}) == 39


def test_how_far_two_points_are_apart(compute: Compute) -> None:
    formula = 'DISTANCE(GEOLOCATION(11.5564, 104.9282), GEOLOCATION(13.7563, 100.5018), "{}")'
    assert round(compute(formula.format("km"))) == 539
    assert round(compute(formula.format("mi"))) == 335
    assert compute('DISTANCE(place, GEOLOCATION(1, 1), "km")') is None
    for wrong in ("GEOLOCATION(91, 0)", "GEOLOCATION(0, -181)", "GEOLOCATION(1, NULL)"):
        with pytest.raises(FormulaError):
            compute(f"ISBLANK({wrong})")
    with pytest.raises(FormulaError, match="km"):
        compute(formula.format("miles"))
