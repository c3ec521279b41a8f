"""An organisation's tree of places, such as provinces, districts, communes and villages.

It is kept in the organisation's store and not among its definitions: it is
large, and every release would copy it. Here is what is true of any tree:
paths, what lies where, and which place a text names.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from types import MappingProxyType
from typing import Any

#: What may part the names of a path: “Otres, Sihanoukville”, “Sihanoukville > Otres”.
_PARTS = re.compile(r"\s*[,،>/›]\s*")


@dataclass(frozen=True, slots=True)
class Place:
    """One place. Its code is for good; its names, its level and what it lies in may change.

    ``level`` is what the organisation calls the kind of place, such as
    ``district``; ``names`` are by language, beside the ``name`` that is shown
    to readers of every other language. A closed place stays readable and is
    chosen no more.
    """

    code: str
    parent: str | None
    level: str
    name: str
    names: Mapping[str, str] = field(default_factory=dict)
    closed: bool = False

    def named(self, language: str) -> str:
        return self.names.get(language, self.name)

    @property
    def every_name(self) -> tuple[str, ...]:
        return (self.name, *self.names.values())

    def document(self) -> dict[str, Any]:
        """As JSON; the same for equal places."""
        return {
            "code": self.code,
            "parent": self.parent,
            "level": self.level,
            "name": self.name,
            "names": dict(self.names),
            "closed": self.closed,
        }


class PlaceTree:
    """The places of one organisation at one time. ``version`` is the transaction that changed them last.

    ``normalise`` makes texts alike that readers take for the same; ``sort_key`` gives what readers sort names by.
    """

    def __init__(
        self,
        places: Iterable[Place],
        normalise: Callable[[str], str],
        sort_key: Callable[[str], str],
        version: int = 0,
    ) -> None:
        self.version = version
        self.by_code: Mapping[str, Place] = MappingProxyType({place.code: place for place in places})
        self._normalise = normalise
        self._sort_key = sort_key

    def line(self, code: str) -> list[Place]:
        """The place, then what it lies in, up to the top; empty for a code that is unknown."""
        line: list[Place] = []
        place = self.by_code.get(code)
        while place is not None and place not in line:
            line.append(place)
            place = self.by_code.get(place.parent) if place.parent is not None else None
        return line

    def path(self, code: str, language: str) -> str:
        """“Commune, District, Province” in a language; the code where the place is unknown."""
        return ", ".join(place.named(language) for place in self.line(code)) or code

    def order(self, code: str) -> tuple[str, ...]:
        """What sorts places by their paths, from the top, whatever the reader's language."""
        return tuple(self._sort_keys[place.code] for place in reversed(self.line(code)))

    def lying_in(self, code: str | None) -> Sequence[Place]:
        """What lies in a place and in nothing between, in order; for None the places at the top."""
        return self._lying_in.get(code, ())

    @cached_property
    def _lying_in(self) -> Mapping[str | None, Sequence[Place]]:
        found: dict[str | None, list[Place]] = defaultdict(list)
        for code in self.in_order:
            found[self.by_code[code].parent].append(self.by_code[code])
        return found

    def size(self, code: str) -> int:
        """How many places lie in a place, through others too."""
        return self._sizes[code]

    @cached_property
    def _sizes(self) -> Mapping[str, int]:
        return Counter(above.code for place in self.by_code.values() for above in self.line(place.code)[1:])

    def is_within(self, code: str, root: str) -> bool:
        """Whether the place is ``root`` or lies in it."""
        return any(place.code == root for place in self.line(code))

    def at_level(self, code: str, level: str) -> str | None:
        """The place of that level that the place is, or lies in; None for one that is above it."""
        return next((place.code for place in self.line(code) if place.level == level), None)

    @cached_property
    def levels(self) -> tuple[str, ...]:
        """From the top down."""
        depths: dict[str, int] = {}
        for place in self.by_code.values():
            depth = len(self.line(place.code))
            depths[place.level] = min(depth, depths.get(place.level, depth))
        return tuple(sorted(depths, key=lambda level: (depths[level], level)))

    @cached_property
    def level_sizes(self) -> Mapping[str, int]:
        """How many places each level has, from the top down."""
        sizes = Counter(place.level for place in self.by_code.values())
        return {level: sizes[level] for level in self.levels}

    def meant(self, text: str) -> list[Place]:
        """The places that a text names: by code, else by name, or by a path up or down, in any language.

        Names on the way may be left out: “Otres, Sihanoukville” is enough.
        """
        if (place := self.by_code.get(text)) is not None:
            return [place]
        whole = self._codes_by_name.get(self._normalise(text.strip()), ())
        if whole:
            return [self.by_code[code] for code in whole]
        parts = [self._normalise(part) for part in _PARTS.split(text.strip()) if part]
        for names in (parts, parts[::-1]):
            found = [self.by_code[code] for code in self._codes_by_name.get(names[0] if names else "", ())]
            if found := [place for place in found if self._lies_in(place, names[1:])]:
                return found
        return []

    def _lies_in(self, place: Place, names: Sequence[str]) -> bool:
        """Whether what a place lies in has these names, from the nearest up."""
        above = iter(self.line(place.code)[1:])
        return all(any(name in self._keys[each.code] for each in above) for name in names)

    @cached_property
    def _keys(self) -> Mapping[str, tuple[str, ...]]:
        """The names of each place, made alike."""
        return {place.code: tuple(map(self._normalise, place.every_name)) for place in self.by_code.values()}

    @cached_property
    def _sort_keys(self) -> Mapping[str, str]:
        return {place.code: self._sort_key(place.name) for place in self.by_code.values()}

    @cached_property
    def _codes_by_name(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for code, names in self._keys.items():
            for name in dict.fromkeys(names):
                found[name].append(code)
        return found

    def matches(self, text: str, limit: int, is_wanted: Callable[[Place], bool]) -> list[Place]:
        """Places for somebody who types: first those of that name, then whose name begins so, then whose name holds it.

        After a comma stand words of what the place lies in.
        """
        name, *above = [self._normalise(part) for part in _PARTS.split(text.strip()) if part] or [""]
        found: dict[str, Place] = {}
        for pattern in (f"\n{name}\n", f"\n{name}", name):
            for place in self._holding(pattern):
                if place.code not in found and is_wanted(place) and self._has_above(place, above):
                    found[place.code] = place
                if len(found) == limit:
                    return list(found.values())
        return list(found.values())

    def _holding(self, pattern: str) -> Iterator[Place]:
        """Places in whose lines of names the pattern stands, in order."""
        text, codes, starts = self._searched
        at = text.find(pattern) if codes else -1
        while at >= 0:
            number = bisect_right(starts, at) - 1
            yield self.by_code[codes[number]]
            at = text.find(pattern, starts[number + 1]) if number + 1 < len(starts) else -1

    @cached_property
    def _searched(self) -> tuple[str, Sequence[str], Sequence[int]]:
        """All names in one text, each in a line; codes in the order of their places in it, and where each begins.

        Looking through one text takes a hundredth of the time of looking through thousands.
        """
        blocks = ["\n" + "\n".join(self._keys[code]) + "\n" for code in self.in_order]
        starts = [0, *accumulate(len(block) for block in blocks[:-1])]
        return "".join(blocks), self.in_order, starts

    @cached_property
    def in_order(self) -> Sequence[str]:
        """Codes, those of the upper levels first."""
        return sorted(self.by_code, key=lambda code: (len(self.line(code)), self.order(code)))

    def _has_above(self, place: Place, words: Sequence[str]) -> bool:
        above = [key for each in self.line(place.code)[1:] for key in self._keys[each.code]] if words else []
        return all(any(word in key for key in above) for word in words)
