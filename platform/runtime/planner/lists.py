"""Lists of records: a page, a count, a stream for export, and finding while somebody types."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, cast

from sqlalchemy import Connection, Select, and_, func, select

from amparo.metadata.wording import N_
from amparo.runtime.access import Actor, Permission
from amparo.runtime.planner.cursors import read_cursor, write_cursor
from amparo.runtime.planner.filters import conditions
from amparo.runtime.planner.queries import LARGEST_PAGE, ListQuery, refuse, subject_of
from amparo.runtime.planner.rewinding import PastView, erased_since, searchable_places, view_of
from amparo.runtime.planner.sorting import Order, order_of
from amparo.runtime.planner.texts import holds, require_searchable
from amparo.runtime.planner.views import ROW_COLUMNS, Condition, Row, View, fetched, naming_fields
from amparo.runtime.releases.live import LiveObject
from amparo.runtime.searching import normalised
from amparo.runtime.serializer import Record, serialise
from amparo.runtime.stores.organisation import OrganisationStore

#: The most words of a search that are looked for.
_MOST_WORDS = 8


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
        asked = _ListOf(connection, store, actor, query, now)
        rows = asked.page()
        following = None
        if len(rows) > query.limit:
            rows = rows[: query.limit]
            following = write_cursor(store.keys, query, asked.order.position(rows[-1]))
        return ListPage(asked.records(rows), following, asked.erased())


def count(store: OrganisationStore, actor: Actor, query: ListQuery, *, now: dt.datetime | None = None) -> int:
    """How many records the list has on all its pages."""
    actor.require(Permission.RECORDS_READ)
    with store.reading() as connection:
        return _ListOf(connection, store, actor, replace(query, columns=(), sort=()), now).count()


def stream(
    store: OrganisationStore, actor: Actor, query: ListQuery, chunk: int = 1000, *, now: dt.datetime | None = None
) -> Iterator[Record]:
    """Every record of the list in order, in constant memory and one consistent view; ``limit`` does not count."""
    actor.require(Permission.RECORDS_EXPORT)
    with store.reading() as connection:
        asked = _ListOf(connection, store, actor, query, now)
        for rows in asked.chunks(chunk):
            yield from asked.records(rows)


class _ListOf:
    """A list being read in one consistent view."""

    def __init__(
        self,
        connection: Connection,
        store: OrganisationStore,
        actor: Actor,
        query: ListQuery,
        now: dt.datetime | None,
    ) -> None:
        _require_page_size(query.limit)
        release = store.live(connection)
        live = release.object(query.object)
        for name in query.columns:
            subject_of(live, name)
        self.connection = connection
        self.store = store
        self.actor = actor
        self.query = query
        self.now = now or query.as_of or dt.datetime.now(dt.UTC)
        self.view = view_of(connection, store, release, live, _names(live, query), query.as_of)

    @cached_property
    def order(self) -> Order:
        return order_of(self.view, self.query.sort)

    def condition(self) -> Condition:
        query = self.query
        asked = conditions(self.view, self.actor, query.filters, query.match, self.now)
        parts = [self.view.seen_by(self.actor, deleted=query.deleted), *search_conditions(self.view, query.search)]
        return and_(*parts) if asked is None else and_(*parts, asked)

    def count(self) -> int:
        condition = self.condition()
        statement = select(func.count()).select_from(self.view.source).where(condition)
        return self.connection.scalar(statement) or 0

    def rows(self) -> Select[Any]:
        """Without an order, which pages and streams apply each in their way."""
        columns = self.view.row_columns((*self.query.columns, *naming_fields(self.view.live)))
        columns += self.order.columns()
        condition = self.condition()
        return select(*columns).select_from(self.view.source).where(condition)

    def page(self) -> list[Row]:
        """The rows of a page and one more, if there is one."""
        rows: list[Row] = []
        for stretch in self.order.stretches(self.rows(), read_cursor(self.store.keys, self.query)):
            wanted = self.query.limit + 1 - len(rows)
            if wanted:
                rows.extend(fetched(self.connection, stretch.limit(wanted)))
        return rows

    def chunks(self, size: int) -> Iterator[Sequence[Row]]:
        statement = self.order.applied(self.rows())
        result = self.connection.execution_options(stream_results=True, max_row_buffer=size).execute(statement)
        for part in result.mappings().partitions(size):
            yield cast("Sequence[Row]", part)

    def records(self, rows: Sequence[Row]) -> tuple[Record, ...]:
        view = self.view
        return serialise(self.connection, self.store, self.actor, view.release, view.live, rows, self.query.columns)

    def erased(self) -> int:
        view = self.view
        return erased_since(self.connection, self.store, view.live, view.tx) if isinstance(view, PastView) else 0


def _require_page_size(limit: int) -> None:
    if not 1 <= limit <= LARGEST_PAGE:
        raise refuse("out_of_range", "limit", limit, N_("Ask for 1 to {maximum} records."), maximum=LARGEST_PAGE)


def _names(live: LiveObject, query: ListQuery) -> set[str]:
    """Every field the query reads."""
    names = {*query.columns, *naming_fields(live), *ROW_COLUMNS}
    names |= {row.field for row in query.filters} | {sort.field for sort in query.sort}
    if query.search:
        names |= {place.field.name for place in searchable_places(live)}
    return names


def search_conditions(view: View, text: str | None) -> list[Condition]:
    """Every word must be found in the record's search text."""
    words = list(dict.fromkeys(normalised(require_searchable(text or "", "search")).split()))[:_MOST_WORDS]
    if not words:
        return []
    held = view.search_text()
    return [holds(held, word, view.on_postgres) for word in words]


@dataclass(frozen=True, slots=True)
class Found:
    """One record to choose. ``detail`` is its number, where its object has one beside the name."""

    id: uuid.UUID
    name: str
    detail: str | None


def find(store: OrganisationStore, actor: Actor, object_name: str, text: str, limit: int = 8) -> list[Found]:
    """Records to choose from while somebody types: names that begin so first, then whatever holds every word.

    Without text the last changed ones.
    """
    query = ListQuery(object_name, (), search=text, limit=limit)
    page = list_page(store, actor, query)
    return [Found(record.id, record.name, record.number) for record in page.records]
