"""Whole invented cases, one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from amparo.runtime.demo import people, stories, support
from amparo.runtime.demo.chance import Chance
from amparo.runtime.demo.languages import SHARES, Language, Route, language
from amparo.runtime.demo.papers import Paper, papers
from amparo.runtime.demo.people import Values
from amparo.runtime.demo.stories import Course


@dataclass(frozen=True, slots=True)
class Companion:
    """Somebody else a case speaks of, with the record type, and what they are to the client."""

    record_type: str
    relationship: str
    values: Values


@dataclass(frozen=True, slots=True)
class DemoCase:
    """One client with one case, its services and papers and the people around it, as input keyed by field names.

    The case's ``person`` and the ``case`` of services and papers are left to whoever saves
    them. ``worker`` picks the caseworker: a number to be taken modulo their
    count. ``course`` says when the work was done.
    """

    language: str
    worker: int
    course: Course
    person: Values
    case: Values
    services: list[Values] = field(default_factory=list)
    companions: list[Companion] = field(default_factory=list)
    papers: list[Paper] = field(default_factory=list)


def generate(seed: int, cases: int, today: date) -> Iterator[DemoCase]:
    """``cases`` invented cases; equal arguments give equal cases. Every script of the eight languages appears
    from the eighth case on."""
    codes = tuple(SHARES)
    for position in range(cases):
        chance = Chance(seed, position)
        code = codes[position] if position < len(codes) else chance.weighted(SHARES)
        yield _demo_case(chance, language(code), today)


def _demo_case(chance: Chance, speaks: Language, today: date) -> DemoCase:
    route = chance.weighted({each: each.weight for each in speaks.routes})
    course = stories.draw_course(chance, today)
    exploitation = stories.draw_exploitation(chance, course)
    gender = people.draw_gender(chance, route)
    born = people.draw_birth_date(chance, route, exploitation.began)
    answers = stories.case_values(chance, speaks, route, course, exploitation, born, gender)
    agrees = answers["consent"] not in ("declined", "withdrawn")
    agreed_on = date.fromisoformat(answers["consent_date"]) if "consent_date" in answers else course.last_worked_on
    return DemoCase(
        language=speaks.code,
        worker=chance.number(0, 9999),
        course=course,
        person=people.client(chance, speaks, gender, born, course.referred_on),
        case=answers,
        services=support.services(chance, speaks, course, today),
        companions=_companions(chance, speaks, route),
        papers=papers(chance, speaks, route, course, exploitation, agreed_on, today) if agrees else [],
    )


def _companions(chance: Chance, speaks: Language, route: Route) -> list[Companion]:
    found: list[Companion] = []
    if chance.happens(0.15):
        found.append(
            Companion(
                "family_member",
                chance.one_of(("parent", "brother_sister", "partner")),
                people.family_member(chance, speaks),
            )
        )
    if chance.happens(0.05):
        found.append(Companion("witness", "witness", people.witness(chance, speaks)))
    if chance.happens(0.12):
        found.append(
            Companion(
                "alleged_perpetrator", "alleged_perpetrator", people.alleged_perpetrator(chance, speaks, route.country)
            )
        )
    return found
