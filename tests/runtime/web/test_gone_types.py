"""A field type that is not installed any more, such as one of a plugin that was removed: its answers stay readable."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select, update

from amparo.runtime.access import Role, operator_actor
from amparo.runtime.errors import InvalidAnswers
from amparo.runtime.planner.records import read_record
from amparo.runtime.projections.comparing import check_projections
from amparo.runtime.records import service
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations
from factories.office import office_document
from factories.organisations import answering, make_organisation
from factories.visitors import Visitor

#: Types of the office's people, one of each way to keep an answer.
_TYPES = ("integer", "decimal", "checkbox", "date", "date_time", "picklist", "multi_select", "long_text", "lookup")
VALUES = {
    "name": "Sokha",
    "gender": "female",
    "languages": ["km", "en"],
    "debt": "1250.50",
    "children": "3",
    "born": "2001-02-03",
    "met_at": "2026-03-31T14:05",
    "safe": True,
    "story": "First line\nsecond line",
}


@pytest.fixture(scope="module")
def store(organisations: Organisations) -> OrganisationStore:
    """An organisation whose live release names types that nobody knows, with one person from before."""
    made = make_organisation(organisations, "gone", office_document(), Role.SUPERVISOR)
    friend = service.create(made, operator_actor(), "person", {"name": "Dara"}).record
    service.create(made, operator_actor(), "person", {**VALUES, "friend": str(friend)})
    release = made.tables.release
    with made.engine.begin() as connection:
        text = connection.execute(select(release.c.document)).scalar_one()
        for name in _TYPES:
            text = re.sub(rf'"type":\s*"{name}"', f'"type":"vendor_{name}"', text)
        connection.execute(update(release).values(document=text))
    return made


@pytest.fixture(scope="module")
def app(store: OrganisationStore, organisations: Organisations) -> Iterator[Flask]:
    """A server that starts after the plugin was removed."""
    with answering(organisations) as made:
        yield made


@pytest.fixture(scope="module")
def reopened(store: OrganisationStore, organisations: Organisations) -> Iterator[OrganisationStore]:
    again = Organisations(organisations.settings)
    yield again.open("gone")
    again.close()


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    return Visitor.signed_in(app, "gone", Role.SUPERVISOR)


@pytest.fixture
def sokha(reopened: OrganisationStore) -> uuid.UUID:
    table = reopened.known_release().object("person").table
    with reopened.reading() as connection:
        found: uuid.UUID = connection.execute(
            select(table.c.id).order_by(table.c.created_tx.desc()).limit(1)
        ).scalar_one()
    return found


def test_the_record_its_history_and_its_past_are_shown(visitor: Visitor, sokha: uuid.UUID) -> None:
    page = visitor.get(f"person/{sokha}")
    assert page.status_code == 200
    more = visitor.get(f"person/{sokha}", tab="more")
    for text, shown in (("Female", page), ("Sokha", page), ("1,250.50", more), ("second line", more)):
        assert text in shown.text
    assert visitor.get(f"person/{sokha}/history").status_code == 200


def test_lists_search_reports_and_exports_go_on(visitor: Visitor) -> None:
    page = visitor.get("person/", view="all", columns=["name", "born", "debt", "languages", "friend"])
    assert page.status_code == 200
    assert "2001" in page.text
    export = visitor.get("person/export.csv", view="all", columns=["name", "born", "languages"])
    assert export.status_code == 200
    assert "2001-02-03" in export.text
    assert "Dara" in visitor.get("person/", view="all", sort="name").text


def test_the_form_shows_them_and_saves_the_rest(
    visitor: Visitor, sokha: uuid.UUID, reopened: OrganisationStore
) -> None:
    form = visitor.get(f"person/{sokha}/edit")
    assert form.status_code == 200
    assert "2001" in form.text
    saved = visitor.send(form, {"name": "Sokha Chan"})
    assert saved.status_code == 302, saved.text
    record = read_record(reopened, operator_actor(), "person", sokha)
    assert record.answers["name"] == "Sokha Chan"
    assert str(record.answers["born"]) == "2001-02-03"
    assert record.answers["languages"] == ("en", "km")


def test_an_answer_to_one_is_refused_in_words(reopened: OrganisationStore, sokha: uuid.UUID) -> None:
    version = read_record(reopened, operator_actor(), "person", sokha).version
    with pytest.raises(InvalidAnswers) as caught:
        service.update(reopened, operator_actor(), "person", sokha, version, {"born": "2002-01-01"})
    (problem,) = caught.value.problems
    assert (problem.kind, problem.path) == ("not_installed", "born")
    assert "vendor_date" in problem.message


def test_the_projection_is_still_what_the_ledger_says(reopened: OrganisationStore) -> None:
    assert check_projections(reopened).differences == 0
