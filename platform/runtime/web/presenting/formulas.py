"""A formula that somebody tries: its problems, how it reads, its type, and what it comes to for one record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import Any

from flask_babel import gettext

from amparo.metadata.formulas.checking import check_formula
from amparo.metadata.formulas.completing import Suggestion, shape_of, signature, suggestions
from amparo.metadata.formulas.dependencies import paths_read
from amparo.metadata.formulas.evaluation import compile_formula
from amparo.metadata.formulas.failures import FormulaError
from amparo.metadata.formulas.functions.registry import FUNCTIONS
from amparo.metadata.formulas.phrases import GLOBALS
from amparo.metadata.formulas.reading_aloud import read_aloud, read_in_one_line
from amparo.metadata.formulas.scope import scope_of
from amparo.metadata.formulas.spoken import Spoken
from amparo.metadata.formulas.tree import Node, Reference
from amparo.metadata.formulas.value_types import Blanks, ValueType
from amparo.metadata.model import ObjectDefinition
from amparo.metadata.partial_dates import PartialDate
from amparo.metadata.problems import Problem
from amparo.metadata.rules.compiled import Path
from amparo.metadata.wording import N_
from amparo.runtime.collation.keys import sort_key
from amparo.runtime.locales import decimal_words
from amparo.runtime.planner.formula_values import Known, Place, values_of
from amparo.runtime.records.beyond import known_globals
from amparo.runtime.serializer import Record
from amparo.runtime.serializer.readings import MarkedReadingWords, ReadingWords
from amparo.runtime.serializer.texts import partial_date_words
from amparo.runtime.web.dates import day_words, moment_words
from amparo.runtime.web.presenting.answers import BLANK, show_named, without_link
from amparo.runtime.web.problems import said
from amparo.runtime.web.visits import Visit
from amparo.runtime.web.widgets.base import Shown

TYPE_LABELS: Mapping[ValueType, str] = {
    ValueType.TEXT: N_("Text"),
    ValueType.NUMBER: N_("Number"),
    ValueType.PERCENT: N_("Percent"),
    ValueType.CURRENCY: N_("Amount"),
    ValueType.BOOLEAN: N_("True or false"),
    ValueType.DATE: N_("Date"),
    ValueType.PARTIAL_DATE: N_("Date that may be known in part"),
    ValueType.DATE_TIME: N_("Date and time"),
    ValueType.TIME: N_("Time"),
    ValueType.PICKLIST: N_("Picklist"),
    ValueType.MULTI_SELECT: N_("Multi-select picklist"),
    ValueType.LOOKUP: N_("Lookup"),
    ValueType.GEOLOCATION: N_("Geolocation"),
    ValueType.BLANK: N_("Blank"),
}


@dataclass(frozen=True)
class ToldProblem:
    """``start`` and ``end`` count UTF-16 units, as browsers do; None where the problem is about the whole."""

    text: str
    place: str = ""
    start: int | None = None
    end: int | None = None


@dataclass
class Outcome:
    """``result`` is None while no record was chosen, or nothing could be computed, which ``refusal`` tells."""

    problems: Sequence[ToldProblem] = ()
    reading: Spoken | None = None
    type: str = ""
    result: str | None = None
    refusal: str = ""
    answers: Sequence[Mapping[str, Any]] = field(default_factory=list)


def outcome_of(visit: Visit, definition: ObjectDefinition, text: str, blanks: Blanks, record: Record | None) -> Outcome:
    """``record`` is one that the person opened: what they may not see of it, or behind it, is not computed with."""
    shapes = visit.release.shapes
    checked = check_formula(text, shapes, definition.name)
    tree = checked.faultless_tree
    if tree is None:
        return Outcome([_told(problem, text) for problem in checked.problems])
    words = MarkedReadingWords(visit.release.application, visit.language)
    outcome = Outcome(
        reading=read_aloud(tree, shapes, definition.name, words),
        type=gettext(TYPE_LABELS[tree.type or ValueType.BLANK]),
    )
    if record is not None:
        _compute(visit, tree, blanks, record, outcome)
    return outcome


def _told(problem: Problem, text: str) -> ToldProblem:
    words = said(problem)
    if "start" not in problem.params:
        return ToldProblem(words)
    start, end = (_units(text[: problem.params[each]]) for each in ("start", "end"))
    place = gettext("Line %(line)s, column %(column)s", line=problem.params["line"], column=problem.params["column"])
    return ToldProblem(words, place, start, end)


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _compute(visit: Visit, tree: Node, blanks: Blanks, record: Record, outcome: Outcome) -> None:
    """As a save would: a formula field that it reads stands for its own formula."""
    release = visit.release
    tree = release.formula_fields.expanded(tree, record.object, blanks)
    paths = paths_read(tree)
    known = values_of(visit.store, visit.actor, release, record, paths)
    if known.withheld:
        labels = gettext(", ").join(_path_words(visit, record.object, path) for path in known.withheld)
        outcome.refusal = gettext("It reads what you may not see: %(fields)s. So nothing is computed.", fields=labels)
        return
    live = release.object(record.object)
    of_who_acts = known_globals(paths, release, live, visit.actor, record.record_type)
    mine = {"$User.email": visit.person.login, "$User.language": visit.language}
    answers = {**mine, **of_who_acts, **known.values}
    outcome.answers = _answers(visit, record.object, known)
    scope = scope_of(answers, dt.datetime.now(dt.UTC), release.time_zone, answers)
    try:
        value = compile_formula(tree)(scope)
    except FormulaError as error:
        outcome.refusal = gettext("It cannot be computed for this record: %(problem)s", problem=said(error.problem("")))
        return
    outcome.result = _value_words(visit, tree, value)


def _answers(visit: Visit, object_name: str, known: Known) -> list[dict[str, Any]]:
    """What was read, as the record's own page shows it."""
    return [
        {"label": _path_words(visit, object_name, place.path), "value": _shown(visit, place)} for place in known.places
    ]


