"""Statements are kept for the next time the same is asked; what they say must not grow old, nor tell of anybody."""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Sequence
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import bindparam, insert, literal, or_, select

from amparo.metadata.model import FilterRow, Sort
from amparo.runtime.access import Actor, Role
from amparo.runtime.identifiers import new_identifier
from amparo.runtime.planner.lists import count, list_page, short_list
from amparo.runtime.planner.queries import ListQuery, Pointing
from amparo.runtime.planner.records import read_record
from amparo.runtime.planner.views import fetched
from amparo.runtime.records import service
from amparo.runtime.releases.plans import Plans
from amparo.runtime.stores.driver_statements import DriverQuestion
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.round_trips import driver_cursor
from factories.population import Population, add_members


def everything_kept(store: OrganisationStore) -> str:
    """All questions and statements, with the values in them."""
    kept = questions_kept(store.newest_release().object("person").plans)
    return "\n".join(f"{question} {[vars(each) for each in statements]}" for question, statements in kept.items())


def questions_kept(plans: Plans) -> dict[Hashable, Sequence[Any]]:
    kept: dict[Hashable, Sequence[Any]] = vars(plans)["_kept"]
    return kept


def test_the_same_question_is_asked_with_the_same_statement(population: Population, caseworker: Actor) -> None:
    query = ListQuery("person", ("name",), (FilterRow("gender", "equals", "female"),), limit=7)
    first = list_page(population.store, caseworker, query).records
    before = everything_kept(population.store)
    assert "female" in before
    assert list_page(population.store, caseworker, query).records == first
    assert everything_kept(population.store).count("female") == before.count("female")


def test_whoever_asks_for_their_own_gets_their_own(population: Population) -> None:
    query = ListQuery("person", ("owner",), (FilterRow("owner", "equals", "$me"),), limit=500)
    for member in population.members:
        owners = {record.owner for record in list_page(population.store, member, query).records}
        assert owners == {member.member}
        assert count(population.store, member, query) == sum(
            answers["owner"] == member.member for answers in population.people.values()
        )


def test_a_day_later_the_same_list_holds_what_is_due_then(store: OrganisationStore, operator: Actor) -> None:
    service.create(store, operator, "person", {"name": "Born early", "code": "b1", "born": "2020-03-01"})
    query = ListQuery("person", (), (FilterRow("born", "older_than_days", 10),))
    told = [count(store, operator, query, now=dt.datetime(2020, 3, day, 12, tzinfo=dt.UTC)) for day in (10, 12, 10)]
    assert told == [0, 1, 0]


def test_a_list_in_the_order_of_members_knows_who_came_since(store: OrganisationStore, operator: Actor) -> None:
    query = ListQuery("person", ("owner",), sort=(Sort("owner", descending=True),))
    first = add_members(store, 1)[0]
    service.create(store, operator, "person", {"name": "One", "code": "o1", "owner": str(first.member)})
    list_page(store, operator, query)
    last = Actor(new_identifier(), "Zoë, who came later", Role.CASEWORKER, "page")
    with store.engine.begin() as connection:
        connection.execute(
            insert(store.tables.member),
            {"id": last.member, "login": "zoe", "name": last.name, "role": last.role.value, "active": True},
        )
    service.create(store, operator, "person", {"name": "Two", "code": "o2", "owner": str(last.member)})
    assert [record.owner for record in list_page(store, operator, query).records] == [last.member, first.member]


@pytest.mark.parametrize(
    "row",
    [
        FilterRow("name", "contains", "Unmistakable"),
        FilterRow("code", "equals", "Unmistakable"),
        FilterRow("story", "contains", "Unmistakable"),
    ],
)
def test_no_word_that_is_looked_for_is_kept(population: Population, caseworker: Actor, row: FilterRow) -> None:
    list_page(population.store, caseworker, ListQuery("person", ("name",), (row,)))
    count(population.store, caseworker, ListQuery("person", ("name",), (row,)))
    list_page(population.store, caseworker, ListQuery("person", ("name",), search="Unmistakable"))
    assert "Unmistakable" not in everything_kept(population.store)


def test_what_points_to_a_record_is_asked_with_one_statement_for_all(population: Population, caseworker: Actor) -> None:
    pointed_to = {answers["friend"] for answers in population.people.values()} - {None}
    assert len(pointed_to) > 10
    for person in pointed_to:
        query = ListQuery("person", ("name",), limit=500, pointing_to=Pointing("friend", person))
        found = {record.id for record in list_page(population.store, caseworker, query).records}
        assert found == population.ids_where(lambda answers, person=person: answers["friend"] == person)
        assert count(population.store, caseworker, query) == len(found)
        assert {record.id for record in short_list(population.store, caseworker, query).records} == found
    kept = questions_kept(population.store.newest_release().object("person").plans)
    assert len([question for question in kept if "friend" in str(question)]) <= len(("page", "first", "count"))


def test_no_record_that_is_read_is_kept(population: Population, caseworker: Actor) -> None:
    person = next(iter(population.people))
    read_record(population.store, caseworker, "person", person)
    query = ListQuery("person", (), pointing_to=Pointing("friend", person))
    list_page(population.store, caseworker, query)
    list_page(population.store, caseworker, ListQuery("person", (), (FilterRow("friend", "equals", str(person)),)))
    kept = everything_kept(population.store)
    assert str(person) not in kept
    assert person.hex not in kept


@pytest.mark.every_database
def test_what_the_driver_is_asked_is_answered_as_by_sqlalchemy(population: Population) -> None:
    live = population.store.newest_release().object("person")
    columns = live.table.c
    born, debt, safe, gender = (columns[live.fields[name].column_name] for name in ("born", "debt", "safe", "gender"))
    question = select(*columns, (debt * 2).label("twice"), literal("50 %").label("share")).where(
        columns.updated_at <= bindparam("until"),
        columns.id != bindparam("nobody"),
        or_(born >= dt.date(1990, 1, 1), debt > Decimal("10.50"), safe, gender.in_(["female", "male"])),
    )
    given = {"until": dt.datetime.now(dt.UTC), "nobody": new_identifier(), "unasked": 1}
    kept = DriverQuestion(question, population.store.engine.dialect)
    with population.store.asking() as connection:
        told = fetched(connection, question, {name: given[name] for name in ("until", "nobody")})
        assert len(told) > 100
        assert [kept.rows(connection, given) for _ in range(2)] == [told, told]
        assert kept.rows(connection, given | {"until": dt.datetime(1970, 1, 1, tzinfo=dt.UTC)}) == []


def test_the_questions_asked_last_are_kept() -> None:
    plans = Plans()
    for number in range(1000):
        plans.kept(number, tuple)
        plans.kept("again", tuple)
    kept = [*questions_kept(plans)]
    assert len(kept) == 100
    assert kept[-2:] == [999, "again"]


def test_the_drivers_own_cursor_needs_a_transaction(store: OrganisationStore) -> None:
    with (
        store.asking() as connection,
        pytest.raises(RuntimeError, match="transaction"),
        driver_cursor(connection) as cursor,
    ):
        cursor.execute("SELECT 1")
