"""Invented services of a case, as input for the record service."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from amparo.runtime.demo.chance import Chance
from amparo.runtime.demo.languages import Language
from amparo.runtime.demo.people import Values
from amparo.runtime.demo.stories import Course

#: Fewest and most services by the stage a case has reached.
_COUNTS: Mapping[str, tuple[int, int]] = {
    "referred": (0, 1), "screening": (1, 3), "assessment": (2, 5), "support": (4, 11), "follow_up": (5, 12),
    "closed": (2, 10),
}  # fmt: skip
_EARLY = {
    "crisis_support": 4,
    "case_management": 6,
    "food_clothing": 3,
    "transport": 2,
    "interpretation": 2,
    "medical": 2,
}
_LATER = {
    "counselling": 7, "medical": 5, "shelter": 4, "case_management": 4, "legal_advice": 4, "cash": 3,
    "identity_documents": 3, "vocational_training": 3, "wage_claim": 2, "group_support": 2, "education": 2,
    "job_search": 2, "family_tracing": 2, "court_support": 1, "return_support": 1, "childcare": 1, "small_business": 1,
    "rights_training": 1,
}  # fmt: skip
_PROVIDERS: Mapping[str, Mapping[str, float]] = {
    "medical": {"hospital": 9, "partner_ngo": 1},
    "counselling": {"psychologist": 6, "our_team": 4},
    "legal_advice": {"lawyer": 8, "our_team": 2},
    "wage_claim": {"lawyer": 7, "our_team": 2, "government": 1},
    "court_support": {"lawyer": 5, "our_team": 5},
    "identity_documents": {"government": 5, "our_team": 4},
    "education": {"school": 7, "volunteer": 2, "partner_ngo": 1},
    "vocational_training": {"school": 6, "partner_ngo": 3, "employer": 1},
    "interpretation": {"volunteer": 5, "our_team": 3},
    "shelter": {"our_team": 6, "partner_ngo": 4},
}
_COSTS: Mapping[str, tuple[int, int]] = {
    "medical": (10, 400), "cash": (50, 300), "transport": (10, 120), "return_support": (100, 700),
    "vocational_training": (40, 500), "identity_documents": (10, 120), "small_business": (200, 900),
}  # fmt: skip
_OUTCOMES = {"helped": 6, "helped_partly": 4, "not_helped": 1, "too_early": 2}


def services(chance: Chance, speaks: Language, course: Course, today: date) -> list[Values]:
    """The services of one case, in order of date; open cases may have one planned."""
    least, most = _COUNTS[course.status]
    count = chance.number(least, most)
    days = sorted(chance.day(course.referred_on, course.last_worked_on) for _ in range(count))
    values = [_given(chance, speaks, day, early=position < 2) for position, day in enumerate(days)]
    if course.status not in ("referred", "closed") and chance.happens(0.6):
        values.append(_planned(chance, today))
    return values


def _given(chance: Chance, speaks: Language, day: date, early: bool) -> Values:
    kind = chance.weighted(_EARLY if early else _LATER)
    status = chance.weighted({"given": 90, "missed": 7, "declined": 3})
    values: Values = {"service_type": kind, "service_date": day.isoformat(), "status": status}
    if status != "given":
        return values
    provider = chance.weighted(_PROVIDERS.get(kind, {"our_team": 8, "partner_ngo": 2}))
    values |= {
        "provider": chance.with_gaps(provider, {"unknown": 0.02}),
        "hours": chance.with_gaps(_hours(chance, kind), {"unknown": 0.03}, blank=0.05),
        "place": chance.weighted({"office": 5, "shelter": 4, "partner": 4, "phone": 2, "home": 1}),
        "interpreter_present": speaks.code not in ("km", "en") and chance.happens(0.6),
        "outcome": chance.with_gaps(chance.weighted(_OUTCOMES), {"not_asked": 0.1}, blank=0.15),
        "notes": chance.one_of(speaks.texts["service_note"]) if chance.happens(0.6) else None,
    }
    if kind in _COSTS:
        values |= {"cost": chance.amount(*_COSTS[kind]), "cost_currency": "usd"}
    if chance.happens(0.3):
        values["follow_up_date"] = (day + timedelta(days=chance.number(7, 45))).isoformat()
    return values


def _planned(chance: Chance, today: date) -> Values:
    day = today + timedelta(days=chance.number(1, 30))
    return {"service_type": chance.weighted(_LATER), "service_date": day.isoformat(), "status": "planned"}


def _hours(chance: Chance, kind: str) -> str:
    """Quarters of an hour; a stay counts the whole days."""
    if kind == "shelter":
        return f"{24 * chance.number(1, 14)}.00"
    return f"{chance.number(2, 16) / 4:.2f}"
