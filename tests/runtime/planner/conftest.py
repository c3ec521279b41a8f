"""One organisation full of people for the tests of each module."""

from __future__ import annotations

import itertools

import pytest

from amparo.runtime.access import Actor, operator_actor
from amparo.runtime.releases.publishing import publish
from amparo.runtime.stores.organisations import Organisations
from factories.population import Population, populate, population_document

_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def population(organisations: Organisations) -> Population:
    """Tests of a module share it and must not change it."""
    number = next(_numbers)
    store = organisations.create(f"people-{number}", f"People {number}")
    publish(store, operator_actor(), population_document())
    return populate(store, operator_actor())


@pytest.fixture
def caseworker(population: Population) -> Actor:
    return population.members[0]
