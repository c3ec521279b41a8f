"""Dependent picklists: the same table, and the same formulas, decide in the save, in an import and on the page."""

from __future__ import annotations

import copy
import html
import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from amparo.metadata.checks import check
from amparo.metadata.missing import Missing
from amparo.runtime.access import Actor, Role
from amparo.runtime.errors import InvalidAnswers
from amparo.runtime.planner.records import read_record
from amparo.runtime.records import service
from amparo.runtime.releases.publishing import publish
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations
from amparo.runtime.transfer.importing import import_file
from amparo.runtime.transfer.mapping import ColumnMapping, ImportMapping
from factories.organisations import answering, make_organisation
from factories.visitors import Visitor

Json = dict[str, Any]
TOWNS = {"kh": ["phnom_penh", "poipet"], "th": ["bangkok", "mae_sot", "poipet"], "la": []}
FORMULAS = {"visa": 'ISPICKVAL(country, "th")', "minor": "age < 18"}


def picklist(name: str, *codes: str) -> Json:
    options = [{"code": code, "label": code.replace("_", " ").title()} for code in codes]
    return {"id": name, "name": name, "label": name.title(), "options": options}


def document() -> Json:
    def field(name: str, kind: str, **more: Any) -> Json:
        return {"id": f"visit.{name}", "name": name, "type": kind, "label": name.title(), **more}

    depends = {"depends_on": {"field": "country", "options": TOWNS}}
    by_night = {"depends_on": {"field": "overnight", "options": {"true": ["bed"], "false": ["advice"]}}}
    rooms = {"depends_on": {"field": "overnight", "options": {"true": ["family", "single"]}}}
    fields = [
        field("name", "text", required=True),
        field("country", "picklist", picklist="country"),
        field("town", "picklist", picklist="town", missing_reasons=["unknown"], **depends),
        field("overnight", "checkbox"),
        field("given", "multi_select", picklist="given", **by_night),
        field("age", "integer"),
        field("papers", "multi_select", picklist="papers", options_when=FORMULAS),
        field("room", "picklist", picklist="room", options_when={"family": "age < 18"}, **rooms),
    ]
    return {
        "format": 1,
        "application": {
            "id": "app",
            "name": "visits",
            "label": "Visits",
            "languages": ["en", "ar"],
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
            picklist("papers", "minor", "passport", "visa"),
            picklist("room", "family", "single"),
            picklist("town", "bangkok", "mae_sot", "phnom_penh", "poipet"),
        ],
        "layouts": [],
        "list_views": [],
        "reports": [],
        "translations": [
            {
                "id": "words.ar",
                "language": "ar",
                "labels": {
                    "papers:visa": {"label": "تأشيرة"},
                    "town:bangkok": {"label": "بانكوك"},
                    "country:kh": {"label": "كمبوديا"},
                    "visit.country": {"label": "البلد"},
                },
            }
        ],
    }


@pytest.fixture(scope="module")
def visits(organisations: Organisations) -> OrganisationStore:
    return make_organisation(organisations, "visits", document(), Role.SUPERVISOR)


@pytest.fixture(scope="module")
def app(organisations: Organisations) -> Iterator[Flask]:
    with answering(organisations) as made:
        yield made


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


def test_what_a_multi_select_held_before_a_table_stays_when_another_option_is_chosen(
    organisations: Organisations, operator: Actor
) -> None:
    store = organisations.create("held", "Held")
    without = document()
    for each in without["objects"][0]["fields"]:
        each.pop("depends_on", None)
    publish(store, operator, without)
    old = service.create(store, operator, "visit", {"name": "E", "overnight": False, "given": ["bed"]})
    publish(store, operator, document())

    def change(version: int, **values: Any) -> Any:
        return service.update(store, operator, "visit", old.record, version, values)

    more = change(old.version, given=["bed", "advice"])
    assert refused(lambda: change(more.version, given=["advice", "bed"], overnight=None)).startswith("given: ")
    fewer = change(more.version, given=["advice"])
    assert "“Bed” does not go with “No”" in refused(lambda: change(fewer.version, given=["advice", "bed"]))


def test_an_import_refuses_what_the_page_refuses(visits: OrganisationStore, operator: Actor) -> None:
    text = b"name,country,town\nE,kh,poipet\nF,kh,bangkok\n"
    columns = {name: ColumnMapping(name) for name in ("name", "country", "town")}
    for dry_run in (True, False):
        outcome = import_file(visits, operator, "visit", text, ImportMapping(columns), dry_run=dry_run)
        assert (outcome.acceptable, outcome.refused) == (1, 1)


def test_the_page_groups_options_and_says_what_does_not_fit(app: Flask, visits: OrganisationStore) -> None:
    visitor = Visitor.signed_in(app, "visits", Role.SUPERVISOR)
    form = visitor.get("visit/new")
    for shown in ('data-depends-on="country"', "What can be chosen depends on “Country”", "<legend>No</legend>"):
        assert shown in form.text
    answer = visitor.send(form, {"name": "G", "country": "kh", "town": "bangkok"})
    assert answer.status_code == 422
    assert "“Bangkok” does not go with “Kh”" in answer.text
    assert visitor.send(answer, {"town": "poipet"}).status_code == 302


def test_an_option_is_offered_only_while_its_formula_is_true(visits: OrganisationStore, operator: Actor) -> None:
    def make(**values: Any) -> Any:
        return service.create(visits, operator, "visit", {"name": "H", **values})

    make(country="th", age=17, papers=["minor", "passport", "visa"])
    make(papers=["passport"])
    assert "papers: “Visa” does not go with the other answers" in refused(lambda: make(papers=["passport", "visa"]))
    assert "“Minor” does not go" in refused(lambda: make(country="th", age=18, papers=["minor", "visa"]))


