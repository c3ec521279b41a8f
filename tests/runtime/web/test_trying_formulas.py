"""The page on which formulas are tried: for whom, what it tells, and what it keeps to itself."""

from __future__ import annotations

import json

import pytest
from flask import Flask

from amparo.runtime.access import Role, operator_actor
from amparo.runtime.planner.records import record_history
from amparo.runtime.records import service
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations
from factories.clinic import with_field
from factories.office import office_document
from factories.organisations import make_organisation
from factories.rules import strict_office_document
from factories.visitors import Visitor

FORMULAS = "setup/formulas"


@pytest.fixture
def visitor(app: Flask, office: OrganisationStore) -> Visitor:
    return Visitor.signed_in(app, office.slug, Role.ADMINISTRATOR)


def tried(visitor: Visitor, formula: str, **more: str) -> str:
    page = visitor.get(FORMULAS, object="person")
    answer = visitor.send(page, {"formula": formula, **more}, "formula")
    assert answer.status_code == 200
    return answer.text.partition("data-formula-outcome")[2].partition("</details>")[0]


def test_every_problem_stands_with_its_place_and_the_near_name(visitor: Visitor) -> None:
    outcome = tried(visitor, 'AND(chldren > 2,\r\n  ISPICKVAL(gender, "femal"))')
    assert "did you mean “children”?" in outcome
    assert "Line 1, column 5" in outcome
    assert "gender has no option femal; did you mean female?" in outcome
    assert "Line 2, column 21" in outcome
    assert 'data-start="37" data-end="44"' in outcome


def test_a_formula_that_names_the_code_of_no_option_is_told_and_not_read_out(visitor: Visitor) -> None:
    """It could be computed, and what is published with one goes on; who writes it now meant something else."""
    outcome = tried(visitor, 'ISPICKVAL(gender, "femal")')
    assert "did you mean female?" in outcome
    assert "It yields" not in outcome


def test_a_number_of_hundreds_of_digits_is_shown(visitor: Visitor, office: OrganisationStore) -> None:
    person = service.create(office, operator_actor(), "person", {"name": "Sokha"}).record
    for formula in ('VALUE("1e400")', f"{'9' * 38} * {'9' * 40}"):
        assert "000,000,000" in tried(visitor, formula, record=str(person))


@pytest.fixture(scope="module")
def arabic(organisations: Organisations) -> OrganisationStore:
    """An office whose objects are named in Arabic, too."""
    labels = {"person": {"label": "شخص"}, "visit": {"label": "زيارة"}}
    translation = {"id": "translation.ar", "language": "ar", "labels": labels}
    return make_organisation(
        organisations, "arabic", office_document() | {"translations": [translation]}, Role.ADMINISTRATOR
    )


@pytest.fixture
def arabic_reader(app: Flask, arabic: OrganisationStore) -> Visitor:
    visitor = Visitor.signed_in(app, arabic.slug, Role.ADMINISTRATOR)
    visitor.client.get("/language", query_string={"to": "ar"})
    return visitor


def test_a_problem_names_an_object_in_the_readers_language(arabic_reader: Visitor) -> None:
    for formula, label in (("chldren > 2", "شخص"), ("nothing_of_the_kind", "شخص"), ("friend.nothing_at_all", "شخص")):
        outcome = tried(arabic_reader, formula)
        assert label in outcome
        assert "Person" not in outcome


def test_a_problem_and_the_types_that_it_names_are_in_the_readers_language(arabic_reader: Visitor) -> None:
    visitor = arabic_reader
    outcome = tried(visitor, "AND(name, TEXT(name))")
    assert "المتوقع" in outcome or "تتوقع" in outcome
    assert "صحيح أو خطأ" in outcome
    assert "boolean" not in outcome
    assert " or " not in outcome
    assert "operator" not in tried(visitor, "name name")


def test_places_count_as_browsers_do(visitor: Visitor) -> None:
    outcome = tried(visitor, 'name = "🏠" & nam')
    assert 'data-start="14" data-end="17"' in outcome


def test_a_sound_formula_is_read_with_its_type(visitor: Visitor) -> None:
    outcome = tried(visitor, "children + 1")
    assert "<b><bdi>Children</bdi></b> plus 1" in outcome
    assert "It yields: Number" in outcome
    assert "For this record" not in outcome


