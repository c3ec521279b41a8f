"""Sort keys: texts made so that comparing them by code point gives the order that readers of each script expect.

Neither database helps: SQLite has no collations of languages, and PostgreSQL
only where it was built with ICU. A key is made of up to three parts, as the
Unicode Collation Algorithm compares:

1. the letters, each by its place in its alphabet (``collation.letters``,
   ``collation.syllables``);
2. the marks, which count between texts of the same letters: *Jose*, *José*;
3. the normalised form, which is what filters look into (``searching``).

A text that is its own first part and has no marks is kept once. So it is with
everything in ASCII, most Khmer, Nepali and Arabic and all Amharic, and so one
column with one index serves order and filters.

Scripts follow each other as Unicode has them. Where languages of one script
disagree, an alphabet decides (``collation.alphabets``): *â* follows *a* for
readers of Vietnamese, and stands beside it for those of French and Portuguese.
All are served alike in that *h* comes before *w* in Arabic script, as Arabs and
not Persians have it, and in that the Arabic article counts.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, lru_cache, partial
from string import ascii_lowercase

from amparo.runtime.collation.alphabets import ALPHABETS, COMMON, Alphabet
from amparo.runtime.collation.letters import MARKS, OTHER_MARKS, READ_AS, UNSEEN, ZEROS
from amparo.runtime.collation.syllables import with_marks, without_marks
from amparo.runtime.searching import UNIT_SEPARATOR, normalised, search_form, taken_apart

#: Longest normalised form in a key; PostgreSQL's index entries must stay under 2,700 bytes, the other parts with it.
KEY_LENGTH = 500
_MOST_LETTERS, _MOST_MARKS = 120, 60
#: So many letters of a normalised form stand among the letters of its key, each of them taking up to two places.
_SURE_LETTERS = _MOST_LETTERS // 2
#: Longest word that is remembered.
_LONGEST_KNOWN = 40
_NO_MARK, _ANOTHER_MARK = "0", "~"
_FIRST_RANK = ord(_NO_MARK) + 1

_READ = str.maketrans(
    {
        **READ_AS,
        **dict.fromkeys(UNSEEN),
        **{chr(ord(zero) + digit): str(digit) for zero in ZEROS for digit in range(10)},
    }
)
#: Where letters stand, in any alphabet, that a search takes for one of ASCII, by that one.
_ALIKE = {
    plain: sorted(
        {
            place
            for alphabet in (COMMON, *ALPHABETS.values())
            for code, place in alphabet.places.items()
            if normalised(chr(code)) == plain
        }
    )
    for plain in ascii_lowercase
}
_RANKS = {
    **{code: _ANOTHER_MARK for first, last in OTHER_MARKS for code in range(ord(first), ord(last) + 1)},
    **{ord(mark): chr(_FIRST_RANK + place) for script in MARKS for place, mark in enumerate(script)},
}
_MARKED = re.compile(f"[{''.join(map(chr, _RANKS))}]+")
#: Scripts in which letters are not compared one by one.
_IN_SYLLABLES = re.compile("[\u0e40-\u0ecd\u1000-\u109f\u17c6-\u17cc]")


def sort_key(text: str, alphabet: Alphabet) -> str:
    """Equal keys only for texts with equal normalised forms and marks; order ties by something else."""
    if text.isascii():
        return normalised(text)[:KEY_LENGTH]
    forms, letters, marks = zip(*map(_words_in(alphabet), text.split(" ")), strict=True)
    form = " ".join(forms)[:KEY_LENGTH]
    compared = " ".join(letters)
    differing = " ".join(marks).rstrip(" ")
    if compared == form and not differing:
        return form
    return UNIT_SEPARATOR.join((compared[:_MOST_LETTERS], differing[:_MOST_MARKS], form))


def normalised_part(key: str) -> str:
    """The normalised form that a sort key holds, at most ``KEY_LENGTH`` characters of it."""
    return key.rpartition(UNIT_SEPARATOR)[2]


def beginnings(form: str) -> tuple[str, ...]:
    """What the key of any text begins with whose normalised form begins so: one of these. Nothing for a form that is
    not in ASCII, of which that cannot be said.

    Of every alphabet: while rows are made anew for another one, the keys of both stand in a column.
    """
    if not form.isascii():
        return ()
    start = form[:_SURE_LETTERS]
    others = (start[:at] + place for at, letter in enumerate(start) for place in _ALIKE.get(letter, ()))
    return (start, *others)


#: A word's normalised form, its letters, and its marks up to the last.
_Word = tuple[str, str, str]


@cache
def _words_in(alphabet: Alphabet) -> Callable[[str], _Word]:
    """Words come again, names above all; what is written without spaces is not remembered, nor what is plain.

    Numbers are many and each comes seldom: remembered, they drove the names out.
    """
    known = lru_cache(maxsize=8192)(partial(_parts_of, alphabet=alphabet))

    def word_of(word: str) -> _Word:
        if word.isascii():
            form = normalised(word)
            return form, form, ""
        return known(word) if len(word) <= _LONGEST_KNOWN else _parts_of(word, alphabet)

    return word_of


def _parts_of(word: str, alphabet: Alphabet) -> _Word:
    apart = taken_apart(word)
    text = apart.translate(_READ)
    is_in_syllables = _IN_SYLLABLES.search(text) is not None
    if is_in_syllables:
        text = with_marks(text)
    marks = ""
    if _MARKED.search(text) is not None:
        text = alphabet.with_letters(text)
        marks = _marks_of(text)
        text = _MARKED.sub("", text)
    if is_in_syllables:
        text = without_marks(text)
    return search_form(apart), text.translate(alphabet.places), marks


def _marks_of(text: str) -> str:
    """For each letter that it has none, or which: what makes it another letter before tones."""
    parts: list[str] = []
    after = 0
    for found in _MARKED.finditer(text):
        parts.append(_NO_MARK * (found.start() - after))
        parts.extend(sorted(found[0].translate(_RANKS), reverse=True))
        after = found.end()
    return "".join(parts)
