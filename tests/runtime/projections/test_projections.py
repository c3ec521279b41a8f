"""The projection is what the ledger adds up to; where it is not, that is found and put right."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, text, update

from amparo.runtime.access import Actor
from amparo.runtime.errors import NotPossible
from amparo.runtime.ledger.verifying import verify
from amparo.runtime.ledger.writing import writing
from amparo.runtime.projections.comparing import check_projections
from amparo.runtime.projections.folding import WINDOW
from amparo.runtime.projections.repairing import repair_projections
from amparo.runtime.records import service
from amparo.runtime.records.changes import Change
from amparo.runtime.releases.live import LiveObject
from amparo.runtime.releases.publishing import publish
from amparo.runtime.stores.organisation import OrganisationStore
from factories.clinic import clinic_document, field_of, with_field
from factories.search_entries import entries

FULL = {
    "name": "Élodie ខ្មែរ",
    "code": "A1",
    "gender": "female",
    "languages": ["km", "en"],
    "passport": "N 123",
    "debt": "1250.50",
    "children": {"missing": "not_asked"},
    "born": "1999-02-03",
    "met_at": "2026-01-02T10:00",
    "safe": False,
    "story": "Two\nlines",
    "record_type": "client",
}


def person(store: OrganisationStore) -> LiveObject:
    return store.newest_release().object("person")


@pytest.fixture
def peopled(store: OrganisationStore, operator: Actor) -> OrganisationStore:
    """Every field type, an update, a deletion with details, an undeletion, an erasure."""
    first = service.create(store, operator, "person", FULL)
    service.update(
        store, operator, "person", first.record, first.version, {"debt": None, "passport": {"missing": "refused"}}
    )
    friend = service.create(store, operator, "person", {"name": "Friend", "friend": str(first.record)})
    visit = service.create(store, operator, "visit", {"title": "First", "person": str(friend.record), "hours": "1.5"})
    service.create(store, operator, "note", {"title": "Note", "visit": str(visit.record)})
    service.delete(store, operator, "person", friend.record)
    back = service.create(store, operator, "person", {"name": "Back", "passport": "N9"})
    service.delete(store, operator, "person", back.record)
    service.undelete(store, operator, "person", back.record)
    gone = service.create(store, operator, "person", {"name": "Gone"})
    service.erase(store, operator, "person", gone.record, "asked for it")
    return store


def test_what_people_did_is_what_the_ledger_adds_up_to(peopled: OrganisationStore) -> None:
    found = check_projections(peopled)
    assert (found.records, found.differences, found.named) == (5, 0, ())


def test_more_records_than_a_window_are_compared(store: OrganisationStore, operator: Actor) -> None:
    service.save(store, operator, "person", [Change({"name": f"Person {number}"}) for number in range(WINDOW * 2)])
    service.create(store, operator, "person", {"name": "One more"})
    found = check_projections(store)
    assert (found.records, found.differences) == (WINDOW * 2 + 1, 0)


def _first(live: LiveObject, store: OrganisationStore) -> uuid.UUID:
    with store.engine.connect() as connection:
        identifier = connection.scalar(select(live.table.c.id).order_by(live.table.c.id).limit(1))
    assert isinstance(identifier, uuid.UUID)
    return identifier


def changed_value(live: LiveObject) -> Any:
    return update(live.table).values({live.fields["name"].column_name: "Somebody else"})


def changed_companions(live: LiveObject) -> Any:
    return update(live.table).values({live.fields["name"].key_column: None})


def changed_owner(live: LiveObject) -> Any:
    return update(live.table).values(owner=uuid.uuid4(), version=1, deleted_tx=None)


def removed_rows(live: LiveObject) -> Any:
    return delete(live.table)


@pytest.mark.parametrize("damage", [changed_value, changed_companions, changed_owner, removed_rows])
def test_damaged_rows_are_named_and_put_right(
    peopled: OrganisationStore, operator: Actor, damage: Callable[[LiveObject], Any]
) -> None:
    live = person(peopled)
    before = _content(peopled, live)
    with peopled.engine.begin() as connection:
        connection.execute(damage(live))
    found = check_projections(peopled)
    assert found.differences >= 3
    assert {difference.object for difference in found.named} == {"person"}
    assert repair_projections(peopled, operator) == 3
    assert check_projections(peopled).differences == 0
    assert _content(peopled, live) == before
    assert verify(peopled).broken is None


def _content(store: OrganisationStore, live: LiveObject) -> list[Any]:
    with store.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(select(live.table).order_by(live.table.c.id))]


def test_a_difference_names_record_column_and_kind_but_no_value(peopled: OrganisationStore, operator: Actor) -> None:
    live = person(peopled)
    record = _first(live, peopled)
    column = live.fields["name"].column_name
    with peopled.engine.begin() as connection:
        connection.execute(update(live.table).where(live.table.c.id == record).values({column: None}))
    (difference,) = check_projections(peopled).named
    assert (difference.record, difference.column) == (record, column)
    assert str(difference) == f"person, record {record}: {column}: expected text, found blank"


def test_a_row_that_no_record_stands_behind_is_found_and_removed(peopled: OrganisationStore, operator: Actor) -> None:
    live = person(peopled)
    row = {"id": uuid.uuid4(), "version": 1, "created_tx": 1}
    with peopled.engine.begin() as connection:
        stamp = connection.execute(select(live.table.c.created_at).limit(1)).scalar()
        connection.execute(insert(live.table).values(**row, created_at=stamp, updated_at=stamp))
    assert [each.found for each in check_projections(peopled).named] == ["a row"]
    assert repair_projections(peopled, operator) == 1
    assert check_projections(peopled).differences == 0


def test_missing_tables_columns_and_indexes_are_found_and_made_again(
    peopled: OrganisationStore, operator: Actor
) -> None:
    release = peopled.newest_release()
    visit, note = release.object("visit").table, release.object("note").table
    prefix = f"{peopled.schema}." if peopled.schema else ""
    with peopled.engine.begin() as connection:
        connection.execute(text(f"DROP TABLE {prefix}{note.name}"))
        connection.execute(text(f"DROP INDEX {prefix}{visit.name}_owner"))
        column = release.object("visit").fields["hours"].column_name
        connection.execute(text(f"ALTER TABLE {prefix}{visit.name} DROP COLUMN {column}"))
    named = {(each.object, each.column) for each in check_projections(peopled).named}
    assert named == {("note", note.name), ("visit", f"{visit.name}_owner"), ("visit", column)}
    assert repair_projections(peopled, operator) == 2
    assert check_projections(peopled).differences == 0


def test_a_repair_keeps_what_is_saved_while_it_works(
    peopled: OrganisationStore, operator: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    live = person(peopled)
    record = _first(live, peopled)
    with peopled.engine.begin() as connection:
        connection.execute(changed_value(live))
        version = connection.scalar(select(live.table.c.version).where(live.table.c.id == record))
    assert version is not None
    saved = threading.Event()

    def save_before_the_swap() -> None:
        service.update(peopled, operator, "person", record, version, {"story": "Saved meanwhile", "code": "A2"})
        saved.set()

    saver = threading.Thread(target=save_before_the_swap)
    _run_before_writing(monkeypatch, saver)
    assert repair_projections(peopled, operator) == 3
    assert saved.is_set()
    assert check_projections(peopled).differences == 0
    with peopled.engine.connect() as connection:
        column = live.table.c[live.fields["code"].column_name]
        assert connection.scalar(select(column).where(live.table.c.id == record)) == "A2"


def _run_before_writing(monkeypatch: pytest.MonkeyPatch, saver: threading.Thread) -> None:
    """Lets another save end between the snapshot of a repair and its swap."""

    def writing_after_another(*arguments: Any, **named: Any) -> Any:
        if saver.ident is None:
            saver.start()
            saver.join()
        return writing(*arguments, **named)

    monkeypatch.setattr("amparo.runtime.projections.repairing.writing", writing_after_another)


def test_a_ledger_with_a_unique_value_twice_is_not_repaired(peopled: OrganisationStore, operator: Actor) -> None:
    live = person(peopled)
    with peopled.engine.begin() as connection:
        connection.execute(removed_rows(live))
    service.create(peopled, operator, "person", {"name": "Takes the code", "code": "A1"})
    with pytest.raises(NotPossible, match="unique"):
        repair_projections(peopled, operator)
    assert check_projections(peopled).differences == 3


def test_a_field_that_becomes_searchable_is_found_in_older_records(peopled: OrganisationStore, operator: Actor) -> None:
    document = clinic_document()
    field_of(document, "person", "code")["searchable"] = True
    publish(peopled, operator, document)
    live = person(peopled)
    with peopled.engine.connect() as connection:
        key = live.table.c[live.fields["code"].key_column]
        found = connection.execute(select(live.table.c.id, key).where(key.is_not(None))).all()
    assert [row[1] for row in found] == ["a1"]
    assert entries(peopled)[found[0].id][1] == "a1"
    assert check_projections(peopled).differences == 0


def test_a_field_that_is_retired_leaves_the_search_text(peopled: OrganisationStore, operator: Actor) -> None:
    document = with_field(
        clinic_document(),
        "person",
        {"id": "person.alias", "name": "alias", "type": "text", "label": "Alias", "searchable": True},
    )
    publish(peopled, operator, document)
    service.create(peopled, operator, "person", {"name": "Known", "alias": "Otherwise"})
    field_of(document, "person", "alias")["retired"] = True
    publish(peopled, operator, document)
    assert [words for name, words in entries(peopled).values() if "known" in name] == [""]
    assert check_projections(peopled).differences == 0
