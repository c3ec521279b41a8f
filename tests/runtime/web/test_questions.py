"""How many questions a page asks of the stores: a number for each page, whatever it shows; never one for each row."""

from __future__ import annotations

import uuid

import pytest

from amparo.runtime.access import Actor, Role
from amparo.runtime.members import list_members
from amparo.runtime.records import service
from amparo.runtime.releases.publishing import publish
from amparo.runtime.stores.organisation import OrganisationStore
from factories.statements import questions
from factories.visitors import Visitor

#: Asked by every page: who is signed in; which member that is, and under which release.
ARRIVING = 2


def member_of(office: OrganisationStore, role: Role) -> Actor:
    return next(member for member in list_members(office) if member.role is role).acting("test")


@pytest.fixture(scope="module")
def host(office: OrganisationStore) -> uuid.UUID:
    """Somebody with visits, stays and friends, so that every list has rows that name records and members."""
    actor = member_of(office, Role.CASEWORKER)
    first = service.create(office, actor, "person", {"name": "Host", "gender": "female"}).record
    for number in range(30):
        values = {"name": f"Guest {number:02}", "gender": "female", "friend": str(first), "owner": str(actor.member)}
        guest = service.create(office, actor, "person", values | {"passport": f"P {number}"}).record
        service.create(office, actor, "visit", {"title": f"Talk {number}", "person": str(first)})
        service.create(office, actor, "stay", {"guest": str(guest), "nights": str(number)})
    return first


def asked_for(visitor: Visitor, path: str, **arguments: str) -> list[str]:
    """What a page asks once definitions and words of the release are known to the process.

    Whether the organisation is still registered is asked by any page, once in two seconds.
    """
    assert visitor.get(path, **arguments).status_code == 200
    with questions() as asked:
        assert visitor.get(path, **arguments).status_code == 200
    return [statement for statement in asked if "organisation.created_at" not in statement]


def said(asked: list[str]) -> str:
    return "\n\n".join(asked)


def test_a_record_asks_once_for_itself_its_timeline_and_each_list(
    caseworker: Visitor, supervisor: Visitor, host: uuid.UUID, sokha: uuid.UUID
) -> None:
    for visitor in (caseworker, supervisor):
        # The one is pointed to by more records than the page shows, the other by fewer.
        for person in (host, sokha):
            asked = asked_for(visitor, f"person/{person}")
            assert len(asked) == ARRIVING + 3, said(asked)
        asked = asked_for(visitor, f"person/{sokha}", tab="more")
        assert len(asked) == ARRIVING + 2, said(asked)


def test_a_list_asks_for_its_page_and_its_length(caseworker: Visitor, host: uuid.UUID) -> None:
    for path, arguments in (
        ("person/", {}),
        ("person/", {"view": "all"}),
        ("person/", {"view": "women"}),
        ("stay/", {}),
        ("person/", {"view": "all", "columns": ["name", "friend", "passport", "owner", "created_by", "updated_at"]}),
    ):
        asked = asked_for(caseworker, path, **arguments)
        assert len(asked) == ARRIVING + 2, said(asked)


def test_a_list_that_fits_on_a_page_is_not_counted(caseworker: Visitor, host: uuid.UUID) -> None:
    condition = {"f.0.field": "name", "f.0.operator": "equals", "f.0.value": "Host"}
    asked = asked_for(caseworker, "person/", view="all", **condition)
    assert len(asked) == ARRIVING + 1, said(asked)


def test_a_form_asks_for_the_record_and_for_whom_it_may_be_assigned_to(
    caseworker: Visitor, host: uuid.UUID, sokha: uuid.UUID
) -> None:
    asked = asked_for(caseworker, f"person/{sokha}/edit")
    assert len(asked) == ARRIVING + 2, said(asked)
    asked = asked_for(caseworker, "stay/new")
    assert len(asked) == ARRIVING + 1, said(asked)


def test_home_asks_once_for_each_part_and_each_object(caseworker: Visitor, host: uuid.UUID) -> None:
    parts = ("mine", "how many are mine", "gaps", "people I changed", "visits I changed")
    asked = asked_for(caseworker, "")
    assert len(asked) == ARRIVING + len(parts), said(asked)


def test_home_asks_once_more_for_each_list_it_begins_with(
    caseworker: Visitor, office: OrganisationStore, operator: Actor, host: uuid.UUID
) -> None:
    before = asked_for(caseworker, "")
    document = office.newest_release().application.document
    publish(office, operator, {**document, "application": {**document["application"], "home": ["women"]}})
    try:
        asked = asked_for(caseworker, "")
        assert len(asked) == len(before) + len(("its first records", "how many there are")), said(asked)
    finally:
        publish(office, operator, document)


def test_a_history_asks_for_the_record_its_facts_and_their_names(
    caseworker: Visitor, host: uuid.UUID, sokha: uuid.UUID
) -> None:
    caseworker.send(caseworker.get(f"person/{sokha}/edit"), {"friend": str(host)})
    asked = asked_for(caseworker, f"person/{sokha}/history")
    assert len(asked) == ARRIVING + 3, said(asked)


def test_a_search_asks_as_often_however_much_there_is(caseworker: Visitor, host: uuid.UUID) -> None:
    for words in ("nobody is called so", "Talk", "Guest"):
        answer = caseworker.post("search", {"q": words}).headers["Location"]
        with questions() as asked:
            assert caseworker.client.get(answer).status_code == 200
        steps = ("registered", "beginning so", "words beginning so", "latest", "anywhere", "spelt otherwise")
        objects = ("people", "visits", "stays", "whose person it is")
        assert len(asked) <= ARRIVING + len(steps) + len(objects), said(asked)
