"""Yes and no as people write them, in the languages of this program."""

from __future__ import annotations

from functools import lru_cache

from amparo.metadata.fields.checkbox import WORDS
from amparo.runtime.transfer.cells import Cell
from amparo.runtime.transfer.comparable_texts import comparable

_WORDS = {
    True: ("y", "አዎ", "አዎን", "نعم", "បាទ", "ចាស", "បាទ/ចាស", "ဟုတ်", "ဟုတ်ကဲ့", "हो", "ใช่", "có"),
    False: ("n", "አይ", "አይደለም", "لا", "ទេ", "မဟုတ်", "မဟုတ်ဘူး", "होइन", "ไม่", "ไม่ใช่", "không"),
}
_TRUTH_OF = {comparable(word): truth for truth, words in _WORDS.items() for word in words}


def read_truth(cell: Cell) -> Cell:
    """Yes or no where a text says so in one of the languages; anything else is left to the field."""
    return _of_text(cell) if isinstance(cell, str) else cell


def names_truth(text: str) -> bool:
    """Whether a text is one of these words, or of those that a checkbox takes everywhere."""
    return isinstance(_of_text(text), bool) or text.strip().lower() in WORDS


@lru_cache(maxsize=1024)
def _of_text(text: str) -> bool | str:
    return _TRUTH_OF.get(comparable(text), text)
