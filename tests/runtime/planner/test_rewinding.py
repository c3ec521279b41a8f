"""As of a past instant: a log kept in Python of a storm of saves, against what the store says of every moment of it."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import select

from amparo.metadata.missing import Missing
from amparo.metadata.model import FilterRow, Grouping, Measure, Report, Sort
from amparo.runtime.access import Actor, operator_actor
from amparo.runtime.collation.alphabets import COMMON
from amparo.runtime.collation.keys import sort_key
from amparo.runtime.errors import NotFound
from amparo.runtime.planner.days import end_of_day
from amparo.runtime.planner.lists import count, list_page, stream
from amparo.runtime.planner.queries import ListQuery
from amparo.runtime.planner.records import read_record
from amparo.runtime.planner.reports import run_report
from amparo.runtime.records import service
from amparo.runtime.releases.publishing import publish
from amparo.runtime.searching import normalised
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations
from amparo.runtime.stores.types import instant
from factories.population import add_members, population_document, random_answers

pytestmark = pytest.mark.every_database

STEPS = 140
FIELDS = (
    "name", "nickname", "gender", "languages", "passport", "debt", "children", "born", "met_at", "safe", "friend",
    "story",
)  # fmt: skip
Answers = dict[str, Any]


@dataclass
class Moment:
    """What was there after one transaction."""

    answers: dict[uuid.UUID, Answers]
    versions: dict[uuid.UUID, int]


@dataclass
class Storm:
    """Saves, deletions and erasures in a row, and what was there after each of them."""

    store: OrganisationStore
    actor: Actor
    chance: random.Random
    members: list[Actor]
    held: dict[uuid.UUID, Answers] = field(default_factory=dict)
    versions: dict[uuid.UUID, int] = field(default_factory=dict)
    deleted: set[uuid.UUID] = field(default_factory=set)
    erased: set[uuid.UUID] = field(default_factory=set)
    log: dict[int, Moment] = field(default_factory=dict)

    def blow(self) -> None:
        for _ in range(STEPS):
            tx, record = self._step()
            self.versions[record] = tx
            living = self.held.keys() - self.deleted - self.erased
            self.log[tx] = Moment({i: dict(self.held[i]) for i in living}, {i: self.versions[i] for i in living})

    def _step(self) -> tuple[int, uuid.UUID]:
        living = sorted(self.held.keys() - self.deleted - self.erased)
        throw = self.chance.random()
        if len(living) < 12 or throw < 0.15:
            return self._create(living)
        if throw < 0.22:
            record = self.chance.choice(living)
            self.deleted.add(record)
            return service.delete(self.store, self.actor, "person", record).version, record
        if throw < 0.30 and self.deleted:
            record = self.chance.choice(sorted(self.deleted))
            self.deleted.remove(record)
            return service.undelete(self.store, self.actor, "person", record).version, record
        if throw < 0.33:
            record = self.chance.choice(sorted(self.held.keys() - self.erased))
            self.erased.add(record)
            self.deleted.discard(record)
            return service.erase(self.store, self.actor, "person", record, "asked for").tx, record
        return self._update(self.chance.choice(living), living)

    def _create(self, living: list[uuid.UUID]) -> tuple[int, uuid.UUID]:
        answers = random_answers(self.chance, self.members, living)
        saved = service.create(self.store, self.actor, "person", answers)
        self.held[saved.record] = answers
        return saved.version, saved.record

    def _update(self, record: uuid.UUID, living: list[uuid.UUID]) -> tuple[int, uuid.UUID]:
        fresh = dict.fromkeys(FIELDS) | random_answers(self.chance, self.members, living)
        changed = {name: fresh[name] for name in self.chance.sample(sorted(fresh), 5)}
        saved = service.update(self.store, self.actor, "person", record, self.versions[record], changed)
        self.held[record] |= changed
        return saved.version, record

    def instants(self) -> list[tuple[dt.datetime, Moment]]:
        """Some transactions' own instants, and the last one before the next."""
        tx = self.store.tables.tx
        with self.store.reading() as connection:
            at = {row.id: row.at for row in connection.execute(select(tx.c.id, tx.c.at))}
        chosen = self.chance.sample(sorted(self.log), 8)
        times = [(instant(at[each]), self.log[each]) for each in chosen]
        return times + [(instant(at[each + 1] - 1), self.log[each]) for each in chosen if each + 1 in at]

    def still_known(self, moment: Moment) -> dict[uuid.UUID, Answers]:
        return {i: answers for i, answers in moment.answers.items() if i not in self.erased}


