"""A server with sheets, which have a field of every type, places and folders, and one supervisor."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from amparo.runtime.access import Role, operator_actor
from amparo.runtime.demo.loading import SignIn
from amparo.runtime.members import create_member
from amparo.runtime.places.changing import change_places
from amparo.runtime.records import service
from amparo.runtime.releases.publishing import publish
from amparo.runtime.settings import Settings
from amparo.runtime.stores.organisations import Organisations
from factories.every_type import SHEET, sheets_document
from factories.fillings import OTHER
from factories.places import SMALL
from factories.site import Site, serving
from factories.visitors import PASSWORD


@contextmanager
def serving_sheets(settings: Settings) -> Iterator[Site]:
    organisations = Organisations(settings)
    store = organisations.create("sheets", "Sheets")
    publish(store, operator_actor(), sheets_document())
    create_member(organisations, "sheets", "supervisor", "Super Visor", Role.SUPERVISOR, PASSWORD)
    change_places(store, operator_actor(), SMALL)
    folder = service.create(store, operator_actor(), "folder", {"title": "Blue folder"})
    for answers in ({**SHEET, "about": str(folder.record)}, OTHER):
        service.create(store, operator_actor(), "sheet", answers)
    organisations.close()
    sign_in = SignIn("Sheets", Role.SUPERVISOR, "Super Visor", "supervisor", PASSWORD)
    with serving(settings) as url:
        yield Site(url, "sheets", {Role.SUPERVISOR: sign_in})
