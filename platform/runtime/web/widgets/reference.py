"""Another record, found by its name."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from flask import url_for
from flask_babel import gettext

from amparo.metadata.fields.base import Answer
from amparo.metadata.model import FieldDefinition
from amparo.runtime.access import Permission
from amparo.runtime.serializer import Name, name_for_people
from amparo.runtime.web.addresses import new_url, record_url
from amparo.runtime.web.visits import Visit
from amparo.runtime.web.widgets.base import Entry, Form, Question, Shown, Widget


class FoundWidget(Widget):
    """An answer that is looked for by a name, typed in one box, and chosen out of what was found."""

    def typed(self, form: Form, name: str) -> Entry:
        return Entry(form.get(name, ""), query=form.get(f"{name}.query", ""))


class ReferenceWidget(FoundWidget):
    name = "reference"

    def dress(self, question: Question, visit: Visit, definition: FieldDefinition, entry: Entry) -> None:
        question.query = entry.query
        question.source = finding_url(visit, definition)
        if visit.actor.may(Permission.RECORDS_CREATE):
            question.additions = [
                (visit.words.object(visit.release.object(name).definition), new_url(visit, name))
                for name in definition.targets
            ]

    def shown(
        self,
        visit: Visit,
        definition: FieldDefinition,
        value: Answer,
        labels: Mapping[uuid.UUID, str],
        beside: Mapping[str, Answer],
    ) -> Shown:
        if not isinstance(value, uuid.UUID) or value not in labels:
            return Shown("text", gettext("A record that was deleted"))
        name = labels[value]
        words = name_for_people(name, definition, visit.release, visit.language)
        return Shown("link", words, url=record_url(visit, object_of(definition, name), value), brief=name)


def finding_url(visit: Visit, definition: FieldDefinition, additions: str | None = None) -> str:
    """Where a script asks what a lookup may point to; ``additions="no"`` where a new record is no answer."""
    first, *others = definition.targets
    return url_for("finding.find", slug=visit.slug, object_name=first, also=others, additions=additions)


def object_of(definition: FieldDefinition, name: str) -> str:
    """The object of a record that a lookup points to; its name knows where there are several."""
    known = name.object if isinstance(name, Name) else None
    return known or definition.targets[0]


def object_words(visit: Visit, definition: FieldDefinition, name: str) -> str:
    """What a record that was chosen is, where it may be of several objects."""
    if len(definition.targets) == 1:
        return ""
    return visit.words.object(visit.release.object(object_of(definition, name)).definition)
