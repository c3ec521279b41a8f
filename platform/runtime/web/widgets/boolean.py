"""Yes or no."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext

from amparo.metadata.model import FieldDefinition
from amparo.runtime.web.visits import Visit
from amparo.runtime.web.widgets.base import Choice, Entry, Widget


class BooleanWidget(Widget):
    name = "boolean"

    def entry(self, definition: FieldDefinition, value: Any, zone: ZoneInfo) -> Entry:
        return Entry("true" if value else "false")

    def filter_choices(self, visit: Visit, definition: FieldDefinition) -> list[Choice]:
        return [Choice("true", gettext("Yes")), Choice("false", gettext("No"))]

    def operand_words(self, visit: Visit, definition: FieldDefinition, text: str) -> str:
        return gettext("Yes") if text.lower() in ("true", "yes", "1", "on") else gettext("No")
