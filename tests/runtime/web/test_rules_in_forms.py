"""Rules and conditions in the form and in the import: the same words everywhere, a box that passes warnings over."""

from __future__ import annotations

import io
import itertools

import pytest
from flask import Flask

from amparo.runtime.access import Role, operator_actor
from amparo.runtime.planner.lists import list_page
from amparo.runtime.planner.queries import ListQuery
from amparo.runtime.records import service
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations
from amparo.runtime.transfer.importing import import_file
from factories.clinic import Json, field_of
from factories.office import office_document
from factories.organisations import make_organisation
from factories.rules import RULES, VISIT_RULES, with_rule
from factories.visitors import Visitor, finished, form_of

ROW = "+visit.person"
_numbers = itertools.count(1)


def document() -> Json:
    made = office_document()
    for name in ("born_later", "many_children"):
        made = with_rule(made, "person", name, **RULES[name])
    made = with_rule(made, "visit", "before_birth", **VISIT_RULES["before_birth"])
    made["translations"].append(
        {"id": "rules.km", "language": "km", "labels": {"person.rule.many_children": {"message": "កូនច្រើនណាស់។"}}}
    )
    field_of(made, "person", "story")["required_when"] = "children > 20"
    field_of(made, "person", "code")["visible_when"] = 'ISPICKVAL(gender, "female")'
    layout = next(each for each in made["layouts"] if each["object"] == "person")
    layout["tabs"][0]["related_lists"][0]["in_form"] = True
    return made


@pytest.fixture(scope="module")
def store(organisations: Organisations) -> OrganisationStore:
    return make_organisation(organisations, "rules", document(), Role.SUPERVISOR, Role.CASEWORKER)


@pytest.fixture
def visitor(app: Flask, store: OrganisationStore) -> Visitor:
    return Visitor.signed_in(app, store.slug, Role.SUPERVISOR)


def born(year: int) -> dict[str, str]:
    return {"born.day": "1", "born.month": "1", "born.year": str(year)}


def names(store: OrganisationStore) -> list[object]:
    return [each.answers["name"] for each in list_page(store, operator_actor(), ListQuery("person", ("name",))).records]


def test_a_broken_rule_stands_beside_its_field_and_nothing_typed_is_lost(visitor: Visitor) -> None:
    page = visitor.get("person/new", record_type="client")
    refused = visitor.send(page, {"name": "Refused", **born(2999)})
    assert refused.status_code == 422
    assert 'href="#f-born"' in refused.text
    assert RULES["born_later"]["message"] in refused.text
    assert form_of(refused).value("name") == "Refused"


def test_a_warning_has_a_box_and_the_form_is_saved_once_it_is_ticked(
    visitor: Visitor, store: OrganisationStore
) -> None:
    page = visitor.get("person/new", record_type="client")
    asked = visitor.send(page, {"name": "Warned", "children": "13"})
    assert asked.status_code == 422
    assert 'type="checkbox" id="warning-1" name="acknowledge" value="many_children" form="record"' in asked.text
    assert 'id="f-children-warning"' in asked.text
    # Nothing is invalid about an answer that may be right.
    assert "aria-invalid" not in asked.text
    again = visitor.send(asked, {"acknowledge": "many_children", **born(2999)})
    assert again.status_code == 422
    assert 'id="warning-1"' not in again.text
    saved = visitor.send(again, born(1999))
    assert saved.status_code == 302, saved.text
    assert "Warned" in names(store)
    history = visitor.client.get(f"{saved.headers['Location']}/history").text
    assert "Saved in spite of a warning" in history
    assert RULES["many_children"]["message"] in history
    changed = visitor.send(visitor.client.get(f"{saved.headers['Location']}/edit"), {"children": "3"})
    assert changed.status_code == 302
    told = visitor.client.get(f"{saved.headers['Location']}/history").text
    assert "A warning that no longer stands" in told
    assert told.count(RULES["many_children"]["message"]) == 2


def test_messages_of_rules_are_read_in_the_readers_language(app: Flask, store: OrganisationStore) -> None:
    visitor = Visitor.signed_in(app, store.slug, Role.CASEWORKER)
    visitor.client.get("/language", query_string={"to": "km"})
    page = visitor.get("person/new", record_type="client")
    asked = visitor.send(page, {"name": "Khmer", "children": "13"})
    assert "កូនច្រើនណាស់។" in asked.text


