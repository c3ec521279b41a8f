"""A form's questions: what ``macros/forms.html`` needs to ask for one field."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext

from amparo.metadata.fields.registry import is_answerable
from amparo.metadata.model import FieldDefinition
from amparo.runtime.serializer.wording import REASON_LABELS
from amparo.runtime.web.entries import box_name
from amparo.runtime.web.presenting.answers import REASON_MEANINGS
from amparo.runtime.web.visits import Visit
from amparo.runtime.web.widgets.base import Entry, Match, Question
from amparo.runtime.web.widgets.registry import widget_of


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
    is_asked, widget = is_answerable(definition), widget_of(definition)
    words = visit.words.field(definition)
    question = Question(
        box_name(definition.name),
        anchor_of(definition.name),
        words.label,
        widget.name if is_asked else "generated",
        help=words.help,
        required=definition.required,
        is_sensitive=definition.sensitive,
        value=(entry.codes or entry.value) if is_asked else given,
        missing=entry.missing,
        errors=errors,
        reasons=reasons_of(definition),
    )
    if is_asked:
        widget.dress(question, visit, definition, entry)
    question.chosen, question.matches = ([chosen] if chosen else []), matches
    return question


def closed_question(visit: Visit, definition: FieldDefinition, words: str) -> Question:
    """An answer that is shown and cannot be changed as the record is now."""
    return Question(
        box_name(definition.name),
        anchor_of(definition.name),
        visit.words.field(definition).label,
        "generated",
        because=gettext("This cannot be changed now."),
        value=words or gettext("Blank"),
    )


def reasons_of(definition: FieldDefinition) -> list[dict[str, str]]:
    return [
        {"code": reason.value, "label": gettext(REASON_LABELS[reason]), "meaning": gettext(REASON_MEANINGS[reason])}
        for reason in definition.missing_reasons
    ]