def test_a_formula_is_computed_for_a_record_and_nothing_is_written(visitor: Visitor, office: OrganisationStore) -> None:
    operator = operator_actor()
    friend = service.create(office, operator, "person", {"name": "Dara", "children": 3}).record
    saved = service.create(office, operator, "person", {"name": "Sok", "friend": friend, "passport": "N-77"})
    record = str(saved.record)
    for formula, result in (
        ("friend.children > 2", "True"),
        ("children > 2", "Neither true nor false"),
        ("friend.children * 2.50", "7.50"),
        ("ISNEW()", "False"),
        ("passport & name", "N-77Sok"),
        ("$User.email", "administrator@"),
        ('IF(ISBLANK(born), NULL, "x")', "Blank"),
    ):
        assert f"<b>{result}" in tried(visitor, formula, record=record), formula
    assert "<b>True</b>" in tried(visitor, "children < 1", record=record, as_zero="1")
    outcome = tried(visitor, "1 / (friend.children - 3)", record=record)
    assert "It cannot be computed for this record: This divides by zero." in outcome
    assert "Children of Friend" in outcome
    assert len(record_history(office, operator, "person", saved.record)) == 1


def test_a_formula_field_stands_for_its_formula_as_in_a_save(app: Flask, organisations: Organisations) -> None:
    each = {"id": "person.each", "name": "each", "type": "decimal", "decimals": 1, "label": "For each"}
    document = with_field(office_document(), "person", {**each, "formula": "debt / children"})
    store = make_organisation(organisations, "computed", document, Role.ADMINISTRATOR)
    saved = service.create(store, operator_actor(), "person", {"name": "Sok", "debt": "10.00", "children": 3})
    outcome = tried(Visitor.signed_in(app, "computed", Role.ADMINISTRATOR), "each * 3 > 9.95", record=str(saved.record))
    assert "<bdi>For each</bdi></b> times 3 is more than 9.95" in outcome
    assert "<b>True</b>" in outcome
    assert "Children" in outcome


def test_another_object_takes_the_formula_along_and_drops_the_record(
    visitor: Visitor, office: OrganisationStore
) -> None:
    saved = service.create(office, operator_actor(), "person", {"name": "Sok"})
    page = visitor.get(FORMULAS, object="person")
    sent = {"formula": "hours > 1", "record": str(saved.record), "object": "visit", "choose": "1"}
    other = visitor.send(page, sent, "formula")
    assert "hours &gt; 1" in other.text
    assert str(saved.record) not in other.text
    assert "Fields: Visit" in other.text


def test_names_are_offered_with_what_they_are(visitor: Visitor) -> None:
    def offered(before: str) -> list[dict[str, object]]:
        data = {"csrf_token": visitor.token, "object": "person", "q": before}
        answer = visitor.client.post(visitor.at(f"{FORMULAS}/suggest"), data=data)
        found: list[dict[str, object]] = json.loads(answer.data)["matches"]
        return found

    assert offered("AND(child")[0] == {"id": "children", "name": "children", "detail": "Children · Number", "start": 4}
    assert offered('"🏠" & ISBL')[0]["start"] == 7
    assert offered("ISBL")[0]["detail"] == "True when there is no value."
    assert offered('ISPICKVAL(gender, "fem')[0]["detail"] == "Female"


@pytest.mark.parametrize("role", [Role.READER, Role.CASEWORKER, Role.SUPERVISOR])
def test_nobody_else_tries_formulas(app: Flask, office: OrganisationStore, role: Role) -> None:
    visitor = Visitor.signed_in(app, office.slug, role)
    assert visitor.get(FORMULAS).status_code == 403
    data = {"csrf_token": visitor.token, "q": "a"}
    assert visitor.client.post(visitor.at(f"{FORMULAS}/suggest"), data=data).status_code == 403
    assert "Try a formula" not in visitor.get("you").text


def test_what_is_in_force_is_read_out_and_tried_at_a_press(app: Flask, organisations: Organisations) -> None:
    make_organisation(organisations, "in-force", strict_office_document(), Role.ADMINISTRATOR)
    visitor = Visitor.signed_in(app, "in-force", Role.ADMINISTRATOR)
    page = visitor.get(FORMULAS, object="person").text
    for about, reading in (
        (
            "It is said “Nobody is born tomorrow. Look at the date of birth again.” when:",
            "<b><bdi>Born</bdi></b> is after today",
        ),
        ("“School” needs an answer while:", "<b><bdi>Children</bdi></b> is more than 0"),
        ("“Support” offers “Widow” while:", "<b><bdi>Gender</bdi></b> is <b><bdi>Female</bdi></b>"),
        ("“Code” cannot be changed while:", "<b><bdi>Code</bdi></b> is not blank"),
    ):
        assert reading in page.partition(about)[2].partition("</li>")[0], about
    assert 'name="formula" value="children &gt; 12"' in page
    answer = visitor.client.post(
        visitor.at(FORMULAS), data={"csrf_token": visitor.token, "object": "person", "formula": "children > 12"}
    )
    assert "<bdi>Children</bdi></b> is more than 12" in answer.text.partition("data-formula-outcome")[2]
