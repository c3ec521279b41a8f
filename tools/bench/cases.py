"""The data of the benchmark: cases of 40 fields, three in ten answers blank, the same at every run."""

from __future__ import annotations

import datetime
import random
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

Json = dict[str, Any]

PICKLISTS = 12
DATES = 6
INTEGERS = 6
DECIMALS = 4
CHECKBOXES = 4
TEXTS = 8
OPTIONS = 8
BLANK = 0.3
#: Declared as indexed, as the fields of everyday list views would be; the hand-made table has the same indexes.
INDEXED = ("p01", "p02", "d01")
#: What a case is called, and found by.
NAME = "t01"

#: What an intake form asks beyond a case's 40 fields: 60 in all.
_MORE = tuple(f"{letter}{number}" for letter in "pdnct" for number in range(31, 35))
_WORDS = ("Dara", "ሰላም", "سلمى", "Sunita", "สุภา", "နွယ်နီ", "Nguyễn", "सुमन", "river", "shelter", "agency", "border")


def field_names() -> list[str]:
    kinds = (("p", PICKLISTS), ("d", DATES), ("n", INTEGERS), ("m", DECIMALS), ("c", CHECKBOXES), ("t", TEXTS))
    return [f"{letter}{number:02}" for letter, count in kinds for number in range(1, count + 1)]


def definition(name: str, owner: str = "case") -> Json:
    field: Json = {"id": f"{owner}.{name}", "name": name, "label": f"Field {name}"}
    match name[0]:
        case "p":
            field |= {"type": "picklist", "picklist": "choices"}
        case "d":
            field |= {"type": "date"}
        case "n":
            field |= {"type": "integer"}
        case "m":
            field |= {"type": "decimal", "decimals": 2}
        case "c":
            field |= {"type": "checkbox"}
        case _:
            field |= {"type": "text"}
    return field | ({"indexed": True} if name in INDEXED else {})


def document() -> Json:
    """The definitions of the benchmark's organisation."""
    options = [{"code": f"o{number}", "label": f"Option {number}"} for number in range(OPTIONS)]
    return {
        "format": 1,
        "application": {
            "id": "bench",
            "name": "bench",
            "label": "Benchmark",
            "languages": ["en"],
            "default_language": "en",
            "time_zone": "Asia/Phnom_Penh",
            "navigation": ["case"],
        },
        "objects": [
            {
                "id": "case",
                "name": "case",
                "label": "Case",
                "plural": "Cases",
                "name_field": NAME,
                "fields": [definition(name) for name in field_names()],
            },
            {
                "id": "intake",
                "name": "intake",
                "label": "Intake",
                "plural": "Intakes",
                "name_field": "t01",
                "fields": [definition(name, "intake") for name in (*field_names(), *_MORE)],
            },
        ],
        "picklists": [{"id": "choices", "name": "choices", "label": "Choices", "options": options}],
        "layouts": [],
        "list_views": [],
        "reports": [],
        "translations": [],
    }


def rows(count: int, seed: int = 1) -> Iterator[Json]:
    """Values by field name; blank ones are absent."""
    source = random.Random(seed)  # noqa: S311 - test data, not secrets
    names = field_names()
    for _ in range(count):
        yield {name: _value(name, source) for name in names if source.random() >= BLANK}


def _value(name: str, source: random.Random) -> Any:
    match name[0]:
        case "p":
            return f"o{min(int(source.expovariate(0.5)), OPTIONS - 1)}"
        case "d":
            return datetime.date(2019, 1, 1) + datetime.timedelta(days=source.randrange(2800))
        case "n":
            return source.randrange(120)
        case "m":
            return Decimal(source.randrange(100_000_000)).scaleb(-2)
        case "c":
            return source.random() < 0.5
        case _:
            return f"{source.choice(_WORDS)} {source.choice(_WORDS)} {source.randrange(10_000)}"
