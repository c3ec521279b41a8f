"""What is wrong with a date, said of the boxes it was typed in and in the order of the reader."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from flask_babel import gettext

from amparo.metadata.fields.numerals import ascii_digits
from amparo.metadata.problems import Problem
from amparo.metadata.wording import N_
from amparo.runtime.web.dates import day_words, part_order
from amparo.runtime.web.problems import said

_BOXES = {"day": N_("day"), "month": N_("month"), "year": N_("year"), "time": N_("time")}


def refused_date_words(problem: Problem, parts: Mapping[str, str], asked: tuple[str, ...], language: str) -> str:
    """One sentence. ``asked`` are the boxes that must not stay empty; ``parts`` what stands in all of them."""
    if problem.kind == "out_of_range":
        return _range_words(problem, language)
    if problem.kind not in ("not_a_date", "not_a_date_time"):
        return said(problem)
    order = (*part_order(language), "time")
    written = {unit: ascii_digits(parts.get(unit, "")) for unit in order}
    if empty := [unit for unit in order if unit in _needed(written, asked) and not written[unit]]:
        return gettext("Still missing: %(boxes)s.", boxes=_named(empty))
    if odd := [unit for unit in order if unit != "time" and written[unit] and not _is_figure(written[unit])]:
        return gettext("Write this in digits: %(boxes)s.", boxes=_named(odd))
    if len(written["year"]) != 4:
        return gettext("Write the year with four digits, like 2026.")
    if "time" in asked and _is_day(written):
        return gettext("Write the time in hours and minutes, like 14:05.")
    return gettext("There is no such day. Look again at: %(boxes)s.", boxes=_named(part_order(language)))


def _needed(written: Mapping[str, str], asked: tuple[str, ...]) -> set[str]:
    """A day without its month says nothing, nor does a month without its year."""
    needed = {*asked}
    if written["day"]:
        needed.add("month")
    return needed | {"year"}


def _named(units: Iterable[str]) -> str:
    return gettext(", ").join(gettext(_BOXES[unit]) for unit in units)


def _is_figure(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _is_day(written: Mapping[str, str]) -> bool:
    try:
        dt.date(int(written["year"]), int(written["month"] or 1), int(written["day"] or 1))
    except (ValueError, OverflowError):
        return False
    return True


def _range_words(problem: Problem, language: str) -> str:
    """The bounds in the reader's words; one that the field does not set is not told."""
    low, high = (dt.date.fromisoformat(problem.params[name]) for name in ("minimum", "maximum"))
    if low == dt.date.min:
        return gettext("Write a date up to %(last)s.", last=day_words(high, language))
    if high == dt.date.max:
        return gettext("Write a date from %(first)s on.", first=day_words(low, language))
    return gettext(
        "Write a date from %(first)s to %(last)s.", first=day_words(low, language), last=day_words(high, language)
    )
