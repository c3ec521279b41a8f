"""Several options in one cell, as people write them."""

from __future__ import annotations

import re
from collections.abc import Container
from itertools import islice

from amparo.metadata.fields.registry import field_type
from amparo.metadata.model import FieldDefinition
from amparo.runtime.transfer.comparable_texts import comparable

#: A comma of any script Amparo speaks.
_COMMA = re.compile("[,\u060c]")
#: Between commas; a text of more is no selection.
_MOST_PARTS = 48


def has_several(definition: FieldDefinition) -> bool:
    """Whether an answer may be several options."""
    return field_type(definition.type).family == "codes"


def parts_of(definition: FieldDefinition, cell: str, known: Container[str]) -> list[str]:
    """The texts of a cell that each stand for one option; ``known`` as for :func:`selections`."""
    return selections(cell, known) if has_several(definition) else [cell]


def selections(cell: str, known: Container[str]) -> list[str]:
    """The options that a cell of a multi-select names, parted by semicolons, bars, new lines or commas.

    Labels may hold a comma themselves, so one parts only where every part is
    among ``known``, the comparable texts of options, and in one way only.
    """
    parts = (part for part in re.split(r"[;|\n]", cell) if part.strip())
    return [each for part in parts for each in (_between_commas(part, known) or [part])]


def _between_commas(text: str, known: Container[str]) -> list[str]:
    """The only way to cut a text at some of its commas into known texts; empty where there is none, or another."""
    ends = [*(comma.start() for comma in _COMMA.finditer(text)), len(text)]
    if not 1 < len(ends) <= _MOST_PARTS or comparable(text) in known:
        return []
    # Comma -> the ways to cut what stands before it. Two are kept: enough to know that none is the only one.
    ways: dict[int, list[list[str]]] = {-1: [[]]}
    for end in ends:
        parts = [(before, text[start + 1 : end]) for start, before in ways.items() if before]
        longer = ([*way, part] for before, part in parts if comparable(part) in known for way in before)
        ways[end] = list(islice(longer, 2))
    whole = ways[len(text)]
    return whole[0] if len(whole) == 1 else []
