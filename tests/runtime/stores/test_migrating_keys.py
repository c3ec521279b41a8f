"""Stores whose sort keys an earlier version made are put in the order of their readers."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, update

from amparo.metadata.model import Sort
from amparo.metadata.places import Place
from amparo.runtime.access import Actor
from amparo.runtime.collation.keys import normalised_part
from amparo.runtime.ledger.verifying import verify
from amparo.runtime.places.changing import change_places
from amparo.runtime.planner.lists import list_page
from amparo.runtime.planner.queries import ListQuery
from amparo.runtime.projections.comparing import check_projections
from amparo.runtime.projections.refreshing import refresh_outdated
from amparo.runtime.records import service
from amparo.runtime.releases.publishing import publish
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations
from factories.alphabets import VIETNAMESE
from factories.clinic import clinic_in
from factories.places import SMALL
from factories.revisions import set_revision
from factories.search_entries import entries

pytestmark = pytest.mark.every_database


def test_a_store_sorted_by_code_points_gets_the_order_of_its_readers(
    organisations: Organisations, store: OrganisationStore, operator: Actor
) -> None:
    names = ["แก", "ก่อน", "เกม", "ขา", "đa", "em", "da"]
    for name in names:
        service.create(store, operator, "person", {"name": name})
    change_places(store, operator, [*SMALL, Place("03", None, "province", "Đà"), Place("04", None, "province", "Ea")])
    before = entries(store)
    as_sorted_by_code_points(store)
    assert check_projections(store).differences > 0
    set_revision(store.engine, store.schema, "0008")
    organisations.migrate()
    assert verify(store).broken is None
    query = ListQuery("person", ("name",), sort=(Sort("name"),))
    meanwhile = [record.answers["name"] for record in list_page(store, operator, query).records]
    assert sorted(map(str, meanwhile)) == sorted(names)
    refresh_outdated(store)
    listed = [record.answers["name"] for record in list_page(store, operator, query).records]
    assert listed == ["da", "đa", "em", "ก่อน", "เกม", "แก", "ขา"]
    assert check_projections(store).differences == 0
    assert entries(store) == before


@pytest.mark.parametrize("language", ["vi", "fr"])
def test_a_store_sorted_by_the_common_alphabet_gets_that_of_its_default_language(
    organisations: Organisations, empty_store: OrganisationStore, operator: Actor, language: str
) -> None:
    store = empty_store
    publish(store, operator, clinic_in("en"))
    for name in VIETNAMESE:
        service.create(store, operator, "person", {"name": name})
    change_places(store, operator, [Place(f"P{at}", None, "town", name) for at, name in enumerate(VIETNAMESE)])
    sorted_as_before = rows_with_keys(store)
    publish(store, operator, clinic_in(language))
    sorted_since = rows_with_keys(store)
    put_keys(store, sorted_as_before)
    assert (check_projections(store).differences > 0) == (language == "vi")
    set_revision(store.engine, store.schema, "0009")
    organisations.migrate()
    assert verify(store).broken is None
    assert len(marked(store)) == (len(store.newest_release().objects) if language == "vi" else 0)
    refresh_outdated(store)
    assert rows_with_keys(store) == sorted_since
    assert check_projections(store).differences == 0


def marked(store: OrganisationStore) -> list[int]:
    """The numbers of objects whose rows wait to be made anew."""
    table = store.tables.object_map
    with store.reading() as connection:
        return list(connection.scalars(select(table.c.number).where(table.c.outdated.is_not(None))))


def rows_with_keys(store: OrganisationStore) -> dict[str, dict[Any, str]]:
    """The sort keys of people and of places."""
    live, place = store.newest_release().object("person"), store.tables.place
    key = live.table.c[live.fields["name"].key_column]
    with store.reading() as connection:
        return {
            "person": {row[0]: row[1] for row in connection.execute(select(live.table.c.id, key))},
            "place": {row.code: row.sort_key for row in connection.execute(select(place.c.code, place.c.sort_key))},
        }


def put_keys(store: OrganisationStore, keys: dict[str, dict[Any, str]]) -> None:
    live, place = store.newest_release().object("person"), store.tables.place
    column = live.fields["name"].key_column
    with store.engine.begin() as connection:
        for record, key in keys["person"].items():
            connection.execute(update(live.table).where(live.table.c.id == record).values({column: key}))
        for code, key in keys["place"].items():
            connection.execute(update(place).where(place.c.code == code).values(sort_key=key))


def as_sorted_by_code_points(store: OrganisationStore) -> None:
    """Keys as they were at revision 0008: normalised texts."""
    live = store.newest_release().object("person")
    key, place = live.table.c[live.fields["name"].key_column], store.tables.place
    with store.engine.begin() as connection:
        for row in connection.execute(select(live.table.c.id, key)).all():
            connection.execute(
                update(live.table).where(live.table.c.id == row[0]).values({key: normalised_part(row[1])})
            )
        for row in connection.execute(select(place.c.code, place.c.sort_key)).all():
            old = "\t".join(map(normalised_part, row.sort_key.split("\t")))
            connection.execute(update(place).where(place.c.code == row.code).values(sort_key=old))
