"""Roll-ups after a storm of saves against the same counted by hand, now and as of a day, on every database."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from amparo.metadata.model import FilterRow, Grouping, Measure, Report, Sort
from amparo.runtime.access import Actor, operator_actor
from amparo.runtime.planner.lists import count, list_page, stream
from amparo.runtime.planner.queries import ListQuery
from amparo.runtime.planner.records import read_record, record_history
from amparo.runtime.planner.reports import run_report
from amparo.runtime.projections.comparing import check_projections
from amparo.runtime.records import service
from amparo.runtime.records.changes import Batch, Change
from amparo.runtime.records.deleting import delete_many
from amparo.runtime.records.saving import save_together
from amparo.runtime.releases.publishing import publish
from amparo.runtime.serializer import Record
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations
from amparo.runtime.stores.types import instant
from factories.population import add_members, random_answers, some_day
from factories.roll_ups import NAMES, counted, days_since_visit, roll_up_document

pytestmark = pytest.mark.every_database

STEPS = 160
Answers = dict[str, Any]
Known = dict[uuid.UUID, Answers]


@dataclass
class Storm:
    """Every way to write, in a row, and what was there after each transaction."""

    store: OrganisationStore
    actor: Actor
    chance: random.Random
    members: list[Actor]
    held: dict[str, Known] = field(default_factory=lambda: {"person": {}, "visit": {}})
    #: Deleted records, by the transaction that deleted them.
    deleted: dict[uuid.UUID, int] = field(default_factory=dict)
    erased: set[uuid.UUID] = field(default_factory=set)
    versions: dict[uuid.UUID, int] = field(default_factory=dict)
    log: dict[int, tuple[Known, Known]] = field(default_factory=dict)

    def there(self, name: str) -> Known:
        return {i: dict(each) for i, each in self.held[name].items() if i not in self.deleted and i not in self.erased}

    def blow(self, steps: int = STEPS) -> None:
        for _ in range(steps):
            # An update that changes nothing is no transaction.
            self.log.setdefault(self._step(), (self.there("person"), self.there("visit")))

    def _step(self) -> int:
        people, visits = sorted(self.there("person")), sorted(self.there("visit"))
        throw = self.chance.random()
        if len(people) < 8 or throw < 0.1:
            return self._save("person", [self._person(people)])
        if throw < 0.3 or len(visits) < 8:
            return self._save("visit", [self._visit(people) for _ in range(self.chance.choice([1, 1, 2, 30]))])
        if throw < 0.4:
            return self._save_both(people)
        if throw < 0.52:
            return self._change("visit", self.chance.choice(visits), {"hours": self._hours()})
        if throw < 0.7:
            fresh = self._person(people)
            names = self.chance.choice([["friend"], ["debt", "children"], ["gender", "met_at"], ["friend", "debt"]])
            answers = {name: fresh.get(name) for name in names}
            return self._change("person", self.chance.choice(people), answers)
        if throw < 0.8:
            return self._delete(*self.chance.choice([("person", people), ("visit", visits)]))
        if throw < 0.84:
            return self._delete_many(visits)
        if throw < 0.94 and self.deleted:
            return self._undelete()
        if throw < 0.97:
            return self._erase(*self.chance.choice([("person", people), ("visit", visits)]))
        return self._save("person", [self._person(people)])

    def _person(self, people: list[uuid.UUID]) -> Answers:
        return random_answers(self.chance, self.members, people)

    def _hours(self) -> Decimal | None:
        return self.chance.choice([None, *[Decimal(self.chance.randrange(-20, 60)).scaleb(-1) for _ in range(4)]])

    def _visit(self, people: list[uuid.UUID]) -> Answers:
        day = self.chance.choice([None, some_day(self.chance), some_day(self.chance)])
        return {"title": "Visit", "person": self.chance.choice(people), "held_on": day, "hours": self._hours()}

    def _save(self, name: str, batch: list[Answers]) -> int:
        result = service.save(self.store, self.actor, name, [Change(each) for each in batch])
        return self._note(name, batch, result)

    def _note(self, name: str, batch: list[Answers], result: Any) -> int:
        tx = 0
        for position, saved in result.saved.items():
            self.held[name][saved.record] = batch[position]
            tx = self.versions[saved.record] = saved.version
        return tx

    def _save_both(self, people: list[uuid.UUID]) -> int:
        """A new person with its visits, one of them of somebody else."""
        record = uuid.UUID(int=self.chance.getrandbits(128), version=4)
        person, visits = self._person(people), [self._visit([record]), self._visit([record]), self._visit(people)]
        batches = [Batch("person", [Change(person, record)]), Batch("visit", [Change(each) for each in visits])]
        first, second = save_together(self.store, self.actor, batches)
        self._note("person", [person], first)
        return self._note("visit", visits, second)

    def _change(self, name: str, record: uuid.UUID, answers: Answers) -> int:
        saved = service.update(self.store, self.actor, name, record, self.versions[record], answers)
        self.held[name][record] |= answers
        self.versions[record] = saved.version
        return saved.version

    def _family(self, name: str, record: uuid.UUID) -> list[uuid.UUID]:
        details = [i for i, each in self.held["visit"].items() if name == "person" and each["person"] == record]
        return [record, *(each for each in details if each not in self.erased)]

    def _delete(self, name: str, records: list[uuid.UUID]) -> int:
        record = self.chance.choice(records)
        tx = service.delete(self.store, self.actor, name, record).version
        self._mark(self._family(name, record), tx)
        return tx

    def _mark(self, records: list[uuid.UUID], tx: int) -> None:
        for each in records:
            if each not in self.deleted:
                self.deleted[each] = self.versions[each] = tx

    def _delete_many(self, visits: list[uuid.UUID]) -> int:
        chosen = self.chance.sample(visits, 3)
        done = delete_many(self.store, self.actor, "visit", {each: self.versions[each] for each in chosen})
        assert set(done.deleted) == set(chosen)
        with self.store.reading() as connection:
            tx = connection.scalar(select(self.store.tables.head.c.tx)) or 0
        self._mark(chosen, tx)
        return tx

    def _undelete(self) -> int:
        able = [each for each in self.deleted if each in self.held["person"]]
        alone = [
            each for each in self.deleted
            if each in self.held["visit"] and self.held["visit"][each]["person"] not in self.deleted
        ]  # fmt: skip
        if not able and not alone:
            return self._save("person", [self._person([])])
        record = self.chance.choice(able + alone)
        name = "person" if record in self.held["person"] else "visit"
        with_it = [each for each in self._family(name, record) if self.deleted.get(each) == self.deleted[record]]
        tx = service.undelete(self.store, self.actor, name, record).version
        for each in with_it:
            del self.deleted[each]
            self.versions[each] = tx
        return tx

    def _erase(self, name: str, records: list[uuid.UUID]) -> int:
        record = self.chance.choice(records)
        family = self._family(name, record)
        tx = service.erase(self.store, self.actor, name, record, "asked for").tx
        self.erased.update(family)
        for each in family:
            self.deleted.pop(each, None)
        return tx

    def instants(self) -> list[tuple[dt.datetime, tuple[Known, Known]]]:
        tx = self.store.tables.tx
        with self.store.reading() as connection:
            at = {row.id: row.at for row in connection.execute(select(tx.c.id, tx.c.at))}
        chosen = self.chance.sample(sorted(self.log), 6)
        return [(instant(at[each]), self._still_known(each)) for each in chosen]

    def _still_known(self, tx: int) -> tuple[Known, Known]:
        """Without what was erased since."""
        people, visits = ({i: each for i, each in known.items() if i not in self.erased} for known in self.log[tx])
        return people, visits


@pytest.fixture(scope="module")
def storm(organisations: Organisations) -> Storm:
    store = organisations.create("rollups", "Roll-ups")
    publish(store, operator_actor(), roll_up_document())
    blown = Storm(store, operator_actor(), random.Random(5), add_members(store))
    blown.blow()
    assert check_projections(store).differences == 0
    assert blown.erased
    assert blown.deleted
    return blown


def expected(people: Known, visits: Known) -> dict[uuid.UUID, Answers]:
    return {each: counted(each, people, visits) for each in people}


def records_of(storm: Storm, *names: str, **asked: Any) -> list[Record]:
    return list(list_page(storm.store, storm.actor, ListQuery("person", names, limit=500, **asked)).records)


def test_after_every_save_they_equal_a_fresh_count(organisations: Organisations) -> None:
    store = organisations.create("rollups-steps", "Roll-ups")
    publish(store, operator_actor(), roll_up_document())
    storm = Storm(store, operator_actor(), random.Random(23), add_members(store))
    for _ in range(60):
        storm.blow(1)
        people, visits = storm.there("person"), storm.there("visit")
        assert {r.id: r.answers for r in records_of(storm, *NAMES)} == expected(people, visits)


def test_a_list_and_a_page_and_a_stream_show_them(storm: Storm) -> None:
    wanted = expected(storm.there("person"), storm.there("visit"))
    assert {r.id: r.answers for r in records_of(storm, *NAMES)} == wanted
    assert {r.id: r.answers for r in stream(storm.store, storm.actor, ListQuery("person", NAMES))} == wanted
    for person in list(wanted)[:5]:
        record = read_record(storm.store, storm.actor, "person", person)
        assert {name: record.answers[name] for name in NAMES} == wanted[person]


@pytest.mark.parametrize("name", NAMES)
def test_records_are_chosen_and_sorted_by_them(storm: Storm, name: str) -> None:
    wanted = {each: held[name] for each, held in expected(storm.there("person"), storm.there("visit")).items()}
    for value in {str(each): each for each in wanted.values()}.values():
        if isinstance(value, dt.datetime):
            row = FilterRow(name, "between", [value, value])
        else:
            row = FilterRow(name, "is_blank") if value is None else FilterRow(name, "equals", value)
        found = records_of(storm, filters=(row,))
        assert {each.id for each in found} == {each for each, held in wanted.items() if held == value}
        assert count(storm.store, storm.actor, ListQuery("person", (), (row,))) == len(found)
    for descending in (False, True):
        held = [wanted[each.id] for each in records_of(storm, sort=(Sort(name, descending),))]
        there = [each for each in held if each is not None]
        assert there == sorted(there, reverse=descending)
        assert held == [*there, *[None] * (len(held) - len(there))]


def test_a_report_groups_and_adds_them_up(storm: Storm) -> None:
    wanted = expected(storm.there("person"), storm.there("visit"))
    measures = (Measure("count"), Measure("sum", "hours_in_all"), Measure("maximum", "friends"))
    report = Report("r", "r", "person", "R", "", (), (Grouping("visits"),), measures, (), "all", ())
    result = run_report(storm.store, storm.actor, report)
    assert result.totals == (
        len(wanted),
        sum(each["hours_in_all"] for each in wanted.values()),
        max(each["friends"] for each in wanted.values()),
    )
    groups = {group.key: total[0] for group, total in zip(result.axes[0].groups, result.row_totals, strict=True)}
    numbers = [each["visits"] for each in wanted.values()]
    assert {int(key): found for key, found in groups.items() if found} == {n: numbers.count(n) for n in set(numbers)}


def test_formula_fields_read_them(storm: Storm) -> None:
    people = storm.there("person")
    wanted = expected(people, storm.there("visit"))
    now = dt.datetime(2025, 5, 1, 12, tzinfo=dt.UTC)
    today = now.astimezone(ZoneInfo("Asia/Kathmandu")).date()
    query = ListQuery("person", ("days_since_visit",), limit=500)
    page = list_page(storm.store, storm.actor, query, now=now)
    deleted = {i: counted(i, people, storm.there("visit")) for i in storm.deleted if i in storm.held["person"]}

    def of(person: uuid.UUID) -> int | None:
        friend = people[person].get("friend")
        known = {**deleted, **wanted}.get(friend) if friend is not None else None
        return days_since_visit(wanted[person], None if known is None else known["visits"], today)

    days = {each: of(each) for each in wanted}
    assert {record.id: record.answers["days_since_visit"] for record in page.records} == days
    some = next(each for each in days.values() if each is not None)
    query = ListQuery("person", (), (FilterRow("days_since_visit", "equals", some),), limit=500)
    chosen = list_page(storm.store, storm.actor, query, now=now)
    assert {each.id for each in chosen.records} == {each for each, held in days.items() if held == some}


def test_as_of_a_day_they_are_what_was_counted_then(storm: Storm) -> None:
    for at, (people, visits) in storm.instants():
        wanted = expected(people, visits)
        assert {r.id: r.answers for r in records_of(storm, *NAMES, as_of=at)} == wanted
        for name in ("visits", "hours_each", "friends_in_need", "friend_met_last"):
            ordered = [wanted[each.id][name] for each in records_of(storm, sort=(Sort(name),), as_of=at)]
            there = [each for each in ordered if each is not None]
            assert there == sorted(there)
        chosen = records_of(storm, filters=(FilterRow("visits", "greater_than", 1),), as_of=at)
        assert {each.id for each in chosen} == {each for each, held in wanted.items() if held["visits"] > 1}
        living = storm.there("person")
        for person in [each for each in wanted if each in living][:3]:
            record = read_record(storm.store, storm.actor, "person", person, as_of=at)
            assert {name: record.answers[name] for name in NAMES} == wanted[person]


def test_history_and_version_show_nothing_of_them(organisations: Organisations) -> None:
    store, actor = organisations.create("rollups-quiet", "Roll-ups"), operator_actor()
    publish(store, actor, roll_up_document())
    person = service.create(store, actor, "person", {"name": "Ana"})
    before = read_record(store, actor, "person", person.record)
    service.create(store, actor, "visit", {"title": "First", "person": person.record})
    after = read_record(store, actor, "person", person.record)
    assert (before.answers["visits"], after.answers["visits"]) == (0, 1)
    assert (after.version, after.updated_at) == (before.version, before.updated_at)
    assert len(record_history(store, actor, "person", person.record)) == 1
