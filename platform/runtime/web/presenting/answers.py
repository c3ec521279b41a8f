"""Answers as a page shows them: the values that ``macros/values.html`` draws."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from flask_babel import gettext

from amparo.metadata.fields.base import Answer
from amparo.metadata.missing import Missing
from amparo.metadata.model import FieldDefinition
from amparo.metadata.wording import N_
from amparo.runtime.serializer import Record
from amparo.runtime.serializer.wording import REASON_LABELS
from amparo.runtime.web.dates import activity_words, moment_words
from amparo.runtime.web.presenting.files import with_links
from amparo.runtime.web.visits import Visit
from amparo.runtime.web.widgets.base import Shown
from amparo.runtime.web.widgets.registry import widget_of

#: What each reason for a missing answer means.
REASON_MEANINGS: Mapping[Missing, str] = {
    Missing.UNKNOWN: N_("Asked. The person does not know."),
    Missing.REFUSED: N_("Asked. The person chose not to say."),
    Missing.NOT_ASKED: N_("We have not asked yet."),
    Missing.NOT_APPLICABLE: N_("The question makes no sense here."),
}

BLANK = Shown("blank")
_NOTHING: Mapping[str, Answer] = MappingProxyType({})


def is_asked(field: FieldDefinition) -> bool:
    """Whether an empty field is a gap: it is required, or somebody thought about why it may have no answer."""
    return field.required or bool(field.missing_reasons)


def show(
    visit: Visit,
    field: FieldDefinition,
    answer: Answer,
    labels: Mapping[uuid.UUID, str],
    edit_url: str | None = None,
    beside: Mapping[str, Answer] = _NOTHING,
) -> Shown:
    """``edit_url`` is where a gap leads; without one it is said and leads nowhere.

    ``beside`` are the other answers of the record, as far as they are at hand.
    """
    if answer is None:
        return Shown("gap", url=edit_url) if is_asked(field) else BLANK
    if isinstance(answer, Missing):
        return Shown("missing", gettext(REASON_LABELS[answer]))
    return widget_of(field).shown(visit, field, answer, labels, beside)


def show_held(visit: Visit, record: Record, field: FieldDefinition, edit_url: str | None = None) -> Shown:
    """As :func:`show`, of a record; it says so where a formula cannot be computed with what the record holds."""
    if field.name in record.incomputable:
        return Shown("missing", gettext("Cannot be computed"))
    return show(visit, field, record.answers[field.name], record.labels, edit_url, record.answers)


def show_system(visit: Visit, record: Record, name: str) -> Shown:
    """A fact every record has: who it is assigned to, when it was last touched."""
    value = getattr(record, name)
    if value is None:
        return Shown("text", gettext("Nobody")) if name == "owner" else BLANK
    if name in ("owner", "created_by", "updated_by"):
        return Shown("text", record.labels.get(value, gettext("Somebody who left")))
    if name == "updated_at":
        return Shown("text", activity_words(value, visit.release.time_zone, visit.language, visit.today))
    if name == "created_at":
        return Shown("text", moment_words(value, visit.release.time_zone, visit.language))
    if name == "record_type":
        return Shown("text", visit.words.record_type(visit.release.object(record.object).definition, value))
    return Shown("figure", str(value))


def show_named(visit: Visit, record: Record, name: str) -> Shown | None:
    """A defined or a system field by name; ``None`` for one the reader may not see."""
    definition = visit.release.object(record.object).definition
    field = definition.by_name.get(name)
    if field is None:
        return show_system(visit, record, name)
    if name not in record.answers:
        return None
    return with_links(visit, record, field, record.answers[name], show_held(visit, record, field))


def without_link(shown: Shown) -> Shown:
    """The same answer where a link would lead away from what is being done."""
    if shown.kind == "link":
        return replace(shown, kind="text", url=None)
    return replace(shown, url=None, picture=None, picture_url=None)
