"""Invented cases: what happened and where the work stands, as input for the record service."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from amparo.runtime.demo.chance import Chance
from amparo.runtime.demo.languages import Language, Route
from amparo.runtime.demo.partners import PARTNER_NAMES
from amparo.runtime.demo.people import Values, age_on

#: The furthest back a demo case was referred, in days.
OLDEST = 1095

_STAGES = ("referred", "screening", "assessment", "support", "follow_up")
_SOURCES = {
    "ngo": 8, "police": 6, "embassy": 5, "helpline": 5, "self": 4, "family_friend": 3, "outreach": 3,
    "former_client": 2, "social_services": 2, "health": 2, "immigration": 2, "labour_inspection": 1,
    "community": 1, "school": 1,
}  # fmt: skip
#: Sources of people who come by themselves, and of those whom the team finds; the others refer them.
_BY_THEMSELVES = frozenset({"self", "family_friend", "former_client", "helpline"})
_FOUND = frozenset({"outreach", "community"})
_CONTROLS = {
    "false_promises": 9, "withholds_documents": 7, "takes_earnings": 6, "excessive_hours": 6, "debt_bondage": 5,
    "psychological_abuse": 4, "threats_of_law": 4, "physical_threats": 3, "restricts_money": 3, "physical_abuse": 2,
    "threats_to_family": 2, "withholds_necessities": 2, "restricts_medical_care": 1,
}  # fmt: skip
_METHODS = {
    "friends": 5, "family": 4, "business": 4, "social_network": 3, "online_advert": 2, "work": 1, "school": 1,
    "other": 1,
}  # fmt: skip
_PLATFORMS = {"facebook": 6, "telegram": 3, "messenger": 3, "tiktok": 2, "whatsapp": 2, "wechat": 1, "line": 1}
_CLOSINGS = {
    "goals_reached": 6, "returned_home": 4, "contact_lost": 3, "person_decided": 2, "referred_on": 2, "moved_away": 2,
    "not_eligible": 1,
}  # fmt: skip
#: Where workers count wages in the country's own money; elsewhere they mostly speak of dollars.
_CURRENCIES: Mapping[str, str] = {
    "TH": "thb", "TW": "twd", "SA": "sar", "AE": "aed", "QA": "qar", "MY": "myr", "CN": "cny", "GB": "gbp", "JO": "jod"
}  # fmt: skip
#: What stays of a case when the person does not agree to more being kept.
_KEPT_WITHOUT_CONSENT = frozenset(
    "record_type status client_group risk_level next_step next_contact_date referral_date referral_source "
    "referral_reason consent consent_date still_in_situation exploitation_end_date safe_place safety_notes "
    "closing_date closing_reason closing_notes".split()
)
_UNSAID = {"unknown": 0.06, "not_asked": 0.08, "refused": 0.03}


@dataclass(frozen=True, slots=True)
class Course:
    """When a case was referred, the days on which it moved on, where it stands, and when somebody last worked on it."""

    referred_on: date
    steps: tuple[tuple[date, str], ...]  # day, stage reached; without the first and the present stage
    status: str
    last_worked_on: date


def draw_course(chance: Chance, today: date) -> Course:
    """Young cases are early in the work, old ones mostly closed, and a few have gone quiet."""
    referred = chance.recent_day(today, OLDEST)
    age = (today - referred).days
    if age <= 14:
        status = chance.weighted({"referred": 6, "screening": 4})
    elif age <= 90:
        status = chance.weighted({"referred": 1, "screening": 3, "assessment": 5, "support": 4, "closed": 1})
    elif age <= 365:
        status = chance.weighted({"assessment": 1, "support": 8, "follow_up": 3, "closed": 4})
    else:
        status = chance.weighted({"support": 3, "follow_up": 3, "closed": 10})
    if status == "closed":
        last = chance.day(referred + timedelta(days=min(age, 20)), today)
    else:
        quiet = chance.number(31, 120) if chance.happens(0.15) else chance.number(0, 28)
        last = max(referred, today - timedelta(days=quiet))
    return Course(referred, _steps(chance, status, referred, last), status, last)


def _steps(chance: Chance, status: str, first: date, last: date) -> tuple[tuple[date, str], ...]:
    """The stages between the first and the present one; a case may close from any of them."""
    reached = chance.number(1, len(_STAGES)) if status == "closed" else _STAGES.index(status)
    passed = _STAGES[1:reached]
    days = sorted(chance.day(first, last) for _ in passed)
    return tuple(zip(days, passed, strict=True))


@dataclass(frozen=True, slots=True)
class Exploitation:
    """When it began and ended; ``ended`` is None while it still goes on."""

    began: date
    ended: date | None


def draw_exploitation(chance: Chance, course: Course) -> Exploitation:
    still = course.status in ("referred", "screening") and chance.happens(0.12)
    ended = course.referred_on - timedelta(days=chance.number(1, 240))
    began = ended - timedelta(days=chance.number(40, 900))
    return Exploitation(began, None if still else ended)


def case_values(
    chance: Chance, speaks: Language, route: Route, course: Course, exploitation: Exploitation, born: date, gender: str
) -> Values:
    """Every answer of one case; the record service adds the number and the person."""
    consent = _consent(chance, course, route.adult)
    values: Values = {
        "client_group": client_group(born, course.referred_on, gender),
        **_where_it_stands(chance, speaks, course),
        **_referral(chance, course),
        **consent,
        **_what_happened(chance, speaks, route, course),
        **_beginning(chance, speaks, route, exploitation, born),
        **_money(chance, route),
        **_safety(chance, speaks, exploitation),
        **_closing(chance, speaks, course),
    }
    if consent["consent"] not in ("declined", "withdrawn"):
        return values
    return {name: answer for name, answer in values.items() if name in _KEPT_WITHOUT_CONSENT}


def client_group(born: date, on: date, gender: str) -> str:
    adult = age_on(born, on) >= 18
    if gender.endswith("feminine"):
        return "woman" if adult else "girl"
    if gender.endswith("masculine"):
        return "man" if adult else "boy"
    return "adult_other" if adult else "child_other"


def _where_it_stands(chance: Chance, speaks: Language, course: Course) -> Values:
    risk = chance.weighted({"low": 5, "medium": 4, "high": 2, "immediate": 0.3})
    values: Values = {
        "status": course.status,
        "risk_level": chance.with_gaps(risk, {"unknown": 0.04}, blank=0.06),
    }
    if course.status != "closed":
        values["next_step"] = chance.one_of(speaks.texts["next_step"])
        due = course.last_worked_on + timedelta(days=chance.number(2, 30))
        values["next_contact_date"] = chance.with_gaps(due.isoformat(), {}, blank=0.2)
    return values


def _referral(chance: Chance, course: Course) -> Values:
    source = chance.weighted(_SOURCES)
    return {
        "record_type": _way_of_coming(source),
        "referral_date": course.referred_on.isoformat(),
        "referral_source": chance.with_gaps(source, {"unknown": 0.03}),
        "referring_organisation": chance.one_of(PARTNER_NAMES) if source == "ngo" else None,
        "referral_reason": chance.weighted({"additional_services": 7, "change_of_place": 2, "other": 1}),
    }


def _way_of_coming(source: str) -> str:
    if source in _BY_THEMSELVES:
        return "self_referred"
    return "outreach" if source in _FOUND else "referred"


def _consent(chance: Chance, course: Course, adult: bool) -> Values:
    """Agreement is asked for in the first talks, so referred cases mostly wait for it."""
    if course.status == "referred" and chance.happens(0.7):
        return {"consent": {"missing": "not_asked"}}
    agreed = "given" if adult else "given_by_guardian"
    decided_on = min(course.last_worked_on, course.referred_on + timedelta(days=chance.number(0, 10)))
    return {
        "consent": chance.weighted({agreed: 94, "declined": 4, "withdrawn": 2}),
        "consent_date": decided_on.isoformat(),
        "consent_sharing": chance.several({"figures": 6, "health": 5, "legal": 4, "shelter": 3, "embassy": 2}, 4),
    }


def _what_happened(chance: Chance, speaks: Language, route: Route, course: Course) -> Values:
    early = course.status in ("referred", "screening")
    finding = "possible" if early else chance.weighted({"possible": 4, "trafficked": 8, "not_trafficked": 1})
    decided_by = chance.weighted({"ngo": 5, "police": 3, "government": 2, "court": 1})
    also = chance.weighted({"forced_labour": 3, "servitude": 1, "sexual_exploitation": 1})
    types = sorted({route.exploitation, also} if chance.happens(0.15) else {route.exploitation})
    return {
        "trafficking_status": finding,
        "trafficking_status_decided_by": decided_by if finding != "possible" else None,
        "summary": chance.one_of(speaks.texts["summary"][route.story]),
        "exploitation_type": chance.with_gaps(route.exploitation, {"unknown": 0.02}, blank=0.25 if early else 0.02),
        "exploitation_types": types,
        "work_sector": route.sector or {"missing": "not_applicable"},
        "sexual_exploitation_types": _sexual_forms(chance, route),
        "means_of_control": chance.with_gaps(chance.several(_CONTROLS, 6), _UNSAID, blank=0.1),
        "exploitation_country": chance.with_gaps(route.country, {"unknown": 0.02}, blank=0.3 if early else 0.04),
        "transit_countries": list(route.transit) or {"missing": "not_applicable"},
    }


def _sexual_forms(chance: Chance, route: Route) -> object:
    if route.exploitation != "sexual_exploitation":
        return {"missing": "not_applicable"}
    return chance.with_gaps(["prostitution"], {"not_asked": 0.4, "refused": 0.1})


def _beginning(chance: Chance, speaks: Language, route: Route, exploitation: Exploitation, born: date) -> Values:
    methods = chance.several(_METHODS, 2)
    online = {"social_network", "online_advert"} & set(methods)
    age = (exploitation.began - born).days // 365
    return {
        "recruitment_methods": chance.with_gaps(methods, _UNSAID),
        "recruitment_platforms": chance.several(_PLATFORMS, 2) if online else {"missing": "not_applicable"},
        "recruitment_country": chance.with_gaps(speaks.citizenships[0], {"unknown": 0.05}),
        "recruitment_place": chance.with_gaps(chance.one_of(speaks.towns), {"unknown": 0.1, "not_asked": 0.1}, 0.1),
        "promised_work": chance.one_of(speaks.texts["promised"][route.story]),
        "trafficker_relationship": chance.with_gaps(
            chance.weighted({"unknown_before": 6, "known": 5, "family": 2}), _UNSAID
        ),
        "age_when_trafficked": chance.with_gaps(age, {"unknown": 0.08}),
        "exploitation_start_date": chance.with_gaps(exploitation.began.isoformat(), {"unknown": 0.12}, blank=0.05),
        "exploitation_end_date": exploitation.ended.isoformat() if exploitation.ended else None,
        "still_in_situation": exploitation.ended is None,
    }


def _money(chance: Chance, route: Route) -> Values:
    if route.sector is None:
        return {"owed_wages": {"missing": "not_applicable"}, "debt_amount": {"missing": "not_applicable"}}
    owed = chance.with_gaps(chance.amount(80, 6000), {"unknown": 0.2, "not_asked": 0.1}, blank=0.15)
    debt = chance.with_gaps(chance.amount(100, 4000), {"unknown": 0.15, "not_applicable": 0.35}, blank=0.2)
    return {"owed_wages": owed, "debt_amount": debt, "money_currency": _CURRENCIES.get(route.country, "usd")}


def _safety(chance: Chance, speaks: Language, exploitation: Exploitation) -> Values:
    wishes = {"not_wanted": 5, "considering": 3, "made": 4, "planned": 1, "made_by_others": 1}
    return {
        "safe_place": exploitation.ended is not None and chance.happens(0.9),
        "safety_notes": chance.one_of(speaks.texts["safety"]) if chance.happens(0.45) else None,
        "police_report": chance.with_gaps(chance.weighted(wishes), {"not_asked": 0.15}),
    }


def _closing(chance: Chance, speaks: Language, course: Course) -> Values:
    if course.status != "closed":
        return {}
    reason = chance.weighted(_CLOSINGS)
    notes = dict(zip(("goals_reached", "returned_home"), speaks.texts["closing"], strict=True))
    closing: Values = {
        "closing_date": course.last_worked_on.isoformat(),
        "closing_reason": reason,
        "closing_notes": notes.get(reason),
    }
    if reason == "referred_on":
        closing |= {
            "referred_organisation": chance.one_of(PARTNER_NAMES),
            "outgoing_referral_reason": chance.weighted({"additional_services": 2, "change_of_place": 3}),
            "outgoing_referral_date": course.last_worked_on.isoformat(),
        }
    return closing
