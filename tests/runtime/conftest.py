"""Organisations with a small application, on every kind of database."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from amparo.metadata.reading import read_template
from amparo.runtime.access import Actor, operator_actor
from amparo.runtime.releases.publishing import publish
from amparo.runtime.settings import Settings
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations
from factories.clinic import clinic_document

_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def organisations(module_database: str | None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Organisations]:
    """An installation of its own for each test module and kind of database."""
    home: Path = tmp_path_factory.mktemp("home")
    opened = Organisations(Settings(home=home, database_url=module_database))
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def standard_template() -> Mapping[str, Any]:
    """Read once, to be published as it is."""
    return read_template().document


@pytest.fixture
def operator() -> Actor:
    return operator_actor()


@pytest.fixture
def empty_store(organisations: Organisations) -> OrganisationStore:
    """An organisation before its first publishing."""
    number = next(_numbers)
    return organisations.create(f"clinic-{number}", f"Clinic {number}")


@pytest.fixture
def store(empty_store: OrganisationStore, operator: Actor) -> OrganisationStore:
    """An organisation with the clinic's definitions."""
    publish(empty_store, operator, clinic_document())
    return empty_store
