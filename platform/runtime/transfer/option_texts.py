"""The texts by which the cells of a file name the options of a field."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence

from amparo.metadata.fields.registry import field_type
from amparo.metadata.model import Application, FieldDefinition, Option, Picklist
from amparo.runtime.fields.standard_names import UNDERSTOOD, other_names, standard_name
from amparo.runtime.searching import normalised
from amparo.runtime.transfer.standard_sheet import preferred, standard_texts

#: Marks that say in which direction a text runs; programs put them into cells and nobody sees them.
_DIRECTIONS = dict.fromkeys(map(ord, "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))
#: A comma of any script Amparo speaks.
_COMMA = re.compile("[,\u060c]")
#: A text with more commas is no selection.
_MOST_CUTS = 50


def comparable(text: str) -> str:
    """Texts that people take for the same: without case, accents, white space around and marks of direction."""
    return normalised((text if text.isascii() else text.translate(_DIRECTIONS)).strip())


def has_codes(application: Application, definition: FieldDefinition) -> bool:
    return field_type(definition.type).choices(definition, application) is not None


def codes_of(application: Application, definition: FieldDefinition) -> frozenset[str]:
    """Every code that a field's answers may hold, as it is written."""
    choices = field_type(definition.type).choices(definition, application)
    return frozenset(choices.by_code if choices else ())


def codes_by_text(application: Application, definition: FieldDefinition) -> dict[str, str]:
    """Comparable code, label in any language or word of the data standard -> code.

    A label that two options share names neither, and so does a word of the
    standard, which stands behind the organisation's own: see
    :func:`shared_standard_texts`.
    """
    found: dict[str, str] = {}
    shared: set[str] = set()
    choices = field_type(definition.type).choices(definition, application)
    options = choices.options if choices else ()
    for option in options:
        for text in _labels(application, definition, choices, option) if choices else ():
            if found.setdefault(text, option.code) != option.code:
                shared.add(text)
    for text in shared:
        del found[text]
    found |= {comparable(option.code): option.code for option in options}
    return {
        text: held[0].code for text, held in _by_standard_text(definition, options).items() if len(held) == 1
    } | found


def shared_standard_texts(application: Application, definition: FieldDefinition) -> dict[str, str]:
    """Words of the data standard that several options share -> the code that is meant first."""
    choices = field_type(definition.type).choices(definition, application)
    found = _by_standard_text(definition, choices.options if choices else (), as_written=True)
    own = codes_by_text(application, definition)
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
    """Comparable labels of an option in every language of the application; of a standard list, also in Amparo's own."""
    translations = application.translations.values()
    translated = (texts.get(f"{choices.id}:{option.code}", {}).get("label") for texts in translations)
    languages = dict.fromkeys((*UNDERSTOOD, *application.languages))
    standard = (standard_name(definition.type, option.code, language) for language in languages)
    others = other_names(definition.type, option.code)
    return {comparable(text) for text in (option.label, *translated, *standard, *others) if text}


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
