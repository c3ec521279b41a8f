"""Random work by several people, held against a plain Python account of it.

Whatever was saved, refused, deleted, brought back, published or erased: the
records are what the account says, they were what the account says at every
instant in between, and the ledger and the projection agree.
"""

from __future__ import annotations

import copy
import datetime
import itertools
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from amparo.metadata.missing import Missing
from amparo.runtime.access import Actor, operator_actor
from amparo.runtime.errors import AmparoError, Conflict, NotFound, NotPossible
from amparo.runtime.ledger.verifying import verify
from amparo.runtime.planner.lists import count, list_page
from amparo.runtime.planner.queries import ListQuery
from amparo.runtime.planner.records import read_record
from amparo.runtime.projections.comparing import check_projections
from amparo.runtime.records import service
from amparo.runtime.releases.publishing import publish
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations
from amparo.runtime.stores.types import instant
from factories.clinic import clinic_document, field_of

FIELDS = ("name", "gender", "languages", "passport", "debt", "children", "born", "safe", "story")

TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1, max_size=12).filter(str.strip)
ANSWERS = {
    "name": TEXTS,
    "gender": st.sampled_from(["female", "male", "other", None, Missing.UNKNOWN, Missing.REFUSED]),
    "languages": st.sets(st.sampled_from(["am", "ar", "km", "my"])).map(lambda codes: tuple(sorted(codes)) or None),
    "passport": st.sampled_from([None, Missing.UNKNOWN, "a new one"]),
    "debt": st.one_of(st.none(), st.decimals(-999, 999, places=2)),
    "children": st.one_of(st.none(), st.integers(0, 9), st.just(Missing.NOT_ASKED)),
    "born": st.one_of(st.none(), st.dates(datetime.date(1900, 1, 1))),
    "safe": st.sampled_from([True, False, None]),
    "story": st.one_of(st.none(), TEXTS),
}
CHANGES = st.dictionaries(st.sampled_from(FIELDS), st.none(), min_size=1, max_size=4).flatmap(
    lambda chosen: st.fixed_dictionaries({name: ANSWERS[name] for name in chosen})
)
_passports = itertools.count(1)
WHICH = st.integers(0, 5)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("create"), CHANGES),
        st.tuples(st.just("update"), WHICH, CHANGES),
        st.tuples(st.just("stale"), WHICH, CHANGES),
        st.tuples(st.just("delete"), WHICH),
        st.tuples(st.just("undelete"), WHICH),
        st.tuples(st.just("erase"), WHICH),
        st.tuples(st.just("publish"), st.booleans()),
    ),
    min_size=1,
    max_size=14,
)

State = dict[uuid.UUID, dict[str, Any]]


@dataclass
class Account:
    """What should be there. ``past`` holds the state after each step with an instant at which it stood."""

    records: State = field(default_factory=dict)
    versions: dict[uuid.UUID, list[int]] = field(default_factory=dict)
    deleted: set[uuid.UUID] = field(default_factory=set)
    erased: set[uuid.UUID] = field(default_factory=set)
    past: list[tuple[datetime.datetime, State, set[uuid.UUID], set[uuid.UUID]]] = field(default_factory=list)

    def living(self) -> list[uuid.UUID]:
        return [record for record in self.records if record not in self.deleted]


@pytest.fixture(scope="module")
def worked_in(organisations: Organisations) -> OrganisationStore:
    store = organisations.create("random-work", "Random work")
    publish(store, operator_actor(), clinic_document())
    return store


@pytest.mark.slow
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_the_store_agrees_with_a_plain_account_of_the_work(
    worked_in: OrganisationStore, steps: list[tuple[Any, ...]]
) -> None:
    actor = operator_actor()
    account = Account()
    before = count(worked_in, actor, ListQuery("person", ()))
    for step in steps:
        take(worked_in, actor, account, step)
        now = last_instant(worked_in)
        living = {record: copy.copy(account.records[record]) for record in account.living()}
        account.past.append((now, living, set(account.deleted), set(account.erased)))
    assert_present(worked_in, actor, account, before)
    assert_past(worked_in, actor, account)
    assert verify(worked_in).broken is None
    assert check_projections(worked_in).differences == 0


