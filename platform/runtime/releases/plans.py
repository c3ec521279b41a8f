"""Statements about an object, made once under a release and kept for the next time somebody asks the same."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Sequence
from typing import Any

from sqlalchemy import Select

#: The statements of so many questions are kept; those asked for last stay.
_MOST = 100

Statements = Sequence[Select[*tuple[Any, ...]]]


class Plans:
    """Making a statement of twenty columns takes longer than running it, and the same few lists are opened all day."""

    def __init__(self) -> None:
        self._kept: dict[Hashable, Statements] = {}
        self._lock = threading.Lock()

    def kept(self, question: Hashable, make: Callable[[], Statements]) -> Statements:
        """The statements of a question; ``question`` holds all that they depend on but the release.

        Nothing personal may stand in either: they stay in memory when the record they ask for is erased.
        """
        with self._lock:
            statements = self._kept.pop(question, None)
            if statements is not None:
                self._kept[question] = statements
                return statements
        statements = make()
        with self._lock:
            self._kept[question] = statements
            if len(self._kept) > _MOST:
                del self._kept[next(iter(self._kept))]
        return statements
