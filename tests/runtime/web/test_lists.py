"""Lists: views, conditions, order, columns, search, pages and files; whatever the address says."""

from __future__ import annotations

import csv
import html
import io
import itertools
import random
import re
import uuid

import pytest
from flask import Flask

from amparo.runtime.access import Role, operator_actor
from amparo.runtime.records import service
from amparo.runtime.records.changes import Change
from amparo.runtime.records.saving import save
from amparo.runtime.stores.organisation import OrganisationStore
from factories.conditions import chips_on
from factories.visitors import Visitor

NAMES = [f"{letter}-{number:02}" for number in range(10) for letter in "abcdef"]


@pytest.fixture(scope="module")
def people(office: OrganisationStore) -> list[str]:
    """Sixty people, half of them women, with debts that differ."""
    changes = [
        Change({"name": name, "gender": "female" if place % 2 else "male", "debt": str(place), "code": f"L{place}"})
        for place, name in enumerate(NAMES)
    ]
    save(office, operator_actor(), "person", changes)
    return NAMES


def names_on(page: str) -> list[str]:
    """Names of the rows in their order."""
    rows = page.split("data-rows>")[1].split("</tbody>")[0] if "data-rows>" in page else ""
    return re.findall(r'class="name-link"[^>]*><bdi>([^<]*)</bdi>', rows)


def test_a_view_shows_its_columns_in_its_order(caseworker: Visitor, people: list[str]) -> None:
    page = caseworker.get("person/").text
    assert names_on(page) == sorted(people)[:25]
    assert "First 25 of 60" in page
    for label in ("Name", "Gender", "Born", "Debt"):
        assert label in page.split("<thead")[1].split("</thead>")[0]


def tabs_on(page: str) -> list[str]:
    row = page.split('<nav class="tabs"')[1].split("</nav>")[0]
    return re.findall(r"<a [^>]*>([^<]*?)\s*<", row)


def test_the_whole_stands_once_among_the_lists(caseworker: Visitor, people: list[str]) -> None:
    assert tabs_on(caseworker.get("person/").text) == ["Everybody", "Women", "Deleted"]
    assert tabs_on(caseworker.get("person/", view="all").text) == ["Everybody", "All", "Women", "Deleted"]
    assert tabs_on(caseworker.get("visit/").text)[:2] == ["All", "Deleted"]


def test_the_rest_is_loaded_page_by_page_without_loss_or_repeat(caseworker: Visitor, people: list[str]) -> None:
    page = caseworker.get("person/").text
    seen = names_on(page)
    while following := re.search(r'href="([^"]+)" data-load-more', page):
        page = caseworker.client.get(following.group(1).replace("&amp;", "&")).text
        seen += names_on(page)
    assert seen == sorted(people)
    assert "All 60 shown" in page


def test_a_condition_is_a_chip_that_can_be_taken_away(caseworker: Visitor, people: list[str]) -> None:
    page = caseworker.get("person/", view="women", sort="name").text
    assert names_on(page) == [name for name in sorted(people) if NAMES.index(name) % 2][:25]
    chip = re.search(r'<span class="of">Gender is</span> Female</span><a class="cross" href="([^"]+)"', page)
    assert chip
    without = caseworker.client.get(chip.group(1).replace("&amp;", "&")).text
    assert "of 60" in without


def test_a_condition_on_the_kind_of_a_record_says_its_label(caseworker: Visitor) -> None:
    asked = {"f.0.field": "record_type", "f.0.operator": "equals", "f.0.value": "witness"}
    assert chips_on(caseworker.get("person/", view="all", **asked)) == ["Kind is Witness"]


@pytest.mark.parametrize(
    ("operator", "value", "expected"),
    [
        ("equals", "7", 1),
        ("between", "10;19", 10),
        ("greater_than", "57", 2),
        ("is_not_blank", "", 60),
        ("is_blank", "", 0),
    ],
)
def test_numbers_are_asked_for_by_their_own_comparisons(
    caseworker: Visitor, people: list[str], operator: str, value: str, expected: int
) -> None:
    query = {"view": "all", "f.0.field": "debt", "f.0.operator": operator, "f.0.value": value}
    page = caseworker.get("person/", **query)
    assert page.status_code == 200
    assert f"People: {expected}<" in page.text


