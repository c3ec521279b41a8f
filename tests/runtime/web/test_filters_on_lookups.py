"""Conditions on lookups, without script: records are looked for and shown by their names, whatever became of them."""

from __future__ import annotations

import html
import re
import uuid

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from amparo.metadata.model import FilterRow
from amparo.runtime.access import Role, operator_actor
from amparo.runtime.records import service
from amparo.runtime.releases.publishing import publish
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations
from factories.clinic import Json
from factories.conditions import BOX, chips_on, offered, sent
from factories.errands import Lotus, errands_document, make_errands, make_lotus
from factories.visitors import Visitor, form_of


@pytest.fixture(scope="module")
def errands(organisations: Organisations) -> OrganisationStore:
    return make_errands(organisations)


@pytest.fixture
def worker(app: Flask, errands: OrganisationStore) -> Visitor:
    return Visitor.signed_in(app, errands.slug, Role.CASEWORKER)


@pytest.fixture
def lotus(errands: OrganisationStore) -> Lotus:
    """With an errand about each, named after it."""
    made = make_lotus(errands)
    for record in made.both:
        service.create(errands, operator_actor(), "errand", {"title": f"About {record}", "about": str(record)})
    return made


def about(operator: str, *records: uuid.UUID) -> dict[str, str]:
    row = {"f.0.field": "about", "f.0.operator": operator, BOX: ";".join(map(str, records))}
    return {"view": "all", "match": "all", **row}


def errands_on(page: TestResponse) -> set[str]:
    return set(re.findall(r"<bdi>About ([^<]*)</bdi>", page.text))


def test_a_record_is_found_by_its_name_chosen_and_shown_by_it(worker: Visitor, lotus: Lotus) -> None:
    page = worker.get("errand/", **about("equals"), edit="1")
    found = sent(worker, page, **{f"{BOX}.query": lotus.word, "find": BOX})
    assert sorted(offered(found, "radio")) == sorted(map(str, lotus.both))
    assert ">Person · P-" in found.text
    listed = sent(worker, found, **{BOX: str(lotus.visit)})
    assert errands_on(listed) == {str(lotus.visit)}
    assert chips_on(listed) == [f"About is Visit: {lotus.word} visit"]
    again = worker.client.get(html.unescape(re.findall(r'class="chip add" href="([^"]*)"', listed.text)[0]))
    assert form_of(again, "conditions").value(BOX) == str(lotus.visit)


def test_several_are_found_one_after_the_other(worker: Visitor, lotus: Lotus) -> None:
    page = worker.get("errand/", **about("one_of"), edit="1")
    first = sent(worker, page, **{f"{BOX}.query": f"{lotus.word} visit", "find": BOX})
    assert str(lotus.visit) in offered(first, "checkbox")
    second = sent(worker, first, **{BOX: [str(lotus.visit)], f"{BOX}.query": lotus.word, "find": BOX})
    assert form_of(second, "conditions").values(BOX) == [str(lotus.visit)]
    assert set(offered(second, "checkbox")) == {str(lotus.person), str(lotus.visit)}
    listed = sent(worker, second, **{BOX: [str(lotus.visit), str(lotus.person)]})
    assert errands_on(listed) == {str(lotus.visit), str(lotus.person)}
    assert chips_on(listed) == [f"About is one of Visit: {lotus.word} visit, Person: {lotus.word}"]
    others = worker.get("errand/", **about("not_one_of", lotus.visit, lotus.person))
    assert not errands_on(others) & {str(lotus.visit), str(lotus.person)}


@pytest.mark.parametrize("operator", ["equals", "one_of"])
def test_a_name_that_was_typed_and_not_chosen_comes_back_with_matches(
    worker: Visitor, lotus: Lotus, operator: str
) -> None:
    page = worker.get("errand/", **about(operator), edit="1")
    back = sent(worker, page, **{f"{BOX}.query": lotus.word})
    kind = "radio" if operator == "equals" else "checkbox"
    assert sorted(offered(back, kind)) == sorted(map(str, lotus.both))
    assert "Nothing found" in sent(worker, page, **{f"{BOX}.query": "no such name"}).text