def test_a_row_has_the_same_rules_and_reads_what_is_typed_above_it(visitor: Visitor, store: OrganisationStore) -> None:
    page = visitor.get("person/new", record_type="client")
    visit = {f"{ROW}.0.title": "First", **{f"{ROW}.0.held_on.{part}": text for part, text in
             (("day", "1"), ("month", "1"), ("year", "1990"))}}  # fmt: skip
    refused = visitor.send(page, {"name": "Rows", **born(1999), **visit})
    assert refused.status_code == 422
    assert VISIT_RULES["before_birth"]["message"] in refused.text
    assert visitor.send(refused, born(1980)).status_code == 302
    assert "Rows" in names(store)


def test_a_row_with_a_warning_is_left_out_of_an_import_until_somebody_says_it_is_right(
    store: OrganisationStore,
) -> None:
    content = b"Name,Children\nImported one,2\nImported many,14\n"
    outcome = import_file(store, operator_actor("import"), "person", content)
    assert (outcome.created, outcome.refused) == (1, 1)
    (cause,) = outcome.causes
    assert (cause.kind, cause.message) == ("warning", RULES["many_children"]["message"])
    accepted = import_file(store, operator_actor("import"), "person", content, accept_warnings=True)
    assert (accepted.created, accepted.refused) == (2, 0)


def test_the_page_of_an_import_asks_about_warnings(visitor: Visitor, store: OrganisationStore) -> None:
    data = {"csrf_token": visitor.token, "file": (io.BytesIO(b"Name,Children\nPage many,14\n"), "people.csv")}
    sent = visitor.client.post(visitor.at("person/import"), data=data, content_type="multipart/form-data")
    trial = finished(visitor, sent.headers["Location"])
    assert RULES["many_children"]["message"] in trial.text
    assert form_of(trial, "mapping").value("run") is None
    again = visitor.send(trial, {"accept_warnings": "yes"}, "mapping")
    accepted = finished(visitor, again.headers["Location"])
    run = visitor.send(accepted, {"accept_warnings": "yes", "run": "1"}, "mapping")
    assert "1 row was added" in finished(visitor, run.headers["Location"]).text
    assert "Page many" in names(store)


def test_what_was_cleared_is_offered_again(visitor: Visitor, store: OrganisationStore) -> None:
    page = visitor.get("person/new", record_type="client")
    saved = visitor.send(page, {"name": "Offered", "gender": "female", "code": "O-1"})
    address = saved.headers["Location"]
    assert visitor.send(visitor.client.get(f"{address}/edit"), {"gender": "male"}).status_code == 302
    cleared = visitor.client.get(f"{address}/edit")
    assert "Earlier answer: O-1" in cleared.text
    again = visitor.send(cleared, {"gender": "female", "bring_back": "code"})
    assert again.status_code == 200
    assert (form_of(again).value("code"), form_of(again).value("gender")) == ("O-1", "female")
    assert visitor.send(again, {"gender": "female"}).status_code == 302
    assert "O-1" in visitor.client.get(address).text


@pytest.mark.parametrize(("values", "is_seen"), [
    ({"safe": True, "gender": "female"}, True),
    ({"safe": False, "gender": "female"}, False),
    ({"safe": True, "gender": None}, False),
])  # fmt: skip
def test_a_part_is_seen_while_its_own_condition_and_that_of_its_tab_are_true(
    app: Flask, organisations: Organisations, values: Json, is_seen: bool
) -> None:
    made = office_document()
    tab = next(each for each in made["layouts"] if each["object"] == "person")["tabs"][1]
    tab["visible_when"] = "safe"
    tab["sections"][0]["visible_when"] = "NOT(ISBLANK(TEXT(gender)))"
    store = make_organisation(organisations, f"parts-{next(_numbers)}", made, Role.SUPERVISOR)
    record = service.create(store, operator_actor(), "person", {"name": "New", "story": "Told there", **values}).record
    page = Visitor.signed_in(app, store.slug, Role.SUPERVISOR).get(f"person/{record}", tab=tab["name"]).text
    assert ("Told there" in page) is is_seen
