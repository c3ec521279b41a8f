"""Countries and languages are in the order of their names in the reader's language."""

from __future__ import annotations

import csv
import datetime as dt
import io
import random
import uuid
from dataclasses import dataclass, replace

import pytest
from sqlalchemy import select

from amparo.metadata.model import Grouping, Measure, Report, Sort
from amparo.metadata.standard_codes import COUNTRIES, LANGUAGES
from amparo.runtime.access import Actor, operator_actor
from amparo.runtime.collation.alphabets import alphabet_of
from amparo.runtime.collation.keys import sort_key
from amparo.runtime.errors import InvalidAnswers
from amparo.runtime.fields.standard_names import standard_name
from amparo.runtime.planner.lists import list_page
from amparo.runtime.planner.queries import ListQuery
from amparo.runtime.planner.reports import run_report
from amparo.runtime.records import service
from amparo.runtime.records.changes import Change
from amparo.runtime.releases.publishing import publish
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations
from amparo.runtime.stores.types import instant
from amparo.runtime.transfer.exporting import export_csv
from factories.every_type import sheets_document
from factories.paging import everybody

pytestmark = pytest.mark.every_database

READERS = ("en", "ar", "km", "vi")
EMPTY = Report("r", "r", "sheet", "R", "", (), (), (), (), "all", ())


@dataclass(frozen=True)
class Travels:
    """Sheets with a country and a language each, some with neither; before that all were of Nepal."""

    store: OrganisationStore
    answers: dict[uuid.UUID, tuple[str | None, str | None]]
    before: dt.datetime


@pytest.fixture(scope="module")
def travels(organisations: Organisations) -> Travels:
    store, operator = organisations.create("travels", "Travels"), operator_actor()
    document = sheets_document()
    language = next(each for each in document["objects"][0]["fields"] if each["name"] == "language")
    del language["codes"]
    publish(store, operator, document)
    chance = random.Random(7)
    codes = [(country, chance.choice([*LANGUAGES])) for country in chance.choices([*COUNTRIES], k=70)]
    answers: list[tuple[str | None, str | None]] = [*codes, (None, None), (None, "km"), ("KH", None)]
    saved = service.save(store, operator, "sheet", [Change({"name": "S", "country": "NP"}) for _ in answers]).saved
    first = [saved[at] for at in range(len(answers))]
    changes = [
        Change({"country": country, "language": language}, each.record, each.version)
        for (country, language), each in zip(answers, first, strict=True)
    ]
    service.save(store, operator, "sheet", changes)
    with store.reading() as connection:
        tx = store.tables.tx
        written = connection.scalar(select(tx.c.at).where(tx.c.id == first[0].version))
    assert written is not None
    records = [each.record for each in first]
    return Travels(store, dict(zip(records, answers, strict=True)), instant(written))


def names_in_order(travels: Travels, kind: str, language: str, *, descending: bool = False) -> list[str | None]:
    codes = [country if kind == "country" else tongue for country, tongue in travels.answers.values()]
    named = [standard_name(kind, code, language) for code in codes if code is not None]
    ordered = sorted(named, key=lambda name: sort_key(name or "", alphabet_of(language)), reverse=descending)
    return [*ordered, *(None for code in codes if code is None)]


@pytest.mark.parametrize("descending", [False, True], ids=["up", "down"])
@pytest.mark.parametrize("kind", ["country", "language"])
@pytest.mark.parametrize("language", READERS)
def test_pages_of_a_list_are_in_the_order_of_the_readers_names(
    travels: Travels, operator: Actor, language: str, kind: str, descending: bool
) -> None:
    query = ListQuery("sheet", (kind,), sort=(Sort(kind, descending),), limit=9, language=language)
    records = everybody(travels.store, operator, query)
    assert {record.id for record in records} == set(travels.answers)
    assert len(records) == len(travels.answers)
    codes = [record.answers[kind] for record in records]
    named = [standard_name(kind, code, language) if isinstance(code, str) else None for code in codes]
    assert named == names_in_order(travels, kind, language, descending=descending)


def test_the_order_goes_with_another_one(travels: Travels, operator: Actor) -> None:
    sorts = (Sort("country"), Sort("language", descending=True))
    query = ListQuery("sheet", ("country", "language"), sort=sorts, limit=9, language="ar")
    records = everybody(travels.store, operator, query)
    countries = [record.answers["country"] for record in records]
    named = [standard_name("country", code, "ar") if isinstance(code, str) else None for code in countries]
    assert named == names_in_order(travels, "country", "ar")
    assert len({record.id for record in records}) == len(travels.answers)


def test_without_a_reader_the_language_of_the_organisation_counts(travels: Travels, operator: Actor) -> None:
    query = ListQuery("sheet", ("country",), sort=(Sort("country"),), limit=100)
    codes = [record.answers["country"] for record in everybody(travels.store, operator, query)]
    named = [standard_name("country", code, "en") if isinstance(code, str) else None for code in codes]
    assert named == names_in_order(travels, "country", "en")


def test_a_list_of_the_past_is_in_order_too(travels: Travels, operator: Actor) -> None:
    query = ListQuery("sheet", ("country",), sort=(Sort("country"),), limit=100, language="ar", as_of=travels.before)
    assert [record.answers["country"] for record in everybody(travels.store, operator, query)] == ["NP"] * 73


def test_a_page_in_another_language_is_not_the_next_one(travels: Travels, operator: Actor) -> None:
    query = ListQuery("sheet", ("country",), sort=(Sort("country"),), limit=9, language="en")
    after = list_page(travels.store, operator, query).next
    with pytest.raises(InvalidAnswers, match="from its first page"):
        list_page(travels.store, operator, replace(query, after=after, language="ar"))
    query = replace(query, sort=(Sort("name"),))
    after = list_page(travels.store, operator, query).next
    assert list_page(travels.store, operator, replace(query, after=after, language="ar")).records


def test_reports_list_and_group_in_that_order(travels: Travels, operator: Actor) -> None:
    wanted = names_in_order(travels, "country", "ar")
    listed = replace(EMPTY, columns=("country",), sort=(Sort("country"),))
    result = run_report(travels.store, operator, listed, language="ar")
    codes = [record.answers["country"] for record in result.records]
    assert [standard_name("country", code, "ar") if isinstance(code, str) else None for code in codes] == wanted
    grouped = replace(EMPTY, groupings=(Grouping("country"),), measures=(Measure("count"),))
    groups = run_report(travels.store, operator, grouped, language="ar").axes[0].groups
    assert [group.label for group in groups if group.kind == "value"] == list(dict.fromkeys(filter(None, wanted)))


def test_a_file_is_in_the_order_of_the_names_that_it_holds(travels: Travels, operator: Actor) -> None:
    query = ListQuery("sheet", ("country",), sort=(Sort("country"),), language="km")
    content = b"".join(export_csv(travels.store, operator, query, language="ar"))
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert [row[0] or None for row in rows[1:]] == names_in_order(travels, "country", "ar")
