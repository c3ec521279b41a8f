"""Formatted text: typed with a few signs, shown as HTML."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from markupsafe import Markup

from amparo.metadata.fields.base import Answer
from amparo.metadata.model import FieldDefinition
from amparo.metadata.rich_text import canonical_html, typed_text
from amparo.runtime.web.visits import Visit
from amparo.runtime.web.widgets.base import Entry, Question, Shown
from amparo.runtime.web.widgets.text import LongTextWidget


class RichTextWidget(LongTextWidget):
    name = "rich_text"
    kind = "rich_text"

    def dress(self, question: Question, visit: Visit, definition: FieldDefinition, entry: Entry) -> None:
        question.rows = 8

    def entry(self, definition: FieldDefinition, value: Any, zone: ZoneInfo) -> Entry:
        return Entry(typed_text(value))

    def shown(
        self,
        visit: Visit,
        definition: FieldDefinition,
        value: Answer,
        labels: Mapping[uuid.UUID, str],
        beside: Mapping[str, Answer],
    ) -> Shown:
        # Cleaned again, because the store may hold an answer of the field's earlier type.
        return Shown(self.kind, Markup(canonical_html(str(value))))  # noqa: S704
