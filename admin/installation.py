"""The installation a command works on: the one the settings name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from amparo.runtime.settings import Settings
from amparo.runtime.stores.migrating import CONTROL, is_empty, migrate_control, require_current
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations


@contextmanager
def installation() -> Iterator[Organisations]:
    """Opened for one command; a new home gets its control store at once.

    Raises :class:`~amparo.runtime.errors.StoreProblem` when the control store is of another version.
    """
    organisations = Organisations(Settings.from_environment())
    try:
        if is_empty(organisations.engine, organisations.control.schema):
            migrate_control(organisations.engine, organisations.control.schema)
        require_current(organisations.engine, organisations.control.schema, CONTROL)
        yield organisations
    finally:
        organisations.close()


@contextmanager
def organisation_store(slug: str) -> Iterator[OrganisationStore]:
    """The store of one organisation. Raises :class:`~amparo.runtime.errors.NotFound`."""
    with installation() as organisations:
        yield organisations.open(slug)
