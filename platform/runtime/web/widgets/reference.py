"""Another record, found by its name."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from flask import url_for
from flask_babel import gettext

from amparo.metadata.fields.base import Answer
from amparo.metadata.model import FieldDefinition
from amparo.runtime.access import Permission
from amparo.runtime.web.visits import Visit
from amparo.runtime.web.widgets.base import Entry, Form, Question, Shown, Widget


class FoundWidget(Widget):
    """An answer that is looked for by a name, typed in one box, and chosen out of what was found."""

    def typed(self, form: Form, name: str) -> Entry:
        return Entry(form.get(name, ""), query=form.get(f"{name}.query", ""))


class ReferenceWidget(FoundWidget):
    name = "reference"

    def dress(self, question: Question, visit: Visit, definition: FieldDefinition, entry: Entry) -> None:
        target = str(definition.options["object"])
        question.query = entry.query
        question.source = url_for("finding.find", slug=visit.slug, object_name=target)
        if visit.actor.may(Permission.RECORDS_CREATE):
            question.add_url = url_for("forms.new", slug=visit.slug, object_name=target)

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
        url = url_for("records.record", slug=visit.slug, object_name=definition.options["object"], record_id=value)
        return Shown("link", labels[value], url=url)
