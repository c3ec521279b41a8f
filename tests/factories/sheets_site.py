"""A server with sheets, which have a field of every type, places and folders, and one supervisor."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from amparo.runtime.access import Role, operator_actor
from amparo.runtime.places.changing import change_places
from amparo.runtime.records import service
from amparo.runtime.settings import Settings
from amparo.runtime.stores.organisations import Organisations
from factories.every_type import SHEET, sheets_document
from factories.fillings import OTHER
from factories.organisations import make_organisation
from factories.places import SMALL
from factories.site import Site, serving_organisation


@contextmanager
def serving_sheets(settings: Settings) -> Iterator[Site]:
    organisations = Organisations(settings)
    store = make_organisation(organisations, "sheets", sheets_document(), Role.SUPERVISOR)
    change_places(store, operator_actor(), SMALL)
    folder = service.create(store, operator_actor(), "folder", {"title": "Blue folder"})
    for answers in ({**SHEET, "about": str(folder.record)}, OTHER):
        service.create(store, operator_actor(), "sheet", answers)
    organisations.close()
    with serving_organisation(settings, store.slug, Role.SUPERVISOR) as site:
        yield site
