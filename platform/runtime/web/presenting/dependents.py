"""Dependent picklists in a form: which of their options go with which answer of the field that controls them.

Without script the options stand in groups, each under the answers it goes with;
script leaves those that fit the answer of the moment. Those whose formula is false
script takes away, too (``presenting.conditions``); without it the save decides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from flask_babel import gettext

from amparo.metadata.model import FieldDefinition, ObjectDefinition
from amparo.runtime.web.entries import box_name
from amparo.runtime.web.visits import Visit
from amparo.runtime.web.widgets.base import Choice, Question
from amparo.runtime.web.words import OptionWords

#: An option that goes with more answers than this stands in no group of its own.
_MOST_NAMED = 3


def depend(visit: Visit, question: Question, definition: ObjectDefinition, field: FieldDefinition) -> None:
    """Gives the question of a dependent picklist its table, and a word of what it depends on; leaves others alone."""
    controlling = _controlling(definition, field)
    if controlling is not None:
        question.control = box_name(controlling.name)
        question.allowed = field.options["depends_on"]["options"]
        question.options = _grouped(question.options, question.allowed, _labels(visit, controlling))
    formulas = visit.release.rules_of(visit.release.object(definition.name)).offered.get(field.name, {})
    if controlling is None and not formulas:
        return
    names = {name for each in formulas.values() for name in each.own} - {field.name}
    deciding = [each for each in definition.active_fields if each is controlling or each.name in names]
    question.because = f"{question.because} {_because(visit, deciding)}".strip()


def _controlling(definition: ObjectDefinition, field: FieldDefinition) -> FieldDefinition | None:
    written = field.options.get("depends_on")
    controlling = definition.by_name.get(written["field"]) if written else None
    return None if controlling is None or controlling.retired else controlling


def _because(visit: Visit, deciding: Sequence[FieldDefinition]) -> str:
    """None is decided by what stands on no page, such as the kind of the record."""
    if not deciding:
        return gettext("What can be chosen depends on other answers.")
    labels = gettext(", ").join(f"“{visit.words.field(each).label}”" for each in deciding)
    return gettext("What can be chosen depends on %(fields)s.", fields=labels)


def _labels(visit: Visit, controlling: FieldDefinition) -> Mapping[str, str]:
    if controlling.type == "checkbox":
        return {"true": gettext("Yes"), "false": gettext("No")}
    return {code: option.label for code, option in visit.words.options(controlling).items()}


def _grouped(
    options: Sequence[Choice | OptionWords], allowed: Mapping[str, Sequence[str]], labels: Mapping[str, str]
) -> list[Choice | OptionWords]:
    """In the order of the controlling picklist, then of the options' own."""
    order = {code: place for place, code in enumerate(labels)}
    goes_with = {
        option.code: sorted((code for code, codes in allowed.items() if option.code in codes), key=order.__getitem__)
        for option in options
    }
    ordered = sorted(options, key=lambda option: [order[code] for code in goes_with[option.code]] or [len(order)])
    return [replace(option, group=_heading([labels[code] for code in goes_with[option.code]])) for option in ordered]


def _heading(labels: Sequence[str]) -> str:
    return gettext(", ").join(labels) if len(labels) <= _MOST_NAMED else ""
