"""Records that were made ready before their save is called."""

from __future__ import annotations

import uuid
from itertools import islice
from typing import Any

import pytest
from sqlalchemy import select

from amparo.runtime.access import Actor
from amparo.runtime.identifiers import new_identifier
from amparo.runtime.ledger.verifying import verify
from amparo.runtime.projections.comparing import check_projections
from amparo.runtime.records.ahead import Ahead
from amparo.runtime.records.changes import Change
from amparo.runtime.records.saving import save
from amparo.runtime.releases.publishing import publish
from amparo.runtime.stores.organisation import OrganisationStore
from factories.clinic import clinic_document, field_of

pytestmark = pytest.mark.every_database


def people(count: int) -> list[Change]:
    return [
        Change({"name": f"Person {number}", "code": f"A-{number}", "passport": f"N {number}"}, new_identifier())
        for number in range(count)
    ]


def ahead_of(store: OrganisationStore, actor: Actor, changes: list[Change]) -> Ahead:
    remaining = iter(changes)
    return Ahead(store, actor, "person", lambda count: list(islice(remaining, count)))


def names(store: OrganisationStore) -> dict[uuid.UUID, Any]:
    table = store.newest_release().object("person").table
    column = table.c[store.newest_release().object("person").fields["name"].column_name]
    with store.reading() as connection:
        return {row[0]: row[1] for row in connection.execute(select(table.c.id, column))}


def assert_sound(store: OrganisationStore) -> None:
    assert verify(store).broken is None
    assert check_projections(store).differences == 0


@pytest.fixture(params=["sequence", "code"], autouse=True)
def numbers(request: pytest.FixtureRequest, store: OrganisationStore, operator: Actor) -> str:
    """Running numbers are given under the head, so their records are encoded late; codes ahead too."""
    style: str = request.param
    publish(store, operator, numbered_document(style))
    return style


def numbered_document(style: str) -> dict[str, Any]:
    document = clinic_document()
    field_of(document, "person", "number")["format"] = {"prefix": "P-", "style": style}
    return document


def test_what_was_made_ready_ahead_is_saved_like_any_other(store: OrganisationStore, operator: Actor) -> None:
    changes = people(60)
    ahead = ahead_of(store, operator, changes[:30])
    while ahead.make_some_ready():
        pass
    result = save(store, operator, "person", list(reversed(changes)), ahead=ahead)
    assert [result.saved[position].record for position in range(60)] == [each.record for each in reversed(changes)]
    assert names(store) == {each.record: each.values["name"] for each in changes}
    assert_sound(store)


def test_a_save_makes_the_next_ready_while_it_waits_and_takes_each_once(
    store: OrganisationStore, operator: Actor
) -> None:
    changes = people(1200)
    ahead = ahead_of(store, operator, changes[900:])
    save(store, operator, "person", changes[:900], ahead=ahead)
    save(store, operator, "person", changes[900:], ahead=ahead)
    again = save(store, operator, "person", changes[900:], ahead=ahead, all_or_nothing=False)
    assert len(again.refused) == 300
    assert len(names(store)) == 1200
    assert_sound(store)


def test_a_record_made_ready_under_an_older_release_is_judged_under_the_new_one(
    store: OrganisationStore, operator: Actor, numbers: str
) -> None:
    changes = people(2)
    ahead = ahead_of(store, operator, changes)
    assert ahead.make_some_ready()
    document = numbered_document(numbers)
    field_of(document, "person", "story")["required"] = True
    publish(store, operator, document)
    result = save(store, operator, "person", changes, ahead=ahead, all_or_nothing=False)
    assert [[problem.path for problem in refused.problems] for refused in result.refused] == [["story"], ["story"]]
    assert names(store) == {}


def test_a_record_made_ready_that_breaks_a_rule_is_refused_alone(store: OrganisationStore, operator: Actor) -> None:
    good, bad = people(2)
    wrong = Change({**bad.values, "code": good.values["code"]}, bad.record)
    ahead = ahead_of(store, operator, [good, wrong])
    assert ahead.make_some_ready()
    assert not ahead.make_some_ready()
    result = save(store, operator, "person", [good, wrong], ahead=ahead, all_or_nothing=False)
    assert [refused.position for refused in result.refused] == [1]
    assert set(names(store)) == {good.record}
    assert_sound(store)
