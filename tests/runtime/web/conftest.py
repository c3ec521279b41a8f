"""The web application over an organisation with people and visits, and a second one beside it."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Iterator

import pytest
from flask import Flask

from amparo.runtime.access import Role, operator_actor
from amparo.runtime.records import service
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations
from factories.every_type import sheets_document
from factories.office import office_document
from factories.organisations import answering, make_organisation
from factories.visitors import Visitor

_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def app(organisations: Organisations) -> Iterator[Flask]:
    """One application for each test module and kind of database."""
    with answering(organisations) as made:
        yield made


@pytest.fixture(scope="module")
def office(organisations: Organisations) -> OrganisationStore:
    """An organisation with definitions and one member for each role, signing in as ``<role>@<slug>``.

    The tests of a module share it: each makes the records it looks at.
    """
    return make_organisation(organisations, f"office-{next(_numbers)}", office_document(), *Role)


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
    return make_organisation(organisations, f"sheets-{next(_numbers)}", sheets_document(), Role.CASEWORKER)


@pytest.fixture
def at_sheets(app: Flask, sheets: OrganisationStore) -> Visitor:
    return Visitor.signed_in(app, sheets.slug, Role.CASEWORKER)
