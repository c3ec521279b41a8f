"""Finding records by words: the search box and the typeahead, and the list that is searched."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from amparo.runtime.access import Actor
from amparo.runtime.planner.finding import find, search
from amparo.runtime.planner.lists import count, list_page
from amparo.runtime.planner.queries import ListQuery
from amparo.runtime.stores.organisation import OrganisationStore
from tools.bench.measuring import Figure, compared

#: What is typed, with a word on it, and the most it may take.
_ASKED = (
    ("three characters, in one name of twelve", "sun", "≤ 50 ms"),
    ("three characters, rare", "987", "≤ 50 ms"),
    ("three characters, nowhere", "qzx", "≤ 50 ms"),
    ("a word inside, nowhere at a beginning", "helter", "≤ 50 ms"),
    ("two words", "river 12", "≤ 50 ms"),
    ("a name in another script", "Salma", "≤ 50 ms"),
    ("a name in another spelling", "Sunitha", "≤ 50 ms"),
    ("two characters, in one name of twelve", "ሰላ", "≤ 200 ms"),
    ("two characters, nowhere", "มี", "≤ 200 ms"),
    ("one character", "ሰ", "≤ 200 ms"),
    ("one letter, nowhere", "q", "≤ 200 ms"),
)
_LISTED = (("sunita", "common"), ("9876", "rare"), ("qzx", "nowhere"), ("มี", "two characters, nowhere"))
_ROUNDS = 9


def finding_figures(store: OrganisationStore, actor: Actor) -> list[Figure]:
    """The benchmark's names are made of twelve words in eight scripts and a number: most are common."""
    figures = [_figure(f"search: {what}", _searching(store, actor, asked), target) for what, asked, target in _ASKED]
    figures.append(_figure("typeahead of one object: sun", lambda: find(store, actor, ["case"], "sun"), "≤ 50 ms"))
    return figures + [
        _figure(f"list searched, first page and length: {what}", _listing(store, actor, asked), "reported")
        for asked, what in _LISTED
    ]


def _figure(name: str, action: Callable[[], object], target: str) -> Figure:
    """With the processor's time in this process, SQLite's part included: a busy machine lengthens it less."""
    figure = compared(name, action, None, target, _ROUNDS)
    began = time.process_time()
    for _ in range(_ROUNDS):
        action()
    taken = (time.process_time() - began) * 1000 / _ROUNDS
    return replace(figure, name=f"{name} (processor {taken:.1f} ms)")


def _searching(store: OrganisationStore, actor: Actor, asked: str) -> Callable[[], object]:
    return lambda: search(store, actor, asked, 20, columns=lambda _: ())


def _listing(store: OrganisationStore, actor: Actor, asked: str) -> Callable[[], object]:
    query = ListQuery("case", ("t01", "p01"), search=asked)

    def read() -> object:
        return list_page(store, actor, query), count(store, actor, query, most=10_000)

    return read
