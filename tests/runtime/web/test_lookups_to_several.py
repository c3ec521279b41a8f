"""Boxes for a record of any of several objects, without script."""

from __future__ import annotations

import io

import pytest
from flask import Flask

from amparo.runtime.access import Role, operator_actor
from amparo.runtime.records import service
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations
from factories.errands import Lotus, make_errands, make_lotus
from factories.visitors import Visitor, finished, form_of


@pytest.fixture(scope="module")
def errands(organisations: Organisations) -> OrganisationStore:
    return make_errands(organisations)


@pytest.fixture
def worker(app: Flask, errands: OrganisationStore) -> Visitor:
    return Visitor.signed_in(app, errands.slug, Role.CASEWORKER)


@pytest.fixture
def lotus(errands: OrganisationStore) -> Lotus:
    return make_lotus(errands)


def test_a_record_of_another_object_is_found_chosen_and_linked(
    worker: Visitor, errands: OrganisationStore, lotus: Lotus
) -> None:
    person, visit = lotus.both
    typed = {"title": f"Errand {person}", "about.query": lotus.word, "find": "about"}
    found = worker.send(worker.get("errand/new"), typed)
    assert found.status_code == 200
    for record in lotus.both:
        assert f'name="about" value="{record}"' in found.text
    assert ">Person · P-" in found.text
    assert 'match-2-detail">Visit<' in found.text or 'match-1-detail">Visit<' in found.text
    saved = worker.send(found, {"about": str(visit)})
    assert saved.status_code == 302, saved.text
    page = worker.client.get(saved.headers["Location"]).text
    assert f"/o/{errands.slug}/visit/{visit}" in page
    assert "Visit: Lotus" in page
    edit = form_of(worker.get(f"{saved.headers['Location'].split(errands.slug + '/')[1]}/edit"))
    assert edit.value("about") == str(visit)


def test_what_was_typed_and_not_chosen_comes_back_with_matches(worker: Visitor, lotus: Lotus) -> None:
    answer = worker.send(worker.get("errand/new"), {"title": "Unchosen", "about.query": lotus.word})
    assert answer.status_code == 422
    assert f'name="about" value="{lotus.visit}"' in answer.text


def test_the_page_offers_a_new_record_of_each_object(worker: Visitor) -> None:
    form = worker.get("errand/new").text
    assert f'href="/o/{worker.slug}/person/new" target="_blank" rel="noopener">Person</a>' in form
    assert f'href="/o/{worker.slug}/visit/new" target="_blank" rel="noopener">Visit</a>' in form
    answer = worker.post("person/find?also=visit", {"q": "Somebody New"}).get_json()
    assert [each["words"] for each in answer["additions"]] == [
        "Add “Somebody New” as new: Person",
        "Add “Somebody New” as new: Visit",
    ]


def test_typing_tells_what_each_match_is(worker: Visitor, lotus: Lotus) -> None:
    answer = worker.post("person/find?also=visit", {"q": lotus.word}).get_json()
    details = {each["id"]: each["detail"] for each in answer["matches"]}
    person, visit = (details[str(record)] for record in lotus.both)
    assert person.startswith("Person · P-")
    assert visit == "Visit"
    assert worker.post("person/find?also=nothing", {"q": lotus.word}).status_code == 404


def test_what_is_known_by_another_record_is_found_beside_it(
    worker: Visitor, errands: OrganisationStore, lotus: Lotus
) -> None:
    stay = service.create(errands, operator_actor(), "stay", {"guest": str(lotus.person)}).record
    found = worker.post("person/find?also=stay", {"q": lotus.word}).get_json()["matches"]
    assert [each["id"] for each in found] == [str(lotus.person), str(stay)]
    assert found[1]["detail"] == f"Stay · {lotus.word}"


def test_a_column_of_a_file_names_records_of_any_of_the_objects(
    app: Flask, errands: OrganisationStore, lotus: Lotus
) -> None:
    supervisor = Visitor.signed_in(app, errands.slug, Role.SUPERVISOR)
    content = f"Title,About\nCall {lotus.word},{lotus.word}\nWrite {lotus.word},{lotus.word} visit\n".encode()
    data = {"csrf_token": supervisor.token, "file": (io.BytesIO(content), "errands.csv")}
    sent = supervisor.client.post(supervisor.at("errand/import"), data=data, content_type="multipart/form-data")
    trial = finished(supervisor, sent.headers["Location"])
    assert "Person, Visit is named by" in trial.text
    assert form_of(trial, "mapping").value("c.1.by") == "name"
    assert '<option value="person.code">Person: Code</option>' in trial.text
    run = supervisor.send(trial, {"run": "1"}, "mapping")
    assert "2 rows were added" in finished(supervisor, run.headers["Location"]).text
    assert f"Write {lotus.word}" in supervisor.get(f"visit/{lotus.visit}").text


def test_each_record_lists_what_points_to_it(worker: Visitor, errands: OrganisationStore, lotus: Lotus) -> None:
    person, visit = lotus.both
    for record in lotus.both:
        service.create(errands, operator_actor(), "errand", {"title": f"To do {record}", "about": str(record)})
    arranged, plain = worker.get(f"person/{person}").text, worker.get(f"visit/{visit}").text
    assert f"To do {person}" in arranged
    assert f"To do {visit}" in plain
    assert f"To do {person}" not in plain
    assert f"errand/new?about={visit}" in plain
    brought = worker.get("errand/new", about=str(visit)).text
    assert f'name="about" value="{visit}" checked' in brought


def test_a_list_links_each_record_to_its_own_page(worker: Visitor, errands: OrganisationStore, lotus: Lotus) -> None:
    for record in lotus.both:
        service.create(errands, operator_actor(), "errand", {"title": f"Linked {record}", "about": str(record)})
    listed = worker.get("errand/", sort="-updated_at").text
    assert f"/person/{lotus.person}" in listed
    assert f"/visit/{lotus.visit}" in listed
    assert f"<bdi>{lotus.word} visit</bdi></a>" in listed
    chips = worker.get(
        "errand/", **{"f.0.field": "about", "f.0.operator": "equals", "f.0.value": str(lotus.visit)}
    ).text
    assert "Visit: Lotus" in chips
    assert f"Linked {lotus.person}" not in chips


def test_the_history_says_from_what_to_what(worker: Visitor, errands: OrganisationStore, lotus: Lotus) -> None:
    person, visit = lotus.both
    made = service.create(errands, operator_actor(), "errand", {"title": f"Moved {person}", "about": str(person)})
    service.update(errands, operator_actor(), "errand", made.record, made.version, {"about": str(visit)})
    page = worker.get(f"errand/{made.record}").text
    history = page if "Person: Lotus" in page else worker.get(f"errand/{made.record}/history").text
    assert "Person: Lotus" in history
    assert "Visit: Lotus" in history
