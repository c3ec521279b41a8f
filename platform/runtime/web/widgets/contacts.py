"""Ways to reach somebody: boxes with the right keyboard, answers that open a program."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from amparo.metadata.fields.base import Answer
from amparo.metadata.fields.url import is_web_address
from amparo.metadata.model import FieldDefinition
from amparo.runtime.fields.phone import dialled, phone_words
from amparo.runtime.serializer import display
from amparo.runtime.web.visits import Visit
from amparo.runtime.web.widgets.base import Entry, Question, Shown, Widget


class _ContactWidget(Widget):
    kind = "outside"
    #: The browser's name for what is typed.
    input_type: ClassVar[str]

    def dress(self, question: Question, visit: Visit, definition: FieldDefinition, entry: Entry) -> None:
        question.input_type = self.input_type
        question.width = "full"

    def shown(
        self,
        visit: Visit,
        definition: FieldDefinition,
        value: Answer,
        labels: Mapping[uuid.UUID, str],
        beside: Mapping[str, Answer],
    ) -> Shown:
        """A link; what no program can open, such as an answer of the field's earlier type, is text."""
        words = display(value, definition, visit.release, visit.language, labels, beside=beside)
        address = self.address(str(value))
        return Shown(self.kind, words, url=address) if address else Shown("text", words)

    def address(self, value: str) -> str | None:
        raise NotImplementedError

    def operand_words(self, visit: Visit, definition: FieldDefinition, text: str) -> str:
        return display(text, definition, visit.release, visit.language, {})


class EmailWidget(_ContactWidget):
    name = "email"
    input_type = "email"

    def address(self, value: str) -> str | None:
        return f"mailto:{value}" if "@" in value else None


class PhoneWidget(_ContactWidget):
    name = "phone"
    input_type = "tel"

    def entry(self, definition: FieldDefinition, value: Any, zone: ZoneInfo) -> Entry:
        return Entry(phone_words(value, definition))

    def address(self, value: str) -> str | None:
        return dialled(value)


class UrlWidget(_ContactWidget):
    name = "url"
    input_type = "url"

    def address(self, value: str) -> str | None:
        return value if is_web_address(value) else None
