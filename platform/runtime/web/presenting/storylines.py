"""Beside a record: the latest of what happened to it, its status as a path, and the days on which it changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext

from amparo.runtime.planner.days import end_of_day, start_of_day
from amparo.runtime.planner.history import TimelineQuery
from amparo.runtime.planner.records import record_timeline
from amparo.runtime.planner.telling import HistoryEntry
from amparo.runtime.serializer import Record
from amparo.runtime.web.addresses import known_of_record, record_url
from amparo.runtime.web.dates import day_words
from amparo.runtime.web.presenting.histories import timeline_days
from amparo.runtime.web.presenting.layouts import Arrangement
from amparo.runtime.web.presenting.records import edit_url_of
from amparo.runtime.web.visits import Visit

#: Entries at first, and how many more “Show earlier” brings; behind the last the history goes on.
FIRST_ENTRIES = 8
MORE_ENTRIES = 16
MOST_ENTRIES = 56
#: Changes that one entry tells beside the record; the history tells all.
MOST_CHANGES = 4
ANCHOR = "#timeline"


@dataclass(frozen=True)
class Storyline:
    """``steps``: when each option of the path was last reached; ``before``, ``after``: the neighbouring changes."""

    entries: Sequence[HistoryEntry]
    has_more: bool
    steps: Mapping[str, dt.datetime]
    only: str | None
    limit: int
    before: dt.datetime | None
    after: dt.datetime | None


def storyline_of(
    visit: Visit, arrangement: Arrangement, record: Record, only: str, limit: int, day: dt.date | None
) -> Storyline:
    """One question for all of it; ``only`` that is no toggle counts as none."""
    path = arrangement.path
    kind = only if only in _toggles(visit, arrangement, record) else None
    limit = min(max(limit, FIRST_ENTRIES), MOST_ENTRIES)
    shown = day or visit.today
    around = (start_of_day(shown, visit.release.time_zone), end_of_day(visit.release, shown))
    asked = TimelineQuery(limit + 1, around, kind, path, around[1] if day else None)
    timeline = record_timeline(visit.store, visit.actor, record, asked, release=visit.release)
    told = timeline.entries
    steps = {
        str(change.new): entry.at
        for entry in reversed(told)
        for change in entry.changes
        if change.field == path and change.new is not None and not change.hidden
    }
    if kind is None:
        entries = told[: limit + 1]
    else:
        entries = [each for each in told if each.kind != "created" and _tells_of(each, kind)]
    return Storyline(entries[:limit], len(entries) > limit, steps, kind, limit, timeline.before, timeline.after)


def _tells_of(entry: HistoryEntry, name: str) -> bool:
    return any(change.field == name for change in entry.changes)


def _toggles(visit: Visit, arrangement: Arrangement, record: Record) -> dict[str, str]:
    """The kinds of changes that can be shown alone, with their words."""
    definition = visit.release.object(record.object).definition
    names = [name for name in (arrangement.path, "owner") if name is not None]
    return {name: visit.words.field_label(definition, name) for name in names}


def timeline_beside(
    visit: Visit, arrangement: Arrangement, record: Record, story: Storyline, kept: Mapping[str, str]
) -> dict[str, Any]:
    """``kept`` is what else stands in the address of the page."""

    def address(**changed: str) -> str:
        return record_url(visit, record.object, record.id, {**kept, **changed} or None) + ANCHOR

    history_url = known_of_record(visit, "records.history", record.object, record.id)
    toggles = [{"url": address(), "label": gettext("All"), "is_current": story.only is None}]
    toggles += [
        {"url": address(only=name), "label": label, "is_current": name == story.only}
        for name, label in _toggles(visit, arrangement, record).items()
    ]
    earlier = None
    if story.has_more:
        only = {"only": story.only} if story.only else {}
        more = address(shown=str(story.limit + MORE_ENTRIES), **only)
        earlier = {"url": more if story.limit < MOST_ENTRIES else history_url, "label": gettext("Show earlier")}
    definition = visit.release.object(record.object).definition
    return {
        "toggles": toggles,
        "days": timeline_days(visit, definition, story.entries, {} if story.only else record.answers, MOST_CHANGES),
        "earlier": earlier,
        "history": {"url": history_url, "label": gettext("Whole history")},
    }


def path_of(visit: Visit, arrangement: Arrangement, record: Record, story: Storyline, *, changeable: bool) -> Any:
    """The steps of the layout's path, past, current and ahead; none where the record's answer is no step."""
    name = arrangement.path
    if name is None or name not in record.answers:
        return None
    field = visit.release.object(record.object).definition.by_name[name]
    codes = list(options := visit.words.active_options(field))
    current = record.answers[name]
    if current not in codes:
        return None
    here = codes.index(str(current))
    return {
        "label": visit.words.field(field).label,
        "steps": [
            {
                "label": options[code].label,
                "when": _when(visit, story.steps.get(code), is_current=place == here) if place <= here else None,
                "place": "current" if place == here else "past" if place < here else "ahead",
            }
            for place, code in enumerate(codes)
        ],
        "help": options[codes[here]].help,
        "change": {
            "url": edit_url_of(visit, record, name),
            "label": gettext("Change: %(field)s", field=visit.words.field(field).label),
        }
        if changeable
        else None,
    }


def _when(visit: Visit, at: dt.datetime | None, *, is_current: bool) -> str | None:
    if at is None:
        return None
    day = day_words(at.astimezone(visit.release.time_zone).date(), visit.language)
    return gettext("since %(day)s", day=day) if is_current else day


def neighbouring_changes(visit: Visit, record: Record, story: Storyline, day: dt.date | None) -> dict[str, Any]:
    """Links to the days on which the record changed before and after the day shown."""
    return {
        "previous": _day_link(visit, record, story.before, gettext("Previous change: %(day)s")),
        "next": _day_link(visit, record, story.after, gettext("Next change: %(day)s")) if day else None,
    }


def _day_link(visit: Visit, record: Record, at: dt.datetime | None, words: str) -> Any:
    if at is None:
        return None
    day = at.astimezone(visit.release.time_zone).date()
    arguments = {"as_of": day.isoformat()} if day < visit.today else None
    return {
        "url": record_url(visit, record.object, record.id, arguments),
        "label": words % {"day": day_words(day, visit.language)},
    }
