"""Lists of records: a page, a count, a stream for export, and finding while somebody types."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Connection, Select, and_, func, select

from amparo.metadata.wording import N_
from amparo.runtime.access import Actor, Permission
from amparo.runtime.planner.cursors import read_cursor, write_cursor
from amparo.runtime.planner.filters import Condition, conditions
from amparo.runtime.planner.queries import LARGEST_PAGE, ListQuery, refuse, subject_of
from amparo.runtime.planner.sorting import Order, order_of
from amparo.runtime.planner.texts import holds, require_searchable
from amparo.runtime.planner.views import Row, View, fetched, naming_fields
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
        view = _view(connection, store, query)
        order = order_of(view, query.sort)
        statement = _rows(view, actor, query, order, now)
        rows = _page_rows(connection, store, query, order, statement)
        following = None
        if len(rows) > query.limit:
            rows = rows[: query.limit]
            following = write_cursor(store.keys, query, order.position(rows[-1]))
        records = serialise(connection, store, actor, view.release, view.live, rows, query.columns)
        return ListPage(records, following)


def count(store: OrganisationStore, actor: Actor, query: ListQuery, *, now: dt.datetime | None = None) -> int:
    """How many records the list has on all its pages."""
    actor.require(Permission.RECORDS_READ)
    with store.reading() as connection:
        view = _view(connection, store, query)
        statement = select(func.count()).select_from(view.source).where(_asked(view, actor, query, now))
        return connection.scalar(statement) or 0


def stream(
    store: OrganisationStore, actor: Actor, query: ListQuery, chunk: int = 1000, *, now: dt.datetime | None = None
) -> Iterator[Record]:
    """Every record of the list in order, in constant memory and one consistent view; ``limit`` does not count."""
    actor.require(Permission.RECORDS_EXPORT)
    with store.reading() as connection:
        view = _view(connection, store, query)
        order = order_of(view, query.sort)
        statement = order.applied(_rows(view, actor, query, order, now))
        result = connection.execution_options(stream_results=True, max_row_buffer=chunk).execute(statement)
        for part in result.mappings().partitions(chunk):
            rows = cast("Sequence[Row]", part)
            yield from serialise(connection, store, actor, view.release, view.live, rows, query.columns)


def _view(connection: Connection, store: OrganisationStore, query: ListQuery) -> View:
    if not 1 <= query.limit <= LARGEST_PAGE:
        raise refuse("out_of_range", "limit", query.limit, N_("Ask for 1 to {maximum} records."), maximum=LARGEST_PAGE)
    release = store.live(connection)
    live = release.object(query.object)
    for name in query.columns:
        subject_of(live, name)
    return View(store, release, live)


def _rows(view: View, actor: Actor, query: ListQuery, order: Order, now: dt.datetime | None) -> Select[tuple[Any, ...]]:
    columns = view.row_columns((*query.columns, *naming_fields(view.live)))
    return select(*columns, *order.columns()).select_from(order.source).where(_asked(view, actor, query, now))


def _page_rows(
    connection: Connection, store: OrganisationStore, query: ListQuery, order: Order, statement: Select[Any]
) -> list[Row]:
    """The rows of a page and one more, if there is one."""
    rows: list[Row] = []
    for stretch in order.stretches(statement, read_cursor(store.keys, query)):
        wanted = query.limit + 1 - len(rows)
        if wanted:
            rows.extend(fetched(connection, stretch.limit(wanted)))
    return rows


def _asked(view: View, actor: Actor, query: ListQuery, now: dt.datetime | None) -> Condition:
    clock = now or query.as_of or dt.datetime.now(dt.UTC)
    asked = conditions(view, actor, query.filters, query.match, clock)
    parts = [view.seen_by(actor, deleted=query.deleted), *_search(view, query.search)]
    return and_(*parts, asked) if asked is not None else and_(*parts)


def _search(view: View, text: str | None) -> list[Condition]:
    """Every word must be found in the record's search text."""
    words = dict.fromkeys(normalised(require_searchable(text or "", "search")).split())
    return [holds(view.table.c.search, word, view.on_postgres) for word in list(words)[:_MOST_WORDS]]


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
