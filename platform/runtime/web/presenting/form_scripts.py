"""What the script of a form needs to know of its conditions.

The script decides only what shows while somebody types. What counts is decided by the save.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from amparo.metadata.fields.base import Answer
from amparo.metadata.fields.registry import field_type
from amparo.metadata.formulas.dependencies import paths_read_before
from amparo.metadata.formulas.tree_json import tree_to_json
from amparo.metadata.formulas.values_json import value_to_json
from amparo.metadata.missing import Missing
from amparo.metadata.model import FieldDefinition, ObjectDefinition
from amparo.metadata.rules.compiled import Condition
from amparo.runtime.releases.live import LiveObject
from amparo.runtime.roll_ups.values import initial_answers
from amparo.runtime.web.entries import box_name
from amparo.runtime.web.presenting.conditions import globals_of, is_known
from amparo.runtime.web.presenting.layouts import Arrangement
from amparo.runtime.web.visits import Visit
from amparo.runtime.web.widgets.registry import widget_of


@dataclass(frozen=True, slots=True)
class _Told:
    """The conditions that a script is told: of fields by their name, of parts by their anchor, of options by field
    and code.
    """

    visible: Mapping[str, Condition]
    required: Mapping[str, Condition]
    sections: Mapping[str, Condition]
    offered: Mapping[str, Mapping[str, Condition]]

    @property
    def every(self) -> list[Condition]:
        options = [condition for each in self.offered.values() for condition in each.values()]
        return [*self.visible.values(), *self.required.values(), *self.sections.values(), *options]

    @property
    def fields(self) -> set[str]:
        """That they are about or read."""
        read = {name for each in self.every for name in each.own}
        return read | self.visible.keys() | self.required.keys() | self.offered.keys()

    def document(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "visible": _trees(self.visible),
            "required": _trees(self.required),
            "sections": _trees(self.sections),
            "offered": {name: _trees(found) for name, found in self.offered.items()},
        }


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
    told = _told(visit, live, {field.name for field in fields}, sections or {}, is_row=is_row)
    conditions = told.every
    if not conditions:
        return None
    read = told.fields
    known = {field.name: field for field in fields if field.name in read}
    held_now = dict(_raw(live, initial_answers(live) if held is None else held, read))
    return {
        "zone": visit.release.time_zone.key,
        "prefix": prefix,
        "widgets": {name: widget_of(field).name for name, field in known.items()},
        "boxes": {name: box_name(name) for name in known},
        "held": {**held_now, **_raw_of(globals_of(visit, live, conditions, record_type), record_type)},
        "prior": None if held is None else held_now,
        **told.document(),
    }


def _told(visit: Visit, live: LiveObject, names: set[str], sections: Mapping[str, Condition], *, is_row: bool) -> _Told:
    """What is about these fields, or about parts, and reads nothing that the page does not have."""

    def can_be_told(condition: Condition) -> bool:
        if is_row and (condition.own - names or paths_read_before(condition.tree)):
            return False
        return is_known(visit, live, condition)

    rules = visit.release.rules_of(live)
    offered = {name: _those(can_be_told, each) for name, each in rules.offered.items() if name in names}
    return _Told(
        visible=_those(can_be_told, {name: each for name, each in rules.visible.items() if name in names}),
        required=_those(can_be_told, {name: each for name, each in rules.required.items() if name in names}),
        sections=_those(can_be_told, sections),
        offered={name: found for name, found in offered.items() if found},
    )


def _those(is_wanted: Callable[[Condition], bool], conditions: Mapping[str, Condition]) -> dict[str, Condition]:
    return {key: condition for key, condition in conditions.items() if is_wanted(condition)}


def _trees(conditions: Mapping[str, Condition]) -> dict[str, Any]:
    return {key: tree_to_json(condition.tree) for key, condition in conditions.items()}


def _raw(live: LiveObject, held: Mapping[str, Answer], read: Iterable[str]) -> Iterator[tuple[str, Any]]:
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
