"""What reading a formula aloud needs of a language, and what it makes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from amparo.metadata.formulas.phrases import Counted


class Words(Protocol):
    """What a reading needs of a language and of an organisation's own words."""

    def say(self, phrase: str, slots: Mapping[str, str]) -> str:
        """A phrase of :mod:`~amparo.metadata.formulas.phrases` with its slots filled."""

    def count(self, phrase: Counted, number: int, slots: Mapping[str, str]) -> str:
        """The same of a phrase that differs by a number, which fills ``number``."""

    def join(self, parts: Sequence[str]) -> str:
        """Several of a kind, in a row."""

    def field(self, owners: Sequence[str], name: str) -> str:
        """The label of a field of one of several objects."""

    def option(self, owners: Sequence[str], name: str, code: str) -> str:
        """The label of an option, or the code where there is none."""

    def day(self, day: dt.date) -> str:
        """A day."""

    def kind(self, object_name: str, name: str) -> str:
        """The label of a record type."""

    def reason(self, code: str) -> str:
        """Why an answer is missing."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """A sentence; or what stands above the ``parts`` of a list."""

    text: str
    parts: tuple[Spoken, ...] = ()

    def lines(self, depth: int = 0) -> Iterator[str]:
        """As plain text, parts below each other."""
        yield f"{'  ' * (depth - 1)}- {self.text}" if depth else self.text
        for part in self.parts:
            yield from part.lines(depth + 1)
