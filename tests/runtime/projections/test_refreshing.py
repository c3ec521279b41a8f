"""Rows get what a release asks of them, however often the work is interrupted."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from amparo.metadata.model import FilterRow
from amparo.runtime.access import Actor
from amparo.runtime.jobs import announcing
from amparo.runtime.planner.lists import count
from amparo.runtime.planner.queries import ListQuery
from amparo.runtime.projections import refreshing
from amparo.runtime.projections.comparing import check_projections
from amparo.runtime.records import service
from amparo.runtime.releases.publishing import publish
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations
from factories.clinic import Json, clinic_document, field_of, with_field

EXTRA = {"id": "person.height", "name": "height", "type": "integer", "label": "Height"}
ASKED = ListQuery("person", ("name",), search="once")
PEOPLE = 5


@pytest.fixture
def searchable(store: OrganisationStore, operator: Actor) -> Json:
    """A document that makes the stories of people who are there searchable."""
    for number in range(PEOPLE):
        service.create(store, operator, "person", {"name": f"A{number}", "story": "Once upon a time"})
    document = clinic_document()
    field_of(document, "person", "story")["searchable"] = True
    return document


def be_interrupted(*_: object) -> int:
    raise KeyboardInterrupt


def interrupted_after(chunks: int) -> Callable[..., int]:
    """The work on a chunk, interrupted after so many were committed."""
    original = refreshing._refresh
    done = 0

    def refresh(*arguments: object) -> int:
        nonlocal done
        if done == chunks:
            raise KeyboardInterrupt
        done += 1
        return original(*arguments)  # type: ignore[arg-type]

    return refresh


def publish_interrupted(
    store: OrganisationStore, operator: Actor, document: Json, monkeypatch: pytest.MonkeyPatch, chunks: int
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(refreshing, "_CHUNK", 1)
        patch.setattr(refreshing, "_refresh", interrupted_after(chunks))
        with pytest.raises(KeyboardInterrupt):
            publish(store, operator, document)
    assert count(store, operator, ASKED) == chunks


def marks(store: OrganisationStore) -> list[int]:
    table = store.tables.object_map
    with store.reading() as connection:
        return list(connection.scalars(select(table.c.outdated).where(table.c.outdated.is_not(None))))


@pytest.mark.every_database
@pytest.mark.parametrize("chunks", [0, 2])
def test_another_release_finishes_what_an_interruption_left(
    store: OrganisationStore, operator: Actor, searchable: Json, monkeypatch: pytest.MonkeyPatch, chunks: int
) -> None:
    """The worst moment: the release stands, some or none of its rows do, and the next release asks nothing of them."""
    publish_interrupted(store, operator, searchable, monkeypatch, chunks)
    assert publish(store, operator, with_field(searchable, "person", EXTRA)).number == 3
    assert count(store, operator, ASKED) == PEOPLE
    assert check_projections(store).differences == 0
    assert marks(store) == []


def test_publishing_the_same_again_finishes_it_too(
    store: OrganisationStore, operator: Actor, searchable: Json, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_interrupted(store, operator, searchable, monkeypatch, 0)
    assert not publish(store, operator, searchable).created
    assert count(store, operator, ASKED) == PEOPLE


def test_the_sweeper_finishes_it_when_nobody_publishes(
    organisations: Organisations,
    store: OrganisationStore,
    operator: Actor,
    searchable: Json,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    publish_interrupted(store, operator, searchable, monkeypatch, 2)
    assert list(announcing.lost_work(organisations)) == []
    assert count(store, operator, ASKED) == 2
    monkeypatch.setattr(announcing, "_PUBLISHING_SECONDS", 0)
    assert list(announcing.lost_work(organisations)) == []
    assert count(store, operator, ASKED) == PEOPLE
    assert marks(store) == []


def test_a_release_that_comes_in_between_gets_its_own_text(
    store: OrganisationStore, operator: Actor, searchable: Json, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What compared its rows under the release before must not write that one's text over the new one's."""
    original = refreshing._refresh
    was_overtaken = False

    def be_overtaken(*arguments: object) -> int:
        nonlocal was_overtaken
        if not was_overtaken:
            was_overtaken = True
            publish(store, operator, clinic_document())
        return original(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(refreshing, "_refresh", be_overtaken)
    publish(store, operator, searchable)
    assert was_overtaken
    assert check_projections(store).differences == 0
    assert marks(store) == []


def test_an_interruption_of_a_release_that_asks_nothing_leaves_no_mark(
    store: OrganisationStore, operator: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refreshing, "_refresh", be_interrupted)
    publish(store, operator, with_field(clinic_document(), "person", EXTRA))
    assert marks(store) == []


@pytest.mark.every_database
def test_a_text_whose_type_changes_is_found_as_the_new_type_looks_for_it(
    store: OrganisationStore, operator: Actor
) -> None:
    document = clinic_document()
    field_of(document, "person", "code")["searchable"] = True
    publish(store, operator, document)
    service.create(store, operator, "person", {"name": "Sokha", "code": "+855 12 345 678"})
    field_of(document, "person", "code")["type"] = "phone"
    publish(store, operator, document)
    assert count(store, operator, ListQuery("person", ("name",), search="012345")) == 1
    assert check_projections(store).differences == 0


@pytest.mark.every_database
def test_a_text_that_filters_alone_look_into_is_found_as_its_new_type_looks_for_it(
    store: OrganisationStore, operator: Actor
) -> None:
    """A filter passed over all that was written before, without a word."""
    service.create(
        store, operator, "person", {"name": "Sokha", "code": "+855 12 345 678", "story": "Met at the bridge"}
    )
    document = clinic_document()
    field_of(document, "person", "code")["type"] = "phone"
    field_of(document, "person", "story")["type"] = "rich_text"
    publish(store, operator, document)
    asked = (FilterRow("code", "contains", "012345"), FilterRow("story", "contains", "bridge"))
    assert count(store, operator, ListQuery("person", ("name",), asked)) == 1
    assert check_projections(store).differences == 0
