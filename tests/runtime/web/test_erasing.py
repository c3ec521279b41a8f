"""Erasing for good on a page: asked, told what goes and what stays, and done with a written reason."""

from __future__ import annotations

import uuid

import pytest
from flask import Flask
from sqlalchemy import select

from amparo.runtime.access import Role, operator_actor
from amparo.runtime.errors import NotFound
from amparo.runtime.ledger.verifying import verify
from amparo.runtime.planner.records import read_record
from amparo.runtime.records import service
from amparo.runtime.stores.organisation import OrganisationStore
from factories.visitors import Visitor


@pytest.fixture
def administrator(app: Flask, office: OrganisationStore) -> Visitor:
    return Visitor.signed_in(app, office.slug, Role.ADMINISTRATOR)


def add_visits(office: OrganisationStore, person: uuid.UUID, count: int) -> None:
    for number in range(count):
        service.create(office, operator_actor(), "visit", {"title": f"V{number}", "person": str(person)})


def test_the_page_says_what_goes_and_what_stays_and_does_nothing_yet(
    administrator: Visitor, office: OrganisationStore, sokha: uuid.UUID
) -> None:
    add_visits(office, sokha, 2)
    service.create(office, operator_actor(), "stay", {"guest": str(sokha), "nights": 3})
    assert f"person/{sokha}/erase" in administrator.get(f"person/{sokha}").text
    page = administrator.get(f"person/{sokha}/erase")
    assert "Visits" in page.text.split("What points to it")[0]
    assert "Stay" in page.text.split("What points to it")[1]
    assert "Nobody can bring back what is erased" in page.text
    assert "when, by you, and the reason" in page.text
    assert "សុខា" not in page.text.split("</title>")[0]
    assert read_record(office, operator_actor(), "person", sokha).id == sokha


def test_without_a_reason_nothing_is_erased(
    administrator: Visitor, office: OrganisationStore, sokha: uuid.UUID
) -> None:
    page = administrator.get(f"person/{sokha}/erase")
    again = administrator.send(page, {"reason": "  "}, form="erase")
    assert again.status_code == 422
    assert "Write down why" in again.text
    assert read_record(office, operator_actor(), "person", sokha).id == sokha


@pytest.mark.parametrize("is_deleted", [False, True])
def test_a_record_is_erased_with_its_details_and_the_reason_stays(
    administrator: Visitor, office: OrganisationStore, sokha: uuid.UUID, is_deleted: bool
) -> None:
    add_visits(office, sokha, 2)
    if is_deleted:
        service.delete(office, operator_actor(), "person", sokha)
    page = administrator.get(f"person/{sokha}/erase")
    done = administrator.send(page, {"reason": "Asked for in writing"}, form="erase")
    assert done.headers["Location"] == f"/o/{office.slug}/person/"
    assert "3 records are erased for good." in administrator.get("person/").text
    with pytest.raises(NotFound, match="erased"):
        read_record(office, operator_actor(), "person", sokha, deleted=True)
    assert administrator.get(f"person/{sokha}").status_code == 404
    with office.reading() as connection:
        tx = office.tables.tx
        row = connection.execute(select(tx.c.note, tx.c.actor).order_by(tx.c.id.desc()).limit(1)).one()
    assert row.note == "erase: Asked for in writing"
    assert row.actor is not None
    assert verify(office).broken is None


@pytest.mark.parametrize("role", [Role.READER, Role.CASEWORKER, Role.SUPERVISOR])
def test_who_may_not_erase_is_neither_offered_it_nor_let(
    app: Flask, office: OrganisationStore, sokha: uuid.UUID, role: Role
) -> None:
    visitor = Visitor.signed_in(app, office.slug, role)
    assert "/erase" not in visitor.get(f"person/{sokha}").text
    assert visitor.get(f"person/{sokha}/erase").status_code == 403
    assert visitor.post(f"person/{sokha}/erase", {"reason": "because"}).status_code == 403
    assert read_record(office, operator_actor(), "person", sokha).id == sokha
