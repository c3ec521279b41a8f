"""Names, towns, journeys and notes of each language, from the files in ``languages/``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

#: Languages of the demo with the share of cases told in each.
SHARES: Mapping[str, int] = {"km": 24, "my": 16, "vi": 14, "en": 13, "th": 10, "ne": 9, "am": 7, "ar": 7}


@dataclass(frozen=True, slots=True)
class Route:
    """One way people of a language are exploited: which story is told, where it led and through which countries.

    ``gender`` is a gender code or ``any``.
    """

    weight: int
    story: str
    exploitation: str
    sector: str | None
    country: str
    transit: tuple[str, ...]
    gender: str
    adult: bool


@dataclass(frozen=True, slots=True)
class Language:
    """What the demo needs to speak one language.

    ``names`` maps feminine, masculine and family to name → the name in Latin
    letters; ``texts`` maps a kind of note to its variants, or for ``summary``
    and ``promised`` to variants by story.
    """

    code: str
    name_order: str
    citizenships: tuple[str, ...]
    phone_prefix: str
    towns: tuple[str, ...]
    routes: tuple[Route, ...]
    texts: Mapping[str, Any]
    names: Mapping[str, Mapping[str, str]]


@cache
def language(code: str) -> Language:
    """The language of a code in :data:`SHARES`."""
    source = files("amparo") / "runtime" / "demo" / "languages" / f"{code}.json"
    written = json.loads(source.read_text(encoding="utf-8"))
    return Language(
        code=written["language"],
        name_order=written["name_order"],
        citizenships=tuple(written["citizenships"]),
        phone_prefix=written["phone_prefix"],
        towns=tuple(written["towns"]),
        routes=tuple(Route(**{**each, "transit": tuple(each["transit"])}) for each in written["routes"]),
        texts=written["texts"],
        names=written["names"],
    )
