"""The texts by which the cells of a file name the options of a field."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass

from amparo.metadata.fields.registry import field_type
from amparo.metadata.model import Application, FieldDefinition, Option, Picklist
from amparo.runtime.fields.standard_names import UNDERSTOOD, other_names, standard_name
from amparo.runtime.searching import normalised
from amparo.runtime.transfer.standard_sheet import preferred, standard_texts

#: Marks that say in which direction a text runs; programs put them into cells and nobody sees them.
_DIRECTIONS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
#: Office programs write other apostrophes and hyphens than keyboards.
_AS_TYPED = dict.fromkeys(map(ord, _DIRECTIONS)) | str.maketrans("\u2018\u2019\u02bc\u2010\u2011\u2013", "'''---")
#: A comma of any script Amparo speaks.
_COMMA = re.compile("[,\u060c]")
#: A text with more commas is no selection.
_MOST_CUTS = 50


def comparable(text: str) -> str:
    """Texts that people take for the same: case, accents, space around, kinds of apostrophes do not count."""
    return normalised((text if text.isascii() else text.translate(_AS_TYPED)).strip())


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
    ``known`` has every comparable text.
    """

    as_written: dict[str, str]
    comparable: dict[str, str]
    known: frozenset[str]

    @property
    def only_as_written(self) -> frozenset[str]:
        """Texts of which another spelling may mean another option."""
        return frozenset(text for text in self.as_written if comparable(text) not in self.comparable)

    def code(self, text: str) -> str | None:
        return self.as_written.get(text.strip()) or self.comparable.get(comparable(text))


def option_texts(application: Application, definition: FieldDefinition) -> OptionTexts:
    """The words of the standard stand behind the organisation's own: see :func:`shared_standard_texts`."""
    choices = field_type(definition.type).choices(definition, application)
    if choices is None:
        return OptionTexts({}, {}, frozenset())
    options = choices.options
    texts = [(text, each.code) for each in options for text in _labels(application, definition, choices, each)]
    codes = [(each.code, each.code) for each in options]
    own = [(comparable(text), code) for text, code in (*texts, *codes)]
    standard = {text: held[0].code for text, held in _by_standard_text(definition, options).items() if len(held) == 1}
    known = frozenset((*standard, *(text for text, _ in own)))
    return OptionTexts(_unshared(texts) | dict(codes), standard | _unshared(own), known)


def _unshared(texts: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Texts that lead to one code only."""
    found: dict[str, set[str]] = {}
    for text, code in texts:
        found.setdefault(text, set()).add(code)
    return {text: codes.pop() for text, codes in found.items() if len(codes) == 1}


def shared_standard_texts(application: Application, definition: FieldDefinition) -> dict[str, str]:
    """Words of the data standard that several options share -> the code that is meant first."""
    choices = field_type(definition.type).choices(definition, application)
    found = _by_standard_text(definition, choices.options if choices else (), as_written=True)
    own = option_texts(application, definition).known
    return {text: preferred(held).code for text, held in found.items() if len(held) > 1 and comparable(text) not in own}


def _by_standard_text(
    definition: FieldDefinition, options: Sequence[Option], *, as_written: bool = False
) -> dict[str, list[Option]]:
    found: dict[str, list[Option]] = {}
    for option in (each for each in options if each.active):
        for text in {each if as_written else comparable(each) for each in standard_texts(definition, option) if each}:
            found.setdefault(text, []).append(option)
    return found


def _labels(application: Application, definition: FieldDefinition, choices: Picklist, option: Option) -> set[str]:
    """The labels of an option in every language of the application; of a standard list, also in Amparo's own."""
    translations = application.translations.values()
    translated = (texts.get(f"{choices.id}:{option.code}", {}).get("label") for texts in translations)
    languages = dict.fromkeys((*UNDERSTOOD, *application.languages))
    standard = (standard_name(definition.type, option.code, language) for language in languages)
    others = other_names(definition.type, option.code)
    return {text.strip() for text in (option.label, *translated, *standard, *others) if text}


def parts_of(definition: FieldDefinition, cell: str, known: Container[str]) -> list[str]:
    """The texts of a cell that each stand for one option; ``known`` as for :func:`selections`."""
    return selections(cell, known) if has_several(definition) else [cell]


def has_several(definition: FieldDefinition) -> bool:
    """Whether an answer may be several options."""
    return field_type(definition.type).family == "codes"


def selections(cell: str, known: Container[str]) -> list[str]:
    """The options that a cell of a multi-select names, parted by semicolons, bars, new lines or commas.

    Labels may hold a comma themselves, so one parts only where every part is
    among ``known``, the comparable texts of options, and in one way only.
    """
    parts = (part for part in re.split(r"[;|\n]", cell) if part.strip())
    return [each for part in parts for each in (_between_commas(part, known) or [part])]


def _between_commas(text: str, known: Container[str]) -> list[str]:
    """The only way to cut a text at some of its commas into known texts; empty where there is none, or another."""
    cuts = [-1, *(comma.start() for comma in _COMMA.finditer(text)), len(text)]
    if not 2 < len(cuts) < _MOST_CUTS or comparable(text) in known:
        return []
    # For each cut up to two ways to go on from there, found from the end.
    ways: list[list[list[str]]] = [[] for _ in cuts[:-1]] + [[[]]]
    for at, start in reversed(list(enumerate(cuts[:-1]))):
        for end in range(at + 1, len(cuts)):
            part = text[start + 1 : cuts[end]]
            if ways[end] and comparable(part) in known:
                ways[at] += [[part, *rest] for rest in ways[end]]
        del ways[at][2:]
    return ways[0][0] if len(ways[0]) == 1 else []
