"""Alphabets: what languages of one script disagree about, each as the readers of its language have it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

from amparo.runtime.collation.letters import COMPOUNDS, FOLLOWERS

#: Follows a letter and is above every letter: what has it comes after all that begins with the letter alone.
_ABOVE = 0x10FFF0
_MARKS_BELOW = "[\u0300-\u036f\u064b-\u065f]*?"


@dataclass(frozen=True, eq=False)
class Alphabet:
    """What a language has of its own, beside what serves all. There is one of each: compared by identity.

    ``followers`` stand in place of the group that begins with the same letter.
    """

    followers: tuple[str, ...] = ()
    compounds: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @cached_property
    def places(self) -> Mapping[int, str]:
        """Where the letters stand that follow others, by code point."""
        groups = {group[0]: group for group in (*FOLLOWERS, *self.followers)}
        return {
            ord(letter): first + chr(_ABOVE + place)
            for first, group in groups.items()
            for place, letter in enumerate(group[1:])
        }

    def with_letters(self, text: str) -> str:
        """Letters that Unicode takes apart put together again, where they are letters of this alphabet."""
        return self._compound.sub(self._whole, text)

    @cached_property
    def _compounds(self) -> Mapping[str, str]:
        return {**COMPOUNDS, **self.compounds}

    @cached_property
    def _compound(self) -> re.Pattern[str]:
        """A letter, marks below it, and the mark that makes it another letter."""
        letters, marks = ("".join(sorted({each[at] for each in self._compounds})) for at in (0, 1))
        return re.compile(f"([{letters}])({_MARKS_BELOW})([{marks}])")

    def _whole(self, found: re.Match[str]) -> str:
        letter, below, mark = found.groups()
        whole = self._compounds.get(letter + mark)
        return found[0] if whole is None else whole + below


#: That of every language which is not in :data:`ALPHABETS`: *â* stands beside *a*, as in French and Portuguese.
COMMON = Alphabet()
#: By language.
ALPHABETS: Mapping[str, Alphabet] = MappingProxyType(
    {
        "vi": Alphabet(
            ("aăâ", "eêəɛǝ", "oôơɔ"), MappingProxyType({"a\u0302": "â", "e\u0302": "ê", "o\u0302": "ô"})
        ),
    }
)  # fmt: skip


def alphabet_of(language: str) -> Alphabet:
    """The alphabet that readers of a language, or of one of its regions, sort by."""
    return ALPHABETS.get(language.partition("-")[0], COMMON)
