"""Dependent picklists: the same table decides in the save, in an import and on the page."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from flask import Flask

from amparo.app import create_app
from amparo.metadata.checks import check
from amparo.metadata.missing import Missing
from amparo.runtime.access import Actor, Role, operator_actor
from amparo.runtime.errors import InvalidAnswers
from amparo.runtime.members import create_member
from amparo.runtime.planner.records import read_record
from amparo.runtime.records import service
from amparo.runtime.releases.publishing import publish
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations
from amparo.runtime.transfer.importing import import_file
from amparo.runtime.transfer.mapping import ColumnMapping, ImportMapping
from factories.visitors import PASSWORD, Visitor

Json = dict[str, Any]
TOWNS = {"kh": ["phnom_penh", "poipet"], "th": ["bangkok", "mae_sot", "poipet"], "la": []}


def picklist(name: str, *codes: str) -> Json:
    options = [{"code": code, "label": code.replace("_", " ").title()} for code in codes]
    return {"id": name, "name": name, "label": name.title(), "options": options}


def document() -> Json:
    def field(name: str, kind: str, **more: Any) -> Json:
        return {"id": f"visit.{name}", "name": name, "type": kind, "label": name.title(), **more}

    depends = {"depends_on": {"field": "country", "options": TOWNS}}
    by_night = {"depends_on": {"field": "overnight", "options": {"true": ["bed"], "false": ["advice"]}}}
    fields = [
        field("name", "text", required=True),
        field("country", "picklist", picklist="country"),
        field("town", "picklist", picklist="town", missing_reasons=["unknown"], **depends),
        field("overnight", "checkbox"),
        field("given", "multi_select", picklist="given", **by_night),
    ]
    return {
        "format": 1,
        "application": {
            "id": "app",
            "name": "visits",
            "label": "Visits",
            "languages": ["en"],
            "default_language": "en",
            "time_zone": "Asia/Phnom_Penh",
            "navigation": ["visit"],
        },
        "objects": [
            {
                "id": "visit",
                "name": "visit",
                "label": "Visit",
                "plural": "Visits",
                "name_field": "name",
                "fields": fields,
            }
        ],
        "picklists": [
            picklist("country", "kh", "th", "la"),
            picklist("given", "bed", "advice"),
            picklist("town", "bangkok", "mae_sot", "phnom_penh", "poipet"),
        ],
        "layouts": [],
        "list_views": [],
        "reports": [],
        "translations": [],
    }


@pytest.fixture(scope="module")
def visits(organisations: Organisations) -> OrganisationStore:
    store = organisations.create("visits", "Visits")
    publish(store, operator_actor(), document())
    create_member(organisations, "visits", "supervisor@visits", "Super Visor", Role.SUPERVISOR, PASSWORD)
    return store


def refused(call: Any) -> str:
    with pytest.raises(InvalidAnswers) as caught:
        call()
    (problem,) = caught.value.problems
    assert problem.kind == "not_an_option"
    return f"{problem.path}: {problem.message}"


def test_an_option_has_to_go_with_the_answer_that_controls_it(visits: OrganisationStore, operator: Actor) -> None:
    def make(**values: Any) -> Any:
        return service.create(visits, operator, "visit", {"name": "A", **values})

    make(country="kh", town="poipet", overnight=True, given=["bed"])
    make(country="th", town={"missing": "unknown"}, overnight=False, given=["advice"])
    make(country="la")
    assert "“Bangkok” does not go with “Kh” in “Country”" in refused(lambda: make(country="kh", town="bangkok"))
    assert "town: Answer “Country” first" in refused(lambda: make(town="bangkok"))
    assert "does not go with “La”" in refused(lambda: make(country="la", town="poipet"))
    assert "given: “Bed” does not go with “No”" in refused(lambda: make(overnight=False, given=["advice", "bed"]))


def test_a_change_of_either_side_is_judged_with_what_the_record_holds(
    visits: OrganisationStore, operator: Actor
) -> None:
    saved = service.create(visits, operator, "visit", {"name": "B", "country": "kh", "town": "phnom_penh"})

    def change(values: Json) -> Any:
        version = read_record(visits, operator, "visit", saved.record).version
        return service.update(visits, operator, "visit", saved.record, version, values)

    assert refused(lambda: change({"country": "th"})).startswith("town: ")
    assert refused(lambda: change({"town": "bangkok"})).startswith("town: ")
    change({"country": "th", "town": "bangkok"})
    change({"town": {"missing": "unknown"}, "country": "la"})
    assert read_record(visits, operator, "visit", saved.record).answers["town"] is Missing.UNKNOWN


def test_a_record_from_before_a_table_may_be_changed_elsewhere(organisations: Organisations, operator: Actor) -> None:
    store = organisations.create("before", "Before")
    without = document()
    for each in without["objects"][0]["fields"]:
        each.pop("depends_on", None)
    publish(store, operator, without)
    old = service.create(store, operator, "visit", {"name": "C", "country": "kh", "town": "bangkok"})
    publish(store, operator, document())
    newer = service.update(store, operator, "visit", old.record, old.version, {"name": "D"})
    assert refused(
        lambda: service.update(store, operator, "visit", old.record, newer.version, {"country": "la"})
    ).startswith("town: ")


def test_an_import_refuses_what_the_page_refuses(visits: OrganisationStore, operator: Actor) -> None:
    text = b"name,country,town\nE,kh,poipet\nF,kh,bangkok\n"
    columns = {name: ColumnMapping(name) for name in ("name", "country", "town")}
    for dry_run in (True, False):
        outcome = import_file(visits, operator, "visit", text, ImportMapping(columns), dry_run=dry_run)
        assert (outcome.acceptable, outcome.refused) == (1, 1)


def test_the_page_groups_options_and_says_what_does_not_fit(
    visits: OrganisationStore, organisations: Organisations
) -> None:
    app: Flask = create_app(organisations.settings)
    app.config["TESTING"] = True
    visitor = Visitor.signed_in(app, "visits", Role.SUPERVISOR)
    form = visitor.get("visit/new")
    for shown in ('data-depends-on="country"', "What can be chosen depends on “Country”", "<legend>No</legend>"):
        assert shown in form.text
    answer = visitor.send(form, {"name": "G", "country": "kh", "town": "bangkok"})
    assert answer.status_code == 422
    assert "“Bangkok” does not go with “Kh”" in answer.text
    assert visitor.send(answer, {"town": "poipet"}).status_code == 302
    app.extensions["amparo"].close()


@pytest.mark.parametrize(
    ("table", "kind", "place"),
    [
        ({"field": "contry", "options": {}}, "wrong_field_type", "depends_on.field"),
        ({"field": "town", "options": {}}, "wrong_field_type", "depends_on.field"),
        ({"field": "name", "options": {}}, "wrong_field_type", "depends_on.field"),
        ({"field": "country", "options": {"vn": []}}, "unknown_name", "depends_on.options"),
        ({"field": "country", "options": {"kh": ["poipett"]}}, "unknown_name", "depends_on.options.kh"),
        ({"field": "country"}, "missing_entry", "depends_on.options"),
    ],
)
def test_a_table_that_cannot_be_right_is_told_at_its_place(table: Json, kind: str, place: str) -> None:
    wrong = copy.deepcopy(document())
    wrong["objects"][0]["fields"][2]["depends_on"] = table
    (problem,) = check(wrong)
    assert (problem.kind, problem.path) == (kind, f"objects/visit.json: fields[2].{place}")


def test_tables_in_a_circle_are_refused() -> None:
    wrong = document()
    wrong["objects"][0]["fields"][1]["depends_on"] = {"field": "town", "options": {"poipet": ["kh"]}}
    assert {problem.kind for problem in check(wrong)} == {"cycle"}