def test_conditions_are_added_and_removed_without_script(caseworker: Visitor, people: list[str]) -> None:
    row = {"f.0.field": "gender", "f.0.operator": "equals", "f.0.value": "male", "match": "all"}
    page = caseworker.get("person/", **row, add="1").text
    assert 'name="f.1.field"' in page
    box = page.split('<select id="f-0-value"')[1].split("</select>")[0]
    assert '<option value="female">Female</option>' in box
    removed = caseworker.get("person/", **row, remove="0").text
    assert "of 60" in removed


@pytest.mark.parametrize(
    ("boxes", "box"),
    [
        ({"add": "1"}, "f-2-field"),
        ({"refresh": "1", "f.1.shown": "safe"}, "f-1-operator"),
        ({"refresh": "1"}, "filters"),
        ({"remove": "0", "f.1.shown": "safe"}, "filters"),
    ],
)
def test_whoever_makes_conditions_goes_on_where_they_are(
    caseworker: Visitor, people: list[str], boxes: dict[str, str], box: str
) -> None:
    rows = {"f.0.field": "gender", "f.0.shown": "gender", "f.1.field": "debt", "f.1.shown": "debt"}
    assert caseworker.post("person/", {**rows, **boxes}).headers["Location"].endswith(f"#{box}")
    assert "#f-2-field" in caseworker.get("person/", **rows, match="all").text


def test_a_search_looks_in_this_list(caseworker: Visitor, people: list[str]) -> None:
    assert names_on(caseworker.ask("person/", q="a-03").text) == ["a-03"]
    assert "Nothing fits here" in caseworker.ask("person/", q="no such person").text


def test_what_is_typed_stands_in_no_address(caseworker: Visitor, office: OrganisationStore) -> None:
    changes = [Change({"name": f"{first} Harbour", "gender": "female"}) for first in ("Ann", "Eve")]
    harbours = save(office, operator_actor(), "person", changes).saved.values()
    conditions = {
        "match": "all", "f.0.field": "name", "f.0.operator": "contains", "f.0.value": "harbour",
        "f.1.field": "gender", "f.1.operator": "equals", "f.1.value": "female",
    }  # fmt: skip
    sent = caseworker.post("person/", {"q": "harbour", "columns": "debt", "sort": "-name", **conditions})
    address = sent.headers["Location"]
    assert "harbour" not in address
    assert "f.1.value=female" in address
    page = caseworker.client.get(address).text
    assert names_on(page) == ["Eve Harbour", "Ann Harbour"]
    assert 'value="harbour"' in page
    assert not [url for url in re.findall(r'(?:href|action)="([^"]*)"', page) if "harbour" in url]
    without_search = caseworker.client.get(html.unescape(re.findall(r'class="cross" href="([^"]*)"', page)[0])).text
    assert 'value="harbour"' in without_search
    for each in harbours:
        service.delete(office, operator_actor(), "person", each.record, each.version)


def test_a_search_goes_on_over_the_pages_of_a_list_and_into_its_file(supervisor: Visitor, people: list[str]) -> None:
    page = supervisor.ask("person/", q="-", columns="name").text
    more = html.unescape(re.findall(r'href="([^"]*after=[^"]*)"', page)[0])
    assert not set(names_on(page)) & set(names_on(supervisor.client.get(more).text))
    few = supervisor.ask("person/", q="a-03").text
    export = html.unescape(re.findall(r'href="([^"]*/export\?[^"]*)"', few)[0]).replace("/export?", "/export.csv?")
    rows = list(csv.reader(io.StringIO(supervisor.client.get(export).data.decode("utf-8-sig"))))
    assert [row[0] for row in rows[1:]] == ["a-03"]


def test_an_address_with_typed_words_opens_in_its_own_session_alone(
    app: Flask, office: OrganisationStore, caseworker: Visitor, people: list[str]
) -> None:
    address = caseworker.post("person/", {"q": "a-03"}).headers["Location"]
    assert names_on(caseworker.client.get(address).text) == ["a-03"]
    again = Visitor.signed_in(app, office.slug, Role.CASEWORKER)
    page = again.client.get(address)
    assert page.status_code == 422
    assert "kept only until you leave" in page.text
    assert "a-03" not in page.text.split("<table")[0]


