"""Questions are asked without a transaction, and answered from one state of the store, under the release in force."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import event

from amparo.metadata.model import Grouping, Measure, Report, Sort
from amparo.runtime.access import Actor
from amparo.runtime.planner.lists import count, list_page
from amparo.runtime.planner.queries import ListQuery
from amparo.runtime.planner.records import read_record
from amparo.runtime.planner.reports import run_report
from amparo.runtime.records import service
from amparo.runtime.releases.publishing import publish
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations
from factories.clinic import clinic_document, field_of, with_field

HEIGHT = {"id": "person.height", "name": "height", "type": "integer", "label": "Height"}
BY_DEBT = ListQuery("person", ("name", "debt"), sort=(Sort("debt"),))


@pytest.fixture
def elsewhere(organisations: Organisations, store: OrganisationStore) -> Iterator[OrganisationStore]:
    """The same store as another process has it open."""
    other = Organisations(organisations.settings)
    yield other.open(store.slug)
    other.close()


@contextmanager
def after_statements(store: OrganisationStore, number: int, then: Callable[[], object]) -> Iterator[list[str]]:
    """Does something once, after so many statements on this store."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        sent.append(statement)
        if len(sent) == number:
            then()

    event.listen(store.engine, "after_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(store.engine, "after_cursor_execute", note)


@pytest.mark.every_database
def test_what_another_process_published_is_in_force_at_the_next_question(
    store: OrganisationStore, elsewhere: OrganisationStore, operator: Actor
) -> None:
    record = service.create(store, operator, "person", {"name": "A"}).record
    assert "height" not in read_record(store, operator, "person", record).answers
    publish(elsewhere, operator, with_field(clinic_document(), "person", HEIGHT))
    assert read_record(store, operator, "person", record).answers["height"] is None


@pytest.mark.every_database
def test_a_field_that_this_process_has_not_heard_of_can_be_asked_for(
    store: OrganisationStore, elsewhere: OrganisationStore, operator: Actor
) -> None:
    assert count(store, operator, ListQuery("person", ())) == 0
    publish(elsewhere, operator, with_field(clinic_document(), "person", HEIGHT))
    assert list_page(store, operator, ListQuery("person", ("height",))).records == ()


@pytest.mark.every_database
@pytest.mark.parametrize("known", [True, False])
def test_a_page_put_together_of_values_and_blanks_shows_each_record_once(
    store: OrganisationStore, elsewhere: OrganisationStore, operator: Actor, known: bool
) -> None:
    service.create(store, operator, "person", {"name": "Owes", "debt": "5"})
    blank = service.create(store, operator, "person", {"name": "Blank"})

    def move() -> None:
        service.update(elsewhere, operator, "person", blank.record, blank.version, {"debt": "3"})

    release = store.known_release() if known else None
    with after_statements(store, 1, move) as sent:
        page = list_page(store, operator, BY_DEBT, release=release)
    assert [record.answers["name"] for record in page.records] == ["Blank", "Owes"]
    assert len(sent) > 2


@pytest.mark.every_database
def test_a_page_of_one_statement_is_not_asked_twice(store: OrganisationStore, operator: Actor) -> None:
    friend = service.create(store, operator, "person", {"name": "Friend", "passport": "P 1"}).record
    service.create(store, operator, "person", {"name": "A", "friend": str(friend), "passport": "P 2"})
    query = ListQuery("person", ("name", "friend", "passport", "owner"))
    store.known_release()
    with after_statements(store, 0, list) as sent:
        page = list_page(store, operator, query)
    assert len(sent) == 1
    assert [record.answers["passport"] for record in page.records] == ["P 2", "P 1"]
    assert page.records[0].labels == {friend: "Friend"}


@pytest.mark.every_database
def test_counting_can_stop_early(store: OrganisationStore, operator: Actor) -> None:
    for number in range(5):
        service.create(store, operator, "person", {"name": str(number), "code": uuid.uuid4().hex})
    everybody = ListQuery("person", ())
    assert count(store, operator, everybody) == 5
    assert [count(store, operator, everybody, most=most) for most in (3, 4, 5, 9)] == [4, 5, 5, 5]


@pytest.mark.every_database
def test_the_figures_of_a_report_that_names_no_record_are_one_statement(
    store: OrganisationStore, operator: Actor
) -> None:
    service.create(store, operator, "person", {"name": "A", "gender": "female", "debt": "5"})
    report = Report("r", "r", "person", "R", "", (), (Grouping("gender"),), (Measure("sum", "debt"),), (), "all", ())
    with after_statements(store, 0, list) as sent:
        figures = [run_report(store, operator, report).cells for _ in range(2)]
    assert len(sent) == 2
    assert figures == [{(0,): (Decimal(5),)}] * 2


@pytest.mark.every_database
def test_a_report_is_told_under_the_release_in_force(
    store: OrganisationStore, elsewhere: OrganisationStore, operator: Actor
) -> None:
    service.create(store, operator, "person", {"name": "A", "gender": "female"})
    report = Report("r", "r", "person", "R", "", (), (Grouping("gender"),), (), (), "all", ())
    assert run_report(store, operator, report).axes[0].label == "Gender"
    document = clinic_document()
    field_of(document, "person", "gender")["label"] = "Sex"
    publish(elsewhere, operator, document)
    assert run_report(store, operator, report).axes[0].label == "Sex"
