"""The names of countries and languages, from CLDR."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache

from babel.core import get_global

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
#: What people write in English beside the names of CLDR and of ISO 3166-1.
_EVERYDAY_COUNTRY_NAMES: Mapping[str, tuple[str, ...]] = {
    "AE": ("UAE", "U.A.E."),
    "BA": ("Bosnia",),
    "BO": ("Bolivia, Plurinational State of",),
    "BS": ("The Bahamas", "Bahamas, The"),
    "CD": (
        "Congo, Democratic Republic",
        "Congo, Dem. Rep.",
        "Democratic Republic of Congo",
        "Democratic Republic of the Congo",
        "DR Congo",
        "DRC",
    ),
    "CG": ("Congo, Rep.", "Congo, Republic of the", "Republic of Congo", "Republic of the Congo"),
    "CI": ("Ivory Coast",),
    "CV": ("Cape Verde", "Cabo Verde"),
    "CZ": ("Czech Republic",),
    "EG": ("Egypt, Arab Rep.",),
    "FM": ("Federated States of Micronesia", "Micronesia, Federated States of"),
    "GB": ("Britain", "Great Britain", "U.K."),
    "GM": ("The Gambia", "Gambia, The"),
    "IR": ("Iran, Islamic Republic of", "Iran, Islamic Rep.", "Islamic Republic of Iran"),
    "KG": ("Kyrgyz Republic",),
    "KP": ("Democratic People's Republic of Korea", "DPRK", "Korea, Dem. People's Rep.", "Korea, North"),
    "KR": ("Korea, Rep.", "Korea, South", "Republic of Korea"),
    "LA": ("Lao", "Lao PDR", "Laos PDR"),
    "LY": ("Libyan Arab Jamahiriya",),
    "MD": ("Republic of Moldova",),
    "MK": ("FYR Macedonia", "Macedonia", "The former Yugoslav Republic of Macedonia"),
    "MM": ("Burma", "Myanmar/Burma"),
    "MO": ("Macau",),
    "NL": ("Holland", "Netherlands (Kingdom of the)", "Netherlands, Kingdom of the", "The Netherlands"),
    "PH": ("The Philippines",),
    "PS": ("Occupied Palestinian Territory", "Palestine", "State of Palestine", "West Bank and Gaza"),
    "SK": ("Slovak Republic",),
    "SY": ("Syria, Arab Republic",),
    "SZ": ("Swaziland",),
    "TL": ("East Timor",),
    "TR": ("Turkey", "Turkiye"),
    "TZ": ("United Republic of Tanzania",),
    "US": ("U.S.", "U.S.A.", "United States"),
    "VA": ("Holy See (Vatican City State)", "Vatican"),
    "VE": ("Venezuela, Bolivarian Republic of",),
    "VN": ("Viet Nam",),
    "XK": ("Kosovo (UNSCR 1244)", "Republic of Kosovo"),
    "YE": ("Yemen, Rep.",),
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
    """What files call a code, beside its names in CLDR: those of its other versions, everyday names, other codes."""
    if kind in COUNTRY_TYPES:
        everyday = _EVERYDAY_COUNTRY_NAMES.get(code, ())
        return (*_OTHER_COUNTRY_NAMES.get(code, ()), *everyday, *_other_country_codes().get(code, ()))
    return _OTHER_LANGUAGE_NAMES.get(code, ()) if kind == "language" else ()


@cache
def _other_country_codes() -> Mapping[str, tuple[str, ...]]:
    """By code: its three letters of ISO 3166-1, and letters that meant nothing but it, such as ``UK`` and ``ZR``."""
    found: dict[str, list[str]] = {}
    for other, codes in get_global("territory_aliases").items():
        if len(codes) == 1 and other.isalpha():
            found.setdefault(codes[0], []).append(other)
    return {code: tuple(others) for code, others in found.items()}


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
