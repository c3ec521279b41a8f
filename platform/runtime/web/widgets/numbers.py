"""Numbers: boxes of text with a number keyboard, so that the digits of every script go in."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from amparo.metadata.model import FieldDefinition
from amparo.runtime.web.widgets.base import Entry, Widget


class IntegerWidget(Widget):
    name = "integer"
    kind = "figure"
    is_figure = True


class DecimalWidget(Widget):
    name = "decimal"
    kind = "figure"
    is_figure = True

    def entry(self, definition: FieldDefinition, value: Any, zone: ZoneInfo) -> Entry:
        return Entry(format(Decimal(value), "f"))
