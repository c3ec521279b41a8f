"""The demo's past: every piece of work is saved at the time it was done, so that history, "as of" and lists of
quiet cases have something to show."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from itertools import groupby
from zoneinfo import ZoneInfo

from amparo.runtime.access import Actor
from amparo.runtime.demo.generation import DemoCase
from amparo.runtime.demo.papers import Paper
from amparo.runtime.demo.people import Values
from amparo.runtime.ledger.writing import clock_microseconds
from amparo.runtime.records.changes import Batch, Change
from amparo.runtime.records.saving import save_together
from amparo.runtime.records.service import create, save, update
from amparo.runtime.stores.organisation import OrganisationStore

#: Called after each save with the saves done and those there are.
Progress = Callable[[int, int], None]

#: What is known of a case on the day it is referred.
_KNOWN_AT_REFERRAL = (
    "record_type",
    "referral_date",
    "referral_source",
    "referral_reason",
    "client_group",
    "risk_level",
)
#: What a person decides about the information.
_DECIDED = ("consent", "consent_date", "consent_sharing")
#: Services are written down in at most so many goes, as busy people do.
_GOES = 3
_OPENING = time(8, 10)
_MINUTES_OPEN = 480


class PastClock:
    """A clock for new transactions that stands where it was turned to, and never ahead of the real one."""

    def __init__(self, day: date, zone: ZoneInfo) -> None:
        self._zone = zone
        self.turn_to(day, 0)

    def turn_to(self, day: date, minutes: int) -> None:
        """``minutes`` after the office opened on a day."""
        opened = datetime.combine(day, _OPENING, self._zone)
        self._at = int((opened + timedelta(minutes=minutes)).timestamp() * 1_000_000)

    def __call__(self) -> int:
        return min(self._at, clock_microseconds())


@dataclass
class CaseFile:
    """One case on its way into the store. ``answers`` are the case's as it stands today; ``partners`` by name."""

    store: OrganisationStore
    actor: Actor
    case: DemoCase
    answers: Values
    partners: Mapping[str, uuid.UUID]
    record: uuid.UUID = field(init=False)
    version: int = field(init=False)

    def saves(self) -> Iterator[tuple[date, Callable[[], None]]]:
        """The saves of this case with their days, each day's in order."""
        course = self.case.course
        yield course.referred_on, self._open
        if decided_on := self.answers.get("consent_date"):
            yield date.fromisoformat(decided_on), self._decide
        for day, stage in course.steps:
            yield day, partial(self._move_to, stage)
        for services in self._goes():
            dates = [date.fromisoformat(each["service_date"]) for each in services]
            yield min(max(dates), course.last_worked_on), partial(self._add, services)
        for day, papers in groupby(self.case.papers, key=lambda paper: paper.day):
            yield day, partial(self._file, tuple(papers))
        yield course.last_worked_on, self._complete

    def _goes(self) -> Iterator[list[Values]]:
        services = self.case.services
        size = -(-len(services) // _GOES) or 1
        return (services[start : start + size] for start in range(0, len(services), size))

    def _open(self) -> None:
        person = create(self.store, self.actor, "person", {**self.case.person, "record_type": "client"}).record
        companions = [Change({**each.values, "record_type": each.record_type}) for each in self.case.companions]
        beside = save(self.store, self.actor, "person", companions).saved if companions else {}
        known = {name: self.answers[name] for name in _KNOWN_AT_REFERRAL}
        unasked = {"person": person, "status": "referred", "consent": {"missing": "not_asked"}}
        saved = create(self.store, self.actor, "case", {**known, **unasked})
        self.record, self.version = saved.record, saved.version
        connections = [
            {
                "person": person,
                "relationship": each.relationship,
                "other_person": beside[position].record,
                "case": saved.record,
            }
            for position, each in enumerate(self.case.companions)
        ]
        if connections:
            save(self.store, self.actor, "connection", [Change(each) for each in connections])

    def _decide(self) -> None:
        """What the person says about the information is written down on the day."""
        self._change({name: self.answers[name] for name in _DECIDED if name in self.answers})

    def _move_to(self, stage: str) -> None:
        self._change({"status": stage})

    def _complete(self) -> None:
        self._change(self.answers)

    def _change(self, values: Values) -> None:
        self.version = update(self.store, self.actor, "case", self.record, self.version, values).version

    def _file(self, papers: Sequence[Paper]) -> None:
        """What is written down on one day goes in together."""
        changes: dict[str, list[Change]] = defaultdict(list)
        for paper in papers:
            partner = {paper.partner[0]: self.partners[paper.partner[1]]} if paper.partner else {}
            pointing = "about" if paper.object == "task" else "case"
            changes[paper.object].append(Change({**paper.values, **partner, pointing: self.record}))
        save_together(self.store, self.actor, [Batch(name, each) for name, each in changes.items()])

    def _add(self, services: list[Values]) -> None:
        save(self.store, self.actor, "service", [Change({**each, "case": self.record}) for each in services])


def play(files: Iterable[CaseFile], clock: PastClock, progress: Progress) -> None:
    """Saves everything in the order in which it was done."""
    done = [
        (day, position * 37 % _MINUTES_OPEN + order, position, order, do)
        for position, each in enumerate(files)
        for order, (day, do) in enumerate(each.saves())
    ]
    for number, (day, minutes, _, _, do) in enumerate(sorted(done, key=lambda each: each[:4]), start=1):
        clock.turn_to(day, minutes)
        do()
        progress(number, len(done))
