"""Exports as pages: what and how, the work, and the file."""

from __future__ import annotations

import html
import io
import re
import uuid
import zipfile

from amparo.runtime.access import Role, operator_actor
from amparo.runtime.jobs.queueing import enqueue
from amparo.runtime.jobs.states import JobState, claim, finish
from amparo.runtime.jobs.working import perform, without_room
from amparo.runtime.members import list_members
from amparo.runtime.planner.queries import ListQuery
from amparo.runtime.records import service
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.transfer.jobs import EXPORT, export_submission
from amparo.runtime.transfer.opened_table import TableChoice
from amparo.runtime.transfer.table_reading import open_table
from factories.visitors import Visitor, finished, form_of


def file_of(visitor: Visitor, address: str, **chosen: str) -> bytes:
    """The file that a page of an export makes."""
    begun = visitor.client.post(address, data={"csrf_token": visitor.token, **chosen})
    assert begun.status_code == 303
    page = finished(visitor, begun.headers["Location"])
    assert "Work under way" not in page.text
    (link,) = re.findall(r'href="([^"]*/export\.[a-z]+)"', page.text)
    content: bytes = visitor.client.get(html.unescape(link)).data
    return content


def test_a_list_a_record_and_everything_are_made_into_files(supervisor: Visitor, office: OrganisationStore) -> None:
    mark = uuid.uuid4().hex
    record = service.create(office, operator_actor(), "person", {"name": mark, "debt": "5"}).record
    listed = html.unescape(re.findall(r'href="([^"]*person/export[^"]*)"', supervisor.get("person/").text)[0])
    assert "Workbook (XLSX)" in supervisor.client.get(listed).text
    book = open_table(file_of(supervisor, listed, kind="xlsx", form="labels"))
    assert mark in {row.cells[0] for row in book.rows()}
    assert "Export" in supervisor.get(f"person/{record}").text
    one = file_of(supervisor, supervisor.at(f"person/{record}/export"), kind="xlsx", form="codes")
    assert [row.cells[1] for row in open_table(one, TableChoice("person")).rows()] == [mark]
    assert "Export everything" in supervisor.get("you").text
    assert f'<li><a href="{supervisor.at("you")}">You</a></li>' in supervisor.get("jobs/export").text
    packed = file_of(supervisor, supervisor.at("jobs/export"), kind="zip", form="codes")
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert mark in archive.read("person.csv").decode("utf-8-sig")


def test_the_file_of_a_list_holds_what_the_list_was_asked(supervisor: Visitor, office: OrganisationStore) -> None:
    mark = uuid.uuid4().hex
    for name, code in ((f"{mark} a", f"{mark}a"), (f"{mark} b", f"{mark}b")):
        service.create(office, operator_actor(), "person", {"name": name, "code": code})
    asked: dict[str, str | list[str]] = {
        "view": "all",
        "match": "all",
        "f.0.field": "code",
        "f.0.operator": "equals",
        "f.0.value": f"{mark}b",
        "columns": ["code", "debt"],
    }
    page = supervisor.get("person/export", **asked)
    sent = form_of(page, "export").filled({"kind": "csv", "form": "labels"})
    begun = supervisor.client.post(supervisor.at("person/export"), data=sent)
    made = finished(supervisor, begun.headers["Location"])
    (link,) = re.findall(r'href="([^"]*/export\.[a-z]+)"', made.text)
    table = open_table(supervisor.client.get(html.unescape(link)).data)
    assert table.header == ("Code", "Debt")
    assert [row.cells[0] for row in table.rows()] == [f"{mark}b"]


def test_a_list_that_is_gone_is_not_exported_as_one_of_everything(supervisor: Visitor) -> None:
    asked = {"view": "gone", "f.0.field": "nowhere", "f.0.operator": "equals", "f.0.value": "x"}
    for refused in (
        supervisor.get("person/export", **asked),
        supervisor.post("person/export", {**asked, "kind": "csv", "form": "labels"}),
    ):
        assert refused.status_code == 303
        told = supervisor.client.get(refused.headers["Location"])
        assert "There is no list “gone”" in told.text
        assert "There is no field “nowhere”" in told.text


def test_work_that_failed_says_why(supervisor: Visitor, office: OrganisationStore) -> None:
    (asker,) = (each.acting("page") for each in list_members(office) if each.role is Role.SUPERVISOR)
    with office.engine.begin() as connection:
        job = enqueue(connection, office, asker, EXPORT, {})
    held = claim(office, job)
    assert held is not None
    finish(office, held, JobState.FAILED, without_room())
    assert "This could not be done. The server has no room left." in supervisor.get(f"jobs/{job}").text


def test_work_that_definitions_refuse_by_now_says_what_they_refuse(
    supervisor: Visitor, office: OrganisationStore
) -> None:
    """It said that the record was refused, of a file for which nobody gave a record."""
    (asker,) = (each.acting("page") for each in list_members(office) if each.role is Role.SUPERVISOR)
    asked = export_submission(asker, [ListQuery("person", ("renamed",))])
    with office.engine.begin() as connection:
        job = enqueue(connection, office, asker, *asked)
    assert perform(office, job)
    assert "This could not be done. Person has no field “renamed”." in supervisor.get(f"jobs/{job}").text


def test_who_may_not_export_finds_no_page_for_it(caseworker: Visitor) -> None:
    assert caseworker.get("jobs/export").status_code == 403
    assert caseworker.get("person/export").status_code == 403
    assert "Export everything" not in caseworker.get("you").text
