"""Addresses: a box for each part, the country out of a list."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import asdict
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from amparo.metadata.addresses import PARTS, Address
from amparo.metadata.fields.base import Answer
from amparo.metadata.model import FieldDefinition
from amparo.metadata.standard_codes import COUNTRIES
from amparo.runtime.collation.alphabets import alphabet_of
from amparo.runtime.collation.keys import sort_key
from amparo.runtime.fields.address import address_lines
from amparo.runtime.fields.standard_names import country_name
from amparo.runtime.web.visits import Visit
from amparo.runtime.web.widgets.base import Choice, Entry, Form, Question, Shown, Widget


class AddressWidget(Widget):
    name = "address"
    kind = "lines"

    def typed(self, form: Form, name: str) -> Entry:
        # Browsers send every line break as CR LF, whatever stood in the box.
        return Entry(parts={part: form.get(f"{name}.{part}", "").replace("\r\n", "\n") for part in PARTS})

    def input(self, definition: FieldDefinition, entry: Entry) -> Any:
        """The parts as JSON text, also those that are wrong, for the field type to refuse in its words."""
        known = {part: text for part, text in entry.parts.items() if text}
        return json.dumps(known, ensure_ascii=False) if known else None

    def entry(self, definition: FieldDefinition, value: Any, zone: ZoneInfo) -> Entry:
        return Entry(parts=asdict(value))

    def dress(self, question: Question, visit: Visit, definition: FieldDefinition, entry: Entry) -> None:
        question.parts = entry.parts
        question.options = _countries(visit.language)
        typed = entry.parts.get("country", "")
        if typed and typed not in COUNTRIES:
            # A code that is none, from a form not made here, is shown and not dropped.
            question.options = [*question.options, Choice(typed, typed)]

    def shown(
        self,
        visit: Visit,
        definition: FieldDefinition,
        value: Answer,
        labels: Mapping[uuid.UUID, str],
        beside: Mapping[str, Answer],
    ) -> Shown:
        return Shown(self.kind, "\n".join(address_lines(value, visit.language)) if isinstance(value, Address) else "")


@lru_cache(maxsize=32)
def _countries(language: str) -> tuple[Choice, ...]:
    """In the order of their names."""
    choices = [Choice(code, country_name(code, language)) for code in COUNTRIES]
    return tuple(sorted(choices, key=lambda choice: sort_key(choice.label, alphabet_of(language))))
