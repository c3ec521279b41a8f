"""What happened to a record, as a timeline: days newest first, each change in words."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from flask_babel import gettext, ngettext

from amparo.metadata.fields.base import Answer
from amparo.metadata.model import ObjectDefinition
from amparo.metadata.wording import N_
from amparo.runtime.planner.telling import FieldChange, HistoryEntry
from amparo.runtime.serializer.wording import SYSTEM_LABELS
from amparo.runtime.web.dates import clock_words, day_words
from amparo.runtime.web.presenting.answers import show, without_link
from amparo.runtime.web.visits import Visit
from amparo.runtime.web.widgets.base import Shown

CHANNELS = {
    "page": None,
    "import": N_("by import"),
    "command": N_("by command"),
    "job": N_("by a job"),
}
#: The reserved field that says which warnings somebody passed over.
_ACKNOWLEDGED = "acknowledged"
_SENTENCES = {
    "deleted": N_("Deleted"),
    "undeleted": N_("Brought back"),
    "erased": N_("Erased"),
}


@dataclass(frozen=True, slots=True)
class _Moment:
    """An entry, with the record's answers before and after it as far as they are known."""

    entry: HistoryEntry
    before: Mapping[str, Answer]
    after: Mapping[str, Answer]


def timeline_days(
    visit: Visit,
    definition: ObjectDefinition,
    entries: Sequence[HistoryEntry],
    answers: Mapping[str, Answer],
    most: int | None = None,
) -> list[dict[str, Any]]:
    """``answers`` are those after the first entry, none where they are not known: an amount may be in a currency that
    another answer names. With ``most`` no entry tells more changes than that; the others are counted.
    """
    zone = visit.release.time_zone
    return [
        {
            "label": day_words(day, visit.language),
            "entries": [_entry(visit, definition, moment, most) for moment in happened],
        }
        for day, happened in groupby(
            _moments(entries, answers), key=lambda moment: moment.entry.at.astimezone(zone).date()
        )
    ]


def _moments(entries: Sequence[HistoryEntry], answers: Mapping[str, Answer]) -> Iterator[_Moment]:
    """From the last entry back: what each changed is taken back from what was known after it."""
    after = dict(answers)
    for entry in entries:
        told = [change for change in entry.changes if not change.hidden]
        after |= {change.field: change.new for change in told}
        before = after | {change.field: change.old for change in told}
        yield _Moment(entry, before, after)
        after = before


def _entry(visit: Visit, definition: ObjectDefinition, moment: _Moment, most: int | None) -> dict[str, Any]:
    entry = moment.entry
    is_created = entry.kind == "created"
    # What a record began with is counted; which warnings it was saved in spite of is told.
    told = [each for each in entry.changes if each.field == _ACKNOWLEDGED] if is_created else entry.changes
    shown = told[:most]
    more = len(told) - len(shown)
    return {
        "kind": "imported" if is_created and entry.channel == "import" else entry.kind,
        "text": _sentence(visit, definition, entry),
        "meta": _meta(visit, entry),
        "changes": [_change(visit, definition, moment, change) for change in shown],
        "more": ngettext("%(num)s more", "%(num)s more", more) if more else None,
    }


def _sentence(visit: Visit, definition: ObjectDefinition, entry: HistoryEntry) -> str:
    if entry.kind == "created":
        answers = sum(change.field in definition.by_name for change in entry.changes)
        return ngettext(
            "%(object)s added with %(num)s answer",
            "%(object)s added with %(num)s answers",
            answers,
            object=visit.words.object(definition),
        )
    return gettext(_SENTENCES[entry.kind]) if entry.kind in _SENTENCES else ""


def _meta(visit: Visit, entry: HistoryEntry) -> str:
    parts = [clock_words(entry.at, visit.release.time_zone), entry.actor_name or gettext("the operator")]
    channel = CHANNELS.get(entry.channel)
    if channel:
        parts.append(gettext(channel))
    return gettext(", ").join(parts)


def _change(visit: Visit, definition: ObjectDefinition, moment: _Moment, change: FieldChange) -> dict[str, Any]:
    entry = moment.entry
    is_known = change.field in definition.by_name or change.field in SYSTEM_LABELS
    label = visit.words.field_label(definition, change.field) if is_known else gettext(change.label)
    if change.hidden:
        hidden = Shown("text", gettext("not shown to you"))
        return {"label": label, "old": hidden, "new": hidden}
    if change.field == _ACKNOWLEDGED and change.new is None:
        stood = _value(visit, definition, entry, change.field, change.old, moment.before)
        return {"label": gettext("A warning that no longer stands"), "old": Shown("blank", ""), "new": stood}
    return {
        "label": label,
        "old": _value(visit, definition, entry, change.field, change.old, moment.before),
        "new": _value(visit, definition, entry, change.field, change.new, moment.after),
    }


def _member(entry: HistoryEntry, answer: Answer) -> str:
    name = entry.labels.get(answer) if isinstance(answer, uuid.UUID) else None
    return name or gettext("Somebody who left")


def _value(
    visit: Visit,
    definition: ObjectDefinition,
    entry: HistoryEntry,
    name: str,
    answer: Answer,
    beside: Mapping[str, Answer],
) -> Shown:
    field = definition.by_name.get(name)
    if answer is None:
        return Shown("blank", "")
    if field is not None:
        return without_link(show(visit, field, answer, entry.labels, beside=beside))
    if name == "owner":
        return Shown("text", _member(entry, answer))
    if name == _ACKNOWLEDGED:
        return Shown("text", " ".join(visit.words.rule_messages(str(answer).split())))
    if name == "record_type":
        return Shown("text", visit.words.record_type(definition, str(answer)))
    return Shown("text", str(answer))
