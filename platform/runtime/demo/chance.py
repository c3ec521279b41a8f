"""Draws that come out the same for the same seed, with gaps where real files have gaps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any, TypeVar

T = TypeVar("T")


class Chance:
    """The dice of one case. Equal seeds and positions give equal cases, however many cases are asked for."""

    def __init__(self, seed: int, position: int) -> None:
        self._random = Random(f"{seed}:{position}")  # noqa: S311 - the demo has no secrets; it has to repeat itself.

    def happens(self, probability: float) -> bool:
        return self._random.random() < probability

    def one_of(self, choices: Sequence[T]) -> T:
        return choices[self._random.randrange(len(choices))]

    def weighted(self, weights: Mapping[T, float]) -> T:
        return self._random.choices(list(weights), list(weights.values()))[0]

    def several(self, weights: Mapping[str, float], most: int) -> list[str]:
        """One to ``most`` different codes, the likelier ones more often."""
        wanted = self.number(1, most)
        return sorted({self.weighted(weights) for _ in range(wanted)})

    def number(self, least: int, most: int) -> int:
        return self._random.randint(least, most)

    def amount(self, least: int, most: int) -> str:
        """A round amount, more often a small one, as people write it."""
        return f"{least + int((most - least) * self._random.random() ** 2) // 10 * 10}.00"

    def day(self, first: date, last: date) -> date:
        """A day from first to last; the first when they are the wrong way round."""
        return first + timedelta(days=self.number(0, max(0, (last - first).days)))

    def recent_day(self, today: date, days: int) -> date:
        """A day of the last ``days`` days, more often a late one, as caseloads grow."""
        return today - timedelta(days=int(days * self._random.random() ** 1.6))

    def with_gaps(self, answer: Any, reasons: Mapping[str, float], blank: float = 0.0) -> Any:
        """The answer, sometimes a reason for its absence, sometimes nothing; reasons map to probabilities."""
        draw = self._random.random()
        for reason, probability in reasons.items():
            if draw < probability:
                return {"missing": reason}
            draw -= probability
        return None if draw < blank else answer
