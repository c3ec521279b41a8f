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
