"""Records of several objects in one transaction: all of them, or nothing."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy import func, select

from amparo.runtime.access import Actor, Role
from amparo.runtime.errors import Conflict, InvalidBatches, NotPermitted, RequestReused
from amparo.runtime.identifiers import new_identifier
from amparo.runtime.ledger.verifying import verify
from amparo.runtime.planner.records import read_record
from amparo.runtime.projections.comparing import check_projections
from amparo.runtime.records import service
from amparo.runtime.records.changes import Batch, Change
from amparo.runtime.stores.organisation import OrganisationStore


def a_visit_with_notes(person: uuid.UUID, *titles: str) -> list[Batch]:
    visit = new_identifier()
    notes = [Change({"title": title, "visit": str(visit)}, new_identifier()) for title in titles]
    return [Batch("visit", [Change({"title": "Visit", "person": str(person)}, visit)]), Batch("note", notes)]


@pytest.fixture
def person(store: OrganisationStore, operator: Actor) -> uuid.UUID:
    return service.create(store, operator, "person", {"name": "Sokha"}).record


def transactions(store: OrganisationStore) -> int:
    with store.reading() as connection:
        return connection.execute(select(func.count()).select_from(store.tables.tx)).scalar_one()


@pytest.mark.every_database
def test_a_master_and_its_details_are_created_in_one_transaction(
    store: OrganisationStore, operator: Actor, person: uuid.UUID
) -> None:
    before = transactions(store)
    visits, notes = service.save_together(store, operator, a_visit_with_notes(person, "One", "Two"))
    assert transactions(store) == before + 1
    visit = visits.saved[0].record
    assert {each.version for each in (*visits.saved.values(), *notes.saved.values())} == {visits.saved[0].version}
    for saved in notes.saved.values():
        assert read_record(store, operator, "note", saved.record).answers["visit"] == visit
    assert verify(store).broken is None
    assert check_projections(store).differences == 0


def test_rows_are_added_changed_and_removed_with_their_master(
    store: OrganisationStore, operator: Actor, person: uuid.UUID
) -> None:
    visits, notes = service.save_together(store, operator, a_visit_with_notes(person, "One", "Two"))
    visit = visits.saved[0]
    batches = [
        Batch("visit", [Change({"title": "Changed"}, visit.record, visit.version)]),
        Batch(
            "note",
            [
                Change({"title": "Third", "visit": str(visit.record)}, new_identifier()),
                Change({"title": "First"}, notes.saved[0].record, notes.saved[0].version),
            ],
            [(notes.saved[1].record, notes.saved[1].version)],
        ),
    ]
    before = transactions(store)
    _, rows = service.save_together(store, operator, batches)
    assert transactions(store) == before + 1
    assert (len(rows.saved), rows.removed) == (2, 1)
    assert read_record(store, operator, "note", notes.saved[0].record).answers["title"] == "First"
    assert read_record(store, operator, "note", notes.saved[1].record, deleted=True).deleted
    assert check_projections(store).differences == 0


def test_one_problem_keeps_everything_from_being_saved_and_says_whose_it_is(
    store: OrganisationStore, operator: Actor, person: uuid.UUID
) -> None:
    before = transactions(store)
    batches = a_visit_with_notes(person, "Good", "x" * 5000)
    with pytest.raises(InvalidBatches) as caught:
        service.save_together(store, operator, batches)
    visits, notes = caught.value.batches
    assert not visits
    assert [(position, problem.path) for position, problems in notes.items() for problem in problems] == [(1, "title")]
    batches[1] = Batch("note", [Change({"title": "Of nothing", "visit": str(new_identifier())}, new_identifier())])
    with pytest.raises(InvalidBatches) as caught:
        service.save_together(store, operator, batches)
    assert [problem.kind for problem in caught.value.problems] == ["unknown_record"]
    assert transactions(store) == before


def test_a_row_that_somebody_else_changed_keeps_everything_from_being_saved(
    store: OrganisationStore, operator: Actor, person: uuid.UUID
) -> None:
    visits, notes = service.save_together(store, operator, a_visit_with_notes(person, "One"))
    note, visit = notes.saved[0], visits.saved[0]
    service.update(store, operator, "note", note.record, note.version, {"title": "Theirs"})
    batches = [
        Batch("visit", [Change({"title": "Mine"}, visit.record, visit.version)]),
        Batch("note", removed=[(note.record, note.version)]),
    ]
    with pytest.raises(Conflict) as caught:
        service.save_together(store, operator, batches)
    assert caught.value.record == note.record
    assert read_record(store, operator, "visit", visit.record).answers["title"] == "Visit"


def test_a_repeated_request_gives_the_first_result(
    store: OrganisationStore, operator: Actor, person: uuid.UUID
) -> None:
    batches = a_visit_with_notes(person, "One", "Two")
    first = service.save_together(store, operator, batches, request_key="form-1")
    before = transactions(store)
    again = service.save_together(store, operator, batches, request_key="form-1")
    assert [result.saved for result in again] == [result.saved for result in first]
    assert transactions(store) == before
    with pytest.raises(RequestReused):
        service.save_together(store, operator, batches[:1], request_key="form-1")


def test_each_row_needs_the_permission_of_what_is_done_with_it(
    store: OrganisationStore, operator: Actor, person: uuid.UUID
) -> None:
    visits, notes = service.save_together(store, operator, a_visit_with_notes(person, "One"))
    reader = Actor(None, "Reader", Role.READER, "page")
    for batch in (
        Batch("note", [Change({"title": "New", "visit": str(visits.saved[0].record)})]),
        Batch("note", [Change({"title": "Other"}, notes.saved[0].record, notes.saved[0].version)]),
        Batch("note", removed=[(notes.saved[0].record, notes.saved[0].version)]),
    ):
        with pytest.raises(NotPermitted):
            service.save_together(store, reader, [batch])
