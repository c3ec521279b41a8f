"""Amounts of money: in whose words they read, and which may be added up."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from amparo.metadata.checks import check
from amparo.metadata.model import FilterRow, Grouping, Measure, Report
from amparo.runtime.access import operator_actor
from amparo.runtime.errors import InvalidAnswers
from amparo.runtime.planner.lists import list_page
from amparo.runtime.planner.queries import ListQuery
from amparo.runtime.planner.reports import run_report
from amparo.runtime.records import service
from amparo.runtime.releases.publishing import publish
from amparo.runtime.serializer import display
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations
from factories.every_type import SHEET, sheets_document

AMOUNTS = [("usd", "20"), ("usd", "5.5"), ("khr", "400000")]


@pytest.fixture(scope="module")
def sheets(organisations: Organisations) -> OrganisationStore:
    store = organisations.create("sheets", "Sheets")
    publish(store, operator_actor(), sheets_document())
    for number, (currency, paid) in enumerate(AMOUNTS):
        answers = {**SHEET, "old_number": str(number), "name": str(number), "paid_in": currency, "paid": paid}
        service.create(store, operator_actor(), "sheet", answers)
    return store


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["$20.00", "$5.50", "KHR\u00a0400,000.00"]),
        ("km", ["20.00$", "5.50$", "400,000.00៛"]),
        ("ar", ["\u200f20.00\u00a0US$\u200e", "\u200f5.50\u00a0US$\u200e", "\u200f400,000.00\u00a0KHR"]),
    ],
)
def test_an_amount_reads_in_the_currency_that_its_record_names(
    sheets: OrganisationStore, language: str, words: list[str]
) -> None:
    release = sheets.newest_release()
    field = release.object("sheet").definition.by_name["paid"]
    records = list_page(sheets, operator_actor(), ListQuery("sheet", ("paid",))).records
    told = {
        each.name: display(each.answers["paid"], field, release, language, {}, beside=each.answers) for each in records
    }
    assert [told[str(number)] for number in range(3)] == words


def report(filters: tuple[FilterRow, ...], match: str = "all") -> Report:
    measures = (Measure("sum", "paid"), Measure("sum", "wage"))
    return Report("r", "r", "sheet", "R", "", (), (Grouping("country"),), measures, filters, match, ())


def test_amounts_of_one_currency_are_added_up_and_say_which_it_is(sheets: OrganisationStore) -> None:
    asked = report((FilterRow("paid_in", "equals", "usd"),))
    result = run_report(sheets, operator_actor(), asked, language="en")
    assert result.totals == (Decimal("25.50"), Decimal("2501.00"))
    assert [measure.label for measure in result.measures] == ["Sum of Paid", "Sum of Wage (USD)"]


@pytest.mark.parametrize(
    ("filters", "match"),
    [((), "all"), ((FilterRow("paid_in", "equals", "usd"),), "any"), ((FilterRow("paid_in", "is_not_blank"),), "all")],
)
def test_amounts_of_several_currencies_are_not_added_up(
    sheets: OrganisationStore, filters: tuple[FilterRow, ...], match: str
) -> None:
    with pytest.raises(InvalidAnswers) as caught:
        run_report(sheets, operator_actor(), report(filters, match))
    assert [problem.kind for problem in caught.value.problems] == ["several_currencies"]


@pytest.mark.parametrize("groupings", [("paid_in", "country"), ("country", "paid_in"), ("paid_in",)])
def test_amounts_are_added_up_in_groups_of_one_currency_and_have_no_total(
    sheets: OrganisationStore, groupings: tuple[str, ...]
) -> None:
    asked = replace(report(()), groupings=tuple(map(Grouping, groupings)))
    result = run_report(sheets, operator_actor(), asked, language="en")
    place = groupings.index("paid_in")
    codes = [group.key for group in result.axes[place].groups]
    at = {code: codes.index(code) for code in ("usd", "khr")}
    for code, paid, wages in (("usd", "25.50", "2501.00"), ("khr", "400000.00", "1250.50")):
        figures = (Decimal(paid), Decimal(wages))
        cell = (at[code],) if len(groupings) == 1 else (at[code], 0) if place == 0 else (0, at[code])
        assert result.cell(*cell) == figures
        if len(groupings) == 2:
            assert (result.column_totals if place else result.row_totals)[at[code]] == figures
    assert result.totals == (None, Decimal("3751.50"))
    if len(groupings) == 2:
        assert (result.row_totals if place else result.column_totals) == (result.totals,)


def test_a_definition_says_which_currency_it_means() -> None:
    document: dict[str, Any] = sheets_document()
    fields = {field["name"]: field for field in document["objects"][0]["fields"]}
    fields["wage"]["currency"] = "USX"
    fields["paid"]["currency_field"] = "country"
    fields["share"].update(type="currency")
    measure = {"function": "sum", "field": "paid"}
    told = {"id": "r", "name": "r", "object": "sheet", "label": "R", "groupings": [{"field": "language"}]}
    document["reports"].append({**told, "measures": [measure]})
    assert [(problem.kind, problem.path) for problem in check(document)] == [
        ("unknown_name", "objects/sheet.json: fields[6].currency"),
        ("wrong_field_type", "objects/sheet.json: fields[8].currency_field"),
        ("currency_unclear", "objects/sheet.json: fields[9].currency"),
        ("several_currencies", "reports/r.json: measures[0].field"),
    ]