def test_an_option_whose_formula_cannot_be_told_is_offered(visits: OrganisationStore, operator: Actor) -> None:
    saved = service.create(visits, operator, "visit", {"name": "I", "papers": ["minor"]})
    assert read_record(visits, operator, "visit", saved.record).answers["papers"] == ("minor",)


def test_a_formula_is_not_asked_about_an_answer_that_was_refused(visits: OrganisationStore, operator: Actor) -> None:
    with pytest.raises(InvalidAnswers) as caught:
        service.create(visits, operator, "visit", {"name": "J", "age": "many", "papers": ["minor"]})
    assert {problem.path for problem in caught.value.problems} == {"age"}


def test_a_table_and_formulas_count_together(visits: OrganisationStore, operator: Actor) -> None:
    def make(**values: Any) -> Any:
        return service.create(visits, operator, "visit", {"name": "K", **values})

    make(overnight=True, age=9, room="family")
    make(overnight=True, age=40, room="single")
    assert "the other answers given here" in refused(lambda: make(overnight=True, age=40, room="family"))
    assert "does not go with “No”" in refused(lambda: make(overnight=False, age=9, room="family"))


def test_what_a_record_holds_is_asked_about_when_a_change_touches_it_or_what_its_formula_reads(
    organisations: Organisations, operator: Actor
) -> None:
    store = organisations.create("formulas", "Formulas")
    without = document()
    for each in without["objects"][0]["fields"]:
        each.pop("options_when", None)
    publish(store, operator, without)
    old = service.create(store, operator, "visit", {"name": "L", "country": "kh", "age": 30, "papers": ["visa"]})
    publish(store, operator, document())
    record = old.record

    def change(values: Json) -> Any:
        version = read_record(store, operator, "visit", record).version
        return service.update(store, operator, "visit", record, version, values)

    change({"name": "M", "age": 31})
    change({"papers": ["passport", "visa"]})
    assert "“Minor”" in refused(lambda: change({"papers": ["minor", "visa"]}))
    assert refused(lambda: change({"country": "la"})).startswith("papers: “Visa”")
    change({"country": "th"})
    change({"country": "la", "papers": ["passport"]})
    assert "“Visa”" in refused(lambda: change({"papers": ["passport", "visa"]}))


def test_an_import_refuses_an_option_that_is_not_offered_in_the_same_words(
    visits: OrganisationStore, operator: Actor
) -> None:
    text = b"name,country,papers\nN,th,passport;visa\nO,kh,visa\n"
    for dry_run in (True, False):
        outcome = import_file(visits, operator, "visit", text, dry_run=dry_run)
        assert (outcome.acceptable, outcome.refused) == (1, 1)
        (cause,) = outcome.causes
        assert cause.message.startswith("“Visa” does not go with the other answers given here.")


def test_the_page_says_what_options_depend_on_and_tells_formulas_to_script(
    app: Flask, visits: OrganisationStore
) -> None:
    visitor = Visitor.signed_in(app, visits.slug, Role.SUPERVISOR)
    form = visitor.get("visit/new")
    assert "What can be chosen depends on “Country”, “Age”." in form.text
    assert "What can be chosen depends on “Overnight”, “Age”." in form.text
    conditions = json.loads(html.unescape(form.text.partition('data-conditions="')[2].partition('"')[0]))
    assert {name: set(codes) for name, codes in conditions["offered"].items()} == {
        "papers": {"visa", "minor"},
        "room": {"family"},
    }
    answer = visitor.send(form, {"name": "P", "country": "kh", "papers": ["visa"]})
    assert answer.status_code == 422
    assert "“Visa” does not go with the other answers given here." in answer.text
    assert visitor.send(answer, {"country": "th"}).status_code == 302


def test_options_that_do_not_fit_are_called_as_the_reader_knows_them(app: Flask, visits: OrganisationStore) -> None:
    visitor = Visitor.signed_in(app, visits.slug, Role.SUPERVISOR)
    visitor.client.get("/language", query_string={"to": "ar"})
    form = visitor.get("visit/new")
    answer = visitor.send(form, {"name": "Q", "country": "kh", "town": "bangkok", "papers": ["visa"]})
    assert "«بانكوك» لا يتوافق مع «كمبوديا» في «البلد»" in answer.text
    assert "«تأشيرة» لا يتوافق مع الإجابات الأخرى" in answer.text


@pytest.mark.parametrize(
    ("formulas", "kind", "place"),
    [
        ({"viza": "age < 18"}, "unknown_name", "options_when"),
        ({"visa": "agee < 18"}, "unknown_field", "options_when.visa: line 1, column 1"),
        ({"visa": "age + 1"}, "wrong_type", "options_when.visa: line 1, column 1"),
        ({"visa": 'ISPICKVAL(country, "thh")'}, "unknown_option", "options_when.visa: line 1, column 20"),
        ({"visa": "AND(age < 18"}, "unfinished", "options_when.visa: line 1, column 13"),
        ({f"code_{place}": "TRUE" for place in range(61)}, "limit", "options_when"),
    ],
)
def test_formulas_of_options_that_cannot_be_right_are_told_at_their_place(
    formulas: Json, kind: str, place: str
) -> None:
    wrong = document()
    papers = next(each for each in wrong["objects"][0]["fields"] if each["name"] == "papers")
    papers["options_when"] = formulas
    (problem,) = check(wrong)
    assert (problem.kind, problem.path) == (kind, f"objects/visit.json: fields[6].{place}")


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
