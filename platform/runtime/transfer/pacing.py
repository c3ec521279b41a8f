"""How many rows go into one transaction, so that nobody waits long behind an import."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TypeVar

_Row = TypeVar("_Row")

#: No chunk may hold the organisation's head for longer than this.
LONGEST_LOCK_SECONDS = 0.2
#: Chunks grow while they hold it for less than the first, and shrink when for more than the second.
SHORT_LOCK_SECONDS, LONG_LOCK_SECONDS = 0.06, 0.12
#: What is aimed at after a lock that came near the longest.
_AIM_SECONDS = 0.08
_FIRST, _MOST = 40, 2000
#: Where ten rows take too long, it is the machine that is busy: single rows made an import thirty times slower there.
_FEWEST = 10
_GROWTH, _SHRINKAGE = 1.5, 0.8


def chunks(rows: Iterable[_Row], size: Callable[[], int]) -> Iterator[list[_Row]]:
    """Lists of at most ``size()`` rows, asked anew before each."""
    remaining = iter(rows)
    while chunk := list(islice(remaining, size())):
        yield chunk


class ChunkPacer:
    """Starts small, grows while locks are short, and shrinks at once when one was long.

    Between short and long nothing changes: a part of each lock is the same
    for any number of rows (the disk's answer, the network), and chasing it
    with ever smaller chunks would only take it more often.
    """

    def __init__(self) -> None:
        self.size = _FIRST

    def measured(self, rows: int, lock_seconds: float) -> None:
        """A chunk of ``rows`` held the head for ``lock_seconds``."""
        if not rows:
            return
        if lock_seconds > LONGEST_LOCK_SECONDS * 0.9:
            self._resize(rows * _AIM_SECONDS / lock_seconds)
        elif lock_seconds > LONG_LOCK_SECONDS:
            self._resize(rows * _SHRINKAGE)
        elif lock_seconds < SHORT_LOCK_SECONDS:
            self._resize(self.size * _GROWTH)

    def _resize(self, size: float) -> None:
        self.size = max(_FEWEST, min(_MOST, int(size)))
