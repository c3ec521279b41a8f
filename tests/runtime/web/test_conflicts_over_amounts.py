"""One person changes an amount, another one its currency: nobody wrote what both together would say."""

from __future__ import annotations

import uuid

import pytest

from amparo.runtime.access import operator_actor
from amparo.runtime.planner.records import read_record
from amparo.runtime.records import service
from amparo.runtime.stores.organisation import OrganisationStore
from factories.visitors import Visitor, form_of


@pytest.fixture
def sheet(sheets: OrganisationStore) -> uuid.UUID:
    return service.create(sheets, operator_actor(), "sheet", {"name": "S", "paid": "100", "paid_in": "usd"}).record


def change(sheets: OrganisationStore, record: uuid.UUID, **values: object) -> None:
    version = read_record(sheets, operator_actor(), "sheet", record).version
    service.update(sheets, operator_actor(), "sheet", record, version, values)


def paid(sheets: OrganisationStore, record: uuid.UUID) -> tuple[str, object]:
    answers = read_record(sheets, operator_actor(), "sheet", record).answers
    return str(answers["paid"]), answers["paid_in"]


@pytest.mark.parametrize(
    ("theirs", "mine"), [({"paid_in": "khr"}, {"paid": "250"}), ({"paid": "250"}, {"paid_in": "khr"})]
)
@pytest.mark.parametrize("kept", ["mine", "theirs"])
def test_an_amount_and_its_currency_are_asked_about_together(
    at_sheets: Visitor,
    sheets: OrganisationStore,
    sheet: uuid.UUID,
    theirs: dict[str, str],
    mine: dict[str, str],
    kept: str,
) -> None:
    form = at_sheets.get(f"sheet/{sheet}/edit")
    change(sheets, sheet, **theirs)
    clash = at_sheets.send(form, mine | {"story": "Told"})
    assert clash.status_code == 409
    assert "story.keep" not in clash.text
    assert at_sheets.send(clash, {"paid.keep": kept, "paid_in.keep": kept}, "conflict").status_code == 302
    as_they_left_it = {"paid": "100.00", "paid_in": "usd"} | (mine if kept == "mine" else theirs)
    assert paid(sheets, sheet) == (as_they_left_it["paid"].replace("250", "250.00"), as_they_left_it["paid_in"])
    assert read_record(sheets, operator_actor(), "sheet", sheet).answers["story"] == "Told"


def test_each_side_of_a_clash_says_in_which_currency_it_is(
    at_sheets: Visitor, sheets: OrganisationStore, sheet: uuid.UUID
) -> None:
    form = at_sheets.get(f"sheet/{sheet}/edit")
    change(sheets, sheet, paid="400000", paid_in="khr")
    clash = at_sheets.send(form, {"paid": "250"})
    assert clash.status_code == 409
    for words in ("$100.00", "$250.00", "៛400,000.00"):
        assert words in clash.text.replace("KHR\u00a0", "៛")
    assert form_of(clash, "conflict").value("paid.keep") is None


def test_who_takes_an_amount_out_or_agrees_is_not_asked(
    at_sheets: Visitor, sheets: OrganisationStore, sheet: uuid.UUID
) -> None:
    form = at_sheets.get(f"sheet/{sheet}/edit")
    change(sheets, sheet, paid_in="khr")
    assert at_sheets.send(form, {"paid": ""}).status_code == 302
    form = at_sheets.get(f"sheet/{sheet}/edit")
    change(sheets, sheet, paid="5", paid_in="usd")
    assert at_sheets.send(form, {"paid": "5", "paid_in": "usd"}).status_code == 302
    assert paid(sheets, sheet) == ("5.00", "usd")


def test_in_a_form_with_rows_saving_again_keeps_the_currency_that_stands_in_it(
    at_sheets: Visitor, sheets: OrganisationStore, sheet: uuid.UUID
) -> None:
    form = at_sheets.get(f"sheet/{sheet}/edit")
    change(sheets, sheet, paid_in="khr")
    told = at_sheets.send(form, {"paid": "250", "+entry.sheet.0.title": "A row"})
    assert told.status_code == 409
    assert "Somebody else wrote “KHR” here meanwhile" in told.text
    assert at_sheets.send(told, {}).status_code == 302
    assert paid(sheets, sheet) == ("250.00", "usd")
