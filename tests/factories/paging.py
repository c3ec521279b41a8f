"""Lists read to their end, page by page."""

from __future__ import annotations

from dataclasses import replace

from amparo.runtime.access import Actor
from amparo.runtime.planner.lists import list_page
from amparo.runtime.planner.queries import ListQuery
from amparo.runtime.serializer import Record
from amparo.runtime.stores.organisation import OrganisationStore


def everybody(store: OrganisationStore, operator: Actor, query: ListQuery) -> list[Record]:
    """The records of all pages in their order."""
    found: list[Record] = []
    while True:
        page = list_page(store, operator, query)
        found += page.records
        if page.next is None:
            return found
        query = replace(query, after=page.next)
