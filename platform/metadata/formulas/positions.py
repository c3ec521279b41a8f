"""Where in a formula's text a problem is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from amparo.metadata.problems import Problem


@dataclass(frozen=True, slots=True)
class Located:
    """A formula's text, and the path of the definition that holds it."""

    text: str
    path: str = ""

    def problem(self, kind: str, start: int, end: int, advice: str, **params: Any) -> Problem:
        """``value`` is the part of the text; ``params`` also say where: ``start``, ``end``, ``line``, ``column``.

        Places count code points from 0, lines and columns from 1.
        """
        line = self.text.count("\n", 0, start) + 1
        column = start - (self.text.rfind("\n", 0, start) + 1) + 1
        where = f"line {line}, column {column}"
        place = {"start": start, "end": end, "line": line, "column": column}
        path = f"{self.path}: {where}" if self.path else where
        return Problem(kind, path, self.text[start:end][:200], advice, {**params, **place})
