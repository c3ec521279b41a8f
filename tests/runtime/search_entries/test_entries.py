"""Search entries follow their records through every way that a record is written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, update

from amparo.runtime.access import Actor
from amparo.runtime.backups.making import back_up
from amparo.runtime.backups.restoring import restore
from amparo.runtime.planner.finding import find
from amparo.runtime.projections.comparing import check_projections
from amparo.runtime.projections.repairing import repair_projections
from amparo.runtime.records import service
from amparo.runtime.records.changes import Change
from amparo.runtime.records.entry_texts import EntryTexts
from amparo.runtime.search_entries.writing import replace_entries
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations
from factories.search_entries import entries, indexed_terms


def of_words(terms: set[str]) -> set[str]:
    """Without those that tell objects apart."""
    return {term for term in terms if not term.startswith("\ue082")}


@pytest.mark.every_database
def test_the_index_forgets_what_an_entry_held(store: OrganisationStore, operator: Actor) -> None:
    saved = service.create(store, operator, "person", {"name": "Quixotic"})
    service.create(store, operator, "person", {"name": "Other"})
    assert {"qui", "\ue080qui", "\ue081kstk"} <= indexed_terms(store)
    service.update(store, operator, "person", saved.record, saved.version, {"name": "Renamed"})
    assert "qui" not in _merged(store)
    service.erase(store, operator, "person", saved.record, "asked for it")
    left = of_words(indexed_terms(store))
    assert not {term for term in left if "ren" in term}
    assert "oth" in left


def _merged(store: OrganisationStore) -> set[str]:
    """The terms that entries have, when SQLite has merged its index."""
    if not store.is_postgres:
        with store.engine.begin() as connection:
            connection.exec_driver_sql("INSERT INTO search_index (search_index) VALUES ('optimize')")
    return indexed_terms(store)


def test_an_update_of_what_nothing_is_found_by_leaves_the_entry(store: OrganisationStore, operator: Actor) -> None:
    saved = service.create(store, operator, "person", {"name": "Same", "children": 1})
    entry = store.tables.search_entry
    with store.engine.begin() as connection:
        connection.execute(update(entry).values(id=77))
    service.update(store, operator, "person", saved.record, saved.version, {"children": 2})
    with store.reading() as connection:
        assert connection.scalar(entry.select().with_only_columns(entry.c.id)) == 77


def taken_away(store: OrganisationStore) -> Any:
    return delete(store.tables.search_entry)


def changed(store: OrganisationStore) -> Any:
    return update(store.tables.search_entry).values(words="nothing of theirs")


@pytest.mark.parametrize("damage", [taken_away, changed])
def test_damaged_entries_are_named_and_put_right(store: OrganisationStore, operator: Actor, damage: Any) -> None:
    service.save(store, operator, "person", [Change({"name": name}) for name in ("One", "Two", "Three")])
    before = entries(store)
    with store.engine.begin() as connection:
        connection.execute(damage(store))
    found = check_projections(store)
    assert (found.differences, {each.column for each in found.named}) == (3, {"search entry"})
    assert repair_projections(store, operator) == 3
    assert (entries(store), check_projections(store).differences) == (before, 0)
    assert [each.name for each in find(store, operator, ["person"], "three")] == ["Three"]


def test_an_entry_without_a_record_is_named_and_taken_away(store: OrganisationStore, operator: Actor) -> None:
    saved = service.create(store, operator, "person", {"name": "Erased"})
    before = entries(store)
    service.erase(store, operator, "person", saved.record, "asked for it")
    number = store.known_release().object("person").place.number
    with store.engine.begin() as connection:
        replace_entries(connection, store, number, {saved.record: EntryTexts("\nerased\n", "")})
    assert entries(store) == {saved.record: ("\nerased\n", "")} != before
    assert check_projections(store).differences == 1
    repair_projections(store, operator)
    assert entries(store) == {}


def test_a_restored_organisation_is_searched_as_before(
    organisations: Organisations, store: OrganisationStore, operator: Actor, tmp_path: Path
) -> None:
    service.save(store, operator, "person", [Change({"name": name}) for name in ("សុខា", "محمد", "Dara")])
    before = entries(store)
    slug = store.slug
    back_up(organisations, slug, tmp_path / "backup", "a long passphrase of words")
    organisations.remove(slug)
    restore(organisations, tmp_path / "backup", "a long passphrase of words")
    restored = organisations.open(slug)
    assert entries(restored) == before
    assert [each.name for each in find(restored, operator, ["person"], "sokha")] == ["សុខា"]
