"""Conditions on pages: which fields a record has no use for, which are closed, and what stands under a question."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext

from amparo.metadata.fields.base import Answer, Storage
from amparo.metadata.formulas.scope import Scope, scope_of
from amparo.metadata.model import SYSTEM_FIELDS, FieldDefinition, ObjectDefinition
from amparo.metadata.rules.compiled import Condition
from amparo.runtime.planner.records import record_history
from amparo.runtime.records.beyond import known_globals
from amparo.runtime.releases.live import LiveObject
from amparo.runtime.serializer import Record
from amparo.runtime.web.presenting.answers import show
from amparo.runtime.web.presenting.layouts import may_see
from amparo.runtime.web.visits import Visit

#: In which an earlier answer is looked for.
_LATEST_CHANGES = 50


@dataclass(frozen=True, slots=True)
class Earlier:
    """An answer that was cleared, and how it reads."""

    answer: Answer
    words: str


def without_use(visit: Visit, record: Record) -> frozenset[str]:
    """Blank fields that do not apply to a record: its page does not ask for them.

    What a condition reads of other records the page does not know: such a field is shown.
    """
    verdicts = _verdicts(visit, record, visit.release.rules_of(visit.release.object(record.object)).visible)
    return frozenset(name for name, holds in verdicts.items() if not holds and record.answers.get(name) is None)


def closed_fields(visit: Visit, record: Record) -> frozenset[str]:
    """Fields whose answer cannot be changed as the record is now."""
    verdicts = _verdicts(visit, record, visit.release.rules_of(visit.release.object(record.object)).read_only)
    return frozenset(name for name, holds in verdicts.items() if holds)


def _verdicts(visit: Visit, record: Record, conditions: Mapping[str, Condition]) -> dict[str, bool | None]:
    """Of those that read nothing but what the page knows."""
    live = visit.release.object(record.object)
    known = {name: each for name, each in conditions.items() if is_known(visit, live, each)}
    if not known:
        return {}
    scope = _scope(visit, live, record, known.values())
    return {name: each.verdict(scope) for name, each in known.items()}


def earlier_answers(visit: Visit, record: Record) -> dict[str, Earlier]:
    """What fields held before they did not apply any more and were cleared, as far as the latest changes tell.

    One question, and only of a record that has such a field.
    """
    live = visit.release.object(record.object)
    blank = {
        name
        for name in visit.release.rules_of(live).visible
        if name in record.answers and record.answers[name] is None and live.fields[name].storage is not Storage.FILE
    }
    if not blank:
        return {}
    earlier: dict[str, Earlier] = {}
    for entry in record_history(
        visit.store, visit.actor, record.object, record.id, _LATEST_CHANGES, release=visit.release
    ):
        for change in entry.changes:
            if change.field in blank - earlier.keys() and change.old is not None and not change.hidden:
                words = show(visit, live.definition.by_name[change.field], change.old, entry.labels).text
                earlier[change.field] = Earlier(change.old, words)
    return earlier


def is_off_the_page(visit: Visit, record: Record, condition: Condition | None) -> bool:
    """Whether a section or a tab is not to be seen beside this record."""
    return condition is not None and _verdicts(visit, record, {"": condition}).get("") is False


def is_known(visit: Visit, live: LiveObject, condition: Condition) -> bool:
    """Whether the reader may see all that it reads, and the page has it."""
    fields = live.definition.by_name
    return not condition.asks_the_store and all(
        name in SYSTEM_FIELDS or (name in fields and may_see(visit, fields[name])) for name in condition.own
    )


def _scope(visit: Visit, live: LiveObject, record: Record, conditions: Iterable[Condition]) -> Scope:
    system = {name: getattr(record, name, None) for name in SYSTEM_FIELDS}
    known = globals_of(visit, live, conditions, record.record_type)
    answers = {**system, **known, **record.answers}
    return scope_of(answers, dt.datetime.now(dt.UTC), visit.release.time_zone, record.answers)


def globals_of(
    visit: Visit, live: LiveObject, conditions: Iterable[Condition], record_type: str | None
) -> Mapping[str, Any]:
    """What conditions ask of the organisation, of who acts and of the record's type, by path."""
    paths = {path for condition in conditions for path in condition.beyond}
    return known_globals(paths, visit.release, live, visit.actor, record_type)


def note_of(visit: Visit, definition: ObjectDefinition, field: FieldDefinition) -> str:
    """What stands under a question that is not always asked, or not always needed; empty under any other."""
    rules = visit.release.rules_of(visit.release.object(definition.name))
    for conditions, words in (
        (rules.visible, _note_of_visible),
        (rules.required, _note_of_required),
    ):
        if field.name in conditions:
            names = sorted(conditions[field.name].own & definition.by_name.keys(), key=list(definition.by_name).index)
            labels = [visit.words.field(definition.by_name[name]).label for name in names]
            return words(gettext(", ").join(f"“{label}”" for label in labels))
    return ""


def _note_of_visible(fields: str) -> str:
    if not fields:
        return gettext("This is asked only sometimes.")
    return gettext("Whether this is asked depends on %(fields)s.", fields=fields)


def _note_of_required(fields: str) -> str:
    if not fields:
        return gettext("Sometimes an answer is needed.")
    return gettext("Whether an answer is needed depends on %(fields)s.", fields=fields)