@pytest.fixture(scope="module")
def storm(organisations: Organisations) -> Storm:
    store = organisations.create("storm", "Storm")
    publish(store, operator_actor(), population_document())
    blown = Storm(store, operator_actor(), random.Random(11), add_members(store))
    blown.blow()
    assert blown.erased
    assert blown.deleted
    return blown


def ids(storm: Storm, **asked: Any) -> set[uuid.UUID]:
    query = ListQuery("person", ("name",), limit=500, **asked)
    found = {record.id for record in list_page(storm.store, storm.actor, query).records}
    assert count(storm.store, storm.actor, query) == len(found)
    return found


def test_a_list_holds_the_values_held_then(storm: Storm) -> None:
    for at, moment in storm.instants():
        page = list_page(storm.store, storm.actor, ListQuery("person", FIELDS, limit=500, as_of=at))
        known = storm.still_known(moment)
        assert {r.id: r.answers for r in page.records} == {
            i: {name: answers.get(name) for name in FIELDS} for i, answers in known.items()
        }
        for record in page.records:
            assert (record.owner, record.record_type) == (known[record.id]["owner"], known[record.id]["record_type"])
            assert record.version == moment.versions[record.id]
            assert record.updated_at <= at
            assert record.deleted == (record.id in storm.deleted)


def test_erased_records_are_only_counted(storm: Storm) -> None:
    for at, moment in storm.instants():
        page = list_page(storm.store, storm.actor, ListQuery("person", (), limit=500, as_of=at))
        assert page.erased == len(moment.answers.keys() & storm.erased)


def test_filters_ask_the_values_of_then(storm: Storm) -> None:
    for at, moment in storm.instants():
        known = storm.still_known(moment)
        female = FilterRow("gender", "equals", "female")
        assert ids(storm, as_of=at, filters=(female,)) == {i for i, a in known.items() if a.get("gender") == "female"}
        refused = FilterRow("gender", "has_reason", ["refused"])
        assert ids(storm, as_of=at, filters=(refused,)) == {
            i for i, a in known.items() if a.get("gender") is Missing.REFUSED
        }
        early = FilterRow("met_at", "less_than", "2025-01-15")
        assert ids(storm, as_of=at, filters=(early,)) == {
            i
            for i, a in known.items()
            if a.get("met_at") and a["met_at"] < dt.datetime(2025, 1, 14, 18, 15, tzinfo=dt.UTC)
        }


@pytest.mark.slow
def test_search_and_contains_find_the_texts_of_then(storm: Storm) -> None:
    for at, moment in storm.instants():
        known = storm.still_known(moment)
        for text in ("sara", "école", "behind the kept"):
            term = normalised(text)
            held = {i: (normalised(a["name"]), normalised(a.get("story") or "")) for i, a in known.items()}
            in_name = {i for i, texts in held.items() if term in texts[0]}
            assert ids(storm, as_of=at, filters=(FilterRow("name", "contains", text),)) == in_name
            words = term.split()
            anywhere = {i for i, texts in held.items() if all(word in "\n".join(texts) for word in words)}
            assert ids(storm, as_of=at, search=text) == anywhere


def test_a_sensitive_value_of_then_is_matched(storm: Storm) -> None:
    matched = 0
    for at, moment in storm.instants():
        known = storm.still_known(moment)
        numbers = {a.get("passport") for a in known.values()} - {None, *Missing}
        for number in sorted(map(str, numbers))[:5]:
            row = FilterRow("passport", "equals", number)
            holders = {i for i, a in known.items() if a.get("passport") == number}
            assert ids(storm, as_of=at, filters=(row,)) == holders
            matched += 1
    assert matched


