"""Lists of records: a page, a count, a stream for export."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace

from amparo.runtime.access import Actor, Permission
from amparo.runtime.planner.cursors import write_cursor
from amparo.runtime.planner.finding import Found, find
from amparo.runtime.planner.listing import Listing
from amparo.runtime.planner.queries import ListQuery
from amparo.runtime.releases.live import LiveRelease
from amparo.runtime.serializer import MEMBER_COLUMNS, Record
from amparo.runtime.stores.organisation import OrganisationStore

__all__ = ["Found", "ListPage", "count", "find", "list_page", "stream"]


@dataclass(frozen=True, slots=True)
class ListPage:
    """``next`` is the ``after`` of the following page, None on the last.

    ``erased`` counts, for a past instant, the records that were there then and
    were erased since; filters cannot be asked of them.
    """

    records: tuple[Record, ...]
    next: str | None
    erased: int = 0


def list_page(store: OrganisationStore, actor: Actor, query: ListQuery, *, now: dt.datetime | None = None) -> ListPage:
    """Raises :class:`InvalidAnswers` for what cannot be asked, :class:`NotFound`, :class:`NotPermitted`."""
    actor.require(Permission.RECORDS_READ)
    with store.reading() as connection:
        asked = Listing(connection, store, actor, query, now)
        rows = asked.page()
        following = None
        if len(rows) > query.limit:
            rows = rows[: query.limit]
            following = write_cursor(store.keys, query, asked.order.position(rows[-1]))
        return ListPage(asked.records(rows), following, asked.erased())


def short_list(
    store: OrganisationStore, actor: Actor, query: ListQuery, *, release: LiveRelease | None = None
) -> ListPage:
    """A first page that its filters make short: read in one statement, whatever its order.

    Members are named only where a column holds one. ``release`` is the one the
    caller works under, when it has asked already. Raises as :func:`list_page`.
    """
    actor.require(Permission.RECORDS_READ)
    with store.reading() as connection:
        asked = Listing(connection, store, actor, query, None, (), release)
        rows = asked.first(query.limit + 1)
        shown = rows[: query.limit]
        following = None
        if len(rows) > query.limit:
            following = write_cursor(store.keys, query, asked.order.position(shown[-1]))
        name_members = any(name in MEMBER_COLUMNS for name in query.columns)
        return ListPage(asked.records(shown, name_members=name_members), following, asked.erased())


def count(store: OrganisationStore, actor: Actor, query: ListQuery, *, now: dt.datetime | None = None) -> int:
    """How many records the list has on all its pages."""
    actor.require(Permission.RECORDS_READ)
    with store.reading() as connection:
        return Listing(connection, store, actor, replace(query, columns=(), sort=()), now).count()


def stream(
    store: OrganisationStore, actor: Actor, query: ListQuery, chunk: int = 1000, *, now: dt.datetime | None = None
) -> Iterator[Record]:
    """Every record of the list in order, in constant memory and one consistent view; ``limit`` does not count."""
    actor.require(Permission.RECORDS_EXPORT)
    with store.reading() as connection:
        asked = Listing(connection, store, actor, query, now)
        for rows in asked.chunks(chunk):
            yield from asked.records(rows)