def test_a_question_in_the_clear_is_not_asked(caseworker: Visitor, people: list[str]) -> None:
    assert len(names_on(caseworker.get("person/", q="a-03").text)) == 25
    assert "Nothing found</h" not in caseworker.get("search", q="zzzz").text


def test_a_search_without_its_token_is_refused(caseworker: Visitor, people: list[str]) -> None:
    for path in ("person/", "search", "person/find"):
        assert caseworker.client.post(caseworker.at(path), data={"q": "a-03"}).status_code == 400


def test_a_name_typed_in_a_lookup_is_brought_along_to_a_new_record(caseworker: Visitor) -> None:
    (added,) = caseworker.find("person", "Somebody New").get_json()["additions"]
    url = added["url"]
    assert "Somebody" not in url
    kinds = caseworker.client.get(url).text
    first = next(link for link in re.findall(r'href="([^"]*)"', kinds) if "asked=" in link and "record_type=" in link)
    assert 'value="Somebody New"' in caseworker.client.get(html.unescape(first)).text


def test_no_new_record_is_offered_for_what_is_too_long_for_an_address(caseworker: Visitor) -> None:
    assert len(caseworker.find("person", "ក" * 200).get_json()["additions"]) == 1
    assert caseworker.find("person", "ក" * 5000).get_json()["additions"] == []


def test_columns_are_chosen(caseworker: Visitor, people: list[str]) -> None:
    head = (
        caseworker.get("person/", columns=["name", "code", "updated_at"]).text.split("<thead")[1].split("</thead>")[0]
    )
    assert "Code" in head
    assert "Gender" not in head


def test_a_head_sorts_and_turns_round(caseworker: Visitor, people: list[str]) -> None:
    page = caseworker.get("person/", sort="-debt").text
    assert names_on(page)[:2] == [NAMES[59], NAMES[58]]
    assert 'aria-sort="descending"' in page


@pytest.mark.parametrize(
    "query",
    [
        {"view": "no such view"},
        {"sort": "passport"},
        {"sort": "no_such_field"},
        {"columns": "no_such_field"},
        {"after": "not a cursor"},
        {"f.0.field": "debt", "f.0.operator": "equals", "f.0.value": "a lot"},
        {"f.0.field": "debt", "f.0.operator": "is_purple", "f.0.value": "1"},
        {"f.0.field": "no_such_field", "f.0.operator": "equals"},
        {"asked": "not sealed here"},
    ],
)
def test_what_an_address_asks_wrongly_is_said_in_a_sentence(
    caseworker: Visitor, people: list[str], query: dict[str, str]
) -> None:
    page = caseworker.get("person/", **query)
    assert page.status_code == 422
    assert '<div class="notice warn">' in page.text
    assert len(names_on(page.text)) == 25


def test_a_condition_without_an_answer_is_told_in_plain_words(caseworker: Visitor, people: list[str]) -> None:
    page = caseworker.get("person/", **{"f.0.field": "debt", "f.0.operator": "equals"})
    assert "Debt: Give a value to compare with, or ask whether it is blank. This condition is left out." in page.text
    assert "is_blank”" not in page.text


def test_a_condition_that_is_still_being_made_is_not_called_wrong(caseworker: Visitor, people: list[str]) -> None:
    chosen = {"match": "all", "f.0.field": "debt", "f.0.value": ""}
    for button in ("refresh", "add"):
        page = caseworker.get("person/", **chosen, **{button: "1"})
        assert page.status_code == 200
        assert "notice warn" not in page.text
        assert '<option value="debt" selected>' in page.text
    assert caseworker.get("person/", **chosen).status_code == 422


def test_no_address_of_a_list_breaks_it(caseworker: Visitor, people: list[str]) -> None:
    chance = random.Random(20260101)
    names = ["view", "sort", "columns", "after", "asked", "match", "add", "remove", "refresh", "edit"]
    names += [f"f.{number}.{part}" for number in (0, 1, "x", 99) for part in ("field", "operator", "value", "")]
    values = ["", "all", "any", "people", "debt", "-born", "name", "gender", "equals", "between", "in_period", "met_at"]
    values += ["last_n_days:5", "1;2", "$me", "female;male", "has_reason", "unknown", "💥", "\x00", "'", "%", "\\", "0"]
    values += ["9" * 40, str(uuid.uuid4()), "2026-02-30", "owner", "updated_by", "languages", "includes_any", "safe"]
    for _ in range(100):
        query = {chance.choice(names): chance.choice(values) for _ in range(chance.randint(1, 6))}
        page = caseworker.get("person/", **query)
        assert page.status_code in (200, 422), query


