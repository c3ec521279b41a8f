"""Invented people: clients and those around them, as input for the record service."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from amparo.runtime.demo.chance import Chance
from amparo.runtime.demo.languages import Language, Route

Values = dict[str, Any]

_OTHER_LANGUAGES: Mapping[str, tuple[str, ...]] = {
    "am": ("om", "ar", "ti", "en"),
    "ar": ("ku", "en", "fr"),
    "en": ("fil", "sw", "fr", "ceb"),
    "km": ("th", "vi", "en"),
    "my": ("kar", "th", "kac"),
    "ne": ("hi", "mai", "new", "en"),
    "th": ("lo", "en", "km"),
    "vi": ("zh", "km", "en"),
}
_EDUCATION = {"none": 2, "primary": 6, "lower_secondary": 5, "upper_secondary": 4, "post_secondary": 1, "bachelor": 1}
_MARRIAGES = {"single": 6, "married": 5, "separated": 2, "divorced": 1, "widowed": 1}
_CONTACT_WAYS = {"call": 5, "messaging_app": 5, "text_message": 3, "trusted_person": 2, "comes_to_us": 2, "visit": 1}
_DOCUMENTS = {"passport": 6, "national_id": 4, "birth_certificate": 2, "family_book": 1, "none": 3}
_HOLDERS = {"person": 5, "exploiter": 3, "organisation": 2, "authority": 1, "lost": 1}
_ROLES = {"recruiter": 5, "broker": 3, "transporter": 2, "controlled": 2, "exploiter": 3, "abuser": 1}


@dataclass(frozen=True, slots=True)
class InventedName:
    """``whole`` in the order of the language; ``family`` is empty where families share no name."""

    whole: str
    latin: str
    first: str
    family: str


def invent_name(chance: Chance, speaks: Language, gender: str) -> InventedName:
    given = "masculine" if gender in ("masculine", "transgender_masculine") else "feminine"
    first, first_latin = chance.one_of(tuple(speaks.names[given].items()))
    last, last_latin = chance.one_of(tuple(speaks.names["family"].items()))
    if speaks.name_order == "family_first":
        return InventedName(f"{last} {first}", f"{last_latin} {first_latin}", first, last)
    family = "" if speaks.code == "my" else last
    return InventedName(f"{first} {last}", f"{first_latin} {last_latin}", first, family)


def draw_gender(chance: Chance, route: Route) -> str:
    """Mostly what the route says; a few people answer otherwise."""
    usual = route.gender if route.gender != "any" else chance.one_of(("feminine", "masculine"))
    return chance.weighted({usual: 95, "non_conforming": 1, f"transgender_{usual}": 1})


def draw_birth_date(chance: Chance, route: Route, began: date) -> date:
    years = chance.number(18, 34) + chance.number(0, 12) * chance.number(0, 1) if route.adult else chance.number(9, 16)
    return began - timedelta(days=years * 365 + chance.number(20, 340))


def client(chance: Chance, speaks: Language, gender: str, born: date, on: date) -> Values:
    """A client as known on the day of referral ``on``."""
    name = invent_name(chance, speaks, gender)
    values: Values = {
        "name": name.whole,
        "name_latin": name.latin if speaks.code != "en" else None,
        "first_name": name.first,
        "family_name": name.family or {"missing": "not_applicable"},
        "birth_date": chance.with_gaps(_as_far_as_known(chance, born, on), {"unknown": 0.04, "not_asked": 0.03}),
        "gender": chance.with_gaps(gender, {"not_asked": 0.02, "refused": 0.01}),
        "citizenships": chance.with_gaps([chance.one_of(speaks.citizenships)], {"unknown": 0.03}, blank=0.03),
        "primary_language": speaks.code,
        "other_languages": sorted({chance.one_of(_OTHER_LANGUAGES[speaks.code])}) if chance.happens(0.6) else None,
        "interpreter_needed": speaks.code not in ("km", "en") and chance.happens(0.8),
        "education": chance.with_gaps(chance.weighted(_EDUCATION), {"unknown": 0.08, "not_asked": 0.1}, blank=0.1),
        **_contact(chance, speaks),
        **_document(chance),
    }
    return {**values, **(_adult_life(chance) if age_on(born, on) >= 18 else {})}


def age_on(born: date, on: date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def _as_far_as_known(chance: Chance, born: date, on: date) -> str:
    """The day, the month, about the year, or the age on the day of referral."""
    age = f"age {age_on(born, on)} on {on}"
    return chance.weighted({born.isoformat(): 80, f"{born:%Y-%m}": 4, f"{born:%Y}~": 8, age: 8})


def family_member(chance: Chance, speaks: Language) -> Values:
    gender = chance.one_of(("feminine", "masculine"))
    return {**_known_by_name(chance, speaks, gender), **_contact(chance, speaks), "gender": gender}


def witness(chance: Chance, speaks: Language) -> Values:
    gender = chance.one_of(("feminine", "masculine"))
    return {**_known_by_name(chance, speaks, gender), "gender": gender, "contact_ways": ["trusted_person"]}


def alleged_perpetrator(chance: Chance, speaks: Language, country: str) -> Values:
    gender = chance.weighted({"masculine": 6, "feminine": 4})
    return {
        **_known_by_name(chance, speaks, gender),
        "gender": gender,
        "role_in_process": chance.several(_ROLES, 3),
        "mailing_country": chance.with_gaps(country, {"unknown": 0.3}),
    }


def _known_by_name(chance: Chance, speaks: Language, gender: str) -> Values:
    name = invent_name(chance, speaks, gender)
    return {
        "name": name.whole,
        "name_latin": name.latin if speaks.code != "en" else None,
        "primary_language": speaks.code,
    }


def _adult_life(chance: Chance) -> Values:
    return {
        "marital_status": chance.with_gaps(chance.weighted(_MARRIAGES), {"not_asked": 0.15, "refused": 0.02}),
        "children_count": chance.with_gaps(chance.weighted({0: 6, 1: 4, 2: 3, 3: 1, 4: 1}), {"not_asked": 0.15}),
    }


def _contact(chance: Chance, speaks: Language) -> Values:
    """Telephone numbers use 555 01, which films use because nobody answers."""
    phone = f"{speaks.phone_prefix} 555 01{chance.number(0, 99):02d}"
    return {
        "contact_ways": chance.with_gaps(chance.several(_CONTACT_WAYS, 3), {"not_asked": 0.05}),
        "contact_notes": chance.one_of(speaks.texts["contact"]) if chance.happens(0.5) else None,
        "mobile_phone": chance.with_gaps(phone, {"refused": 0.05, "not_applicable": 0.08}, blank=0.1),
        "mailing_city": chance.with_gaps(chance.one_of(speaks.towns), {"refused": 0.03, "unknown": 0.04}, blank=0.1),
        "mailing_country": chance.with_gaps(speaks.citizenships[0], {"refused": 0.02}, blank=0.05),
    }


def _document(chance: Chance) -> Values:
    kind = chance.weighted(_DOCUMENTS)
    if kind == "none":
        return {"id_document_type": kind, "id_document_number": {"missing": "not_applicable"}}
    number = f"{chance.one_of('ABCDEHKMNP')}{chance.number(0, 9_999_999):07d}"
    return {
        "id_document_type": kind,
        "id_document_number": chance.with_gaps(number, {"unknown": 0.15, "refused": 0.03}, blank=0.2),
        "id_document_holder": chance.with_gaps(chance.weighted(_HOLDERS), {"unknown": 0.05}),
    }