@pytest.mark.parametrize("field", ["name", "debt", "born", "gender", "updated_at"])
def test_pages_of_then_add_up_to_the_stream_of_then(storm: Storm, field: str) -> None:
    for at, moment in storm.instants()[:6]:
        query = ListQuery("person", ("name",), sort=(Sort(field, descending=True),), limit=5, as_of=at)
        streamed = [record.id for record in stream(storm.store, storm.actor, query)]
        assert set(streamed) == set(storm.still_known(moment))
        paged: list[uuid.UUID] = []
        after = None
        while True:
            page = list_page(storm.store, storm.actor, ListQuery(**{**_as_dict(query), "after": after}))
            paged += [record.id for record in page.records]
            after = page.next
            if after is None:
                break
        assert paged == streamed


def _as_dict(query: ListQuery) -> dict[str, Any]:
    return {name: getattr(query, name) for name in ListQuery.__dataclass_fields__}


def test_names_of_then_sort_as_those_of_now(storm: Storm) -> None:
    for at, moment in storm.instants():
        known = storm.still_known(moment)
        query = ListQuery("person", (), sort=(Sort("name"),), limit=500, as_of=at)
        found = [record.id for record in list_page(storm.store, storm.actor, query).records]
        assert found == sorted(known, key=lambda i: (sort_key(known[i]["name"], COMMON), i.bytes))


def test_a_report_counts_the_values_of_then(storm: Storm) -> None:
    report = Report("r", "r", "person", "R", "", (), (Grouping("gender"), Grouping("born", "month")), (), (), "all", ())
    for at, moment in storm.instants():
        known = storm.still_known(moment)
        result = run_report(storm.store, storm.actor, report, at)
        down, across = (axis.groups for axis in result.axes) if known else ((), ())
        counted = {(down[row].key, across[column].key): figures[0] for (row, column), figures in result.cells.items()}
        assert counted == Counter((_key(a.get("gender")), _month(a.get("born"))) for a in known.values())
        assert result.count == len(known)
        assert result.erased == len(moment.answers.keys() & storm.erased)
    totals = Report("r", "r", "person", "R", "", (), (Grouping("safe"),), (Measure("sum", "debt"),), (), "all", ())
    result = run_report(storm.store, storm.actor, totals, at)
    assert result.totals == (sum(a["debt"] for a in known.values() if a.get("debt") is not None),)


def _key(answer: Any) -> Any:
    return answer.value if isinstance(answer, Missing) else answer


def _month(answer: Any) -> Any:
    return f"{answer:%Y-%m}" if isinstance(answer, dt.date) else _key(answer)


def test_one_record_is_read_as_it_was_if_it_is_still_there(storm: Storm) -> None:
    outcomes: Counter[str] = Counter()
    for at, moment in storm.instants():
        for record in storm.chance.sample(sorted(storm.held), 20):
            try:
                read = read_record(storm.store, storm.actor, "person", record, at)
            except NotFound as refusal:
                outcomes[str(refusal)] += 1
                assert record in storm.erased | storm.deleted or record not in moment.answers
            else:
                outcomes["read"] += 1
                answers = moment.answers[record]
                assert {name: read.answers[name] for name in FIELDS} == {name: answers.get(name) for name in FIELDS}
                assert read.version == moment.versions[record]
                assert record not in storm.deleted
    assert set(outcomes) == {
        "read",
        "This record was deleted.",
        "This record was erased. What it held is gone for good.",
        "This record was not there at that time.",
    }


def test_before_the_first_and_after_the_last_transaction(storm: Storm) -> None:
    assert ids(storm, as_of=dt.datetime(2000, 1, 1, tzinfo=dt.UTC)) == set()
    last = storm.log[max(storm.log)]
    assert ids(storm, as_of=dt.datetime(2100, 1, 1, tzinfo=dt.UTC)) == set(last.answers)


def test_a_date_means_the_end_of_its_day_in_the_zone(storm: Storm) -> None:
    release = storm.store.known_release()
    assert end_of_day(release, dt.date(2026, 3, 31)) == dt.datetime(2026, 3, 31, 18, 14, 59, 999999, dt.UTC)
    assert end_of_day(release, dt.date.max) <= dt.datetime.max.replace(tzinfo=dt.UTC)
