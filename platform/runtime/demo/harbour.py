"""Harbour Legal Aid: the standard template with an organisation's own fields, to show what shaping means."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from datetime import date, timedelta
from importlib.resources import files
from typing import Any

from amparo.runtime.demo.chance import Chance
from amparo.runtime.demo.people import Values

#: Keeps the dice of the court apart from the dice of the case.
_COURT_SEED = 7919
_LAWYERS = ("Nok Wiwattana", "Ines Carvalho", "Thura Myint Aung")


def harbour_document(template: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of the template with the additions of ``harbour.json``."""
    source = files("amparo") / "runtime" / "demo" / "harbour.json"
    additions = json.loads(source.read_text(encoding="utf-8"))
    document: dict[str, Any] = copy.deepcopy(dict(template))
    document["application"] |= additions["application"]
    for defined in document["objects"]:
        defined["fields"] += additions["fields"].get(defined["name"], [])
    labels = additions["labels"]
    for layout in document["layouts"]:
        if section := additions["sections"].get(layout["object"]):
            layout["tabs"][0]["sections"].append(section)
            for language, words in labels.items():
                words[f"{layout['id']}:{section['name']}"] = {"label": additions["section_labels"][language]}
    for kind in ("picklists", "list_views", "reports"):
        document[kind] = sorted(document[kind] + additions[kind], key=lambda each: str(each["name"]))
    for translation in document["translations"]:
        translation["labels"] |= labels.get(translation["language"], {})
    return document


def court_values(seed: int, position: int, case: Values, today: date) -> Values:
    """Answers to Harbour's own fields for about half of the cases in which wages are owed."""
    chance = Chance(seed + _COURT_SEED, position)
    if not isinstance(case.get("owed_wages"), str) or chance.happens(0.4):
        return {}
    if case["status"] == "closed":
        stage = chance.one_of(("decided", "settled"))
    else:
        stage = chance.one_of(("preparing", "filed", "hearing"))
    waiting = stage in ("filed", "hearing")
    hearing = (today + timedelta(days=chance.number(3, 75))).isoformat()
    return {
        "court_stage": stage,
        "lawyer": chance.one_of(_LAWYERS),
        "next_hearing": hearing if waiting else None,
        "compensation_claimed": chance.amount(200, 5000) if chance.happens(0.7) else None,
    }
