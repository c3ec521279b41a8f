"""Formula fields on pages: shown, said not to be computable, asked by nobody; and lists that choose by a formula."""

from __future__ import annotations

import itertools
import uuid

import pytest
from flask import Flask

from amparo.runtime.access import Role, operator_actor
from amparo.runtime.planner.lists import list_page
from amparo.runtime.planner.queries import ListQuery
from amparo.runtime.records import service
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations
from amparo.runtime.transfer.export_columns import ExportForm
from amparo.runtime.transfer.exporting import export_csv
from amparo.runtime.transfer.importing import import_file
from factories.formula_fields import formula_document
from factories.organisations import make_organisation
from factories.visitors import Visitor

_numbers = itertools.count(1)
OWING = "debt_in_all > 100"


@pytest.fixture(scope="module")
def office(organisations: Organisations) -> OrganisationStore:
    document = formula_document()
    asked = {"object": "person", "label": "Owing much", "only_when": OWING}
    document["list_views"] = [{"id": "view.owing", "name": "owing", "columns": ["name", "debt_in_all"], **asked}]
    document["reports"] = [{"id": "report.owing", "name": "owing", "groupings": [{"field": "kind"}], **asked}]
    return make_organisation(organisations, f"counted-{next(_numbers)}", document, Role.SUPERVISOR)


@pytest.fixture
def visitor(app: Flask, office: OrganisationStore) -> Visitor:
    return Visitor.signed_in(app, office.slug, Role.SUPERVISOR)


@pytest.fixture
def person(office: OrganisationStore) -> uuid.UUID:
    values = {"name": "Owes", "debt": "120.5", "children": 0, "nickname": "O", "record_type": "client"}
    return service.create(office, operator_actor(), "person", values).record


def test_a_page_shows_what_a_formula_computes_and_says_what_cannot_be(visitor: Visitor, person: uuid.UUID) -> None:
    page = visitor.get(f"person/{person}").text
    assert "120.50" in page
    assert "Safe: O" in page
    assert "Cannot be computed" in page


def test_a_form_asks_for_none_of_them(visitor: Visitor, person: uuid.UUID) -> None:
    form = visitor.get(f"person/{person}/edit").text
    assert 'id="f-debt"' in form
    assert "debt_in_all" not in form
    assert "Debt in all" not in form


def test_a_list_and_a_report_say_by_what_they_choose(visitor: Visitor, person: uuid.UUID) -> None:
    page = visitor.get("person/", view="owing").text
    assert "Only where: Debt in all is more than 100" in page
    assert "120.50" in page
    report = visitor.get("reports/owing").text
    assert "Only where: Debt in all is more than 100" in report


def test_an_empty_list_that_chooses_says_that_nothing_fits(app: Flask, organisations: Organisations) -> None:
    document = formula_document()
    view = {"id": "view.owing", "name": "owing", "object": "person", "label": "Owing", "columns": ["name"]}
    document["list_views"] = [{**view, "only_when": OWING}]
    store = make_organisation(organisations, f"counted-{next(_numbers)}", document, Role.SUPERVISOR)
    page = Visitor.signed_in(app, store.slug, Role.SUPERVISOR).get("person/", view="owing").text
    assert "Nothing fits here" in page


def test_what_was_exported_comes_back_without_them(office: OrganisationStore, person: uuid.UUID) -> None:
    query = ListQuery("person", ("name", "debt", "children", "debt_in_all", "called"))
    content = b"".join(export_csv(office, operator_actor(), query, form=ExportForm.CODES))
    assert b"120.50" in content
    before = len(list_page(office, operator_actor(), ListQuery("person", (), limit=500)).records)
    outcome = import_file(office, operator_actor(), "person", content)
    assert (outcome.created, outcome.refused) == (before, 0)
    owing = list_page(office, operator_actor(), ListQuery("person", ("debt_in_all",), only_when=OWING, limit=500))
    assert len(owing.records) % 2 == 0
    assert {str(record.answers["debt_in_all"]) for record in owing.records} == {"120.50"}
