"""What of a definition is left without the parts whose shape is broken, so that one slip hides no other."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from amparo.metadata.checks.shape import broken_places
from amparo.metadata.kinds import Kind
from amparo.metadata.problems import Path, Step

#: Each time round takes out at least one part; what is broken in more ways than this is left out whole.
_MOST_ROUNDS = 12
_GONE = object()

#: Of each list that lost entries, by its place as it is written: the numbers of those that are left.
Numbers = Mapping[tuple[Step, ...], Sequence[int]]


@dataclass(frozen=True, slots=True)
class SoundPart:
    """``lost`` are the texts in what was taken out: what leads there is no slip of its own."""

    content: dict[str, Any]
    numbers: Numbers
    lost: frozenset[str]


@dataclass(frozen=True, slots=True)
class PathAsWritten(Path):
    """The path of a sound part, whose lists are counted as they are written."""

    numbers: Numbers = field(default_factory=dict)

    def __truediv__(self, step: Step) -> PathAsWritten:
        left = self.numbers.get(self.steps)
        written = left[step] if left is not None and isinstance(step, int) else step
        return PathAsWritten(self.file, (*self.steps, written), self.numbers)


def sound_part(kind: Kind, content: Any) -> SoundPart | None:
    """``None`` when nothing is left."""
    written = copy.deepcopy(content)
    lost: set[str] = set()
    for _ in range(_MOST_ROUNDS):
        numbers: dict[tuple[Step, ...], Sequence[int]] = {}
        rest = _without_gaps(written, (), numbers)
        broken = broken_places(kind, rest)
        if not broken:
            return SoundPart(rest, numbers, frozenset(lost))
        for place in broken:
            path = PathAsWritten("", (), numbers)
            for step in place:
                path = path / step
            if not _take_out(written, path.steps, lost):
                return None
    return None


def _without_gaps(value: Any, place: tuple[Step, ...], numbers: dict[tuple[Step, ...], Sequence[int]]) -> Any:
    if isinstance(value, dict):
        return {key: _without_gaps(inner, (*place, key), numbers) for key, inner in value.items()}
    if not isinstance(value, list):
        return value
    left = [number for number, inner in enumerate(value) if inner is not _GONE]
    if len(left) < len(value):
        numbers[place] = left
    return [_without_gaps(value[number], (*place, number), numbers) for number in left]


def _take_out(content: Any, place: Sequence[Step], lost: set[str]) -> bool:
    """What is at a place or, where nothing is there, what lacks it. False when that is the whole definition."""
    if not place:
        return False
    *above, last = place
    holder = content
    for step in above:
        if (holder := _at(holder, step)) is _GONE:
            return True
    taken = _at(holder, last)
    if taken is _GONE:
        return isinstance(holder, list) or _take_out(content, above, lost)
    lost.update(_texts(taken))
    if isinstance(holder, dict):
        del holder[last]
    else:
        holder[last] = _GONE
    return True


def _at(holder: Any, step: Step) -> Any:
    if isinstance(holder, dict):
        return holder.get(step, _GONE)
    return holder[step] if isinstance(holder, list) and isinstance(step, int) and step < len(holder) else _GONE


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (dict, list)):
        inner: Iterable[Any] = value.values() if isinstance(value, dict) else value
        for each in inner:
            yield from _texts(each)
