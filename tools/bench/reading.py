"""What is asked of 40,000 and more cases, in Amparo and of the hand-made table."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Executable, Select, Table, func, select

from amparo.metadata.model import FilterRow, Grouping, Measure, Report, Sort
from amparo.runtime.access import Actor
from amparo.runtime.planner.completeness import blank_answers
from amparo.runtime.planner.lists import count, list_page
from amparo.runtime.planner.queries import ListQuery
from amparo.runtime.planner.records import read_record, record_history
from amparo.runtime.planner.reports import run_report
from amparo.runtime.stores.organisation import OrganisationStore
from tools.bench.measuring import Figure, compared

COLUMNS = ("t01", "t02", "p01", "p02", "p03", "d01", "n01", "m01")
FROM, TO = datetime.date(2021, 1, 1), datetime.date(2024, 12, 31)
COUNTED = tuple(
    f"{letter}{number:02}" for letter, last in (("p", 12), ("n", 6), ("d", 2)) for number in range(1, last + 1)
)

LIST = ListQuery(
    "case",
    COLUMNS,
    (
        FilterRow("p01", "equals", "o1"),
        FilterRow("p02", "one_of", ["o0", "o2"]),
        FilterRow("d01", "between", [FROM.isoformat(), TO.isoformat()]),
    ),
    sort=(Sort("d01", descending=True),),
    limit=25,
)

CROSS_TAB = Report(
    "bench.cross",
    "cross",
    "case",
    "Cross-tab",
    "",
    (),
    (Grouping("p03"), Grouping("p04")),
    (Measure("count"),),
    (),
    "all",
    (),
)


class Reads:
    """The reads of one organisation's store beside its hand-made table."""

    def __init__(self, store: OrganisationStore, actor: Actor, native: Table, today: datetime.datetime) -> None:
        self.store = store
        self.actor = actor
        self.native = native
        self.today = today

    def figures(self, records: Sequence[uuid.UUID]) -> list[Figure]:
        return [
            compared("list page, filtered and sorted", self._page, self._asked(self._native_page()), "≤ 1.5×"),
            compared("count of that list", self._count, self._asked(self._native_count()), "≤ 1.5×"),
            compared("two-way cross-tab", self._cross_tab(None), self._asked(self._native_cross_tab()), "≤ 1.3×", 7),
            compared("20 missing-value counters", self._missing, self._asked(self._native_missing()), "≤ 1.3×", 7),
            self._past("cross-tab as of 90 days ago", 90, "≤ 12×"),
            self._past("cross-tab as of 3 years ago", 3 * 365, "reported"),
            compared("one record", self._record(records), None, ""),
            compared("history of a record", self._history(records), None, "≤ 2 ms"),
        ]

    def _asked(self, statement: Executable) -> Callable[[], object]:
        def ask() -> object:
            with self.store.reading() as connection:
                return connection.execute(statement).all()

        return ask

    def _page(self) -> object:
        return list_page(self.store, self.actor, LIST)

    def _count(self) -> object:
        return count(self.store, self.actor, LIST)

    def _conditions(self) -> list[Any]:
        columns = self.native.c
        return [columns.p01 == "o1", columns.p02.in_(["o0", "o2"]), columns.d01.between(FROM, TO)]

    def _native_page(self) -> Select[Any]:
        columns = self.native.c
        return (
            select(columns.id, *(columns[name] for name in COLUMNS))
            .where(*self._conditions())
            .order_by(columns.d01.desc(), columns.id.desc())
            .limit(26)
        )

    def _native_count(self) -> Select[Any]:
        return select(func.count()).select_from(self.native).where(*self._conditions())

    def _cross_tab(self, as_of: datetime.datetime | None) -> Callable[[], object]:
        return lambda: run_report(self.store, self.actor, CROSS_TAB, as_of)

    def _native_cross_tab(self) -> Select[Any]:
        columns = self.native.c
        return select(columns.p03, columns.p04, func.count()).group_by(columns.p03, columns.p04)

    def _past(self, name: str, days: int, target: str) -> Figure:
        as_of = self.today - datetime.timedelta(days=days)
        return compared(name, self._cross_tab(as_of), self._asked(self._native_cross_tab()), target, 3)

    def _missing(self) -> object:
        return blank_answers(self.store, self.actor, "case", COUNTED)

    def _native_missing(self) -> Executable:
        return select(func.count(), *(func.count(self.native.c[name]) for name in COUNTED))

    def _record(self, records: Sequence[uuid.UUID]) -> Callable[[], object]:
        turn = iter(range(10_000_000))
        return lambda: read_record(self.store, self.actor, "case", records[next(turn) * 7919 % len(records)])

    def _history(self, records: Sequence[uuid.UUID]) -> Callable[[], object]:
        turn = iter(range(10_000_000))
        return lambda: record_history(self.store, self.actor, "case", records[next(turn) * 7919 % len(records)])
