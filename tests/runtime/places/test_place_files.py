"""Tables of places that are refused before anything of them is written, on every kind of database."""

from __future__ import annotations

from dataclasses import replace

import pytest

from amparo.runtime.access import operator_actor
from amparo.runtime.errors import InvalidAnswers
from amparo.runtime.places.changing import MOST_PLACES, change_places
from amparo.runtime.places.files import STALE, import_places
from amparo.runtime.releases.publishing import publish
from amparo.runtime.stores.organisation import OrganisationStore
from factories.households import households_document
from factories.places import SMALL

pytestmark = pytest.mark.every_database


@pytest.fixture
def small(empty_store: OrganisationStore) -> OrganisationStore:
    publish(empty_store, operator_actor(), households_document())
    change_places(empty_store, operator_actor(), SMALL)
    return empty_store


def test_a_column_headed_by_a_language_alone_is_not_passed_over(small: OrganisationStore) -> None:
    with pytest.raises(InvalidAnswers, match="“name:km”"):
        import_places(small, operator_actor(), "code,level,name,km\n1,province,A,កំពត\n".encode())


def test_a_file_of_more_places_than_are_kept_is_refused_before_it_is_read(small: OrganisationStore) -> None:
    rows = "".join(f"{number},province,A\n" for number in range(MOST_PLACES + 1))
    read: list[int] = []
    with pytest.raises(InvalidAnswers) as caught:
        import_places(
            small, operator_actor(), f"code,level,name\n{rows}".encode(), progress=lambda done, _: read.append(done)
        )
    assert ([each.kind for each in caught.value.problems], read) == (["too_many"], [])


def test_what_somebody_changed_while_a_file_is_read_is_not_undone(small: OrganisationStore) -> None:
    theirs = replace(SMALL[3], names={"km": "theirs"})

    def interfere(done: int, total: int) -> None:
        change_places(small, operator_actor(), [theirs])

    with pytest.raises(InvalidAnswers) as caught:
        import_places(small, operator_actor(), b"code,level,name\n02,province,Battambang City\n", progress=interfere)
    assert [(each.path, each.kind) for each in caught.value.problems] == [("row 2", "changed_meanwhile")]
    assert small.newest_release().places.by_code["02"] == theirs


def test_a_file_is_taken_only_on_the_places_that_it_was_tried_on(small: OrganisationStore) -> None:
    content = b"code,level,name\n02,province,Battambang City\n"
    tried = import_places(small, operator_actor(), content, dry_run=True)
    change_places(small, operator_actor(), [replace(SMALL[3], name="Theirs")])
    with pytest.raises(InvalidAnswers) as caught:
        import_places(small, operator_actor(), content, tried_on=tried.version)
    assert [each.kind for each in caught.value.problems] == [STALE]
    assert small.newest_release().places.by_code["02"].name == "Theirs"
    again = import_places(small, operator_actor(), content, dry_run=True)
    for counts in ((1, 0), (0, 1)):
        taken = import_places(small, operator_actor(), content, tried_on=again.version)
        assert (taken.changed, taken.unchanged) == counts
