"""Times of the day as the reader's language writes them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from babel.dates import format_time

from amparo.metadata.model import FieldDefinition
from amparo.runtime.fields.base import Reader, Words
from amparo.runtime.locales import calendar_locale_of


class TimeWords(Words):
    name = "time"

    def display(self, value: Any, definition: FieldDefinition, reader: Reader) -> str:
        try:
            time = dt.time.fromisoformat(value)
        except ValueError:
            return str(value)
        return format_time(time, "medium" if time.second else "short", locale=calendar_locale_of(reader.language))

    def exported(self, value: Any, definition: FieldDefinition, reader: Reader) -> str:
        return str(value)
