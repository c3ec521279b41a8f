"""A field that was retired and an option that was closed: records that hold them are shown, changed and taken out."""

from __future__ import annotations

import csv
import io
import uuid

import pytest
from flask import Flask

from amparo.runtime.access import Role, operator_actor
from amparo.runtime.planner.records import read_record
from amparo.runtime.projections.comparing import check_projections
from amparo.runtime.records import service
from amparo.runtime.releases.publishing import publish
from amparo.runtime.stores.organisation import OrganisationStore
from factories.clinic import field_of
from factories.office import office_document
from factories.visitors import Visitor, form_of

NAME = "Sokha before"


@pytest.fixture(scope="module")
def sokha(office: OrganisationStore) -> uuid.UUID:
    """A record from before the debt was retired and the option “Female” closed."""
    made = service.create(office, operator_actor(), "person", {"name": NAME})
    record = made.record
    service.update(office, operator_actor(), "person", record, made.version, {"debt": "1250.50", "gender": "female"})
    document = office_document()
    field_of(document, "person", "debt")["retired"] = True
    gender = next(each for each in document["picklists"] if each["name"] == "gender")
    next(each for each in gender["options"] if each["code"] == "female")["active"] = False
    # What is retired is asked for nowhere any more.
    document["list_views"], document["reports"] = [], []
    for layout in document["layouts"]:
        for tab in layout["tabs"]:
            for section in tab["sections"]:
                section["fields"] = [name for name in section["fields"] if name != "debt"]
    publish(office, operator_actor(), document)
    return record


@pytest.fixture
def visitor(app: Flask, office: OrganisationStore, sokha: uuid.UUID) -> Visitor:
    return Visitor.signed_in(app, office.slug, Role.SUPERVISOR)


def test_the_record_and_the_list_show_the_closed_option(visitor: Visitor, sokha: uuid.UUID) -> None:
    assert "Female" in visitor.get(f"person/{sokha}").text
    listed = visitor.get("person/", view="all", columns=["name", "gender"])
    assert listed.status_code == 200
    assert "Female" in listed.text


def test_history_tells_what_the_retired_field_held(visitor: Visitor, sokha: uuid.UUID) -> None:
    told = visitor.get(f"person/{sokha}/history")
    assert told.status_code == 200
    for words in ("1,250.50", "Female"):
        assert words in told.text


def test_a_file_holds_the_closed_option_and_its_code(visitor: Visitor) -> None:
    answer = visitor.get("person/export.csv", view="all", columns=["name", "gender"])
    assert answer.status_code == 200
    (row,) = [each for each in csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))) if NAME in each]
    assert {"Female", "female"} & set(row)


def test_the_form_keeps_both_when_something_else_is_changed(
    visitor: Visitor, office: OrganisationStore, sokha: uuid.UUID
) -> None:
    form = visitor.get(f"person/{sokha}/edit")
    assert form_of(form).value("gender") == "female"
    saved = visitor.send(form, {"story": "Something new"})
    assert saved.status_code == 302, saved.text
    answers = read_record(office, operator_actor(), "person", sokha).answers
    assert (answers["gender"], str(answers["debt"]), answers["story"]) == ("female", "1250.50", "Something new")


def test_what_was_typed_for_a_field_that_was_retired_meanwhile_is_told_once(
    visitor: Visitor, office: OrganisationStore, sokha: uuid.UUID
) -> None:
    for page in (visitor.get(f"person/{sokha}/edit"), visitor.get("person/new", record_type="client")):
        shown = form_of(page).value("shown_") or ""
        older = {"name": NAME, "shown_": f"{shown} debt:0123456789", "debt": "77.70", "story": "Written meanwhile"}
        told = visitor.send(page, older)
        assert told.status_code == 422
        summary = told.text.split("data-error-summary")[1].split("</ul>")[0]
        assert "Debt" in summary
        assert "77.70" in summary
        assert form_of(told).value("story") == "Written meanwhile"
        assert visitor.send(told, {}).status_code == 302
    assert str(read_record(office, operator_actor(), "person", sokha).answers["debt"]) == "1250.50"


def test_the_projection_is_still_what_the_ledger_says(office: OrganisationStore, sokha: uuid.UUID) -> None:
    assert sokha
    assert check_projections(office).differences == 0
