"""How many rows go into one transaction, so that nobody waits long behind an import."""

from __future__ import annotations

#: No chunk may hold the organisation's head for longer than this.
LONGEST_LOCK_SECONDS = 0.2
#: What is aimed at: a slower moment of the machine still stays below the longest.
AIM_SECONDS = 0.05
_FIRST, _FEWEST, _MOST = 40, 1, 2000
#: The most a chunk may grow by at once.
_GROWTH = 1.5


class ChunkPacer:
    """Starts small, grows while locks are short, and shrinks at once when one was long."""

    def __init__(self) -> None:
        self.size = _FIRST

    def measured(self, rows: int, lock_seconds: float) -> None:
        """A chunk of ``rows`` held the head for ``lock_seconds``."""
        if not rows or lock_seconds <= 0:
            return
        fitting = rows * AIM_SECONDS / lock_seconds
        # One more at least: half of a single row would round to no growth, and one slow moment would last for good.
        most = min(_MOST, max(self.size + 1, int(self.size * _GROWTH)))
        self.size = max(_FEWEST, min(int(fitting), most))