def _shown(visit: Visit, place: Place) -> Shown:
    shown = show_named(visit, place.record, place.name) if place.record is not None else None
    return BLANK if shown is None or shown.kind == "gap" else without_link(shown)


def _path_words(visit: Visit, object_name: str, path: Path) -> str:
    words = ReadingWords(visit.release.application, visit.language)
    return read_in_one_line(Reference(path), visit.release.shapes, object_name, words)


def _value_words(visit: Visit, tree: Node, value: Any) -> str:
    if tree.type is ValueType.BOOLEAN:
        return gettext("Neither true nor false") if value is None else gettext("True") if value else gettext("False")
    if value is None:
        return gettext("Blank")
    if isinstance(value, Decimal | int):
        return decimal_words(Decimal(value), visit.language)
    if isinstance(value, dt.datetime):
        return moment_words(value, visit.release.time_zone, visit.language)
    if isinstance(value, PartialDate):
        return partial_date_words(value, visit.language)
    if isinstance(value, dt.date):
        return day_words(value, visit.language)
    return gettext(", ").join(value) if isinstance(value, tuple) else str(value)


def suggested(visit: Visit, definition: ObjectDefinition, before: str) -> list[dict[str, Any]]:
    """The lines of the list under the formula, for the text before the caret."""
    found = suggestions(before, visit.release.shapes, definition.name, partial(label_of, visit))
    return [_suggestion(visit, before, each) for each in found]


def _suggestion(visit: Visit, before: str, suggestion: Suggestion) -> dict[str, Any]:
    """``id`` takes the place of what stands from ``start`` on, which counts UTF-16 units, as browsers do."""
    return {
        "id": suggestion.text,
        "name": signature(suggestion.function) if suggestion.function else suggestion.text,
        "detail": _detail(visit, suggestion),
        "start": _units(before[: suggestion.start]),
    }


def _detail(visit: Visit, suggestion: Suggestion) -> str:
    if suggestion.function is not None:
        return gettext(suggestion.function.summary)
    label = label_of(visit, suggestion.owner, suggestion.field, suggestion.code)
    shape = shape_of(suggestion, visit.release.shapes)
    if suggestion.code or shape is None:
        return label
    return gettext("%(label)s · %(type)s", label=label, type=gettext(TYPE_LABELS[shape.type]))


def label_of(visit: Visit, owner: str, name: str, code: str = "") -> str:
    """Of a field of an object, of something of who acts, or of an option."""
    if (owner, name) in GLOBALS:
        return gettext(GLOBALS[owner, name])
    words = ReadingWords(visit.release.application, visit.language)
    return words.option((owner,), name, code) if code else words.field((owner,), name)


def named_fields(visit: Visit, definition: ObjectDefinition) -> list[dict[str, str]]:
    """What formulas on an object can name, by label."""
    shape = visit.release.shapes.objects[definition.name]
    fields = [
        {"name": name, "label": label_of(visit, definition.name, name), "type": gettext(TYPE_LABELS[each.type])}
        for name, each in shape.fields.items()
    ]
    return sorted(fields, key=lambda each: sort_key(each["label"], visit.alphabet))


def named_functions() -> list[dict[str, str]]:
    return [
        {"name": signature(each), "summary": gettext(each.summary), "example": each.example}
        for each in FUNCTIONS.values()
        if not each.is_operator
    ]
