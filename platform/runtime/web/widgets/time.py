"""Times of the day."""

from __future__ import annotations

from flask_babel import gettext

from amparo.metadata.model import FieldDefinition
from amparo.runtime.serializer import display
from amparo.runtime.web.visits import Visit
from amparo.runtime.web.widgets.base import Entry, Question, Widget


class TimeWidget(Widget):
    name = "time"

    def dress(self, question: Question, visit: Visit, definition: FieldDefinition, entry: Entry) -> None:
        question.width = "short"
        question.unit = gettext("as 14:30 or 2:30 pm")

    def operand_words(self, visit: Visit, definition: FieldDefinition, text: str) -> str:
        return display(text, definition, visit.release, visit.language, {})
