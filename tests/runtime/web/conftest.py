"""The web application over an organisation with people and visits, and a second one beside it."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Iterator

import pytest
from flask import Flask

from amparo.app import create_app
from amparo.runtime.access import Role, operator_actor
from amparo.runtime.members import create_member
from amparo.runtime.records import service
from amparo.runtime.releases.publishing import publish
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations
from factories.every_type import sheets_document
from factories.office import office_document
from factories.visitors import PASSWORD, Visitor

_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def app(organisations: Organisations) -> Iterator[Flask]:
    """One application for each test module and kind of database."""
    made = create_app(organisations.settings)
    made.config["TESTING"] = True
    yield made
    made.extensions["amparo"].close()


@pytest.fixture(scope="module")
def office(organisations: Organisations) -> OrganisationStore:
    """An organisation with definitions and one member for each role, signing in as ``<role>@<slug>``.

    The tests of a module share it: each makes the records it looks at.
    """
    slug = f"office-{next(_numbers)}"
    store = organisations.create(slug, f"The Office {slug}")
    publish(store, operator_actor(), office_document())
    for role in Role:
        create_member(organisations, slug, f"{role.value}@{slug}", f"{role.value.title()} Person", role, PASSWORD)
    return store


@pytest.fixture
def caseworker(app: Flask, office: OrganisationStore) -> Visitor:
    return Visitor.signed_in(app, office.slug, Role.CASEWORKER)


@pytest.fixture
def supervisor(app: Flask, office: OrganisationStore) -> Visitor:
    return Visitor.signed_in(app, office.slug, Role.SUPERVISOR)


@pytest.fixture
def sokha(office: OrganisationStore) -> uuid.UUID:
    """A person with an answer in every field."""
    values = {
        "name": "សុខា ចាន់",
        "code": uuid.uuid4().hex,
        "gender": "female",
        "languages": ["km", "en"],
        "passport": f"N {uuid.uuid4().hex}",
        "debt": "1250.50",
        "children": {"missing": "not_asked"},
        "born": "2001-02-03",
        "met_at": "2026-03-31T14:05",
        "story": "First line\nsecond line",
    }
    return service.create(office, operator_actor(), "person", values).record


@pytest.fixture(scope="module")
def sheets(organisations: Organisations) -> OrganisationStore:
    """An organisation with a field of every type and rows in its forms, and a caseworker."""
    slug = f"sheets-{next(_numbers)}"
    store = organisations.create(slug, "Sheets")
    publish(store, operator_actor(), sheets_document())
    create_member(organisations, slug, f"caseworker@{slug}", "Caseworker", Role.CASEWORKER, PASSWORD)
    return store


@pytest.fixture
def at_sheets(app: Flask, sheets: OrganisationStore) -> Visitor:
    return Visitor.signed_in(app, sheets.slug, Role.CASEWORKER)
