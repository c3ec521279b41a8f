"""Exporting lists, on every kind of database."""

from __future__ import annotations

import csv
import datetime
import io
import json
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from amparo.metadata.model import FilterRow, Sort
from amparo.runtime.access import Actor, Role
from amparo.runtime.errors import InvalidAnswers, NotPermitted
from amparo.runtime.planner.lists import list_page, stream
from amparo.runtime.planner.queries import ListQuery
from amparo.runtime.planner.records import read_record
from amparo.runtime.records import service
from amparo.runtime.records.changes import Change
from amparo.runtime.records.saving import save
from amparo.runtime.releases.publishing import publish
from amparo.runtime.searching import normalised
from amparo.runtime.serializer import Record
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations
from amparo.runtime.transfer.cells import MARKER
from amparo.runtime.transfer.export_columns import ExportForm, local_time
from amparo.runtime.transfer.exporting import export_csv
from amparo.runtime.transfer.importing import import_file
from factories.clinic import clinic_document

COLUMNS = (
    "name", "number", "gender", "languages", "passport", "debt", "children", "born", "met_at", "safe", "friend",
    "story", "record_type",
)  # fmt: skip
SORTED = ListQuery("person", COLUMNS, sort=(Sort("name"),))
FULL: dict[str, Any] = {
    "name": "សុភា",
    "gender": {"missing": "refused"},
    "languages": ["km", "en"],
    "passport": "-N1",
    "debt": "-1250.5",
    "children": {"missing": "not_asked"},
    "born": "2001-02-03",
    "met_at": "2026-01-02T10:00",
    "safe": "no",
    "story": "=first\r\nsecond\nthird",
    "record_type": "client",
}


def exported(store: OrganisationStore, actor: Actor, query: ListQuery, form: ExportForm) -> list[list[str]]:
    content = b"".join(export_csv(store, actor, query, form=form))
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_codes_lose_nothing(store: OrganisationStore, operator: Actor) -> None:
    friend = service.create(store, operator, "person", {"name": "Friend"})
    service.create(store, operator, "person", FULL | {"friend": str(friend.record)})
    header, _, row = exported(store, operator, SORTED, ExportForm.CODES)
    assert header == [*COLUMNS, MARKER]
    assert row == [
        "សុភា", "P-000002", "#refused", "en;km", "'-N1", "-1250.50", "#not_asked", "2001-02-03",
        "2026-01-02T03:00:00Z", "false", str(friend.record), "'=first\r\nsecond\nthird", "client", "",
    ]  # fmt: skip


def test_labels_are_for_people(store: OrganisationStore, operator: Actor) -> None:
    friend = service.create(store, operator, "person", {"name": "=Friend", "gender": "female"})
    service.create(store, operator, "person", FULL | {"friend": str(friend.record)})
    header, first, row = exported(store, operator, SORTED, ExportForm.LABELS)
    assert header[:4] == ["Name", "Number", "Gender", "Languages"]
    assert first[2] == "Female"
    assert row[3] == "EN;KM"
    assert row[8] == "2026-01-02 10:00:00"
    assert row[10] == "'=Friend"
    assert row[12] == "Client"


def test_only_those_with_the_permission_may_export(store: OrganisationStore) -> None:
    with pytest.raises(NotPermitted):
        export_csv(store, Actor(None, "Dara", Role.CASEWORKER, "test"), SORTED)


def test_what_cannot_be_asked_is_refused_before_the_first_byte(store: OrganisationStore, operator: Actor) -> None:
    with pytest.raises(InvalidAnswers):
        export_csv(store, operator, ListQuery("person", ("nmae",)))


