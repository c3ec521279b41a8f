"""The words that stand for answers: reasons, yes and no."""

from __future__ import annotations

import gettext
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

from amparo.metadata.missing import Missing
from amparo.metadata.wording import N_

REASON_LABELS: Mapping[Missing, str] = {
    Missing.UNKNOWN: N_("Unknown"),
    Missing.REFUSED: N_("Refused"),
    Missing.NOT_ASKED: N_("Not asked"),
    Missing.NOT_APPLICABLE: N_("Does not apply"),
}
SYSTEM_LABELS: Mapping[str, str] = {
    "id": N_("Identifier"),
    "owner": N_("Assigned to"),
    "record_type": N_("Kind"),
    "created_at": N_("Created on"),
    "created_by": N_("Created by"),
    "updated_at": N_("Last activity"),
    "updated_by": N_("Last changed by"),
}
#: Of the warnings that somebody saved a record in spite of.
ACKNOWLEDGED_LABEL = N_("Saved in spite of a warning")
#: Of a count, the object's own plural stands there.
MEASURE_LABELS: Mapping[str, str] = {
    "sum": N_("Sum of {field}"),
    "average": N_("Average of {field}"),
    "minimum": N_("Smallest {field}"),
    "maximum": N_("Largest {field}"),
}
#: Of a partly known date, by the period that is not known.
UNCERTAIN_LABELS: Mapping[str, str] = {
    "month": N_("Month not known"),
    "quarter": N_("Quarter not known"),
    "year": N_("Year not known"),
}
#: Of a place above the level that is asked for.
NO_LEVEL = N_("{level}: not known")
#: Of an answer that stands as it was written before its question had options, perhaps in an option's very words.
NO_OPTION = N_("{answer} (not an option)")
YES, NO = N_("Yes"), N_("No")
BLANK = N_("Blank")
TOTAL = N_("Total")
ABOUT = N_("about {date}")
RANGE = N_("{first} to {last}")
GONE = N_("Erased record")


def translated(message: str, language: str) -> str:
    """A marked sentence in a language of the interface; English where there is no translation."""
    return _catalogue(language).gettext(message)


def translated_count(one: str, several: str, number: int, language: str) -> str:
    """The same of a message that differs by a number."""
    return _catalogue(language).ngettext(one, several, number)


@lru_cache(maxsize=32)
def _catalogue(language: str) -> gettext.NullTranslations:
    folder = str(files("amparo.runtime") / "translations")
    return gettext.translation("messages", folder, [language.replace("-", "_")], fallback=True)
