"""Texts, counted in code points."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from amparo.metadata.formulas.failures import FormulaError
from metadata.formulas.conftest import Compute


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ('"a" & NULL & "b"', "ab"),
        ('"" & ""', None),
        ('"a" + name', "a"),
        ('LEN("ខ្មែរ")', 5),
        ('LEN("🙂🙂")', 2),
        ("LEN(name)", 0),
        ('LEFT("🙂abc", 2)', "🙂a"),
        ('LEFT("abc", 0)', None),
        ('RIGHT("abc", 2)', "bc"),
        ('RIGHT("abc", -1)', None),
        ('MID("abcdef", 0, 2)', "ab"),
        ('MID("abcdef", 5, 9)', "ef"),
        ('MID("abcdef", 7, 1)', None),
        ('SUBSTR("abcdef", -2)', "ef"),
        ('SUBSTR("abcdef", -3, 2)', "de"),
        ('SUBSTR("abcdef", -9, 2)', None),
        ('FIND("c", "abcabc")', 3),
        ('FIND("c", "abcabc", 4)', 6),
        ('FIND("z", "abc")', 0),
        ("FIND(name, summary)", 0),
        ('BEGINS("abc", "ab")', True),
        ('ENDS("abc", "bc")', True),
        ('CONTAINS("abc", "z")', False),
        ('CONTAINS("abc", name)', True),
        ('CONTAINS(name, "a")', None),
        ('SUBSTITUTE("a-b-c", "-", "+")', "a+b+c"),
        ('SUBSTITUTE("a-b", "-", NULL)', "ab"),
        ('TRIM("  a b ")', "a b"),
        ('TRIM("  ")', None),
        ('UPPER("straße")', "STRASSE"),
        ('UPPER("i", "tr_TR")', "İ"),
        ('LOWER("I", "tr")', "ı"),
        ('LOWER("I", "en_US")', "i"),
        ('INITCAP("o\'brien van_dam 2nd")', "O'Brien Van_Dam 2nd"),
        ('LPAD("7", 3, "0")', "007"),
        ('LPAD("abc", 2)', "ab"),
        ('RPAD("a", 4, "xy")', "axyx"),
        ('RPAD("a", 0)', None),
        ('REVERSE("abc")', "cba"),
        ('ASCII("ß")', 223),
        ("CHR(8364)", "€"),
        ("CHR(0)", None),
        ("CHR(55296)", None),
        ("BR()", "\n"),
        ('VALUE(" 12" & "")', "error"),
        ('VALUE("-1.5e2")', -150),
        ('VALUE("1e99999")', "error"),
        ('ISNUMBER("1.")', True),
        ('ISNUMBER("1,5")', False),
        ("ISNUMBER(name)", False),
        ('ISNUMBER("١٢")', False),
        ("TEXT(1.50)", "1.5"),
        ("TEXT(100)", "100"),
        ("TEXT(-0.00)", "0"),
        ("TEXT(DATE(26, 3, 1))", "0026-03-01"),
        ('TEXT(DATETIMEVALUE("2026-03-31 01:02:03"))', "2026-03-31 01:02:03Z"),
        ('TEXT(TIMEVALUE("17:30:00.250"))', "17:30:00.250"),
        ('FORMATCURRENCY("JPY", 1234.5)', "JPY 1,235"),
        ('FORMATCURRENCY("KWD", -1.2345)', "KWD -1.235"),
        ('FORMATCURRENCY("USD", NULL)', None),
        ('HYPERLINK("https://example.org", "Website", "_blank")', "Website"),
        ('HYPERLINK("https://example.org", name)', "https://example.org"),
        ('CASESAFEID("a1")', "a1"),
    ],
)
def test_a_text_function_gives(compute: Compute, formula: str, expected: Any) -> None:
    if expected == "error":
        with pytest.raises(FormulaError):
            compute(formula)
    else:
        assert compute(formula) == expected


def test_text_of_a_picklist_is_its_code_and_of_a_moment_is_in_utc(compute: Compute) -> None:
    assert compute("TEXT(status)", {"status": "open"}) == "open"
    noon = dt.datetime(2026, 3, 31, 12, tzinfo=dt.timezone(dt.timedelta(hours=7)))
    assert compute("TEXT(updated_at)", {"updated_at": noon}) == "2026-03-31 05:00:00Z"


@pytest.mark.parametrize(
    "formula",
    [
        f'SUBSTITUTE("{"a" * 900}", "a", "{"b" * 900}")',
        'LPAD("a", 1000000)',
        'RPAD("a", 10 ^ 60)',
        f'SUBSTITUTE(SUBSTITUTE("{"a" * 99}", "a", "{"b" * 900}"), "b", "{"c" * 900}")',
    ],
)
def test_a_text_that_grows_beyond_the_limit_is_an_error(compute: Compute, formula: str) -> None:
    with pytest.raises(FormulaError, match="too long"):
        compute(formula)


def test_a_number_in_a_text_keeps_all_its_digits(compute: Compute) -> None:
    assert compute('VALUE("12345678901234567890.12345")') == Decimal("12345678901234567890.12345")


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ('REGEX("012 345", "[0-9 ]{6,}")', True),
        ('REGEX("a012345", "[0-9]{6}")', False),
        ('REGEX("ខ្មែរ", ".{5}")', True),
        ('REGEX("x", "\\\\d")', False),
        ('REGEX("សុខា ដារ៉ា", "[\\\\p{L}\\\\p{M} ]{2,100}")', True),
        ('REGEX(name, "a*")', True),
        ('REGEX(name, "a+")', False),
        # A pattern on which engines that go back would not end.
        (f'REGEX("{"a" * 5000}!", "(a+)+(a+)+(a*)*b")', False),
        (f'REGEX("{"a" * 3000}", "(a|aa|a?)*")', True),
    ],
)
def test_the_whole_text_matches_a_pattern(compute: Compute, formula: str, expected: bool) -> None:
    assert compute(formula) is expected


def test_a_pattern_out_of_a_field_that_is_none_is_an_error(compute: Compute) -> None:
    with pytest.raises(FormulaError, match="no regular expression"):
        compute('REGEX("a", name)', {"name": "(a"})


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("JSONVALUE('{\"a\": 1.50, \"b\": true}', 'a')", "1.50"),
        ("JSONVALUE('{\"a\": true}', 'a')", "true"),
        ("JSONVALUE('{\"a\": null}', 'a')", None),
        ("JSONVALUE('[1]', 'a')", None),
        ("JSONVALUE('{', 'a')", "error"),
        ('JSONPATHVALUE(\'{"a": [{"b": "x"}]}\', \'$.a[0].b\')', "x"),
        ('JSONPATHVALUE(\'{"a b": "x"}\', "$[\'a b\']")', "x"),
        ("JSONPATHVALUE('{\"a\": [1, 2]}', '$.a')", '["1", "2"]'),
        ("JSONPATHVALUE('{\"a\": 1}', '$.a.b')", None),
        ("JSONPATHVALUE('{\"a\": 1}', '$..a')", None),
        ("JSONPATHVALUE('{', '$.a')", None),
    ],
)
def test_a_value_comes_out_of_json(compute: Compute, formula: str, expected: Any) -> None:
    if expected == "error":
        with pytest.raises(FormulaError):
            compute(formula)
    else:
        assert compute(formula) == expected


def test_json_nested_without_end_is_an_error_and_no_crash(compute: Compute) -> None:
    with pytest.raises(FormulaError, match="no JSON"):
        compute("JSONVALUE(summary, 'a')", {"summary": "[" * 100_000})
