"""Stores that one process keeps open while another removes or restores them."""

from __future__ import annotations

from pathlib import Path

import pytest

from amparo.runtime.access import Actor
from amparo.runtime.backups.making import back_up
from amparo.runtime.backups.restoring import restore
from amparo.runtime.errors import NotFound, StoreProblem
from amparo.runtime.records import service
from amparo.runtime.stores import open_stores
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations

PASSPHRASE = "four words of rain"


@pytest.fixture(autouse=True)
def _always_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(open_stores, "_TRUSTED_SECONDS", 0.0)


def test_an_open_store_stays_open(organisations: Organisations, store: OrganisationStore) -> None:
    assert organisations.open(store.slug) is organisations.open(store.slug)


def test_a_store_that_another_process_restored_is_opened_anew(
    organisations: Organisations, store: OrganisationStore, operator: Actor, tmp_path: Path
) -> None:
    service.create(store, operator, "person", {"name": "Kept"})
    path = back_up(organisations, store.slug, tmp_path / "a.backup", PASSPHRASE).path
    stale = organisations.open(store.slug)
    other = Organisations(organisations.settings)
    other.remove(store.slug)
    with pytest.raises(NotFound):
        organisations.open(store.slug)
    restore(other, path, PASSPHRASE)
    fresh = organisations.open(store.slug)
    assert fresh is not stale
    made = service.create(fresh, operator, "person", {"name": "After"})
    with other.open(store.slug).reading() as connection:
        table = fresh.newest_release().object("person").table
        assert made.record in set(connection.scalars(table.select().with_only_columns(table.c.id)))
    other.close()


def test_nobody_saves_into_a_store_that_was_removed(
    organisations: Organisations, store: OrganisationStore, operator: Actor
) -> None:
    """On SQLite a removed file lives on for whoever has it open: an acknowledged save would be lost."""
    if store.is_postgres:
        pytest.skip("PostgreSQL's schema is gone for everybody at once.")
    service.create(store, operator, "person", {"name": "Before"})
    other = Organisations(organisations.settings)
    other.remove(store.slug)
    other.close()
    with pytest.raises(StoreProblem, match="no head row"):
        service.create(store, operator, "person", {"name": "Into nowhere"})
    store.close()
