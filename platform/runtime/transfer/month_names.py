"""Names of months as people write them, in the languages of this program.

Gregorian names come from CLDR by way of Babel, with the second set that Arabic
has in the Levant. The Ethiopian and Nepali calendars are not in Babel.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache

from babel import Locale

from amparo.metadata.calendars import Calendar
from amparo.runtime.searching import normalised

#: The languages whose names are known; ``ar_SY`` adds the names used from Syria to Iraq.
_LOCALES = ("am", "ar", "ar_SY", "ar_DZ", "en", "km", "my", "ne", "th", "vi")
#: Months as they are also written, by the number of the month.
_ALSO: Mapping[Calendar, tuple[str, ...]] = {
    Calendar.GREGORIAN: ("", "", "", "", "", "", "", "", "Sept", "", "", ""),
    Calendar.ETHIOPIAN: (
        "መስከረም Meskerem Mäskäräm", "ጥቅምት Tikimt Tikemt Teqemt Tiqimt", "ኅዳር ህዳር ሕዳር Hidar Hedar",
        "ታኅሣሥ ታህሳስ ታኅሳስ ታሕሳስ Tahsas Tahisas Tahesas", "ጥር Tir Ter", "የካቲት Yekatit", "መጋቢት Megabit Megabet",
        "ሚያዝያ ሚያዚያ Miyazya Miazia Miyazia", "ግንቦት Ginbot Genbot", "ሰኔ Sene", "ሐምሌ ሀምሌ Hamle",
        "ነሐሴ ነሀሴ ነሃሴ Nehase Nehasse", "ጳጉሜን ጳጉሜ ጳጉሜይ Pagume Pagumen Pagumiene",
    ),
    Calendar.BIKRAM_SAMBAT: (
        "वैशाख बैशाख बैसाख Baisakh Baishakh Vaishakh", "जेठ ज्येष्ठ जेष्ठ Jestha Jeth Jyeshtha",
        "असार आषाढ आषाढ़ Asar Ashadh Asadh Ashar", "साउन श्रावण Saun Shrawan Sawan Shravan",
        "भदौ भाद्र Bhadau Bhadra", "असोज आश्विन अश्विन Asoj Ashwin Aswin", "कार्तिक कात्तिक Kartik Kattik",
        "मंसिर मङ्सिर मार्ग Mangsir Mansir Marga", "पुस पौष पूस Poush Push Paush Pus", "माघ Magh",
        "फागुन फाल्गुन Falgun Phagun Phalgun Fagun", "चैत चैत्र Chait Chaitra",
    ),
}  # fmt: skip


def month_number(name: str, calendar: Calendar) -> int | None:
    """The number of the month of that name, whole or shortened; None for an unknown one."""
    return _numbers(calendar).get(month_letters(name))


def month_letters(text: str) -> str:
    """Letters and the signs on them only, without case and accents: ``มี.ค.`` is ``มีค``."""
    return "".join(char for char in normalised(text) if unicodedata.category(char)[0] in "LM")


@lru_cache
def _numbers(calendar: Calendar) -> Mapping[str, int]:
    names: dict[str, int] = {}
    shared: set[str] = set()
    for number, name in _named(calendar):
        if (key := month_letters(name)) and names.setdefault(key, number) != number:
            shared.add(key)
    return {name: number for name, number in names.items() if name not in shared}


def _named(calendar: Calendar) -> Iterable[tuple[int, str]]:
    source = Calendar.GREGORIAN if calendar is Calendar.BUDDHIST else calendar
    for number, names in enumerate(_ALSO[source], start=1):
        yield from ((number, name) for name in names.split())
    if source is not Calendar.GREGORIAN:
        return
    for language in _LOCALES:
        months = Locale.parse(language).months
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                yield from ((number, name) for number, name in months[context][width].items())
