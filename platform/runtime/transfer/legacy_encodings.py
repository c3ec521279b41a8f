"""In which encoding of the time before Unicode a text is: the one in which its words are spelled like words."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Mapping

#: What Windows programs wrote before Unicode, where this program is used. Of two that fit alike the first is taken.
GUESSED = ("cp1252", "cp874", "cp1256", "cp1251", "gb18030", "big5")
#: Of the characters beyond ASCII so many have to stand in words that are spelled like words.
_LEAST = 0.75
#: What parts words, in ASCII; a character beyond it belongs to one.
_BETWEEN_WORDS = re.compile(r"[\x00-@\[-`{-\x7f]+")


def likely_encoding(sample: bytes) -> str | None:
    """The encoding in which ``sample`` reads best; ``None`` where it reads well in none."""
    likeness = {name: _likeness(sample, name) for name in GUESSED}
    best = max(GUESSED, key=likeness.__getitem__)
    return best if likeness[best] >= _LEAST else None


def _likeness(sample: bytes, encoding: str) -> float:
    """The share of the characters beyond ASCII that stand in words of the languages of an encoding."""
    try:
        # Its last character may have been cut.
        text = codecs.getincrementaldecoder(encoding)().decode(sample)
    except UnicodeDecodeError:
        return 0.0
    weights = {True: 0, False: 0}
    for word in _BETWEEN_WORDS.split(text):
        if not word.isascii():
            weights[_IS_WORD[encoding](word)] += sum(char >= "\x80" for char in word)
    return weights[True] / (sum(weights.values()) or 1)


#: Of other letters whole words, of Western ones at most two beside each other; a capital follows no small letter.
_WESTERN = re.compile(
    r"(?!.*[À-ÖØ-öø-ÿŒœŠšŽžŸ]{3})(?!.*[a-zß-öø-ÿœšž][A-ZÀ-ÖØ-ÞŒŠŽŸ])[A-Za-zÀ-ÖØ-öø-ÿŒœŠšŽžŸ’‘´·\xad]+"
)
_WESTERN_SIGNS = re.compile(r"[€…†‡‰‹“”•–—™›\xa0-\xbf×÷’‘]+[A-Za-z]*|[A-Za-z]*[€…†‡‰‹“”•–—™›\xa0\xa7-\xbb’‘]+")


def _is_western(word: str) -> bool:
    return bool(_WESTERN.fullmatch(word) or _WESTERN_SIGNS.fullmatch(word))


#: A consonant with what stands above and below it, and a vowel before or behind it.
_THAI = re.compile(
    r"(?:[\u0e40-\u0e44]?[\u0e01-\u0e2e][\u0e31\u0e34-\u0e3a\u0e47]?[\u0e48-\u0e4e]?[\u0e30\u0e32\u0e33\u0e45]?"
    r"|[\u0e2f\u0e3f\u0e46\u0e4f-\u0e5b\xa0“”‘’–—…•])+"
)
_ARABIC = re.compile(
    r"[\u0621-\u064a\u067e\u0679\u0686\u0688\u0691\u0698\u06a9\u06af\u06ba\u06be\u06c1\u06d2\u064b-\u0652"
    r"\u060c\u061b\u061f\u200c-\u200f\xa0«»“”–—…]+"
)
#: One of them is in nearly every Arabic word, and none of their bytes is a Cyrillic capital.
_ARABIC_OFTEN = re.compile(r"[\u0627\u0644-\u064a]")


def _is_arabic(word: str) -> bool:
    return bool(_ARABIC.fullmatch(word)) and (len(word) < 4 or len(_ARABIC_OFTEN.findall(word)) * 5 >= len(word))


_CYRILLIC = re.compile(r"(?!.*[а-џґ][А-ЯЂ-ЏҐ])[А-яЂ-џҐґ’\xa0«»“”–—…№]+")
_CYRILLIC_VOWELS = re.compile(r"[аеёиоуыэюяіїєъ]", re.IGNORECASE)


def _is_cyrillic(word: str) -> bool:
    return bool(_CYRILLIC.fullmatch(word)) and (len(word) < 4 or len(_CYRILLIC_VOWELS.findall(word)) * 5 >= len(word))


def _chinese(encoding: str, everyday: re.Pattern[bytes]) -> Callable[[str], bool]:
    return lambda word: bool(everyday.fullmatch(word.encode(encoding)))


_IS_WORD: Mapping[str, Callable[[str], bool]] = {
    "cp1252": _is_western,
    "cp874": lambda word: bool(_THAI.fullmatch(word)),
    "cp1256": _is_arabic,
    "cp1251": _is_cyrillic,
    # The half of the characters that is in everyday use, and signs.
    "gb18030": _chinese("gb18030", re.compile(rb"(?:[\xb0-\xd7\xa1\xa3][\xa1-\xfe])+")),
    "big5": _chinese("big5", re.compile(rb"(?:[\xa4-\xc6\xa1][\x40-\x7e\xa1-\xfe])+")),
}
