"""CLDR's formats and names by language."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal, localcontext
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.numbers import format_decimal


@lru_cache(maxsize=64)
def locale_of(language: str) -> Locale:
    """The formats of a language; those of English where there are none."""
    try:
        return Locale.parse(language.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale("en")


#: English here is not American English: the day comes before the month, and the day has 24 hours.
_CALENDARS = {"en": "en_GB"}


def calendar_locale_of(language: str) -> Locale:
    """The formats of a language for days and times."""
    return locale_of(_CALENDARS.get(language, language))


def short_day_words(day: dt.date, language: str) -> str:
    """“6 Jun 2026”: with the name of the month, which the middle one of a language's formats may leave out."""
    locale = calendar_locale_of(language)
    has_name = "MMM" in str(locale.date_formats["medium"].pattern)
    return format_date(day, "medium" if has_name else "long", locale)


def figure_words(number: int, language: str, *, grouped: bool = True) -> str:
    return format_decimal(number, locale=locale_of(language), group_separator=grouped)


def decimal_words(number: Decimal, language: str) -> str:
    """Every digit that is kept: the pattern's own decimals would round."""
    decimals = max(0, -int(number.as_tuple().exponent))
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    with localcontext() as context:
        # Babel refuses a number of more digits than the context counts with; a formula may come to 400.
        context.prec = max(context.prec, number.adjusted() + 1 + decimals)
        return format_decimal(number, pattern, locale_of(language))
