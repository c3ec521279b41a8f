"""Normalised text for search: one spelling for what readers of a script take as the same.

Case, Latin accents and Arabic marks are dropped; combining signs of Khmer,
Thai, Burmese and Devanagari carry meaning and stay. Zero-width spaces and
joiners are dropped because people cannot see that they typed them.
"""

from __future__ import annotations

import re
import unicodedata

from amparo.metadata.fields.numerals import ascii_digits

#: Such as people write telephone numbers.
_WRITTEN_NUMBER = re.compile(r"[+(]*[0-9][0-9()./+-]+")

_FOLDED = str.maketrans(
    {
        "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "ـ": None,
        "đ": "d", "ð": "d", "ø": "o", "ł": "l", "ı": "i",
        "\u200b": None, "\u200c": None, "\u200d": None, "\u2060": None, "\ufeff": None, "\u00ad": None,
    }
)  # fmt: skip

_FIRST_MARK = "\u0300"

#: Parts a sort key (``collation.keys``), so it stands in no search form; no text that a person wrote holds it.
UNIT_SEPARATOR = "\x1f"


def normalised(text: str) -> str:
    """The search form of a text; equal forms are found by each other."""
    if text.isascii():
        return text.lower().replace(UNIT_SEPARATOR, "")
    return search_form(taken_apart(text))


def taken_apart(text: str) -> str:
    """Without case, letters and their marks apart."""
    # Taking signs apart can bring capitals to light: the trade mark sign is made of two.
    return unicodedata.normalize("NFKD", text.casefold()).casefold().replace(UNIT_SEPARATOR, "")


def search_form(apart: str) -> str:
    """Of a text that is :func:`taken_apart`."""
    kept: list[str] = []
    base = ""
    for char in apart:
        if char >= _FIRST_MARK and unicodedata.category(char) == "Mn":
            if not _drops_marks(base):
                kept.append(char)
            continue
        base = char
        kept.append(char)
    return unicodedata.normalize("NFC", "".join(kept)).translate(_FOLDED)


def _drops_marks(base: str) -> bool:
    """Latin, Greek and Cyrillic letters and the Arabic block lose their marks."""
    return base < "\u0530" or "\u0600" <= base <= "\u06ff" or "\u1e00" <= base <= "\u1fff"


def digits_alone(word: str) -> str:
    """A number without what parts its digits, in ASCII: ``(012)-345`` is ``012345``; another word is itself."""
    text = ascii_digits(word)
    return "".join(filter(str.isdigit, text)) if _WRITTEN_NUMBER.fullmatch(text) else word


def like_pattern(term: str) -> str:
    """A LIKE pattern (escape character ``\\``) that finds the term anywhere."""
    return f"%{like_literal(normalised(term))}%"


def like_literal(text: str) -> str:
    """The text itself inside a LIKE pattern."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
