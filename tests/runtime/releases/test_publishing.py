"""Releases: numbered, immutable, and grown into the tables without disturbing anybody."""

from __future__ import annotations

import threading
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select, text

from amparo.runtime.access import Actor, Role
from amparo.runtime.errors import DefinitionProblems, InvalidAnswers, NotFound, NotPermitted
from amparo.runtime.records import service
from amparo.runtime.releases import publishing
from amparo.runtime.releases.publishing import publish, published_document
from amparo.runtime.stores.organisation import OrganisationStore
from factories.clinic import clinic_document, field_of, with_field

FEE = {"id": "person.fee", "name": "fee", "type": "decimal", "label": "Fee"}
EXTRA = {"id": "person.height", "name": "height", "type": "integer", "label": "Height"}


def test_publishing_the_same_document_again_makes_no_release(store: OrganisationStore, operator: Actor) -> None:
    again = publish(store, operator, dict(reversed(clinic_document().items())))
    assert (again.number, again.created) == (1, False)


def test_what_was_published_is_what_is_read(store: OrganisationStore) -> None:
    with store.reading() as connection:
        assert published_document(connection, store) == clinic_document()


def test_a_document_with_problems_changes_nothing(store: OrganisationStore, operator: Actor) -> None:
    broken = clinic_document()
    field_of(broken, "person", "gender")["picklist"] = "gendre"
    with pytest.raises(DefinitionProblems) as caught:
        publish(store, operator, broken)
    assert [problem.kind for problem in caught.value.problems] == ["unknown_name"]
    assert "gender" in caught.value.problems[0].message
    with store.reading() as connection:
        assert store.live(connection).number == 1


@pytest.mark.every_database
def test_a_new_field_joins_records_that_were_there_before(store: OrganisationStore, operator: Actor) -> None:
    old = service.create(store, operator, "person", {"name": "A"})
    assert publish(store, operator, with_field(clinic_document(), "person", EXTRA)).number == 2
    service.update(store, operator, "person", old.record, old.version, {"height": 160})
    with store.reading() as connection:
        live = store.live(connection).object("person")
        column = live.table.c[live.fields["height"].column_name]
        assert connection.scalars(select(column)).all() == [160]


@pytest.mark.every_database
def test_a_decimal_that_does_not_say_how_many_decimals_keeps_two(store: OrganisationStore, operator: Actor) -> None:
    publish(store, operator, with_field(clinic_document(), "person", FEE))
    service.create(store, operator, "person", {"name": "A", "fee": "1234.56"})
    with store.reading() as connection:
        live = store.live(connection).object("person")
        column = live.table.c[live.fields["fee"].column_name]
        assert connection.scalars(select(column)).all() == [Decimal("1234.56")]


def test_a_renamed_field_keeps_its_column_and_its_values(store: OrganisationStore, operator: Actor) -> None:
    saved = service.create(store, operator, "person", {"name": "A", "debt": "5"})
    renamed = clinic_document()
    field_of(renamed, "person", "debt")["name"] = "owed"
    publish(store, operator, renamed)
    with store.reading() as connection:
        live = store.live(connection).object("person")
        row = connection.execute(select(live.table)).mappings().one()
    assert row[live.fields["owed"].column_name] == Decimal("5.00")
    with pytest.raises(InvalidAnswers, match="unknown_name"):
        service.update(store, operator, "person", saved.record, saved.version, {"debt": "6"})


def test_a_save_judged_under_an_old_release_runs_again_under_the_new_one(
    store: OrganisationStore, operator: Actor
) -> None:
    store.newest_release()
    stricter = clinic_document()
    field_of(stricter, "person", "code")["required"] = True
    publish(store, operator, stricter)
    with pytest.raises(InvalidAnswers, match="code"):
        service.create(store, operator, "person", {"name": "A"})