def test_a_name_that_is_looked_for_stands_in_no_address(worker: Visitor, lotus: Lotus) -> None:
    page = worker.get("errand/", **about("equals"), edit="1")
    answer = worker.send(page, {f"{BOX}.query": lotus.word, "find": BOX}, "conditions")
    assert lotus.word.split()[0] not in answer.headers["Location"]
    found = worker.client.get(answer.headers["Location"])
    assert not [url for url in re.findall(r'(?:href|action)="([^"]*)"', found.text) if "Lotus" in url]


def test_another_field_does_not_inherit_the_answer(worker: Visitor, lotus: Lotus) -> None:
    page = worker.get("errand/", **about("equals", lotus.person), edit="1")
    other = sent(worker, page, **{"f.0.field": "title", "refresh": "1"})
    assert form_of(other, "conditions").value(BOX) == ""
    assert str(lotus.person) not in other.text.split('id="filters"')[1].split("</section>")[0]


def test_one_answer_of_several_is_kept_where_one_is_asked_for(worker: Visitor, lotus: Lotus) -> None:
    page = worker.get("errand/", **about("one_of", lotus.visit, lotus.person), edit="1")
    one = sent(worker, page, **{"f.0.operator": "equals", "refresh": "1"})
    assert form_of(one, "conditions").values(BOX) == [str(lotus.visit)]


def test_a_deleted_record_keeps_its_name_and_is_said_to_be_deleted(
    worker: Visitor, errands: OrganisationStore, lotus: Lotus
) -> None:
    service.delete(errands, operator_actor(), "visit", lotus.visit)
    listed = worker.get("errand/", **about("equals", lotus.visit))
    assert chips_on(listed) == [f"About is Visit: {lotus.word} visit (deleted)"]
    assert errands_on(listed) == {str(lotus.visit)}


@pytest.mark.parametrize("is_erased", [True, False])
def test_what_is_erased_or_not_to_be_seen_is_said_and_can_be_taken_away(
    worker: Visitor, errands: OrganisationStore, lotus: Lotus, is_erased: bool
) -> None:
    record = lotus.visit if is_erased else uuid.uuid4()
    if is_erased:
        service.erase(errands, operator_actor(), "visit", record, "asked for")
    listed = worker.get("errand/", **about("equals", record), edit="1")
    assert listed.status_code == 200
    assert chips_on(listed) == ["About is one that was erased for good, or that you may not see"]
    assert str(record) in form_of(listed, "conditions").values(BOX)
    without = html.unescape(re.findall(r'class="cross" href="([^"]*)"', listed.text)[0])
    assert str(lotus.person) in errands_on(worker.client.get(without))
    assert chips_on(worker.client.get(without)) == []


def test_no_new_record_is_offered_where_a_condition_is_made(worker: Visitor, lotus: Lotus) -> None:
    answer = worker.post("person/find?also=visit&additions=no", {"q": lotus.word}).get_json()
    assert {each["id"] for each in answer["matches"]} == set(map(str, lotus.both))
    assert answer["additions"] == []


def test_a_list_that_was_kept_with_such_a_condition_tells_its_name(
    worker: Visitor, errands: OrganisationStore, lotus: Lotus
) -> None:
    row = FilterRow("about", "one_of", [str(lotus.person)])
    document = errands_document()
    view: Json = {"id": "view.theirs", "name": "theirs", "object": "errand", "label": "Theirs", "columns": ["title"]}
    view["filters"] = [{"field": row.field, "operator": row.operator, "value": row.value}]
    document["list_views"].append(view)
    publish(errands, operator_actor(), document)
    listed = worker.get("errand/", view="theirs")
    assert chips_on(listed) == [f"About is one of Person: {lotus.word}"]
    assert errands_on(listed) == {str(lotus.person)}
