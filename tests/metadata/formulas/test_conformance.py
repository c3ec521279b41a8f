"""Salesforce's own cases, all of them."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from amparo.metadata.formulas.conformance import Outcome, python_engine, run_cases

NOW = dt.datetime(2026, 3, 31, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def folder(shared: Path) -> Path:
    return shared / "real" / "expressions" / "salesforce-formula"


def one_case(text: str, inputs: str, expected: Any, **more: Any) -> list[dict[str, Any]]:
    fields = [{"devName": name, "dataType": "Double"} for name in ("n1", "n2")]
    case = {"inputs": inputs, "expected": expected, "expected_null_as_null": expected}
    instance = {"name": "one", "formula": text, "returntype": "Double", "fields": fields, "cases": [case]}
    return [{**instance, **more}]


def outcomes(instances: list[dict[str, Any]]) -> list[Outcome]:
    return run_cases(instances, python_engine(NOW))


def test_the_python_engine_agrees_with_salesforce_in_every_shared_case(folder: Path) -> None:
    found = outcomes(json.loads((folder / "goldfiles.json").read_text(encoding="utf-8")))
    assert len(found) == 6124
    assert [each for each in found if each.status != "passed"] == []


def test_a_wrong_result_fails_and_is_shown() -> None:
    (found, _) = outcomes(one_case("n1__c + n2__c", "[1, 2]", "4"))
    assert (found.status, found.expected, found.found) == ("failed", "4", "3")


def test_numbers_are_compared_to_fifteen_digits() -> None:
    for expected, status in (("0.333333333333333", "passed"), ("0.33333333333334", "failed")):
        assert [each.status for each in outcomes(one_case("n1__c / n2__c", "[1, 3]", expected))] == [status] * 2


def test_a_case_that_cannot_be_put_is_skipped_with_the_reason() -> None:
    for more, reason in (
        ({"formula": "SUMIF(n1__c)"}, "There is no function SUMIF"),
        ({"returntype": "Blob"}, "There is no type Blob."),
        ({"fields": [{"devName": "n1", "dataType": "Double", "code": "n1__c + 1"}]}, "read each other in a circle"),
    ):
        (found, _) = outcomes(one_case("n1__c", "[1]", "1", **more))
        assert found.status == "skipped"
        assert reason in found.found


def test_inputs_stand_in_the_order_of_the_formula_where_that_of_the_fields_cannot_be_right() -> None:
    assert [each.status for each in outcomes(one_case("n1__c - n2__c", "[5, 3]", "2"))] == ["passed"] * 2
    assert [each.status for each in outcomes(one_case("n2__c - n1__c", "[5, 3]", "2"))] == ["passed"] * 2
    assert [each.status for each in outcomes(one_case("n2__c - n1__c", "[5, 3]", "-2"))] == ["passed"] * 2


def test_a_field_that_is_a_formula_takes_the_place_of_what_it_reads() -> None:
    fields = [
        {"devName": "sum", "dataType": "Double", "code": "customnumber1__c + customnumber2__c"},
        {"devName": "n1", "dataType": "Double"},
    ]
    found = outcomes(one_case("sum__c * n1__c", "[1, 2, 10]", "30", fields=fields))
    assert [each.status for each in found] == ["passed"] * 2


def test_a_comma_in_the_last_text_is_part_of_it_where_that_is_right() -> None:
    fields = [{"devName": "t1", "dataType": "Text"}]
    for inputs, expected in (("[Sok, Dara]", "9"), ("[, ]", "0")):
        found = outcomes(one_case("LEN(t1__c)", inputs, expected, fields=fields))
        assert [each.status for each in found] == ["passed"] * 2
    found = outcomes(one_case("LEN(t1__c)", "[Sok, 20]", "3", fields=fields))
    assert [each.status for each in found] == ["passed"] * 2


def test_results_may_stand_as_json_has_them() -> None:
    for result, formula, returns in ((3, "n1__c + n2__c", "Double"), (True, "n1__c < n2__c", "Boolean")):
        found = outcomes(one_case(formula, "[1, 2]", result, returntype=returns))
        assert [each.status for each in found] == ["passed"] * 2


def test_fields_may_be_picklists_and_lookups() -> None:
    fields = [{"devName": name, "dataType": name} for name in ("Picklist", "MultiselectPicklist", "Lookup")]
    formula = 'ISPICKVAL(picklist__c, "open") && INCLUDES(multiselectpicklist__c, "legal") && lookup__c = "a1"'
    found = outcomes(one_case(formula, "[open, shelter;legal, a1]", "true", fields=fields, returntype="Boolean"))
    assert [each.status for each in found] == ["passed"] * 2
