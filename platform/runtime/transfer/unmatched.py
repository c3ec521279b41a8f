"""Texts of a file that stand for no option of their field, for a person to say what they mean."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass

from amparo.metadata.fields.registry import field_type
from amparo.metadata.missing import Missing
from amparo.metadata.model import Application, FieldDefinition
from amparo.runtime.transfer.cells import Cell, plain_text
from amparo.runtime.transfer.comparable_texts import comparable
from amparo.runtime.transfer.mapping import ColumnMapping
from amparo.runtime.transfer.option_texts import has_codes, option_texts
from amparo.runtime.transfer.selections import parts_of
from amparo.runtime.transfer.truths import names_truth

#: How many of one column are asked at once.
MOST_ASKED = 40


@dataclass(frozen=True, slots=True)
class AskedText:
    """``meaning`` is a code, a reason, ``None`` for blank; ``is_said`` tells that from not said yet."""

    text: str
    meaning: str | Missing | None
    is_said: bool


def texts_to_ask(
    application: Application, field: FieldDefinition, column: ColumnMapping, cells: Iterable[Cell]
) -> list[AskedText]:
    """Texts of a column that are neither code nor label, of a checkbox neither yes nor no.

    Those that the mapping names come first, then those nobody named.
    """
    texts = option_texts(application, field)
    said: dict[str, str | Missing | None] = {**column.values, **column.missing}
    asked = {comparable(text): AskedText(text, meaning, is_said=True) for text, meaning in said.items()}
    for text in _texts(field, cells, texts.known | asked.keys()):
        if text.strip():
            asked.setdefault(comparable(text), AskedText(text.strip(), None, is_said=False))
    is_clear = names_truth if _is_checkbox(field) else texts.code
    return [each for each in asked.values() if not is_clear(each.text)][:MOST_ASKED]


def is_asked(application: Application, field: FieldDefinition) -> bool:
    """Whether texts of files are answers of the field only where they are known, so that others may be asked."""
    return has_codes(application, field) or _is_checkbox(field)


def _is_checkbox(field: FieldDefinition) -> bool:
    return field_type(field.type).family == "boolean"


def _texts(field: FieldDefinition, cells: Iterable[Cell], known: Container[str]) -> Sequence[str]:
    found: dict[str, None] = {}
    for cell in cells:
        if cell == "" or isinstance(cell, Missing):
            continue
        found |= dict.fromkeys(parts_of(field, plain_text(cell), known))
    return list(found)
