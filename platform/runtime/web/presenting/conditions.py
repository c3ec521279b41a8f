"""Conditions on pages: which fields a record has no use for, which are closed, and what a form's script needs to know.

The script decides only what shows while somebody types. What counts is decided by the save.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext

from amparo.metadata.fields.base import Answer, Storage
from amparo.metadata.fields.registry import field_type
from amparo.metadata.formulas.dependencies import paths_read_before
from amparo.metadata.formulas.scope import Scope, scope_of
from amparo.metadata.formulas.tree_json import tree_to_json
from amparo.metadata.formulas.values_json import value_to_json
from amparo.metadata.missing import Missing
from amparo.metadata.model import SYSTEM_FIELDS, FieldDefinition, ObjectDefinition
from amparo.metadata.rules.compiled import Condition
from amparo.runtime.planner.records import record_history
from amparo.runtime.records.beyond import known_globals
from amparo.runtime.releases.live import LiveObject
from amparo.runtime.roll_ups.values import initial_answers
from amparo.runtime.serializer import Record
from amparo.runtime.web.entries import box_name
from amparo.runtime.web.presenting.answers import show
from amparo.runtime.web.presenting.layouts import Arrangement, may_see
from amparo.runtime.web.visits import Visit
from amparo.runtime.web.widgets.registry import widget_of

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
    known = {name: each for name, each in conditions.items() if _is_known(visit, live, each)}
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


def _is_known(visit: Visit, live: LiveObject, condition: Condition) -> bool:
    """The reader may see all that it reads, and the page has it."""
    fields = live.definition.by_name
    return not condition.asks_the_store and all(
        name in SYSTEM_FIELDS or (name in fields and may_see(visit, fields[name])) for name in condition.own
    )


def _scope(visit: Visit, live: LiveObject, record: Record, conditions: Iterable[Condition]) -> Scope:
    system = {name: getattr(record, name, None) for name in SYSTEM_FIELDS}
    known = _globals(visit, live, conditions, record.record_type)
    answers = {**system, **known, **record.answers}
    return scope_of(answers, dt.datetime.now(dt.UTC), visit.release.time_zone, record.answers)


def _globals(
    visit: Visit, live: LiveObject, conditions: Iterable[Condition], record_type: str | None
) -> Mapping[str, Any]:
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


def form_script(
    visit: Visit,
    definition: ObjectDefinition,
    fields: Sequence[FieldDefinition],
    held: Mapping[str, Answer] | None,
    record_type: str | None,
    sections: Mapping[str, Condition] | None = None,
    prefix: str = "",
    *,
    is_row: bool = False,
) -> dict[str, Any] | None:
    """What a script needs to show, hide and ask while somebody types; None where no condition is about these fields.

    ``held`` is what a record holds now, None of a new one; ``sections`` are conditions of parts of the form by
    their anchor, ``prefix`` is that of a row's boxes. Conditions that read what the page does not know are left
    out, and so decided by the save: what is no column of a row, for instance.
    """
    live = visit.release.object(definition.name)
    rules = visit.release.rules_of(live)
    names = {field.name for field in fields}

    def told(conditions: Mapping[str, Condition]) -> dict[str, Condition]:
        return {
            name: condition
            for name, condition in conditions.items()
            if _is_known(visit, live, condition)
            and not (is_row and (condition.own - names or paths_read_before(condition.tree)))
        }

    visible = told({name: each for name, each in rules.visible.items() if name in names})
    required = told({name: each for name, each in rules.required.items() if name in names})
    parts = told(sections or {})
    offered = {name: found for name, each in rules.offered.items() if name in names and (found := told(each))}
    options = [condition for each in offered.values() for condition in each.values()]
    conditions = [*visible.values(), *required.values(), *parts.values(), *options]
    if not conditions:
        return None
    read = {name for each in conditions for name in each.own} | visible.keys() | required.keys() | offered.keys()
    known = {field.name: field for field in fields if field.name in read}
    held_now = dict(_raw(live, initial_answers(live) if held is None else held, read))
    return {
        "zone": visit.release.time_zone.key,
        "prefix": prefix,
        "widgets": {name: widget_of(field).name for name, field in known.items()},
        "boxes": {name: box_name(name) for name in known},
        "held": {**held_now, **_raw_of(_globals(visit, live, conditions, record_type), record_type)},
        "prior": None if held is None else held_now,
        **{
            kind: {name: tree_to_json(each.tree) for name, each in found.items()}
            for kind, found in (("visible", visible), ("required", required), ("sections", parts))
        },
        "offered": {
            name: {code: tree_to_json(each.tree) for code, each in found.items()} for name, found in offered.items()
        },
    }


def _raw(live: LiveObject, held: Mapping[str, Answer], read: Iterable[str]) -> Iterable[tuple[str, Any]]:
    for name in read:
        answer = held.get(name)
        if answer is not None and not isinstance(answer, Missing) and name in live.fields:
            if field_type(live.fields[name].field.type).family in ("file", "address", "gone"):
                continue
            yield name, value_to_json(answer)


def _raw_of(known: Mapping[str, Any], record_type: str | None) -> dict[str, Any]:
    raw = {path: value_to_json(value) for path, value in known.items()}
    return raw | ({"record_type": record_type} if record_type else {})


def section_conditions(arrangement: Arrangement) -> dict[str, Condition]:
    """Of the parts of a form, by their anchor; a tab's condition is that of all its parts."""
    return {
        f"part-{place + 1}": condition
        for place, section in enumerate(arrangement.sections)
        if (condition := section.condition) is not None
    }
