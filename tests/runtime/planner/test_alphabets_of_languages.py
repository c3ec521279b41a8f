"""Names stand in the order of the organisation's default language, and in another one as soon as that changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import insert, select

from amparo.metadata.model import FilterRow, Grouping, Measure, Report, Sort
from amparo.metadata.places import Place
from amparo.runtime.access import Actor, Role
from amparo.runtime.identifiers import new_identifier
from amparo.runtime.ledger.verifying import verify
from amparo.runtime.members import Member, member_values
from amparo.runtime.places.changing import change_places
from amparo.runtime.planner.lists import list_page
from amparo.runtime.planner.queries import ListQuery
from amparo.runtime.planner.reports import run_report
from amparo.runtime.projections import refreshing
from amparo.runtime.projections.comparing import check_projections
from amparo.runtime.projections.refreshing import refresh_outdated
from amparo.runtime.records import service
from amparo.runtime.records.changes import Change
from amparo.runtime.releases.publishing import publish
from amparo.runtime.searching import normalised
from amparo.runtime.stores.organisation import OrganisationStore
from factories.alphabets import VIETNAMESE, VIETNAMESE_ELSEWHERE
from factories.clinic import clinic_in
from factories.paging import everybody

pytestmark = pytest.mark.every_database

ORDERS = {"vi": VIETNAMESE, "en": VIETNAMESE_ELSEWHERE, "fr": VIETNAMESE_ELSEWHERE}
#: Mixed up, alike in every run.
MIXED = VIETNAMESE[::3] + VIETNAMESE[2::3] + VIETNAMESE[1::3]


def furnish(store: OrganisationStore, operator: Actor, language: str) -> None:
    """People, colleagues and places of these names; each is their own friend, and their namesake's charge."""
    publish(store, operator, clinic_in(language))
    colleagues = {name: new_identifier() for name in MIXED}
    with store.engine.begin() as connection:
        rows = [member_values(Member(i, str(i), name, Role.CASEWORKER, True, None)) for name, i in colleagues.items()]
        connection.execute(insert(store.tables.member), rows)
    change_places(store, operator, [Place(f"P{at}", None, "town", name) for at, name in enumerate(MIXED)])
    saved = service.save(store, operator, "person", [Change({"name": name}) for name in MIXED]).saved
    changes = [
        Change({"friend": str(saved[at].record), "owner": str(colleagues[name])}, saved[at].record, saved[at].version)
        for at, name in enumerate(MIXED)
    ]
    service.save(store, operator, "person", changes)


def names_by(store: OrganisationStore, operator: Actor, sort: Sort, as_of: dt.datetime | None = None) -> list[Any]:
    query = ListQuery("person", ("name",), sort=(sort,), limit=7, as_of=as_of)
    return [record.answers["name"] for record in everybody(store, operator, query)]


def places_in_order(store: OrganisationStore) -> list[str]:
    place = store.tables.place
    with store.reading() as connection:
        return list(connection.scalars(select(place.c.name).order_by(place.c.sort_key)))


def started_with(store: OrganisationStore, operator: Actor, term: str) -> set[Any]:
    query = ListQuery("person", ("name",), (FilterRow("name", "starts_with", term),), limit=500)
    return {record.answers["name"] for record in list_page(store, operator, query).records}


def require_every_beginning(store: OrganisationStore, operator: Actor) -> None:
    for form in {normalised(name)[:length] for name in MIXED for length in (1, 2, 3)} | {"đ", "ế"}:
        wanted = {name for name in MIXED if normalised(name).startswith(normalised(form))}
        assert started_with(store, operator, form) == wanted, form


def require_order(store: OrganisationStore, operator: Actor, names: Sequence[str]) -> None:
    assert names_by(store, operator, Sort("name")) == list(names)
    assert places_in_order(store) == list(names)
    require_every_beginning(store, operator)
    assert check_projections(store).differences == 0
    assert verify(store).broken is None


@pytest.mark.parametrize("language", ORDERS)
def test_lists_and_their_filters_follow_the_default_language(
    empty_store: OrganisationStore, operator: Actor, language: str
) -> None:
    furnish(empty_store, operator, language)
    names = list(ORDERS[language])
    require_order(empty_store, operator, names)
    assert names_by(empty_store, operator, Sort("name", descending=True)) == names[::-1]
    assert names_by(empty_store, operator, Sort("friend")) == names
    assert names_by(empty_store, operator, Sort("owner")) == names
    then = dt.datetime.now(dt.UTC)
    for record in everybody(empty_store, operator, ListQuery("person", ("name",), limit=500)):
        service.update(empty_store, operator, "person", record.id, record.version, {"name": "Changed since"})
    assert names_by(empty_store, operator, Sort("name"), as_of=then) == names


@pytest.mark.parametrize("language", ["vi", "en"])
def test_groups_of_a_report_follow_it_too(empty_store: OrganisationStore, operator: Actor, language: str) -> None:
    furnish(empty_store, operator, language)
    report = Report(
        "r", "r", "person", "R", "", (), (Grouping("friend"),), (Measure("count"),), (), "all", ()
    )  # fmt: skip
    result = run_report(empty_store, operator, report, language="en")
    assert tuple(group.label for group in result.axes[0].groups) == ORDERS[language]


@pytest.mark.parametrize(("before", "after"), [("en", "vi"), ("vi", "en"), ("vi", "fr")])
def test_a_release_of_another_default_language_puts_all_in_its_order(
    empty_store: OrganisationStore, operator: Actor, before: str, after: str
) -> None:
    furnish(empty_store, operator, before)
    publish(empty_store, operator, clinic_in(after))
    require_order(empty_store, operator, ORDERS[after])
    service.create(empty_store, operator, "person", {"name": "Ên"})
    names = names_by(empty_store, operator, Sort("name"))
    assert names[names.index("Ên") - 1] == ("Êm" if after == "vi" else "Én")


def test_every_row_is_listed_and_found_before_all_are_in_the_new_order(
    empty_store: OrganisationStore, operator: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    furnish(empty_store, operator, "en")
    original, done = refreshing._refresh, 0

    def refresh_twice(*arguments: Any) -> int:
        nonlocal done
        if done == 2:
            raise KeyboardInterrupt
        done += 1
        return original(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(refreshing, "_CHUNK", 3)
        patch.setattr(refreshing, "_refresh", refresh_twice)
        with pytest.raises(KeyboardInterrupt):
            publish(empty_store, operator, clinic_in("vi"))
    assert check_projections(empty_store).differences > 0
    for descending in (False, True):
        assert sorted(names_by(empty_store, operator, Sort("name", descending))) == sorted(MIXED)
    require_every_beginning(empty_store, operator)
    refresh_outdated(empty_store)
    require_order(empty_store, operator, VIETNAMESE)