def take(store: OrganisationStore, actor: Actor, account: Account, step: tuple[Any, ...]) -> None:
    match tuple(with_own_passport(part) for part in step):
        case ("create", values):
            given_values = {"name": "Somebody"} | values
            saved = service.create(store, actor, "person", given_values)
            account.records[saved.record] = {"safe": True} | given_values
            account.versions[saved.record] = [saved.version]
        case ("publish", required):
            document = clinic_document()
            field_of(document, "person", "debt")["label"] = "Debt owed" if required else "Debt"
            publish(store, actor, document)
        case (kind, which, *rest):
            records = list(account.versions)
            if records:
                ACTIONS[kind](store, actor, account, records[which % len(records)], *rest)


def with_own_passport(part: Any) -> Any:
    """Passports are unique in the organisation, and it lives through all examples."""
    if not isinstance(part, dict) or part.get("passport") in (None, Missing.UNKNOWN):
        return part
    return part | {"passport": f"N {next(_passports)}"}


def update(store: OrganisationStore, actor: Actor, account: Account, record: uuid.UUID, values: dict[str, Any]) -> None:
    if record not in account.living():
        with pytest.raises((NotFound, NotPossible)):
            service.update(store, actor, "person", record, account.versions[record][-1], values)
        return
    saved = service.update(store, actor, "person", record, account.versions[record][-1], values)
    account.records[record] |= values
    if saved.version != account.versions[record][-1]:
        account.versions[record].append(saved.version)


def stale(store: OrganisationStore, actor: Actor, account: Account, record: uuid.UUID, values: dict[str, Any]) -> None:
    if record in account.living() and len(account.versions[record]) > 1:
        with pytest.raises(Conflict):
            service.update(store, actor, "person", record, account.versions[record][-2], values)


def delete(store: OrganisationStore, actor: Actor, account: Account, record: uuid.UUID) -> None:
    if record not in account.living():
        with pytest.raises(AmparoError):
            service.delete(store, actor, "person", record)
        return
    account.versions[record].append(service.delete(store, actor, "person", record).version)
    account.deleted.add(record)


def undelete(store: OrganisationStore, actor: Actor, account: Account, record: uuid.UUID) -> None:
    if record not in account.deleted:
        with pytest.raises(AmparoError):
            service.undelete(store, actor, "person", record)
        return
    account.versions[record].append(service.undelete(store, actor, "person", record).version)
    account.deleted.discard(record)


def erase(store: OrganisationStore, actor: Actor, account: Account, record: uuid.UUID) -> None:
    if record in account.erased:
        with pytest.raises(NotFound):
            service.erase(store, actor, "person", record, "asked for")
        return
    service.erase(store, actor, "person", record, "asked for")
    account.erased.add(record)
    account.deleted.discard(record)
    account.records.pop(record)


ACTIONS: dict[str, Callable[..., None]] = {
    "update": update,
    "stale": stale,
    "delete": delete,
    "undelete": undelete,
    "erase": erase,
}


def last_instant(store: OrganisationStore) -> datetime.datetime:
    with store.reading() as connection:
        return instant(connection.scalar(store.tables.head.select().with_only_columns(store.tables.head.c.at)) or 0)


def assert_present(store: OrganisationStore, actor: Actor, account: Account, before: int) -> None:
    for record, values in account.records.items():
        found = read_record(store, actor, "person", record, deleted=True)
        assert answered(found.answers) == values_of(values)
        assert found.deleted == (record in account.deleted)
    assert count(store, actor, ListQuery("person", ())) == before + len(account.living())
    for record in account.erased:
        with pytest.raises(NotFound, match="erased"):
            read_record(store, actor, "person", record)


def assert_past(store: OrganisationStore, actor: Actor, account: Account) -> None:
    for at, living, _deleted, _erased in account.past:
        page = list_page(store, actor, ListQuery("person", FIELDS, limit=500, as_of=at))
        then = {record.id: answered(record.answers) for record in page.records if record.id in account.versions}
        known = {record: values_of(values) for record, values in living.items() if record not in account.erased}
        assert then == known
        for record in known.keys() - account.deleted:
            assert answered(read_record(store, actor, "person", record, as_of=at).answers) == known[record]


def values_of(values: dict[str, Any]) -> dict[str, Any]:
    return {name: values.get(name) for name in FIELDS}


def answered(answers: dict[str, Any]) -> dict[str, Any]:
    return {name: answers[name] for name in FIELDS}
