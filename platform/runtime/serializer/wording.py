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
    Missing.NOT_APPLICABLE: N_("Not applicable"),
}
YES, NO = N_("Yes"), N_("No")
BLANK = N_("Blank")
TOTAL = N_("Total")
GONE = N_("Erased record")


def translated(message: str, language: str) -> str:
    """A marked sentence in a language of the interface; English where there is no translation."""
    return _catalogue(language).gettext(message)


@lru_cache(maxsize=32)
def _catalogue(language: str) -> gettext.NullTranslations:
    folder = str(files("amparo.runtime") / "translations")
    return gettext.translation("messages", folder, [language.replace("-", "_")], fallback=True)
