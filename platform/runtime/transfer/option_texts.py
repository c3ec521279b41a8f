"""The texts by which the cells of a file name the options of a field."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass

from amparo.metadata.fields.registry import field_type
from amparo.metadata.model import Application, FieldDefinition, Option, Picklist
from amparo.runtime.fields.standard_names import UNDERSTOOD, other_names, standard_name
from amparo.runtime.transfer.comparable_texts import comparable
from amparo.runtime.transfer.standard_sheet import preferred, standard_texts


def has_codes(application: Application, definition: FieldDefinition) -> bool:
    return field_type(definition.type).choices(definition, application) is not None


def codes_of(application: Application, definition: FieldDefinition) -> frozenset[str]:
    """Every code that a field's answers may hold, as it is written."""
    choices = field_type(definition.type).choices(definition, application)
    return frozenset(choices.by_code if choices else ())


@dataclass(frozen=True, slots=True)
class OptionTexts:
    """What names the options of a field: codes, labels in any language, words of the data standard.

    ``as_written`` and ``comparable`` lead from a text to its code. Texts that
    differ as written may be alike as :func:`comparable`, such as Áo (Austria in
    Vietnamese) and AO (Angola): nothing leads from what two options share.
    ``known`` has every comparable text. ``shared`` leads from words of the data
    standard that several options have, as they are written, to the code that is
    meant first; the other three have none of them.
    """

    as_written: dict[str, str]
    comparable: dict[str, str]
    known: frozenset[str]
    shared: dict[str, str]

    @property
    def only_as_written(self) -> frozenset[str]:
        """Texts of which another spelling may mean another option."""
        return frozenset(text for text in self.as_written if comparable(text) not in self.comparable)

    def code(self, text: str) -> str | None:
        return self.as_written.get(text.strip()) or self.comparable.get(comparable(text))


def option_texts(application: Application, definition: FieldDefinition) -> OptionTexts:
    """The organisation's own codes and labels come before the words of the standard."""
    choices = field_type(definition.type).choices(definition, application)
    if choices is None:
        return OptionTexts({}, {}, frozenset(), {})
    labels = [(text, each.code) for each in choices.options for text in _labels(application, definition, choices, each)]
    codes = [(each.code, each.code) for each in choices.options]
    own = [(comparable(text), code) for text, code in (*labels, *codes)]
    words = [(word, each) for each in choices.options if each.active for word in _standard_words(definition, each)]
    standard = _unshared((comparable(word), each.code) for word, each in words)
    known = frozenset((*standard, *(text for text, _ in own)))
    return OptionTexts(_unshared(labels) | dict(codes), standard | _unshared(own), known, _shared(words, known))


def _unshared(texts: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Texts that lead to one code only."""
    found: dict[str, set[str]] = {}
    for text, code in texts:
        found.setdefault(text, set()).add(code)
    return {text: codes.pop() for text, codes in found.items() if len(codes) == 1}


def _shared(words: Iterable[tuple[str, Option]], known: Container[str]) -> dict[str, str]:
    """Words of several options, unless they are known for another reason -> the code that is meant first."""
    found: dict[str, list[Option]] = {}
    for word, option in words:
        found.setdefault(word, []).append(option)
    return {
        word: preferred(held).code for word, held in found.items() if len(held) > 1 and comparable(word) not in known
    }


def _standard_words(definition: FieldDefinition, option: Option) -> list[str]:
    return [word for word in dict.fromkeys(standard_texts(definition, option)) if word]


def _labels(application: Application, definition: FieldDefinition, choices: Picklist, option: Option) -> set[str]:
    """The labels of an option in every language of the application; of a standard list, also in Amparo's own."""
    translations = application.translations.values()
    translated = (texts.get(f"{choices.id}:{option.code}", {}).get("label") for texts in translations)
    languages = dict.fromkeys((*UNDERSTOOD, *application.languages))
    standard = (standard_name(definition.type, option.code, language) for language in languages)
    others = other_names(definition.type, option.code)
    return {text.strip() for text in (option.label, *translated, *standard, *others) if text}