@pytest.mark.slow
def test_every_comparison_of_every_field_can_be_opened_and_asked(caseworker: Visitor, people: list[str]) -> None:
    page = caseworker.get("person/", edit="1").text
    fields = re.findall(r'<option value="([a-z_]+)"', page.split('<select id="f-0-field"')[1].split("</select>")[0])
    assert len(fields) > 15
    for name in fields:
        editor = caseworker.get("person/", **{"edit": "1", "f.0.field": name}).text
        box = editor.split('<select id="f-0-operator"')[1].split("</select>")[0]
        operators = re.findall(r'<option value="([a-z_]+)"', box)
        assert operators, name
        for operator, value in itertools.product(operators, ("", "1")):
            query = {"edit": "1", "f.0.field": name, "f.0.operator": operator, "f.0.value": value}
            assert caseworker.get("person/", **query).status_code in (200, 422), query


def test_an_export_holds_the_whole_list_with_its_columns(supervisor: Visitor, people: list[str]) -> None:
    answer = supervisor.get("person/export.csv", view="people")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert rows[0][:4] == ["Name", "Gender", "Born", "Debt"]
    assert [row[0] for row in rows[1:]] == sorted(people)


def test_who_may_not_export_is_not_offered_it(caseworker: Visitor, supervisor: Visitor) -> None:
    assert "person/export" not in caseworker.get("person/").text
    assert "person/export" in supervisor.get("person/").text


def test_an_export_of_a_wrong_question_says_what_is_wrong(supervisor: Visitor) -> None:
    answer = supervisor.get("person/export.csv", sort="no_such_field")
    assert answer.status_code == 422
    assert "no_such_field" in answer.text


def test_typing_finds_records_for_a_lookup(caseworker: Visitor, people: list[str]) -> None:
    found = caseworker.find("person", "b-0").get_json()["matches"]
    assert 0 < len(found) <= 8
    assert set(found[0]) == {"id", "name", "detail"}
    assert found[0]["name"].startswith("b-0")
    assert caseworker.find("person", "\0").get_json()["matches"] == []
    assert caseworker.find("nothing", "b").status_code == 404


def test_what_is_known_by_a_person_is_found_and_listed_by_that_name(
    caseworker: Visitor, office: OrganisationStore
) -> None:
    guest = service.create(office, operator_actor(), "person", {"name": "Guest Withaname"}).record
    stay = service.create(office, operator_actor(), "stay", {"guest": str(guest), "nights": "3"}).record
    (found,) = caseworker.find("stay", "withaname").get_json()["matches"]
    assert (found["id"], found["detail"]) == (str(stay), "Guest Withaname")
    assert caseworker.find("stay", found["name"]).get_json()["matches"] == [found]
    assert names_on(caseworker.get("stay/").text) == ["Guest Withaname"]
    assert names_on(caseworker.ask("stay/", q="withaname").text) == ["Guest Withaname"]
    assert names_on(caseworker.ask("stay/", q=f"guest {found['name']}").text) == ["Guest Withaname"]
    assert names_on(caseworker.ask("stay/", q="guest nobody").text) == []
    assert "and in the names under Guest" in caseworker.get("stay/").text
    page = caseworker.get(f"stay/{stay}").text
    assert "<h1><bdi>Guest Withaname</bdi>" in page
    assert f"<title>Stay {found['name']}" in page


def test_a_search_over_everything_groups_by_object(caseworker: Visitor, people: list[str]) -> None:
    page = caseworker.ask("search", q="c-04").text
    assert "c-04" in page
    assert "Nothing found" in caseworker.ask("search", q="zzzz").text
    assert caseworker.ask("search", q="\0").status_code == 422


def test_a_whole_page_that_is_pasted_into_the_search_makes_no_address_that_no_server_takes(
    caseworker: Visitor,
) -> None:
    sent = caseworker.post("search", {"q": "ស្វែងរក" * 10_000})
    assert len(sent.headers["Location"]) < 2000
    assert "Nothing found" in caseworker.client.get(sent.headers["Location"]).text
