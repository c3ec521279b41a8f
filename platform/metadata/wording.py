"""Marks English sentences for translation without translating them.

``metadata`` knows no reader and no language: it hands out message ids, and the
page or command that shows them translates. ``tools.catalogues`` finds the marked
sentences.
"""

from __future__ import annotations

from collections.abc import Iterable

#: Between labels that stand for one another in a sentence.
BETWEEN_LABELS = " / "


class Words(str):
    """What fills a slot of a sentence with words that are messages of their own; as a text it is English.

    Several are a choice, of which a reader's language has its own way to tell.
    """

    __slots__ = ("messages",)
    messages: tuple[str, ...]

    def __new__(cls, messages: Iterable[str], between: str = " or ") -> Words:
        several = tuple(messages)
        words = super().__new__(cls, between.join(several))
        words.messages = several
        return words


class DefinedLabels(str):
    """What fills a slot of a sentence with labels of definitions; as a text, in the organisation's own language.

    ``named`` has the id and the label of each, by which a reader's language is found.
    """

    __slots__ = ("named",)
    named: tuple[tuple[str, str], ...]

    def __new__(cls, named: Iterable[tuple[str, str]]) -> DefinedLabels:
        several = tuple(named)
        labels = super().__new__(cls, BETWEEN_LABELS.join(label for _, label in several))
        labels.named = several
        return labels


def shortened(text: str, most: int) -> str:
    """The beginning of a value that somebody wrote, for a sentence: at most so many characters of it."""
    return text if len(text) <= most else f"{text[:most]}…"


def N_(message: str) -> str:  # noqa: N802 - the name pybabel's documentation uses for a deferred message.
    """The message itself; the call only marks it for extraction."""
    return message


def NN_(one: str, several: str) -> tuple[str, str]:  # noqa: N802 - as N_.
    """The same of a message that differs by a number."""
    return one, several
