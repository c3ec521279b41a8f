"""Problems with definitions and with answers, as data.

A problem says what kind it is, where it is, which value caused it and what
would do. Problems are collected all at once, sorted, and rendered last, so
that a page, a command and an import row can each say them in their own way
and in the reader's language.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong.

    ``kind`` is a stable word such as ``unknown_name`` or ``too_long``;
    ``path`` is where (``objects/case.json: fields[3].picklist`` for a
    definition, the field's name for an answer); ``value`` is what stood there;
    ``advice`` is one English sentence with ``{slots}`` filled from ``params``,
    and is the message id under which it is translated. A slot that is a label
    of the organisation's has its id beside it: ``option`` and ``option_id``;
    one of several labels is :class:`~amparo.metadata.wording.DefinedLabels`.
    Of a validation rule
    it is the rule's own message, and ``definition`` the rule's id, under which
    the organisation's translations have it.
    """

    kind: str
    path: str
    value: Any = None
    advice: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)
    definition: str = ""

    @property
    def message(self) -> str:
        """The advice in English with its slots filled."""
        return self.advice.format(**self.params) if self.params else self.advice

    def sentence(self) -> dict[str, Any]:
        """What a report keeps, so that pages say the problem in the language of whoever reads it, for JSON."""
        params = {name: str(value) for name, value in self.params.items()}
        return {"advice": self.advice, "params": params, "definition": self.definition}

    def __str__(self) -> str:
        where = f"{self.path}: " if self.path else ""
        return f"{where}{self.message} [{self.kind}]"


def sort_problems(problems: Iterable[Problem]) -> list[Problem]:
    """Stable order: by path with numbers compared as numbers, then kind and advice."""
    return sorted(problems, key=lambda p: (_natural(p.path), p.kind, p.message))


def _natural(path: str) -> tuple[tuple[int, int, str], ...]:
    parts: list[tuple[int, int, str]] = []
    digits = ""
    for char in path + "\0":
        if char.isascii() and char.isdigit():
            digits += char
            continue
        if digits:
            parts.append((0, int(digits), ""))
            digits = ""
        parts.append((1, 0, char))
    return tuple(parts)


#: An entry by its name, or one of a list by its number.
Step = str | int


@dataclass(frozen=True, slots=True)
class Path:
    """Builds the path of a place in a file: ``Path("objects/case.json") / "fields" / 3``."""

    file: str
    steps: tuple[Step, ...] = ()

    def __truediv__(self, step: Step) -> Path:
        return Path(self.file, (*self.steps, step))

    def __str__(self) -> str:
        text = ""
        for step in self.steps:
            if isinstance(step, int):
                text += f"[{step}]"
            else:
                text += f".{step}" if text else str(step)
        return f"{self.file}: {text}" if text else self.file


def near_name(name: str, candidates: Iterable[str]) -> str | None:
    """The candidate most like ``name``, whatever its capitals, or ``None`` when nothing is near."""
    known = {candidate.casefold(): candidate for candidate in candidates}
    found = difflib.get_close_matches(name.casefold(), known, n=1, cutoff=0.6)
    return known[found[0]] if found else None
