"""One list being read: its view, order and condition, for pages, counts, streams and reports alike."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Hashable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property, partial
from typing import Any, cast

from sqlalchemy import Connection, Integer, Select, and_, bindparam, false, func, literal, or_, select

from amparo.metadata.filters import ME
from amparo.metadata.model import SYSTEM_FIELDS, FilterRow
from amparo.metadata.wording import N_
from amparo.runtime.access import Actor
from amparo.runtime.planner.computed_answers import computed_answers
from amparo.runtime.planner.computing import holds_of
from amparo.runtime.planner.cursors import read_cursor
from amparo.runtime.planner.days import today
from amparo.runtime.planner.entries import Forms, commonness, holding_words, words_of
from amparo.runtime.planner.filters import conditions
from amparo.runtime.planner.moments import erased_since
from amparo.runtime.planner.past_roll_ups import whole_past_rows
from amparo.runtime.planner.queries import LARGEST_PAGE, ListQuery, refuse, subject_of
from amparo.runtime.planner.readings import Reading, Runnable, Statement
from amparo.runtime.planner.rewinding import PastView, view_of
from amparo.runtime.planner.row_access import scope_of
from amparo.runtime.planner.sorting import Order, order_of, without_needless_language
from amparo.runtime.planner.texts import require_searchable
from amparo.runtime.planner.views import Condition, Expression, Row, View, naming_fields, paths_for
from amparo.runtime.records.entry_texts import searched_fields
from amparo.runtime.releases.live import LiveObject
from amparo.runtime.serializer import MEMBER_COLUMNS, Record, columns_beside, serialise
from amparo.runtime.stores.organisation import OrganisationStore

#: How many of the latest records are looked at, and the share of them that makes a word common enough to fill a page
#: and to count to a limit row by row: beyond it the index would propose more than that looks at.
_LATEST, _FILLS_PAGE, _FILLS_COUNT = 500, 0.02, 0.2

#: The column of a list's length, beside its first rows.
LENGTH = "length_"

#: The parameters for the record that the records of a list point to, and for how many rows of a page are wanted.
_POINTED_TO, _MOST = "pointed_to", "most_rows"
#: Families of fields whose filters are those of list views, and hold nothing that tells who somebody is.
_KEPT_FAMILIES = frozenset({"boolean", "code", "codes", "date", "days", "instant", "integer", "decimal", "member"})


class Listing:
    """A list being read; of a past instant in a snapshot only."""

    def __init__(
        self,
        reading: Reading,
        actor: Actor,
        query: ListQuery,
        now: dt.datetime | None,
        others: Collection[str] = (),
    ) -> None:
        """``others`` are fields that will be asked of the view beside those of the query."""
        self._others = others
        _require_page_size(query.limit)
        live = reading.release.object(query.object)
        for name in query.columns:
            subject_of(live, name)
        self.reading = reading
        self.actor = actor
        self.query = without_needless_language(query, reading.release, live)
        self.now = now or query.as_of or dt.datetime.now(dt.UTC)
        names = _names(live, query).union(others)
        paths = paths_for(reading.release, live, names)
        self._only_when = reading.release.condition(query.object, query.only_when)
        if self._only_when is not None:
            paths |= self._only_when.reads
        self.view = view_of(reading.connection, reading.store, reading.release, live, paths, query.as_of, self.now)

    @property
    def connection(self) -> Connection:
        return self.reading.connection

    @property
    def store(self) -> OrganisationStore:
        return self.reading.store

    @cached_property
    def order(self) -> Order:
        language = self.query.language or self.view.release.application.default_language
        return order_of(self.connection, self.view, self.query.sort, language)

    def condition(self, *, is_common: bool = False) -> Condition:
        """``is_common`` says that the words searched for stand in many texts, and the list ends early."""
        query = self.query
        asked = conditions(self.view, self.actor, query.filters, query.match, self.now)
        pointed = _pointed_to(self.view, self.actor, query) if query.search else ()
        found = search_conditions(self.view, query.search, pointed, row_by_row=is_common)
        seen = self.view.seen_by(self.actor, deleted=query.deleted)
        parts = [seen, *self._holding(), *self._pointing(), *found]
        return and_(*parts) if asked is None else and_(*parts, asked)

    def _holding(self) -> list[Condition]:
        if self.query.only_when is None:
            return []
        return [false() if self._only_when is None else holds_of(self.view, self.actor, self._only_when)]

    def _pointing(self) -> list[Condition]:
        if self.query.pointing_to is None:
            return []
        subject_of(self.view.live, self.query.pointing_to.field)
        return [self.view.value(self.query.pointing_to.field) == bindparam(_POINTED_TO)]

    @property
    def _given(self) -> dict[str, Any]:
        """The parameters of every statement of this list."""
        return {} if self.query.pointing_to is None else {_POINTED_TO: self.query.pointing_to.record}

    def _is_common(self, share: float) -> bool:
        """Whether so many of the latest records hold the words searched for that rows in no other order than that of
        their last change are found soon enough without the index."""
        words = words_of(self.query.search or "")
        if not words or self.query.sort or self.view.is_past:
            return False
        asked = commonness(self.store, self.view.live.place.number, words, _LATEST)
        (row,) = self.reading.rows(asked)
        return int(row["number"]) >= share * _LATEST

    def count(self, most: int | None = None) -> int:
        """How many records there are; at most one more than ``most``, whatever their number."""
        (statement,) = self.kept(("count", most), lambda: [self._counting(most)])
        (row,) = self.reading.run(statement, self._given)
        return int(row["number"])

    def _counting(self, most: int | None) -> Select[Any]:
        condition = self.condition(is_common=most is not None and self._is_common(_FILLS_COUNT))
        number = func.count().label("number")
        if most is None:
            return select(number).select_from(self.view.source).where(condition)
        found = select(literal(1).label("one")).select_from(self.view.source).where(condition).limit(most + 1)
        return select(number).select_from(found.subquery())

    def rows(self, *, is_common: bool = False) -> Select[Any]:
        """Without an order, which pages and streams apply each in their way.

        Of the past only what the order needs: the rest is rewound for the rows that are wanted.
        """
        view = self.view
        columns = [view.table.c.id] if view.is_past else self._whole_rows()
        columns += self.order.columns()
        condition = self.condition(is_common=is_common)
        return select(*columns).select_from(view.source).where(condition)

    def _whole_rows(self) -> list[Expression]:
        view, query = self.view, self.query
        named = columns_beside(
            self.store, self.actor, view.release, view.live, query.columns, name_members=self._name_members
        )
        return [*view.row_columns(self._read), *named]

    @property
    def _name_members(self) -> bool:
        """Members are named only where a column holds one."""
        return any(name in MEMBER_COLUMNS for name in self.query.columns)

    @property
    def _read(self) -> tuple[str, ...]:
        return (*self._columns, *naming_fields(self.view.live))

    @property
    def _columns(self) -> tuple[str, ...]:
        """What was asked for, and what has to stand beside it."""
        fields = self.view.live.fields
        places = [fields[name] for name in self.query.columns if name in fields]
        beside = (name for place in places for name in place.type.beside(place.field) if name in fields)
        return tuple(dict.fromkeys((*self.query.columns, *beside)))

    def page(self) -> list[Row]:
        """The rows of a page and one more, if there is one."""
        most = self.query.limit + 1
        rows: list[Row] = []
        for stretch in self.kept("page", self._stretches):
            wanted = most - len(rows)
            if wanted:
                rows.extend(self.reading.run(stretch, {**self._given, _MOST: wanted}))
        return rows

    def _stretches(self) -> Sequence[Statement]:
        asked = self.rows(is_common=self._is_common(_FILLS_PAGE))
        after = read_cursor(self.store.keys, self.query, self.reading.release.number)
        stretches = self.order.stretches(asked, after)
        return [stretch.limit(bindparam(_MOST, type_=Integer)) for stretch in stretches]

    def first(self, limit: int, most: int | None = None) -> list[Row]:
        """As :meth:`page`, in one statement; with ``most`` each row has the :meth:`count` beside it (``LENGTH``)."""
        (statement,) = self.kept(("first", limit, most), lambda: [self._beginning(limit, most)])
        return self.reading.run(statement, self._given)

    def _beginning(self, limit: int, most: int | None) -> Select[Any]:
        asked = self.order.applied(self.rows()).limit(limit)
        return asked if most is None else asked.add_columns(self._counting(most).scalar_subquery().label(LENGTH))

    def kept(self, what: Hashable, make: Callable[[], Sequence[Statement]]) -> Sequence[Runnable]:
        """Statements of this list for its reading; ``what`` says what they ask beside the query."""
        query = self.query
        if not self._is_asked_again:
            return [self.reading.asked(statement) for statement in make()]
        me = self.actor.member if any(row.value == ME for row in query.filters) else None
        points = query.pointing_to.field if query.pointing_to else None
        asked = repr(replace(query, pointing_to=None))
        question = (what, scope_of(self.actor), me, points, asked, today(self.view.release.time_zone, self.now))
        return self.reading.kept(self.view.live, question, make)

    @property
    def _is_asked_again(self) -> bool:
        """Whether this is one of the few questions that are: the beginning of a list that nobody is looked for in.

        What members are called is worked out while a statement is made, so it would stay as it was then.
        """
        query = self.query
        if query.search or query.after or self.view.is_past or any(sort.field in MEMBER_COLUMNS for sort in query.sort):
            return False
        # A formula may ask who asks, and what time it is.
        if query.only_when or any(self._is_computed(name) for name in (*_asked_names(query), *self._others)):
            return False
        return all(self._tells_nobody(row) for row in query.filters)

    def _is_computed(self, name: str) -> bool:
        place = self.view.live.fields.get(name)
        return place is not None and place.field.formula is not None

    def _tells_nobody(self, row: FilterRow) -> bool:
        """Whether what a filter compares with may stay in memory: choices, days and figures of a field in the clear."""
        place = self.view.live.fields.get(row.field)
        if place is None:
            return SYSTEM_FIELDS.get(row.field) in _KEPT_FAMILIES
        is_open = not place.sensitive and place.field.personal != "direct"
        return is_open and place.type.family in _KEPT_FAMILIES

    def chunks(self, size: int) -> Iterator[Sequence[Row]]:
        statement = self.order.applied(self.rows())
        result = self.connection.execution_options(stream_results=True, max_row_buffer=size).execute(
            statement, self._given
        )
        for part in result.mappings().partitions(size):
            yield cast("Sequence[Row]", part)

    def records(self, rows: Sequence[Row]) -> tuple[Record, ...]:
        view = self.view
        if isinstance(view, PastView):
            rows = whole_past_rows(self.connection, view, [row["id"] for row in rows], self._read, view.tx)
        columns = self._columns
        tx = view.tx if isinstance(view, PastView) else None
        computed = computed_answers(self.connection, self.store, view.release, view.live, rows, columns, self.now, tx)
        return serialise(
            self.connection,
            self.store,
            self.actor,
            view.release,
            view.live,
            rows,
            columns,
            name_members=self._name_members,
            computed=computed,
        )

    def erased(self) -> int:
        view = self.view
        return erased_since(self.connection, self.store, view.live, view.tx) if isinstance(view, PastView) else 0


def _require_page_size(limit: int) -> None:
    if not 1 <= limit <= LARGEST_PAGE:
        raise refuse("out_of_range", "limit", limit, N_("Ask for 1 to {maximum} records."), maximum=LARGEST_PAGE)


def _asked_names(query: ListQuery) -> set[str]:
    """Of filters and sorting."""
    return {row.field for row in query.filters} | {sort.field for sort in query.sort}


def _names(live: LiveObject, query: ListQuery) -> set[str]:
    """Every field that decides which records are listed, and in which order."""
    names = _asked_names(query)
    names |= {query.pointing_to.field} if query.pointing_to else set()
    if query.search:
        fields = searched_fields(live)
        names |= {place.field.name for place in (*fields.naming, *fields.others)} | {*query.search_names}
    return names


#: Whether a lookup points to a record that is named so.
_Pointed = Callable[[Sequence[Forms]], Condition]


def _pointed_to(view: View, actor: Actor, query: ListQuery) -> list[_Pointed]:
    """Whatever the instant of the list, records go by the names they have today, as its columns show them."""
    return [
        partial(_is_named, View(view.store, view.release, view.release.object(target)), actor, view.value(name))
        for name in query.search_names
        for target in _targets(view.live, name)
    ]


def _is_named(target: View, actor: Actor, value: Expression, words: Sequence[Forms]) -> Condition:
    table = target.table
    named = holding_words(target.store, target.live.place.number, words, table.c.id, in_name=True)
    return value.in_(select(table.c.id).where(target.seen_by(actor), named))


def _targets(live: LiveObject, name: str) -> tuple[str, ...]:
    """The objects a lookup points to; none for a field that is no lookup or is sealed."""
    subject_of(live, name)
    place = live.fields.get(name)
    return () if place is None or place.sensitive else place.field.targets


def search_conditions(
    view: View, text: str | None, pointed: Sequence[_Pointed] = (), *, row_by_row: bool = False
) -> list[Condition]:
    """Every word must be found in what the record is found by, or name one of the records it points to."""
    words = words_of(require_searchable(text or "", "search"))
    if not words:
        return []
    if not pointed:
        return [view.holds_words(words, row_by_row=row_by_row)]
    return [
        or_(view.holds_words([forms], row_by_row=row_by_row), *(named([forms]) for named in pointed)) for forms in words
    ]
