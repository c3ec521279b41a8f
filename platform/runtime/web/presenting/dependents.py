"""Dependent picklists in a form: which of their options go with which answer of the field that controls them.

Without script the options stand in groups, each under the answers it goes with;
script leaves those that fit the answer of the moment.
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
    """Gives the question of a dependent picklist its table; leaves any other as it is."""
    written = field.options.get("depends_on")
    if written is None:
        return
    controlling = definition.by_name.get(written["field"])
    if controlling is None or controlling.retired:
        return
    question.control = box_name(controlling.name)
    question.allowed = written["options"]
    because = gettext("What can be chosen depends on “%(field)s”.", field=visit.words.field(controlling).label)
    question.because = f"{question.because} {because}".strip()
    labels = _labels(visit, controlling)
    question.options = _grouped(question.options, question.allowed, labels)


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
