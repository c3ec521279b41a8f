"""Lists, present and past, are in the order that readers of each script expect; filters look past the order."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import insert, select

from amparo.metadata.model import FilterRow, Grouping, Measure, Report, Sort
from amparo.runtime.access import Actor, Role, operator_actor
from amparo.runtime.identifiers import new_identifier
from amparo.runtime.members import Member, member_values
from amparo.runtime.planner.lists import list_page
from amparo.runtime.planner.queries import ListQuery
from amparo.runtime.planner.reports import run_report
from amparo.runtime.records import service
from amparo.runtime.records.changes import Change
from amparo.runtime.releases.publishing import publish
from amparo.runtime.searching import normalised
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations
from amparo.runtime.stores.types import instant
from factories.alphabets import IN_ORDER
from factories.clinic import clinic_document
from factories.paging import everybody

pytestmark = pytest.mark.every_database

WORDS = tuple(dict.fromkeys(word for words in IN_ORDER.values() for word in words))
#: Colleagues' names.
COLLEAGUES = IN_ORDER["Vietnamese"]


@dataclass(frozen=True)
class Dictionary:
    """People named by every word; earlier each had the name of another. Each is their own friend."""

    store: OrganisationStore
    names: dict[uuid.UUID, str]
    colleagues: dict[uuid.UUID, str]
    before: dt.datetime


@pytest.fixture(scope="module")
def dictionary(organisations: Organisations) -> Dictionary:
    store, operator = organisations.create("words", "Words"), operator_actor()
    publish(store, operator, clinic_document())
    words = random.Random(3).sample(WORDS, len(WORDS))
    others = words[1:] + words[:1]
    colleagues = {new_identifier(): name for name in COLLEAGUES}
    with store.engine.begin() as connection:
        rows = [member_values(Member(i, str(i), name, Role.CASEWORKER, True, None)) for i, name in colleagues.items()]
        connection.execute(insert(store.tables.member), rows)
    first = service.save(store, operator, "person", [Change({"name": word}) for word in others]).saved
    owners = list(colleagues)
    changes = [
        Change(
            {"name": word, "friend": str(first[at].record), "owner": str(owners[at % len(owners)])},
            first[at].record,
            first[at].version,
        )
        for at, word in enumerate(words)
    ]
    service.save(store, operator, "person", changes)
    with store.reading() as connection:
        tx = store.tables.tx
        written = connection.scalar(select(tx.c.at).where(tx.c.id == first[0].version))
    assert written is not None
    names = {first[at].record: word for at, word in enumerate(words)}
    return Dictionary(store, names, colleagues, instant(written))


def of_script(names: Iterable[Any], script: str) -> tuple[Any, ...]:
    """The words of one script, in the order in which they came."""
    return tuple(name for name in names if name in IN_ORDER[script])


@pytest.mark.parametrize("descending", [False, True], ids=["up", "down"])
def test_pages_of_a_list_are_in_the_order_of_every_script(
    dictionary: Dictionary, operator: Actor, descending: bool
) -> None:
    query = ListQuery("person", ("name",), sort=(Sort("name", descending),), limit=7)
    names = [record.answers["name"] for record in everybody(dictionary.store, operator, query)]
    assert len(names) == len(WORDS)
    for script, words in IN_ORDER.items():
        assert of_script(names, script) == (words[::-1] if descending else words)


def test_a_list_of_the_past_is_in_the_same_order(dictionary: Dictionary, operator: Actor) -> None:
    query = ListQuery("person", ("name",), sort=(Sort("name"),), limit=50, as_of=dictionary.before)
    records = everybody(dictionary.store, operator, query)
    assert all(record.answers["name"] != dictionary.names[record.id] for record in records)
    names = [record.answers["name"] for record in records]
    for script, words in IN_ORDER.items():
        assert of_script(names, script) == words


def test_records_are_sorted_by_the_names_that_they_point_to(dictionary: Dictionary, operator: Actor) -> None:
    query = ListQuery("person", ("name",), sort=(Sort("friend"),), limit=50)
    names = [record.answers["name"] for record in everybody(dictionary.store, operator, query)]
    for script, words in IN_ORDER.items():
        assert of_script(names, script) == words


@pytest.mark.parametrize("as_of", [False, True], ids=["now", "then"])
def test_records_are_sorted_by_the_names_of_colleagues(dictionary: Dictionary, operator: Actor, as_of: bool) -> None:
    before = dictionary.before if as_of else None
    query = ListQuery("person", ("owner",), sort=(Sort("owner"),), limit=50, as_of=before)
    owners = [record.owner for record in everybody(dictionary.store, operator, query)]
    named = dict.fromkeys(dictionary.colleagues[owner] for owner in owners if owner is not None)
    assert tuple(named) == (() if as_of else COLLEAGUES)


def test_groups_of_a_report_are_in_order(dictionary: Dictionary, operator: Actor) -> None:
    thai = FilterRow("name", "one_of", list(IN_ORDER["Thai"]))
    report = Report(
        "r", "r", "person", "R", "", (), (Grouping("friend"),), (Measure("count"),), (thai,), "all", ()
    )  # fmt: skip
    result = run_report(dictionary.store, operator, report)
    assert tuple(group.label for group in result.axes[0].groups) == IN_ORDER["Thai"]


def parts() -> list[str]:
    """Beginnings, middles and ends of words, and letters that stand beside each other only as they are written."""
    chance = random.Random(5)
    found = ["กม", "เ", "เก", "มก", "0", "00", "d", "da", "đa", "ê", "Ñ", "ک", "ي", "្", "ំព", "ာ", "က်", "'", "1"]
    for word in chance.sample(WORDS, 60):
        start = chance.randrange(len(word))
        found.append(word[start : start + chance.randrange(1, 4)])
        found.append(word[: chance.randrange(1, 4)])
    return found


def test_filters_find_what_the_normalised_names_hold(dictionary: Dictionary, operator: Actor) -> None:
    for part in parts():
        form = normalised(part)
        if not form:
            continue
        for operator_name, holds in (("contains", str.__contains__), ("starts_with", str.startswith)):
            query = ListQuery("person", (), (FilterRow("name", operator_name, part),), limit=500)
            found = {record.id for record in list_page(dictionary.store, operator, query).records}
            wanted = {i for i, name in dictionary.names.items() if holds(normalised(name), form)}
            assert found == wanted, (operator_name, part)