def test_a_field_cannot_become_unique_over_equal_values(store: OrganisationStore, operator: Actor) -> None:
    """Field, object, values and records are named; deleted records do not count."""
    for children in (3, 3, 3, 3, 5, 5, 7, 8, 8):
        saved = service.create(store, operator, "person", {"name": "Sokha", "children": children})
    service.delete(store, operator, "person", saved.record)
    unique = clinic_document()
    field_of(unique, "person", "children")["unique"] = True
    with pytest.raises(DefinitionProblems) as caught:
        publish(store, operator, unique)
    [problem] = caught.value.problems
    assert problem.kind == "not_unique"
    assert problem.path.startswith("objects/person.json: fields[")
    assert "Records of Person hold the same Children" in problem.message
    assert "“3” (P-000001, P-000002, P-000003, …); “5” (P-000005, P-000006)." in problem.message
    assert "“8”" not in problem.message
    assert "Sokha" not in problem.message
    service.create(store, operator, "person", {"name": "C", "children": 3})


def test_a_sensitive_field_that_cannot_become_unique_tells_records_and_no_values(
    store: OrganisationStore, operator: Actor
) -> None:
    document = clinic_document()
    field_of(document, "person", "passport")["unique"] = False
    publish(store, operator, document)
    for name in "AB":
        service.create(store, operator, "person", {"name": name, "passport": "N 123456"})
    with pytest.raises(DefinitionProblems) as caught:
        publish(store, operator, clinic_document())
    assert "P-000001, P-000002" in caught.value.problems[0].message
    assert "123456" not in str(caught.value)


def test_a_retired_field_refuses_answers_and_keeps_what_it_holds(store: OrganisationStore, operator: Actor) -> None:
    saved = service.create(store, operator, "person", {"name": "A", "debt": "5"})
    retired = clinic_document()
    field_of(retired, "person", "debt")["retired"] = True
    publish(store, operator, retired)
    with pytest.raises(InvalidAnswers, match="retired"):
        service.update(store, operator, "person", saved.record, saved.version, {"debt": "6"})
    with store.reading() as connection:
        live = store.live(connection).object("person")
        assert connection.scalar(select(live.table.c[live.fields["debt"].column_name])) == Decimal("5.00")


def test_only_who_may_publish_publishes(store: OrganisationStore) -> None:
    with pytest.raises(NotPermitted):
        publish(store, Actor(None, "somebody", Role.SUPERVISOR, "page"), clinic_document())


def test_there_is_no_object_before_the_first_publishing(empty_store: OrganisationStore, operator: Actor) -> None:
    with pytest.raises(NotFound):
        service.create(empty_store, operator, "person", {"name": "A"})


def test_a_new_field_does_not_wait_behind_a_report(
    store: OrganisationStore, operator: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While a report holds the table, readers and writers who come after a publishing try are served at once."""
    if not store.is_postgres:
        pytest.skip("SQLite's readers hold no table lock")
    tries, try_publish = [], publishing._try_publish

    def note_and_try(*arguments: Any) -> publishing.Published:
        tries.append(arguments)
        return try_publish(*arguments)

    monkeypatch.setattr(publishing, "_try_publish", note_and_try)
    saved = service.create(store, operator, "person", {"name": "A"})
    report = store.engine.connect()
    table = store.known_release().object("person").table
    report.execute(select(table)).all()
    wanted = with_field(clinic_document(), "person", EXTRA)
    publishing_thread = threading.Thread(target=publish, args=(store, operator, wanted))
    publishing_thread.start()
    while len(tries) < 4:
        with store.engine.begin() as connection:
            # The report goes on for as long as its readers wait: whoever stands behind a try must not.
            connection.execute(text("SET LOCAL statement_timeout = '30s'"))
            connection.execute(select(table).where(table.c.id == saved.record)).all()
    assert publishing_thread.is_alive()
    report.rollback()
    report.close()
    publishing_thread.join()
    assert "height" in store.newest_release().object("person").fields
