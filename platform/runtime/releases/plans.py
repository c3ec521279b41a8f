"""Statements about an object, made once under a release and kept for the next time somebody asks the same."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Sequence
from typing import Any, TypeVar

#: The statements of so many questions are kept; those asked for last stay.
_MOST = 100

_Statement = TypeVar("_Statement")


class Plans:
    """Making a statement of twenty columns takes longer than running it, and the same few lists are opened all day."""

    def __init__(self) -> None:
        self._kept: dict[Hashable, Sequence[Any]] = {}
        self._lock = threading.Lock()

    def kept(self, question: Hashable, make: Callable[[], Sequence[_Statement]]) -> Sequence[_Statement]:
        """The statements of a question; ``question`` holds all that they depend on but the release.

        Nothing personal may stand in either: they stay in memory when the record they ask for is erased.
        """
        with self._lock:
            known = self._kept.pop(question, None)
            if known is not None:
                self._kept[question] = known
                return known
        statements = make()
        with self._lock:
            self._kept[question] = statements
            if len(self._kept) > _MOST:
                del self._kept[next(iter(self._kept))]
        return statements
