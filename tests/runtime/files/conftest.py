"""An organisation whose people have files."""

from __future__ import annotations

import pytest

from amparo.runtime.access import Actor, Role
from amparo.runtime.releases.publishing import publish
from amparo.runtime.stores.organisation import OrganisationStore
from factories.archive import archive_document, member


@pytest.fixture
def store(empty_store: OrganisationStore, operator: Actor) -> OrganisationStore:
    """The clinic, whose people have files."""
    publish(empty_store, operator, archive_document())
    return empty_store


@pytest.fixture
def worker(store: OrganisationStore) -> Actor:
    return member(store)


@pytest.fixture
def reader(store: OrganisationStore) -> Actor:
    return member(store, Role.READER)
