"""The names of countries and languages, from CLDR."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from amparo.runtime.collation.alphabets import alphabet_of
from amparo.runtime.collation.keys import sort_key
from amparo.runtime.locales import locale_of

#: Files may name a country or a language in any of these, whatever the organisation speaks.
UNDERSTOOD = ("en", "am", "ar", "km", "my", "ne", "th", "vi")

#: Field types whose codes are those of countries.
COUNTRY_TYPES = frozenset(("country", "countries"))

#: Names that differ between Babel 2.18 and 2.19, which carry CLDR: a file is understood whichever of them wrote it.
_OTHER_COUNTRY_NAMES: Mapping[str, tuple[str, ...]] = {
    "AQ": ("အန်တာတိက", "အန္တာတိက"),
    "AU": ("Úc",),
    "GS": ("တောင် ဂျော်ဂျီယာ နှင့် တောင် ဆင်းဒဝစ်ဂျ် ကျွန်းစုများ",),
    "HM": ("Heard & McDonald Islands", "Heard Island & McDonald Islands"),
    "MX": ("မက်ကဆီကို", "မက္ကဆီကို"),
    "SH": ("St. Helena", "St. Helena, Ascension & Tristan da Cunha"),
    "TF": ("French Southern Territories", "French Southern and Antarctic Lands"),
}
_OTHER_LANGUAGE_NAMES: Mapping[str, tuple[str, ...]] = {
    "bal": ("Tiếng Baluchi", "Tiếng Baloch"),
    "bn": ("បង់ក្លាដែស", "បង់ក្លា"),
    "hr": ("ក្រូអាត", "ក្រូអាស៊ី"),
    "it": ("Tiếng Italy", "Tiếng Ý"),
    "nso": ("Tiếng Sotho Miền Bắc", "Tiếng Bắc Sotho"),
    "pl": ("ፖሊሽ", "ፖሊሽኛ"),
    "saz": ("Saurashtra", "Sourashtra"),
    "smj": ("اللول سامي", "السامي لولي"),
    "st": ("Tiếng Sotho Miền Nam", "Tiếng Nam Sotho"),
    "yue": ("កន្តាំង", "កាតាំង"),
}


def other_names(kind: str, code: str) -> tuple[str, ...]:
    """What a code was called, or will be, by other versions of CLDR; of all languages."""
    if kind in COUNTRY_TYPES:
        return _OTHER_COUNTRY_NAMES.get(code, ())
    return _OTHER_LANGUAGE_NAMES.get(code, ()) if kind == "language" else ()


def standard_name(kind: str, code: str, language: str) -> str | None:
    """What a code of a country or language field stands for; ``None`` for a type whose codes have no such names."""
    if kind in COUNTRY_TYPES:
        return country_name(code, language)
    return language_name(code, language) if kind == "language" else None


def country_name(code: str, language: str) -> str:
    """In English where CLDR has no name in the language; the code itself where it has none at all."""
    return _named(code, locale_of(language).territories, locale_of("en").territories)


def language_name(code: str, language: str) -> str:
    """As :func:`country_name`."""
    return _named(code, locale_of(language).languages, locale_of("en").languages)


def _named(code: str, names: Mapping[str, str], english: Mapping[str, str]) -> str:
    return names.get(code) or english.get(code) or code


@lru_cache(maxsize=64)
def in_order_of_names(kind: str, codes: tuple[str, ...], language: str) -> tuple[str, ...]:
    """Codes of a country or language field as readers of the language look for their names."""
    alphabet = alphabet_of(language)
    names = {code: standard_name(kind, code, language) or code for code in codes}
    return tuple(sorted(codes, key=lambda code: (sort_key(names[code], alphabet), code)))
