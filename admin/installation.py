"""The installation a command works on: the one the settings name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from amparo.runtime.settings import Settings
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations
from amparo.runtime.stores.revisions import CONTROL, bring_up_to_date, is_empty, require_current

#: In the home: how to sign in to the demonstration. ``amparo demo`` writes it, ``amparo serve`` shows it.
DEMO_SIGN_INS = "demo-sign-in.txt"


@contextmanager
def installation() -> Iterator[Organisations]:
    """Opened for one command; a new home gets its control store at once.

    Raises :class:`~amparo.runtime.errors.StoreProblem` when the control store is of another version.
    """
    organisations = Organisations(Settings.from_environment())
    try:
        if is_empty(organisations.engine, organisations.control.schema):
            bring_up_to_date(organisations.engine, organisations.control.schema, CONTROL)
        require_current(organisations.engine, organisations.control.schema, CONTROL)
        yield organisations
    finally:
        organisations.close()


@contextmanager
def organisation_store(slug: str) -> Iterator[OrganisationStore]:
    """The store of one organisation. Raises :class:`~amparo.runtime.errors.NotFound`."""
    with installation() as organisations:
        yield organisations.open(slug)
