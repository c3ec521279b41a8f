"""Formulas in plain words, in a language of the interface and with an organisation's own labels."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from markupsafe import Markup, escape

from amparo.metadata.formulas.phrases import Counted
from amparo.metadata.missing import Missing
from amparo.metadata.model import Application, FieldDefinition
from amparo.runtime.locales import short_day_words
from amparo.runtime.serializer.wording import REASON_LABELS, SYSTEM_LABELS, translated, translated_count


class ReadingWords:
    """The words of :func:`~amparo.metadata.formulas.reading_aloud.read_aloud`, as plain text."""

    def __init__(self, application: Application, language: str) -> None:
        self._application = application
        self._language = language

    def _phrase(self, text: str) -> str:
        return text

    def _label(self, text: str) -> str:
        return text

    def say(self, phrase: str, slots: Mapping[str, str]) -> str:
        return self._phrase(translated(phrase, self._language)).format(**slots)

    def count(self, phrase: Counted, number: int, slots: Mapping[str, str]) -> str:
        return self._phrase(translated_count(*phrase, number, self._language)).format(number=number, **slots)

    def join(self, parts: Sequence[str]) -> str:
        return self._phrase(translated(", ", self._language)).join(parts)

    def field(self, owners: Sequence[str], name: str) -> str:
        definition = self._field(owners, name)
        if definition is None:
            return self._label(translated(SYSTEM_LABELS.get(name, name), self._language))
        return self._label(self._text(definition.id, definition.label))

    def option(self, owners: Sequence[str], name: str, code: str) -> str:
        definition = self._field(owners, name)
        picklist = self._application.picklists.get(str(definition.options.get("picklist"))) if definition else None
        option = picklist.by_code.get(code) if picklist else None
        if picklist is None or option is None:
            return self._label(code)
        return self._label(self._text(f"{picklist.id}:{code}", option.label))

    def day(self, day: dt.date) -> str:
        return short_day_words(day, self._language)

    def kind(self, object_name: str, name: str) -> str:
        kinds = self._application.objects[object_name].record_types
        return next((self._label(self._text(each.id, each.label)) for each in kinds if each.name == name),
                    self._label(name))  # fmt: skip

    def reason(self, code: str) -> str:
        known = code in Missing._value2member_map_
        return self._label(translated(REASON_LABELS[Missing(code)], self._language) if known else code)

    def _field(self, owners: Sequence[str], name: str) -> FieldDefinition | None:
        definitions = (self._application.objects[each].by_name.get(name) for each in owners)
        return next((each for each in definitions if each is not None), None)

    def _text(self, definition: str, label: str) -> str:
        return self._application.text(definition, "label", label, self._language)


class MarkedReadingWords(ReadingWords):
    """The same as HTML, in which labels stand out and keep their direction."""

    def _phrase(self, text: str) -> str:
        return escape(text)

    def _label(self, text: str) -> str:
        return Markup("<b><bdi>{}</bdi></b>").format(text)
