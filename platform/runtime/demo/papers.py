"""What lies in an invented case beside its services: plans, notes, stays, proceedings and whatever else is kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from amparo.runtime.demo.chance import Chance
from amparo.runtime.demo.languages import Language, Route
from amparo.runtime.demo.partners import PARTNER_NAMES, PARTNERS
from amparo.runtime.demo.people import Values
from amparo.runtime.demo.stories import Course, Exploitation

_SHELTERS = tuple(each.name for each in PARTNERS if each.kind == "shelter")
_LAWYERS = tuple(each.name for each in PARTNERS if each.kind == "legal_service")
_WORKED_ON = ("assessment", "support", "follow_up", "closed")
_SCORES = ("safety", "housing", "health", "wellbeing", "income", "support")
_WANTED = {"legal_advice": 4, "medical": 4, "vocational_training": 3, "family_tracing": 2, "return_support": 1}
_KINDS_OF_NOTE = {"call": 5, "office": 4, "visit": 3, "message": 3, "meeting": 1}
_PLANS = {"livelihood": 5, "health": 4, "legal": 4, "after_forced_labour": 3, "education": 2, "social": 2}
_WAYS_OUT = {"home": 5, "own_place": 4, "family": 3, "other_shelter": 2, "own_wish": 1}
_CLAIMS = {"unpaid_wages": 6, "compensation": 4, "criminal_trial": 4, "residence": 1, "protection_order": 1}
_OUTCOMES = {"granted": 4, "granted_partly": 4, "settled": 4, "refused": 2, "withdrawn": 1}
_HOURS = ("02:00", "03:30", "07:00", "08:30")


@dataclass(frozen=True, slots=True)
class Paper:
    """One record that belongs to a case or names it, with the day it is written down.

    ``partner`` is the field that names an organisation, and its name.
    """

    object: str
    day: date
    values: Values
    partner: tuple[str, str] | None = None


def papers(
    chance: Chance,
    speaks: Language,
    route: Route,
    course: Course,
    exploitation: Exploitation,
    agreed_on: date,
    today: date,
) -> list[Paper]:
    """In the order in which they are written down; nothing is passed on before the person agreed."""
    texts = speaks.texts["papers"]
    found = [
        *_events_of_trafficking(chance, speaks, route, course, exploitation),
        *_notes(chance, texts, course),
        *_consents(chance, course, route.adult),
        *_tasks(chance, texts, course, today),
    ]
    if course.status in _WORKED_ON:
        found += [
            *_assessments(chance, texts, course),
            *_plans(chance, texts, course),
            *_stays(chance, course),
            *_referrals(chance, course, agreed_on),
            *_proceedings(chance, course, today),
            *_documents(chance, texts, course, exploitation),
            *_events(chance, texts, course, today),
        ]
    return sorted(found, key=lambda paper: paper.day)


def _between(chance: Chance, course: Course) -> date:
    return chance.day(course.referred_on, course.last_worked_on)


def _events_of_trafficking(
    chance: Chance, speaks: Language, route: Route, course: Course, exploitation: Exploitation
) -> Iterator[Paper]:
    if course.status == "referred":
        return
    day = min(course.last_worked_on, course.referred_on + timedelta(days=3))
    recruited = {"event_type": "recruitment", "country": speaks.citizenships[0], "city": chance.one_of(speaks.towns)}
    began = chance.weighted(
        {f"{exploitation.began:%Y-%m}": 4, f"{exploitation.began:%Y}": 3, f"{exploitation.began:%Y}~": 2}
    )
    exploited = {"event_type": "exploitation", "country": route.country}
    for values in (recruited, exploited):
        yield Paper("trafficking_event", day, {**values, "event_date": chance.with_gaps(began, {"unknown": 0.15})})


def _notes(chance: Chance, texts: Values, course: Course) -> Iterator[Paper]:
    for _ in range(chance.number(0, 4 if course.status in _WORKED_ON else 1)):
        day = _between(chance, course)
        kind = chance.weighted(_KINDS_OF_NOTE)
        yield Paper(
            "case_note", day, {"note_date": day.isoformat(), "contact_kind": kind, "text": chance.one_of(texts["note"])}
        )


def _consents(chance: Chance, course: Course, adult: bool) -> Iterator[Paper]:
    if course.status == "referred":
        return
    day = min(course.last_worked_on, course.referred_on + timedelta(days=chance.number(0, 10)))
    agreed = {"agreed": 8, "agreed_limited": 3} if adult else {"guardian_agreed": 1}
    for purpose in (
        "keep_information",
        *chance.several({"share_information": 4, "figures": 3, "legal": 3, "medical": 3}, 2),
    ):
        values = {"purpose": purpose, "decision": chance.weighted(agreed), "given_on": day.isoformat()}
        if purpose == "share_information":
            values["valid_until"] = (day + timedelta(days=365)).isoformat()
        yield Paper("consent", day, values)


def _tasks(chance: Chance, texts: Values, course: Course, today: date) -> Iterator[Paper]:
    """Done ones of before; of an open case mostly one that waits, some of them late."""
    if course.status in _WORKED_ON:
        day = _between(chance, course)
        yield Paper("task", day, _task(chance, texts, day + timedelta(days=7), "done"))
    if course.status != "closed" and chance.happens(0.6):
        due = today + timedelta(days=chance.number(-6, 21))
        yield Paper("task", course.last_worked_on, _task(chance, texts, due, "open"))


def _task(chance: Chance, texts: Values, due: date, status: str) -> Values:
    priority = chance.weighted({"normal": 7, "urgent": 2, "low": 1})
    return {"subject": chance.one_of(texts["task"]), "due_on": due.isoformat(), "priority": priority, "status": status}


def _assessments(chance: Chance, texts: Values, course: Course) -> Iterator[Paper]:
    """Scores mostly rise from intake to exit."""
    kinds = {"assessment": ("intake",), "support": ("intake", "follow_up")}.get(
        course.status, ("intake", "follow_up", "exit")
    )
    days = sorted(_between(chance, course) for _ in kinds)
    scores = {name: chance.number(1, 3) for name in _SCORES}
    for kind, day in zip(kinds, days, strict=True):
        answers = {
            f"{name}_score": chance.with_gaps(score, {"not_asked": 0.06, "refused": 0.02})
            for name, score in scores.items()
        }
        steps = {"next_steps": chance.one_of(texts["assessment"])} if kind != "exit" else {}
        yield Paper(
            "assessment", day, {"assessment_type": kind, "assessment_date": day.isoformat(), **answers, **steps}
        )
        scores = {name: min(5, max(1, score + chance.number(-1, 2))) for name, score in scores.items()}


def _plans(chance: Chance, texts: Values, course: Course) -> Iterator[Paper]:
    if course.status == "assessment":
        return
    is_over = course.status == "closed"
    for kind in chance.several(_PLANS, 2):
        day = _between(chance, course)
        values = {
            "plan_type": kind,
            "status": chance.weighted({"reached": 5, "ended": 2})
            if is_over
            else chance.weighted({"agreed": 2, "under_way": 6}),
            "objectives": chance.one_of(texts["objective"]),
            "action_plan": chance.one_of(texts["action"]),
            "planned_end_date": (day + timedelta(days=chance.number(60, 240))).isoformat(),
            "actual_end_date": course.last_worked_on.isoformat() if is_over else None,
        }
        yield Paper("support_plan", course.last_worked_on if is_over else day, values)


def _stays(chance: Chance, course: Course) -> Iterator[Paper]:
    if not chance.happens(0.4):
        return
    arrived = min(course.last_worked_on, course.referred_on + timedelta(days=chance.number(0, 6)))
    values = {"arrived_on": arrived.isoformat(), "bed": f"{chance.one_of('ABC')}{chance.number(1, 8)}"}
    if course.status == "closed" or chance.happens(0.5):
        left = chance.day(arrived, course.last_worked_on)
        values |= {
            "left_on": left.isoformat(),
            "reason_left": chance.with_gaps(chance.weighted(_WAYS_OUT), {"unknown": 0.05}),
        }
    yield Paper(
        "stay", course.last_worked_on if "left_on" in values else arrived, values, ("shelter", chance.one_of(_SHELTERS))
    )


def _referrals(chance: Chance, course: Course, agreed_on: date) -> Iterator[Paper]:
    for service in chance.several(_WANTED, 2) if chance.happens(0.45) else ():
        sent = max(_between(chance, course), agreed_on)
        status = chance.weighted({"accepted": 5, "completed": 5, "sent": 2, "declined": 1})
        answered = None if status == "sent" else chance.day(sent, course.last_worked_on).isoformat()
        values = {"service_wanted": service, "sent_on": sent.isoformat(), "status": status, "answered_on": answered}
        yield Paper(
            "referral",
            course.last_worked_on if answered else sent,
            values,
            ("organisation", chance.one_of(PARTNER_NAMES)),
        )


def _proceedings(chance: Chance, course: Course, today: date) -> Iterator[Paper]:
    if not chance.happens(0.3):
        return
    values: Values = {
        "claim": chance.weighted(_CLAIMS),
        "status": chance.weighted({"preparing": 3, "filed": 3, "in_court": 2}),
    }
    if course.status == "closed":
        outcome = chance.weighted(_OUTCOMES)
        values |= {"status": "ended", "outcome": outcome, "outcome_date": course.last_worked_on.isoformat()}
        if outcome in ("granted", "granted_partly", "settled"):
            awarded = chance.amount(200, 5000)
            paid = awarded if chance.happens(0.5) else "0.00"
            values |= {"compensation_awarded": awarded, "compensation_paid": paid, "compensation_currency": "usd"}
    elif values["status"] != "preparing":
        values["next_hearing"] = (today + timedelta(days=chance.number(3, 90))).isoformat()
    day = _between(chance, course)
    lawyer = chance.one_of(_LAWYERS)
    yield Paper("legal_proceeding", course.last_worked_on if "outcome" in values else day, values, ("lawyer", lawyer))


def _documents(chance: Chance, texts: Values, course: Course, exploitation: Exploitation) -> Iterator[Paper]:
    for kind in chance.several({"identity": 4, "contract": 3, "medical": 3}, 2) if chance.happens(0.5) else ():
        dated = f"{exploitation.began:%Y-%m}" if kind == "contract" else f"{course.referred_on:%Y}"
        yield Paper(
            "document",
            _between(chance, course),
            {"title": texts["document"][kind], "document_kind": kind, "dated": dated},
        )


def _events(chance: Chance, texts: Values, course: Course, today: date) -> Iterator[Paper]:
    """One of before, and of some open cases one to come."""
    days = [_between(chance, course)]
    if course.status != "closed" and chance.happens(0.35):
        days.append(today + timedelta(days=chance.number(1, 28)))
    for day in days:
        kind = chance.weighted({"appointment": 4, "medical": 4, "group": 3, "hearing": 1})
        values = {"title": texts["event"][kind], "event_kind": kind, "starts_at": f"{day}T{chance.one_of(_HOURS)}Z"}
        yield Paper("event", min(day, course.last_worked_on), values)
