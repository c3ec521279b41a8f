"""Lists of records: a page, a count, a stream for export."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from amparo.runtime.access import Actor, Permission
from amparo.runtime.planner.cursors import write_cursor
from amparo.runtime.planner.finding import Found, find
from amparo.runtime.planner.listing import LENGTH, Listing
from amparo.runtime.planner.queries import ListQuery
from amparo.runtime.planner.readings import answered, snapshot
from amparo.runtime.planner.sorting import Position
from amparo.runtime.planner.views import Row
from amparo.runtime.releases.live import LiveRelease
from amparo.runtime.serializer import Record
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.time_limits import lift_time_limits

__all__ = ["Found", "ListPage", "count", "find", "list_page", "short_list", "stream"]

_Answer = TypeVar("_Answer")


@dataclass(frozen=True, slots=True)
class ListPage:
    """``next`` is the ``after`` of the following page, None on the last.

    ``erased`` counts, for a past instant, the records that were there then and
    were erased since; filters cannot be asked of them. ``length`` is how many
    the whole list has, where that was asked.
    """

    records: tuple[Record, ...]
    next: str | None
    erased: int = 0
    length: int | None = None


def list_page(
    store: OrganisationStore,
    actor: Actor,
    query: ListQuery,
    *,
    now: dt.datetime | None = None,
    release: LiveRelease | None = None,
) -> ListPage:
    """``release`` is the one the caller works under, when it has asked already.

    Members are named only where a column holds one. Raises
    :class:`InvalidAnswers` for what cannot be asked, :class:`NotFound`,
    :class:`NotPermitted`.
    """
    return _asked(store, actor, query, now, release, lambda listing: _page(listing, listing.page()))


def short_list(
    store: OrganisationStore,
    actor: Actor,
    query: ListQuery,
    *,
    counted_to: int | None = None,
    release: LiveRelease | None = None,
) -> ListPage:
    """A first page that its filters make short: read in one statement, whatever its order. As :func:`list_page`.

    With ``counted_to`` the same statement tells the length of the list, as :func:`count` with ``most`` does.
    """

    def read(listing: Listing) -> ListPage:
        rows = listing.first(query.limit + 1, counted_to)
        page = _page(listing, rows)
        return page if counted_to is None else replace(page, length=rows[0][LENGTH] if rows else 0)

    return _asked(store, actor, query, None, release, read)


def _page(listing: Listing, rows: Sequence[Row]) -> ListPage:
    """``rows`` hold one more than the page, if there is one."""
    query = listing.query
    shown = rows[: query.limit]
    following = None
    if len(rows) > query.limit:
        position = Position.of(shown[-1], query.sort)
        following = write_cursor(listing.store.keys, query, listing.reading.release.number, position)
    return ListPage(listing.records(shown), following, listing.erased())


def count(
    store: OrganisationStore,
    actor: Actor,
    query: ListQuery,
    *,
    most: int | None = None,
    now: dt.datetime | None = None,
    release: LiveRelease | None = None,
) -> int:
    """How many records the list has on all its pages, to the last one.

    With ``most`` it is at most one more than that: enough to say that there
    are more, and no slower however long the list is.
    """
    asked = replace(query, columns=(), sort=())
    return _asked(store, actor, asked, now, release, lambda listing: listing.count(most))


def _asked(
    store: OrganisationStore,
    actor: Actor,
    query: ListQuery,
    now: dt.datetime | None,
    release: LiveRelease | None,
    read: Callable[[Listing], _Answer],
) -> _Answer:
    actor.require(Permission.RECORDS_READ)
    return answered(store, lambda reading: read(Listing(reading, actor, query, now)), release, query.as_of)


def stream(
    store: OrganisationStore, actor: Actor, query: ListQuery, chunk: int = 1000, *, now: dt.datetime | None = None
) -> Iterator[Record]:
    """Every record of the list in order, in constant memory and one consistent view; ``limit`` does not count."""
    actor.require(Permission.RECORDS_EXPORT)
    with snapshot(store) as reading:
        lift_time_limits(reading.connection)
        asked = Listing(reading, actor, query, now)
        for rows in asked.chunks(chunk):
            yield from asked.records(rows)
