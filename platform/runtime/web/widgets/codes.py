"""Answers chosen from a list: one, or several."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from amparo.metadata.fields.base import Answer
from amparo.metadata.model import FieldDefinition
from amparo.runtime.serializer import display
from amparo.runtime.web.visits import Visit
from amparo.runtime.web.widgets.base import Choice, Entry, Form, Question, Shown, Widget


class CodeWidget(Widget):
    name = "code"

    def dress(self, question: Question, visit: Visit, definition: FieldDefinition, entry: Entry) -> None:
        """Options that can no longer be chosen are shown only where they are the answer."""
        active = visit.words.active_options(definition)
        question.options = tuple(active.values())
        held = {entry.value, *entry.codes} - active.keys() - {""}
        if held:
            known = visit.words.options(definition)
            gone = [known[code] if code in known else Choice(code, code) for code in sorted(held)]
            question.options = [*active.values(), *gone]

    def shown(
        self,
        visit: Visit,
        definition: FieldDefinition,
        value: Answer,
        labels: Mapping[uuid.UUID, str],
        beside: Mapping[str, Answer],
    ) -> Shown:
        option = visit.words.options(definition).get(str(value))
        if option is None:
            return Shown("code", display(value, definition, visit.release, visit.language, labels))
        return Shown("status" if option.state else "code", option.label, state=option.state)

    def filter_choices(self, visit: Visit, definition: FieldDefinition) -> list[Choice]:
        return [Choice(option.code, option.label) for option in visit.words.options(definition).values()]

    def operand_words(self, visit: Visit, definition: FieldDefinition, text: str) -> str:
        option = visit.words.options(definition).get(text)
        return option.label if option else text


class CodesWidget(CodeWidget):
    name = "codes"
    is_wide = True

    def typed(self, form: Form, name: str) -> Entry:
        return Entry(codes=tuple(form.getlist(name)))

    def input(self, definition: FieldDefinition, entry: Entry) -> Any:
        return list(entry.codes) or None

    def entry(self, definition: FieldDefinition, value: Any, zone: ZoneInfo) -> Entry:
        return Entry(codes=tuple(value))

    def shown(
        self,
        visit: Visit,
        definition: FieldDefinition,
        value: Answer,
        labels: Mapping[uuid.UUID, str],
        beside: Mapping[str, Answer],
    ) -> Shown:
        return Shown(self.kind, display(value, definition, visit.release, visit.language, labels))
