"""Answers as a page shows them: the values that ``macros/values.html`` draws."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace

from flask import url_for
from flask_babel import gettext

from amparo.metadata.fields.base import Answer
from amparo.metadata.fields.registry import field_type
from amparo.metadata.missing import Missing
from amparo.metadata.model import FieldDefinition
from amparo.metadata.wording import N_
from amparo.runtime.serializer import Record, display
from amparo.runtime.serializer.wording import REASON_LABELS
from amparo.runtime.web.dates import activity_words, day_words, moment_words
from amparo.runtime.web.visits import Visit

#: What each reason for a missing answer means.
REASON_MEANINGS: Mapping[Missing, str] = {
    Missing.UNKNOWN: N_("Asked. The person does not know."),
    Missing.REFUSED: N_("Asked. The person chose not to say."),
    Missing.NOT_ASKED: N_("We have not asked yet."),
    Missing.NOT_APPLICABLE: N_("The question makes no sense here."),
}
_KINDS = {"long_text": "long_text", "integer": "figure", "decimal": "figure"}


@dataclass(frozen=True, slots=True)
class Shown:
    """One answer on a page. ``kind`` decides how it is drawn."""

    kind: str
    text: str = ""
    url: str | None = None
    state: str | None = None
    lang: str | None = None
    note: str | None = None


BLANK = Shown("blank")


def is_asked(field: FieldDefinition) -> bool:
    """Whether an empty field is a gap: it is required, or somebody thought about why it may have no answer."""
    return field.required or bool(field.missing_reasons)


def show(
    visit: Visit,
    field: FieldDefinition,
    answer: Answer,
    labels: Mapping[uuid.UUID, str],
    edit_url: str | None = None,
) -> Shown:
    """``edit_url`` is where a gap leads; without one it is said and leads nowhere."""
    if answer is None:
        return Shown("gap", url=edit_url) if is_asked(field) else BLANK
    if isinstance(answer, Missing):
        return Shown("missing", gettext(REASON_LABELS[answer]))
    family = field_type(field.type).family
    if isinstance(answer, dt.date):
        return Shown("text", _date_words(visit, answer))
    text = display(answer, field, visit.release, visit.language, labels)
    if family == "reference" and isinstance(answer, uuid.UUID):
        return _link(visit, field, answer, labels)
    if family == "code":
        option = visit.words.options(field).get(str(answer))
        return Shown("status" if option and option.state else "code", text, state=option.state if option else None)
    return Shown(_KINDS.get(family, "text"), text)


def _date_words(visit: Visit, answer: dt.date) -> str:
    if isinstance(answer, dt.datetime):
        return moment_words(answer, visit.release.time_zone, visit.language)
    return day_words(answer, visit.language)


def _link(visit: Visit, field: FieldDefinition, answer: uuid.UUID, labels: Mapping[uuid.UUID, str]) -> Shown:
    if answer not in labels:
        return Shown("text", gettext("A record that was deleted"))
    url = url_for("records.record", slug=visit.slug, object_name=field.options["object"], record_id=answer)
    return Shown("link", labels[answer], url=url)


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


def show_named(visit: Visit, record: Record, name: str, edit_url: str | None = None) -> Shown | None:
    """A defined or a system field by name; ``None`` for one the reader may not see."""
    definition = visit.release.object(record.object).definition
    field = definition.by_name.get(name)
    if field is None:
        return show_system(visit, record, name)
    if name not in record.answers:
        return None
    return show(visit, field, record.answers[name], record.labels, edit_url)


def without_link(shown: Shown) -> Shown:
    """The same answer where a link would lead away from what is being done."""
    if shown.kind == "link":
        return replace(shown, kind="text", url=None)
    return replace(shown, url=None)
