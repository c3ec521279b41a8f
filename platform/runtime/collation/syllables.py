"""Thai, Lao, Khmer and Burmese: letters brought into the order in which syllables are compared.

Each function gets a text taken apart (NFKD) and gives one that is to be
compared letter by letter. Sources: CLDR 48, collations ``root``, ``th``,
``km`` and ``my``; the last follows the order of the Myanmar Language
Commission's dictionary.
"""

from __future__ import annotations

import re
from collections.abc import Callable

#: A vowel that is written before its consonant is read, and so sorted, after it.
_THAI = re.compile("([\u0e40-\u0e44])([\u0e01-\u0e2e])")
_LAO = re.compile("([\u0ec0-\u0ec4])([\u0e81-\u0eae\u0edc-\u0edf])")
#: The vowels *am*, which compatibility decomposition takes apart.
_THAI_AM, _LAO_AM = "\u0e4d\u0e32", "\u0ecd\u0eb2"


def thai(text: str) -> str:
    return _THAI.sub(r"\2\1", text.replace(_THAI_AM, "\u0e33"))


def lao(text: str) -> str:
    return _LAO.sub(r"\2\1", text.replace(_LAO_AM, "\u0eb3"))


#: A consonant under the sign *robat* is read with an *r* before it.
_ROBAT = re.compile("([\u1780-\u17a2])\u17cc")
#: The vowels that end with *nikahit* or *reahmuk*, in their order: after all others, and before subscripts.
_KHMER_LAST = ("ុំ", "ំ", "ាំ", "ះ", "ិះ", "ុះ", "េះ", "ោះ")
_KHMER_RANKS = {vowel: chr(0x17C6 + place) for place, vowel in enumerate(_KHMER_LAST)}
_KHMER = re.compile("[ាុ]?ំ|[ិុេោ]?ះ")


def khmer(text: str) -> str:
    """With its marks: *robat* leaves one, by which the two spellings differ."""
    return _ROBAT.sub("\u179a\u17d2\\1\u17cc", text)


def khmer_vowels(text: str) -> str:
    """Without marks, which may stand between two parts of a vowel."""
    return _KHMER.sub(lambda found: _KHMER_RANKS[found[0]], text)


# A Burmese syllable is a consonant, what joins it (medials), a vowel, a final consonant, a tone. Compared are, after
# the consonant: tones, vowels, finals (by their consonant, then their vowel), medials; each is one of these signs.
_RANKS = iter(map(chr, range(0xE000, 0xE100)))
_TONES = {tone: next(_RANKS) for tone in ("့", "း", "့း")}
_NO_VOWEL = next(_RANKS)
_VOWELS = {vowel: next(_RANKS) for vowel in ("ာ", "ိ", "ီ", "ု", "ူ", "ေ", "ဲ", "ော", "ော်", "ံ", "ို")}
_FINAL = next(_RANKS)
_MEDIALS = {
    medial: next(_RANKS) for medial in ("ျ", "ြ", "ွ", "ှ", "ျွ", "ြွ", "ျှ", "ြှ", "ွှ", "ျွှ", "ြွှ")
}  # fmt: skip
#: Vowels that stand alone, as their syllables; the two letters of *sa* written as one; the two forms of *aa*.
_BURMESE_READ_AS = {
    "ဥ\u102e": "အူ", "ဣ": "အိ", "ဤ": "အီ", "ဥ": "အု", "ဧ": "အေ", "ဩ": "အော", "ဪ": "အော်", "ဿ": "သ္သ", "ါ": "ာ",
}  # fmt: skip
_BURMESE_WRITTEN = re.compile("|".join(_BURMESE_READ_AS))
_BURMESE = re.compile(
    # A final: a consonant that is silenced, or has the next one under it. Normalisation puts the tone inside.
    "(?P<vowel>ော|ို|[ာိုေ])?(?P<final>[က-အ])(?P<tone>့?)(?:်္|်|္)"
    # The small circle is read, after these two vowels, as the final *m*.
    "|(?P<nasal>[ို])ံ"
    "|(?P<only>ော်|ော|ို|[ာိီုူေဲံ])"
    "|(?P<medials>[ျ-ှ]+)"
    "|(?P<end>့း|[့း])"
)


def burmese(text: str) -> str:
    return _BURMESE.sub(_burmese_rank, _BURMESE_WRITTEN.sub(lambda found: _BURMESE_READ_AS[found[0]], text))


def _burmese_rank(found: re.Match[str]) -> str:
    part = found.lastgroup
    if part == "tone":
        return _final(found["vowel"], found["final"]) + _TONES.get(found["tone"], "")
    if part == "nasal":
        return _final(found["nasal"], "မ")
    if part == "medials":
        return _MEDIALS.get(found[0]) or "".join(_MEDIALS[each] for each in found[0])
    return _VOWELS[found[0]] if part == "only" else _TONES[found[0]]


def _final(vowel: str | None, consonant: str) -> str:
    return _FINAL + consonant + (_VOWELS[vowel] if vowel else _NO_VOWEL)


_Rewriting = tuple[re.Pattern[str], Callable[[str], str]]
#: What is done before marks are taken away, and what after, each by a sign that there is something to do.
_BEFORE: tuple[_Rewriting, ...] = (
    (re.compile("[\u0e40-\u0e44\u0e4d]"), thai),
    (re.compile("[\u0ec0-\u0ec4\u0ecd]"), lao),
    (re.compile("\u17cc"), khmer),
)
_AFTER: tuple[_Rewriting, ...] = (
    (re.compile("[\u17c6\u17c7]"), khmer_vowels),
    (re.compile("[\u1000-\u109f]"), burmese),
)


def with_marks(text: str) -> str:
    return _rewritten(text, _BEFORE)


def without_marks(text: str) -> str:
    return _rewritten(text, _AFTER)


def _rewritten(text: str, rewritings: tuple[_Rewriting, ...]) -> str:
    for sign, rewrite in rewritings:
        if sign.search(text) is not None:
            text = rewrite(text)
    return text
