"""How long a list is, on a page: exactly up to a limit, beyond it only that there is more.

So a page costs the same however long its list grows.
"""

from __future__ import annotations

from flask_babel import gettext

from amparo.runtime.planner.lists import count
from amparo.runtime.planner.queries import ListQuery
from amparo.runtime.web.presenting.reports import figure_words
from amparo.runtime.web.visits import Visit

#: Nobody reads on to there; exports and reports count to the end.
MOST_COUNTED = 10_000


def length_of(visit: Visit, query: ListQuery) -> int:
    """More than ``MOST_COUNTED`` stands for any longer list."""
    return count(visit.store, visit.actor, query, most=MOST_COUNTED, release=visit.release)


def is_exact(length: int) -> bool:
    return length <= MOST_COUNTED


def length_words(length: int, language: str) -> str:
    """As it stands in a sentence."""
    if is_exact(length):
        return figure_words(length, language)
    return gettext("more than %(number)s", number=figure_words(MOST_COUNTED, language))


def length_mark(length: int, language: str) -> str:
    """As it stands beside a heading."""
    if is_exact(length):
        return figure_words(length, language)
    # Translators: a short mark beside the name of a list that has more than so many entries.
    return gettext("%(number)s+", number=figure_words(MOST_COUNTED, language))
