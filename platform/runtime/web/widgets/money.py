"""Amounts and percentages: numbers with a sign beside the box."""

from __future__ import annotations

from amparo.metadata.model import FieldDefinition
from amparo.runtime.fields.currency import currency_sign
from amparo.runtime.web.visits import Visit
from amparo.runtime.web.widgets.base import Entry, Question
from amparo.runtime.web.widgets.numbers import DecimalWidget


class CurrencyWidget(DecimalWidget):
    """Where another answer says which currency it is, no sign stands there."""

    name = "currency"

    def dress(self, question: Question, visit: Visit, definition: FieldDefinition, entry: Entry) -> None:
        code = definition.options.get("currency")
        question.unit = currency_sign(code, visit.language) if code else ""


class PercentWidget(DecimalWidget):
    name = "percent"

    def dress(self, question: Question, visit: Visit, definition: FieldDefinition, entry: Entry) -> None:
        question.unit = "%"
