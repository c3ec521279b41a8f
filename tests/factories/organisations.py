"""Organisations with definitions, and members who sign in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask

from amparo.app import create_app
from amparo.runtime.access import Role, operator_actor
from amparo.runtime.members import create_member
from amparo.runtime.releases.publishing import publish
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations
from factories.visitors import PASSWORD


def make_organisation(
    organisations: Organisations,
    slug: str,
    document: dict[str, Any],
    *roles: Role,
    clock: Callable[[], int] | None = None,
) -> OrganisationStore:
    """An organisation with one member of each role, who signs in as ``Visitor.signed_in`` does."""
    store = organisations.create(slug, slug.title(), clock=clock)
    publish(store, operator_actor(), document)
    for role in roles:
        create_member(organisations, slug, f"{role.value}@{slug}", f"{role.value.title()} Person", role, PASSWORD)
    return store


@contextmanager
def answering(organisations: Organisations) -> Iterator[Flask]:
    """The application over an installation, for visitors without a server."""
    app = create_app(organisations.settings)
    app.config["TESTING"] = True
    yield app
    app.extensions["amparo"].close()