def test_filters_hold_for_the_export_too(store: OrganisationStore, operator: Actor) -> None:
    for name in ("Sok", "Dara"):
        service.create(store, operator, "person", {"name": name, "code": name})
    query = ListQuery("person", ("name",), filters=(FilterRow("code", "equals", "Sok"),))
    assert exported(store, operator, query, ExportForm.CODES)[1:] == [["Sok", ""]]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_an_export_comes_back_unchanged_also_through_a_spreadsheet(
    store: OrganisationStore, operator: Actor, delimiter: str
) -> None:
    texts = naughty_texts()
    for text in texts:
        service.create(store, operator, "person", {"name": text or "-", "story": text + "\n" + text})
    service.create(store, operator, "person", FULL)
    query = ListQuery("person", tuple(name for name in COLUMNS if name != "friend"))
    rows = exported(store, operator, query, ExportForm.CODES)
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows(rows)
    before = snapshot(store, operator, query)
    for record in list_page(store, operator, ListQuery("person", (), limit=500)).records:
        service.delete(store, operator, "person", record.id)
    outcome = import_file(store, operator, "person", written.getvalue().encode("utf-16"))
    assert (outcome.created, outcome.refused) == (len(texts) + 1, 0)
    assert snapshot(store, operator, query) == before


def naughty_texts() -> list[str]:
    return ["'", "''", "'=1", "=1", " =1", "#refused", "'#refused", "＝1", "\t-", "a;b", '"', '"";,|', "\u200b@x", "ก"]


def snapshot(store: OrganisationStore, actor: Actor, query: ListQuery) -> list[Any]:
    page = list_page(store, actor, ListQuery(query.object, query.columns, limit=500))
    return sorted(map(content_of, page.records), key=str)


def content_of(record: Record) -> Any:
    return {name: answer for name, answer in record.answers.items() if name != "number"} | {"type": record.record_type}


def test_a_time_that_happens_twice_keeps_its_offset() -> None:
    zone = ZoneInfo("Europe/Berlin")
    moment = datetime.datetime(2026, 10, 25, 1, 30, tzinfo=datetime.UTC)
    assert local_time(moment.astimezone(zone)) == "2026-10-25 02:30:00+01:00"
    assert local_time(moment.astimezone(ZoneInfo("Asia/Phnom_Penh"))) == "2026-10-25 08:30:00"


def test_naughty_strings_survive_create_list_search_export_and_import(
    store: OrganisationStore, operator: Actor, shared: Path, organisations: Organisations
) -> None:
    strings = [text for text in json.loads((shared / "real/naughty/blns.json").read_text("utf-8")) if text]
    changes = [Change({"name": text, "code": f"n{number}", "story": text}) for number, text in enumerate(strings)]
    created = save(store, operator, "person", changes, all_or_nothing=False)
    kept = [strings[position] for position in created.saved]
    assert len(kept) > 0.9 * len(strings)
    assert all(problem.message for refused in created.refused for problem in refused.problems)
    everything = ListQuery("person", ("name", "code", "story"))
    listed = list(stream(store, operator, everything))
    assert sorted(record.name for record in listed) == sorted(kept)
    assert sorted(str(record.answers["story"]) for record in listed) == sorted(kept)
    for position, saved in created.saved.items():
        read = read_record(store, operator, "person", saved.record)
        assert read.answers["name"] == read.answers["story"] == strings[position]
    for text in filter(normalised, kept):
        # Every page: a figure alone stands in the number of most records.
        found = list(stream(store, operator, ListQuery("person", ("name",), search=text)))
        assert any(record.name == text for record in found), text
    content = b"".join(export_csv(store, operator, everything, form=ExportForm.CODES))
    # Codes are unique: into an organisation that holds none yet.
    other = organisations.create(f"{store.slug}-again", "Again")
    publish(other, operator, clinic_document())
    outcome = import_file(other, operator, "person", content)
    assert (outcome.created, outcome.refused) == (len(kept), 0)
    again = list(stream(other, operator, everything))
    assert {(r.answers["code"], r.name, r.answers["story"]) for r in again} == {
        (r.answers["code"], r.name, r.answers["story"]) for r in listed
    }
