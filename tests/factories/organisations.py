"""Organisations with definitions, and members who sign in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask

from amparo.app import create_app
from amparo.runtime.access import Role, operator_actor
from amparo.runtime.demo.loading import SignIn
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
    """An organisation with one member of each role."""
    store = organisations.create(slug, slug.title(), clock=clock)
    publish(store, operator_actor(), document)
    for role in roles:
        member = sign_in_of(slug, role)
        create_member(organisations, slug, member.login, member.name, role, member.password)
    return store


def sign_in_of(slug: str, role: Role) -> SignIn:
    """How the member of a role signs in, as ``Visitor.signed_in`` does too."""
    return SignIn(slug.title(), role, f"{role.value.title()} Person", f"{role.value}@{slug}", PASSWORD)


@contextmanager
def answering(organisations: Organisations) -> Iterator[Flask]:
    """The application over an installation, for visitors without a server."""
    app = create_app(organisations.settings)
    app.config["TESTING"] = True
    yield app
    app.extensions["amparo"].close()
