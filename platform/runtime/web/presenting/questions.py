"""A form's questions: what ``macros/forms.html`` needs to ask for one field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import url_for
from flask_babel import gettext

from amparo.metadata.fields.registry import field_type
from amparo.metadata.model import FieldDefinition
from amparo.runtime.access import Permission
from amparo.runtime.serializer.wording import REASON_LABELS
from amparo.runtime.web.dates import month_names, part_order
from amparo.runtime.web.entries import Entry, box_name
from amparo.runtime.web.presenting.answers import REASON_MEANINGS
from amparo.runtime.web.visits import Visit
from amparo.runtime.web.words import OptionWords

#: Texts longer than this get the whole line, shorter ones a box that shows their length.
_LONG_LINE = 60


@dataclass(frozen=True)
class Choice:
    """One answer to choose: of a picklist, of members, of kinds."""

    code: str
    label: str
    help: str = ""
    group: str = ""


@dataclass(frozen=True)
class Match:
    """A record found for a lookup. ``detail`` tells two of the same name apart."""

    id: str
    name: str
    detail: str = ""
    lang: str | None = None


@dataclass
class Question:
    """``name`` is the name of its boxes; ``id`` the anchor the summary of problems links to."""

    name: str
    id: str
    label: str
    widget: str
    help: str = ""
    required: bool = False
    is_sensitive: bool = False
    value: str | Sequence[str] = ""
    parts: Mapping[str, str] = field(default_factory=dict)
    part_order: tuple[str, ...] = ()
    months: Sequence[Choice] = ()
    zone: str = ""
    options: Sequence[Choice | OptionWords] = ()
    as_select: bool = False
    no_empty: bool = False
    reasons: Sequence[Mapping[str, str]] = ()
    missing: str = ""
    errors: Sequence[str] = ()
    width: str = ""
    input_type: str = ""
    autocomplete: str = ""
    rows: int = 4
    unit: str = ""
    accept: str = ""
    query: str = ""
    source: str = ""
    add_url: str | None = None
    chosen: Match | None = None
    matches: Sequence[Match] = ()
    because: str = ""
    kept: str = ""
    empty_label: str = ""


def anchor_of(name: str) -> str:
    return f"f-{name}"


def question_of(
    visit: Visit,
    definition: FieldDefinition,
    entry: Entry,
    *,
    errors: Sequence[str] = (),
    chosen: Match | None = None,
    matches: Sequence[Match] = (),
    given: str = "",
) -> Question:
    """``given`` is the number of a record that has one; ``chosen`` and ``matches`` are for lookups."""
    kind = field_type(definition.type)
    words = visit.words.field(definition)
    question = Question(
        box_name(definition.name),
        anchor_of(definition.name),
        words.label,
        "generated" if kind.generated else kind.family,
        help=words.help,
        required=definition.required,
        is_sensitive=definition.sensitive,
        value=given if kind.generated else (entry.codes or entry.value),
        missing=entry.missing,
        errors=errors,
        reasons=reasons_of(definition),
    )
    if not kind.generated and kind.family in _DRESSERS:
        _DRESSERS[kind.family](question, visit, definition, entry)
    question.chosen, question.matches = chosen, matches
    return question


def reasons_of(definition: FieldDefinition) -> list[dict[str, str]]:
    return [
        {"code": reason.value, "label": gettext(REASON_LABELS[reason]), "meaning": gettext(REASON_MEANINGS[reason])}
        for reason in definition.missing_reasons
    ]


def _dress_text(question: Question, visit: Visit, definition: FieldDefinition, entry: Entry) -> None:
    longest = int(definition.options.get("max_length", 255))
    question.width = "full" if longest > _LONG_LINE else "medium"


def _dress_date(question: Question, visit: Visit, definition: FieldDefinition, entry: Entry) -> None:
    question.parts = {**entry.parts, "month": _month_code(entry.parts.get("month", ""))}
    question.part_order = part_order(visit.language)
    question.months = [Choice(str(number), name) for number, name in month_names(visit.language)]
    typed = question.parts["month"]
    if typed and all(month.code != typed for month in question.months):
        # A month that is none, from a form not made here, is shown and not dropped.
        question.months = [*question.months, Choice(typed, typed)]


def _month_code(text: str) -> str:
    return (text.lstrip("0") or text) if text.isascii() and text.isdigit() else text


def _dress_instant(question: Question, visit: Visit, definition: FieldDefinition, entry: Entry) -> None:
    _dress_date(question, visit, definition, entry)
    question.zone = gettext("Time in %(zone)s", zone=visit.release.time_zone.key)


def _dress_choices(question: Question, visit: Visit, definition: FieldDefinition, entry: Entry) -> None:
    """Options that can no longer be chosen are shown only where they are the answer."""
    active = visit.words.active_options(definition)
    question.options = tuple(active.values())
    held = {entry.value, *entry.codes} - active.keys() - {""}
    if held:
        known = visit.words.options(definition)
        gone = [known[code] if code in known else Choice(code, code) for code in sorted(held)]
        question.options = [*active.values(), *gone]


def _dress_lookup(question: Question, visit: Visit, definition: FieldDefinition, entry: Entry) -> None:
    target = str(definition.options["object"])
    question.query = entry.query
    question.source = url_for("finding.find", slug=visit.slug, object_name=target)
    if visit.actor.may(Permission.RECORDS_CREATE):
        question.add_url = url_for("forms.new", slug=visit.slug, object_name=target)


_DRESSERS: Mapping[str, Any] = {
    "text": _dress_text,
    "date": _dress_date,
    "instant": _dress_instant,
    "code": _dress_choices,
    "codes": _dress_choices,
    "reference": _dress_lookup,
}
