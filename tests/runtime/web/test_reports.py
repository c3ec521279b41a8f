"""Reports on a page and as files."""

from __future__ import annotations

import csv
import io
import re

import pytest
from flask import Flask

from amparo.runtime.access import Role, operator_actor
from amparo.runtime.records.changes import Change
from amparo.runtime.records.saving import save
from amparo.runtime.releases.publishing import publish
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations
from factories.clinic import field_of
from factories.office import office_document
from factories.organisations import make_organisation
from factories.visitors import Visitor


@pytest.fixture(scope="module")
def counted_people(office: OrganisationStore) -> None:
    genders = ["female"] * 3 + ["male"] * 2 + [{"missing": "refused"}, None]
    changes = [
        Change({"name": f"R{place}", "gender": gender, "debt": "10", "born": f"199{place}-01-01"})
        for place, gender in enumerate(genders)
    ]
    save(office, operator_actor(), "person", changes)


pytestmark = pytest.mark.usefixtures("counted_people")


def test_the_list_of_reports_names_each_once(caseworker: Visitor) -> None:
    page = caseworker.get("reports/").text
    for label in ("People by gender", "People listed"):
        assert page.count(f"<bdi>{label}</bdi>") == 1


def test_a_report_shows_its_figures_and_where_they_come_from(caseworker: Visitor) -> None:
    page = caseworker.get("reports/by_gender").text
    assert "People: 7" in page
    assert 'class="chart"' in page
    link = re.search(r'<bdi>Female</bdi></th><td><a href="([^"]+)">3</a>', page)
    assert link
    assert "All 3 shown" in caseworker.client.get(link.group(1).replace("&amp;", "&")).text


def test_what_was_written_before_there_were_options_is_told_from_an_option_and_leads_nowhere(
    app: Flask, organisations: Organisations
) -> None:
    """A list leaves out a condition that names no option: the figure led to everybody."""
    document = office_document()
    field_of(document, "person", "gender").pop("picklist")
    field_of(document, "person", "gender")["type"] = "text"
    store = make_organisation(organisations, "written-first", document, Role.CASEWORKER)
    save(store, operator_actor(), "person", [Change({"name": "A", "gender": "Female"})])
    publish(store, operator_actor(), office_document())
    save(store, operator_actor(), "person", [Change({"name": name, "gender": "female"}) for name in "BC"])
    page = Visitor.signed_in(app, store.slug, Role.CASEWORKER).get("reports/by_gender").text
    assert "<bdi>Female (not an option)</bdi></th><td>1</td>" in page
    assert re.search(r'<bdi>Female</bdi></th><td><a href="[^"]+">2</a>', page)


def test_what_has_no_answer_is_counted_in_red_and_leads_there(caseworker: Visitor) -> None:
    page = caseworker.get("reports/by_gender").text
    line = page.split('class="missing-line"')[1].split("</p>")[0]
    assert "<b>1</b>" in line
    link = re.search(r'href="([^"]+)"', line)
    assert link
    assert "All 1 shown" in caseworker.client.get(link.group(1).replace("&amp;", "&")).text


def test_figures_cross_two_groupings_with_totals(caseworker: Visitor) -> None:
    page = caseworker.get("reports/by_year").text
    foot = page.split("<tfoot>")[1].split("</tfoot>")[0]
    assert re.findall(r">(\d+)<", foot)[-1] == "7"


def test_of_the_columns_only_that_of_blanks_is_red(caseworker: Visitor) -> None:
    heads = caseworker.get("reports/by_year").text.split('<table class="figures">')[1].split("</thead>")[0]
    marks = {label: "gap" in classes for classes, label in re.findall(r'class="([^"]*)">([^<]+)</th>', heads)}
    assert marks["Refused"] is False
    assert marks["Blank"] is True


def test_a_report_is_a_file_too(caseworker: Visitor) -> None:
    answer = caseworker.get("reports/by_gender.csv")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert ["Female", "3", "30.00"] in rows
    assert caseworker.get("reports/by_gender.json").get_json()["count"] == 7


def test_records_leave_only_with_those_who_may_export(app: Flask, office: OrganisationStore) -> None:
    caseworker = Visitor.signed_in(app, office.slug, Role.CASEWORKER)
    assert caseworker.get("reports/listed").status_code == 200
    assert "listed.csv" not in caseworker.get("reports/listed").text
    assert caseworker.get("reports/listed.csv").status_code == 403
    supervisor = Visitor.signed_in(app, office.slug, Role.SUPERVISOR)
    assert "R0" in supervisor.get("reports/listed.csv").text


def test_a_report_of_a_past_day_counts_what_was_there(caseworker: Visitor) -> None:
    page = caseworker.get("reports/by_gender", as_of="2020-01-01")
    assert page.status_code == 200
    assert "Nothing to count" in page.text
    assert "You are looking at 1 January 2020" in page.text


def test_what_is_no_report_or_no_day_is_said(caseworker: Visitor) -> None:
    assert caseworker.get("reports/nothing").status_code == 404
    assert caseworker.get("reports/by_gender", as_of="soon").status_code == 422
    assert caseworker.get("reports/by_gender.csv", as_of="soon").status_code == 422
