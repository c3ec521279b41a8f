"""Which texts of a file people take for the same."""

from __future__ import annotations

import unicodedata

from amparo.runtime.searching import normalised

#: Marks that say in which direction a text runs; programs put them into cells and nobody sees them.
_DIRECTIONS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
#: Office programs write other apostrophes and hyphens than keyboards.
_AS_TYPED = dict.fromkeys(map(ord, _DIRECTIONS)) | str.maketrans("\u2018\u2019\u02bc\u2010\u2011\u2013", "'''---")


def comparable(text: str) -> str:
    """Texts that people take for the same: case, accents, space around, kinds of apostrophes do not count."""
    return normalised((text if text.isascii() else text.translate(_AS_TYPED)).strip())


def comparable_name(text: str) -> str:
    """A name of a column as it is compared, without what stands between its words."""
    return "".join(name_words(text))


def name_words(text: str) -> list[str]:
    """Letters, the signs on them, and digits: by signs alone Nepali tells a husband, an address and a father apart."""
    return "".join(char if unicodedata.category(char)[0] in "LMN" else " " for char in normalised(text)).split()
