"""Other spellings of a name: what is left of a word in Latin letters when what writers differ in is taken away.

Names travel between scripts without their vowels (Arabic and Thai write few of
them) and with many spellings (Mohammed, Muhammad, Mohamad). Two words with one
skeleton may be the same name: សុខា and Sokha, محمد and Muhammad. It is a guess,
so what is found by it stands below what holds the words themselves.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from functools import lru_cache

from anyascii import anyascii

#: Scripts that write names without a space between their parts: a part is looked for inside the word.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
#: Burmese letters sound otherwise than their Indian models, which they are transliterated after.
_BURMESE = re.compile("[\u1000-\u109f]")
_BURMESE_SOUNDS = str.maketrans({"v": "w", "s": "t", "j": "z"})
_BURMESE_NGA = "\u1004"
_KHMER_VO = "\u179c"
#: Letters of Arabic that begin a word as a vowel does; an apostrophe is what becomes of others that Latin has not.
_OPENING_LETTERS = frozenset("\u0627\u0639")
#: Longest skeleton that is kept, and shortest one that is looked for: single consonants are in every name.
_LONGEST, SHORTEST = 10, 2

#: Letters that stand for a vowel in one spelling and not in another.
_VOWELS = str.maketrans("yw", "iu")

_DIGIT = re.compile(r"\d")
_NOT_A_LETTER = re.compile(r"[^a-z]")
#: One sound written with several letters, in the order in which they are replaced; ``C`` is the sound of ch.
_SOUNDS = (
    ("tch", "C"), ("ch", "C"), ("ck", "k"), ("c", "k"), ("q", "k"), ("x", "ks"), ("dj", "j"),
    ("ph", "p"), ("f", "p"), ("kh", "k"), ("gh", "g"), ("th", "t"), ("dh", "d"), ("bh", "b"), ("sh", "s"),
    ("zh", "s"), ("z", "s"), ("jh", "j"),
)  # fmt: skip
_SILENT_INSIDE = re.compile("[aeiouwy]")
_DOUBLED = re.compile(r"(.)\1+")


@lru_cache(maxsize=1 << 14)
def _letters(word: str) -> str:
    """The word in small Latin letters, an opening vowel that its script does not write put before them."""
    if _BURMESE.search(word):
        text = anyascii(word.replace(_BURMESE_NGA, "ng")).lower().translate(_BURMESE_SOUNDS)
    else:
        text = anyascii(word).lower()
    opening = "a" if text[:1] in ("'", "`") or word[:1] in _OPENING_LETTERS else ""
    return opening + _NOT_A_LETTER.sub("", text)


@lru_cache(maxsize=1 << 14)
def skeleton(word: str) -> str:
    """The consonants of a word in one spelling, after its first sound; empty for what has no letters.

    Empty for a number, too, which is spelt in one way: ``C-AWTW35V`` is no other spelling of anything.
    """
    text = "" if _DIGIT.search(word) else _letters(word)
    for written, sound in _SOUNDS:
        text = text.replace(written, sound)
    if not text:
        return ""
    first = "a" if text[0] in "aeiou" else text[0]
    inside = _SILENT_INSIDE.sub("", text[1:])
    return _DOUBLED.sub(r"\1", first + inside.removesuffix("h")).lower()[:_LONGEST]


def sound(word: str) -> str:
    """The skeleton of a word where it is said: a Khmer vo at its end is part of the vowel, as in កែវ, Keo."""
    bones = skeleton(word)
    return bones.removesuffix("v") if word.endswith(_KHMER_VO) else bones


def skeletons(word: str) -> tuple[str, ...]:
    """Every skeleton a word of a name is found by: its own, and of its parts where a script does not part them."""
    whole = skeleton(word)
    if len(whole) < SHORTEST:
        return ()
    if not _UNSPACED.search(word):
        return (whole,)
    return tuple(whole[place:] for place in range(len(whole) - SHORTEST + 1))


def likeness(name: str, asked: str) -> float:
    """How near the words of a name that may be meant come to what was asked, from 0 to 1, by their Latin letters."""
    bones = skeleton(asked)
    meant = (word for word in name.split() if any(each.startswith(bones) for each in skeletons(word)))
    return max((_word_likeness(word, asked) for word in meant), default=0.0)


@lru_cache(maxsize=1 << 14)
def _word_likeness(word: str, asked: str) -> float:
    return SequenceMatcher(None, _letters(word).translate(_VOWELS), _letters(asked).translate(_VOWELS)).ratio()
