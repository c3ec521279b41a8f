"""Rows of a form, and the record they belong to, that others changed or deleted while it was open."""

from __future__ import annotations

import uuid

import pytest
from werkzeug.test import TestResponse

from amparo.runtime.access import operator_actor
from amparo.runtime.planner.records import read_record
from amparo.runtime.records import service
from amparo.runtime.serializer import Record
from amparo.runtime.stores.organisation import OrganisationStore
from factories.visitors import Visitor, form_of

ROW = "+entry.sheet.0."


@pytest.fixture
def sheet(sheets: OrganisationStore) -> uuid.UUID:
    return service.create(sheets, operator_actor(), "sheet", {"name": "S", "story": "As it was"}).record


@pytest.fixture
def row(sheets: OrganisationStore, sheet: uuid.UUID) -> uuid.UUID:
    return service.create(sheets, operator_actor(), "entry", {"title": "A coat", "sheet": str(sheet)}).record


def kept(store: OrganisationStore, object_name: str, record: uuid.UUID) -> Record:
    return read_record(store, operator_actor(), object_name, record)


def change(store: OrganisationStore, object_name: str, record: uuid.UUID, **values: object) -> None:
    version = kept(store, object_name, record).version
    service.update(store, operator_actor(), object_name, record, version, values)


def summary(page: TestResponse) -> str:
    return page.text.split("data-error-summary")[1].split("</ul>")[0]


def test_a_changed_row_that_somebody_deleted_is_told_in_the_form_with_what_was_typed(
    at_sheets: Visitor, sheets: OrganisationStore, sheet: uuid.UUID, row: uuid.UUID
) -> None:
    form = at_sheets.get(f"sheet/{sheet}/edit")
    service.delete(sheets, operator_actor(), "entry", row)
    told = at_sheets.send(form, {f"{ROW}title": "A warm coat", "story": "Told"})
    assert told.status_code == 409
    assert "Entry 1: Somebody else deleted this meanwhile" in summary(told)
    assert form_of(told).value(f"{ROW}title") == "A warm coat"
    assert at_sheets.send(told, {f"{ROW}remove": "1"}).status_code == 302
    assert kept(sheets, "sheet", sheet).answers["story"] == "Told"


def test_a_row_that_two_people_remove_is_removed(
    at_sheets: Visitor, sheets: OrganisationStore, sheet: uuid.UUID, row: uuid.UUID
) -> None:
    form = at_sheets.get(f"sheet/{sheet}/edit")
    service.delete(sheets, operator_actor(), "entry", row)
    assert at_sheets.send(form, {f"{ROW}remove": "1", "story": "Told"}).status_code == 302
    assert kept(sheets, "sheet", sheet).answers["story"] == "Told"


def test_a_record_that_was_deleted_with_its_rows_is_said_as_before(
    at_sheets: Visitor, sheets: OrganisationStore, sheet: uuid.UUID, row: uuid.UUID
) -> None:
    form = at_sheets.get(f"sheet/{sheet}/edit")
    service.delete(sheets, operator_actor(), "sheet", sheet)
    told = at_sheets.send(form, {f"{ROW}title": "A warm coat"})
    assert told.status_code == 409
    assert "This record was deleted. Bring it back before changing it." in told.text


def test_a_form_with_changed_rows_shows_beside_a_clash_what_else_others_wrote(
    at_sheets: Visitor, sheets: OrganisationStore, sheet: uuid.UUID, row: uuid.UUID
) -> None:
    form = at_sheets.get(f"sheet/{sheet}/edit")
    change(sheets, "sheet", sheet, story="A colleague's", children="4")
    told = at_sheets.send(form, {"story": "Mine", f"{ROW}title": "A warm coat"})
    assert told.status_code == 409
    assert "Story: Somebody else wrote" in summary(told)
    assert "Children: Somebody else changed this meanwhile" in summary(told)
    assert form_of(told).value("children") == "4"
    assert at_sheets.send(told, {"children": ""}).status_code == 302
    answers = kept(sheets, "sheet", sheet).answers
    assert (answers["story"], answers["children"]) == ("Mine", None)
    assert kept(sheets, "entry", row).answers["title"] == "A warm coat"
