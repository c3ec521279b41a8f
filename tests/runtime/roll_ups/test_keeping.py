"""Roll-ups when a release brings them, when a rule reads them, when they are damaged, and in a backup."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, insert, update

from amparo.runtime.access import Actor, operator_actor
from amparo.runtime.backups.making import back_up
from amparo.runtime.backups.restoring import restore
from amparo.runtime.errors import InvalidAnswers, InvalidBatches
from amparo.runtime.planner.lists import list_page
from amparo.runtime.planner.queries import ListQuery
from amparo.runtime.planner.records import read_record
from amparo.runtime.projections.comparing import check_projections
from amparo.runtime.projections.repairing import repair_projections
from amparo.runtime.records import service
from amparo.runtime.records.changes import Batch, Change
from amparo.runtime.records.saving import save_together
from amparo.runtime.releases.publishing import publish
from amparo.runtime.settings import Settings
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations
from factories.backups import PASSPHRASE
from factories.population import population_document
from factories.roll_ups import ROLL_UPS, roll_up_document
from factories.rules import with_rule

pytestmark = pytest.mark.every_database

VISITS, HOURS = (each for each in ROLL_UPS if each["name"] in ("visits", "hours_in_all"))


def person_with_visits(store: OrganisationStore, hours: Sequence[Any]) -> uuid.UUID:
    person = service.create(store, operator_actor(), "person", {"name": "Ana"}).record
    visits = [Change({"title": "Visit", "person": str(person), "hours": each}) for each in hours]
    service.save(store, operator_actor(), "visit", visits)
    return person


def held(store: OrganisationStore, *names: str) -> dict[uuid.UUID, tuple[Any, ...]]:
    records = list_page(store, operator_actor(), ListQuery("person", names, limit=500)).records
    return {each.id: tuple(each.answers[name] for name in names) for each in records}


def test_a_release_that_adds_or_changes_them_counts_what_was_there_before(
    empty_store: OrganisationStore, operator: Actor
) -> None:
    store = empty_store
    publish(store, operator, population_document())
    busy, idle = person_with_visits(store, ["1.5", "4.0", None]), person_with_visits(store, [])
    publish(store, operator, roll_up_document(VISITS))
    assert held(store, "visits") == {busy: (3,), idle: (0,)}
    publish(store, operator, roll_up_document(VISITS, HOURS))
    assert {each: str(hours) for each, (_, hours) in held(store, "visits", "hours_in_all").items()} == {
        busy: "5.5", idle: "0.0",
    }  # fmt: skip
    long = {**VISITS["roll_up"], "filters": [{"field": "hours", "operator": "greater_than", "value": 2}]}
    publish(store, operator, roll_up_document({**VISITS, "roll_up": long}, HOURS))
    assert held(store, "visits") == {busy: (1,), idle: (0,)}
    assert check_projections(store).differences == 0


def test_one_that_was_retired_for_a_while_is_counted_again(empty_store: OrganisationStore, operator: Actor) -> None:
    store = empty_store
    publish(store, operator, roll_up_document(VISITS, HOURS))
    person = person_with_visits(store, ["1.0"])
    publish(store, operator, roll_up_document({**VISITS, "retired": True}, HOURS))
    assert held(store, "visits") == {person: (None,)}
    service.create(store, operator, "visit", {"title": "Second", "person": str(person)})
    publish(store, operator, roll_up_document(VISITS, HOURS))
    assert held(store, "visits") == {person: (2,)}


def test_a_sum_that_no_column_holds_is_blank_and_stops_no_save(empty_store: OrganisationStore, operator: Actor) -> None:
    store = empty_store
    friends = [each for each in ROLL_UPS if each["name"] == "friends_children"]
    average = {
        "name": "each",
        "type": "decimal",
        "decimals": 1,
        "roll_up": {**friends[0]["roll_up"], "function": "average"},
    }
    publish(store, operator, roll_up_document(*friends, average))
    person = person_with_visits(store, [])
    for children in (9 * 10**18, 9 * 10**18, -(9 * 10**18), -(9 * 10**18) + 5):
        service.create(store, operator, "person", {"name": "Bo", "friend": str(person), "children": children})
    assert held(store, "friends_children", "each")[person] == (5, Decimal("1.3"))
    service.create(store, operator, "person", {"name": "Bo", "friend": str(person), "children": 9 * 10**18})
    assert held(store, "friends_children", "each")[person] == (None, None)
    assert check_projections(store).differences == 0


def test_rules_read_them_of_the_record_and_across_lookups(empty_store: OrganisationStore, operator: Actor) -> None:
    store, document = empty_store, roll_up_document(VISITS)
    unsafe = {"condition": "AND(visits >= 2, NOT(safe))", "message": "Who was visited twice is safe.", "field": "safe"}
    fresh = {"condition": "AND(visits = 0, children > 3)", "message": "Visit first.", "field": "children"}
    most = {"condition": "person.visits >= 3", "message": "Three visits are enough.", "field": "person"}
    document = with_rule(document, "person", "unsafe", **unsafe)
    document = with_rule(with_rule(document, "person", "fresh", **fresh), "visit", "most", **most)
    publish(store, operator, document)
    person = person_with_visits(store, [None, None])
    version = read_record(store, operator, "person", person).version
    with pytest.raises(InvalidAnswers, match="twice"):
        service.update(store, operator, "person", person, version, {"safe": False})
    with pytest.raises(InvalidAnswers, match="first"):
        service.create(store, operator, "person", {"name": "Bo", "children": 4})
    service.create(store, operator, "visit", {"title": "Third", "person": str(person)})
    with pytest.raises(InvalidAnswers, match="enough"):
        service.create(store, operator, "visit", {"title": "Fourth", "person": str(person)})
    # What the same save adds is counted from the next one on.
    new = uuid.uuid4()
    visits = [Change({"title": "Visit", "person": str(new)}) for _ in range(4)]
    save_together(store, operator, [Batch("person", [Change({"name": "Cy"}, new)]), Batch("visit", visits)])
    assert held(store, "visits")[new] == (4,)
    with pytest.raises(InvalidBatches, match="enough"):
        save_together(store, operator, [Batch("visit", visits)])


def test_what_was_damaged_is_found_and_put_right(empty_store: OrganisationStore, operator: Actor) -> None:
    store = empty_store
    publish(store, operator, roll_up_document())
    people = [person_with_visits(store, ["1.5", "2.5"]) for _ in range(4)]
    right = held(store, "visits", "hours_in_all", "first_visit")
    live = store.newest_release().object("person")
    assert live.sidecar is not None
    sidecar, column = live.sidecar, live.fields["visits"].column_name
    with store.engine.begin() as connection:
        connection.execute(update(sidecar).where(sidecar.c.id == people[0]).values({column: 7}))
        connection.execute(delete(sidecar).where(sidecar.c.id == people[1]))
        connection.execute(insert(sidecar).values({"id": uuid.uuid4(), column: 1}))
    check = check_projections(store)
    assert {each.record for each in check.named} >= {people[0], people[1]}
    assert {each.expected for each in check.named} == {"what is counted", "no row"}
    assert repair_projections(store, operator) == 3
    assert check_projections(store).differences == 0
    with store.engine.begin() as connection:
        sidecar.drop(connection)
    assert [each.expected for each in check_projections(store).named] == ["a table"]
    repair_projections(store, operator)
    assert check_projections(store).differences == 0
    assert held(store, "visits", "hours_in_all", "first_visit") == right


def test_a_restored_organisation_has_them(
    organisations: Organisations, empty_store: OrganisationStore, operator: Actor, tmp_path: Path
) -> None:
    publish(empty_store, operator, roll_up_document(VISITS, HOURS))
    person = person_with_visits(empty_store, ["1.5", "2.5"])
    other = person_with_visits(empty_store, [])
    made = back_up(organisations, empty_store.slug, tmp_path / "one.backup", PASSPHRASE)
    elsewhere = Organisations(Settings(home=tmp_path / "elsewhere"))
    try:
        elsewhere.migrate()
        restore(elsewhere, made.path, PASSPHRASE)
        copy = elsewhere.open(empty_store.slug)
        assert held(copy, "visits", "hours_in_all") == held(empty_store, "visits", "hours_in_all")
        assert held(copy, "visits") == {person: (2,), other: (0,)}
        assert check_projections(copy).differences == 0
    finally:
        elsewhere.close()


def test_people_who_save_at_once_are_all_counted(empty_store: OrganisationStore, operator: Actor) -> None:
    store = empty_store
    publish(store, operator, roll_up_document(VISITS, HOURS))
    person = person_with_visits(store, [])
    visit = {"title": "Visit", "person": str(person), "hours": "0.5"}

    def work(_: int) -> None:
        for _ in range(10):
            service.create(store, operator, "visit", visit)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    assert held(store, "visits", "hours_in_all")[person] == (40, Decimal("20.0"))
