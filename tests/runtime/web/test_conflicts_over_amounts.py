"""One person changes an amount, another one its currency: nobody wrote what both together would say."""

from __future__ import annotations

import itertools
import uuid

import pytest
from flask import Flask

from amparo.runtime.access import Role, operator_actor
from amparo.runtime.members import create_member
from amparo.runtime.planner.records import read_record
from amparo.runtime.records import service
from amparo.runtime.releases.publishing import publish
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations
from factories.every_type import sheets_document
from factories.visitors import PASSWORD, Visitor, form_of

_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def store(organisations: Organisations) -> OrganisationStore:
    slug = f"amounts-{next(_numbers)}"
    made = organisations.create(slug, "Amounts")
    publish(made, operator_actor(), sheets_document())
    create_member(organisations, slug, f"caseworker@{slug}", "Caseworker", Role.CASEWORKER, PASSWORD)
    return made


@pytest.fixture
def visitor(app: Flask, store: OrganisationStore) -> Visitor:
    return Visitor.signed_in(app, store.slug, Role.CASEWORKER)


@pytest.fixture
def sheet(store: OrganisationStore) -> uuid.UUID:
    return service.create(store, operator_actor(), "sheet", {"name": "S", "paid": "100", "paid_in": "usd"}).record


def change(store: OrganisationStore, record: uuid.UUID, **values: object) -> None:
    version = read_record(store, operator_actor(), "sheet", record).version
    service.update(store, operator_actor(), "sheet", record, version, values)


def paid(store: OrganisationStore, record: uuid.UUID) -> tuple[str, object]:
    answers = read_record(store, operator_actor(), "sheet", record).answers
    return str(answers["paid"]), answers["paid_in"]


@pytest.mark.parametrize(
    ("theirs", "mine"), [({"paid_in": "khr"}, {"paid": "250"}), ({"paid": "250"}, {"paid_in": "khr"})]
)
@pytest.mark.parametrize("kept", ["mine", "theirs"])
def test_an_amount_and_its_currency_are_asked_about_together(
    visitor: Visitor,
    store: OrganisationStore,
    sheet: uuid.UUID,
    theirs: dict[str, str],
    mine: dict[str, str],
    kept: str,
) -> None:
    form = visitor.get(f"sheet/{sheet}/edit")
    change(store, sheet, **theirs)
    clash = visitor.send(form, mine | {"story": "Told"})
    assert clash.status_code == 409
    assert "story.keep" not in clash.text
    assert visitor.send(clash, {"paid.keep": kept, "paid_in.keep": kept}, "conflict").status_code == 302
    as_they_left_it = {"paid": "100.00", "paid_in": "usd"} | (mine if kept == "mine" else theirs)
    assert paid(store, sheet) == (as_they_left_it["paid"].replace("250", "250.00"), as_they_left_it["paid_in"])
    assert read_record(store, operator_actor(), "sheet", sheet).answers["story"] == "Told"


def test_each_side_of_a_clash_says_in_which_currency_it_is(
    visitor: Visitor, store: OrganisationStore, sheet: uuid.UUID
) -> None:
    form = visitor.get(f"sheet/{sheet}/edit")
    change(store, sheet, paid="400000", paid_in="khr")
    clash = visitor.send(form, {"paid": "250"})
    assert clash.status_code == 409
    for words in ("$100.00", "$250.00", "៛400,000.00"):
        assert words in clash.text.replace("KHR\u00a0", "៛")
    assert form_of(clash, "conflict").value("paid.keep") is None


def test_who_takes_an_amount_out_or_agrees_is_not_asked(
    visitor: Visitor, store: OrganisationStore, sheet: uuid.UUID
) -> None:
    form = visitor.get(f"sheet/{sheet}/edit")
    change(store, sheet, paid_in="khr")
    assert visitor.send(form, {"paid": ""}).status_code == 302
    form = visitor.get(f"sheet/{sheet}/edit")
    change(store, sheet, paid="5", paid_in="usd")
    assert visitor.send(form, {"paid": "5", "paid_in": "usd"}).status_code == 302
    assert paid(store, sheet) == ("5.00", "usd")


def test_in_a_form_with_rows_saving_again_keeps_the_currency_that_stands_in_it(
    visitor: Visitor, store: OrganisationStore, sheet: uuid.UUID
) -> None:
    form = visitor.get(f"sheet/{sheet}/edit")
    change(store, sheet, paid_in="khr")
    told = visitor.send(form, {"paid": "250", "+entry.sheet.0.title": "A row"})
    assert told.status_code == 409
    assert "Somebody else wrote “KHR” here meanwhile" in told.text
    assert visitor.send(told, {}).status_code == 302
    assert paid(store, sheet) == ("250.00", "usd")
