"""Lines that hold records of several objects, on every kind of database."""

from __future__ import annotations

import csv
import io
import uuid
from typing import Any

import pytest
from sqlalchemy import select

from amparo.runtime.access import Actor
from amparo.runtime.errors import InvalidAnswers
from amparo.runtime.planner.lists import list_page
from amparo.runtime.planner.queries import ListQuery
from amparo.runtime.records import service
from amparo.runtime.releases.publishing import publish
from amparo.runtime.serializer import Record
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.transfer.cells import RECORDS_HEADER
from amparo.runtime.transfer.import_identity import record_of
from amparo.runtime.transfer.importing import import_file
from amparo.runtime.transfer.mapping import ImportMapping
from amparo.runtime.transfer.mapping_files import mapping_document, mapping_from
from amparo.runtime.transfer.outcomes import Fate, ImportOutcome
from amparo.runtime.transfer.pacing import ChunkPacer
from amparo.runtime.transfer.problem_file import ProblemFile
from amparo.runtime.transfer.undoing import undo_import
from factories.clinic import clinic_document

IDENTITY = uuid.UUID("0190e2a8-2222-7000-8000-000000000001")
COLUMNS = {
    "Client": "person.name",
    "Code": "person.code",
    "Debt": "person.debt",
    "Visit": "visit.title",
    "On": "visit.held_on",
    "Note": "note.title",
}
BY_CODE = {"person": {"match": {"field": "code"}}}


def table(*lines: str) -> bytes:
    return "\n".join(("Client,Code,Debt,Visit,On,Note", *lines)).encode()


def mapping(**more: Any) -> ImportMapping:
    return mapping_from({"columns": {header: {"field": field} for header, field in COLUMNS.items()}, **more})


def imported(
    store: OrganisationStore, actor: Actor, content: bytes, found: ImportMapping | None = None, **how: Any
) -> ImportOutcome:
    return import_file(store, actor, "note", content, found or mapping(), **how)


def held(store: OrganisationStore, actor: Actor) -> set[tuple[str, str, str]]:
    """Person, visit and note of every note that is kept, by name."""
    people = records(store, actor, "person", "name")
    visits = records(store, actor, "visit", "title", "person")
    notes = records(store, actor, "note", "title", "visit")
    return {
        (people[visits[note.answers["visit"]].answers["person"]].name, visits[note.answers["visit"]].name, note.name)  # type: ignore[index]
        for note in notes.values()
    }


def records(store: OrganisationStore, actor: Actor, name: str, *columns: str) -> dict[uuid.UUID, Record]:
    page = list_page(store, actor, ListQuery(name, columns, limit=500))
    return {record.id: record for record in page.records}


def names(store: OrganisationStore, actor: Actor, name: str) -> list[str]:
    return sorted(record.name for record in records(store, actor, name).values())


def reasons(outcome: ImportOutcome) -> dict[int, list[tuple[str, str]]]:
    return {each.row: [(problem.path, problem.kind) for problem in each.problems] for each in outcome.problems}


def counts(outcome: ImportOutcome, name: str) -> tuple[int, int, int, int]:
    found = outcome.records[name]
    return found[Fate.CREATED], found[Fate.UPDATED], found[Fate.UNCHANGED], found[Fate.SKIPPED]


def test_a_line_makes_a_master_its_detail_and_theirs(store: OrganisationStore, operator: Actor) -> None:
    outcome = imported(store, operator, table("Sok,a,1,First,2026-01-02,Calm", "Dara,b,2,Second,2026-01-03,Tired"))
    assert (outcome.rows, outcome.created, outcome.refused) == (2, 2, 0)
    assert held(store, operator) == {("Sok", "First", "Calm"), ("Dara", "Second", "Tired")}
    assert [counts(outcome, name) for name in ("person", "visit", "note")] == [(2, 0, 0, 0)] * 3
    assert outcome.previews[0].values["person.name"] == "Sok"


def test_lines_that_repeat_a_master_or_leave_it_blank_share_its_record(
    store: OrganisationStore, operator: Actor
) -> None:
    outcome = imported(
        store,
        operator,
        table(
            "Sok,a,1,First,2026-01-02,Calm",
            "Sok,a,1,First,2026-01-02,Later",
            ",,,,,Blank above",
            ",,,Second,2026-01-03,Tired",
            "Dara,b,2,,,",
            ",,,Third,2026-01-04,Glad",
        ),
    )
    assert outcome.refused == 0
    assert held(store, operator) == {
        ("Sok", "First", "Calm"),
        ("Sok", "First", "Later"),
        ("Sok", "First", "Blank above"),
        ("Sok", "Second", "Tired"),
        ("Dara", "Third", "Glad"),
    }
    assert [counts(outcome, name)[0] for name in ("person", "visit", "note")] == [2, 3, 5]


def test_a_blank_master_under_another_one_does_not_take_the_record_above(
    store: OrganisationStore, operator: Actor
) -> None:
    outcome = imported(store, operator, table("Sok,a,1,First,2026-01-02,Calm", "Dara,b,2,,,Whose"))
    assert reasons(outcome) == {3: [("Visit", "required")]}
    assert names(store, operator, "person") == ["Sok"]


def test_the_same_values_further_down_are_another_master_unless_a_field_tells(
    store: OrganisationStore, operator: Actor
) -> None:
    lines = ("Sok,,1,First,,Calm", "Dara,,2,Second,,Tired", "Sok,,1,Third,,Glad")
    imported(store, operator, table(*lines))
    assert names(store, operator, "person") == ["Dara", "Sok", "Sok"]
    keyed = tuple(line.replace(",,", f",{line[0]},", 1) for line in lines)
    outcome = imported(store, operator, table(*keyed), mapping(objects=BY_CODE))
    assert counts(outcome, "person") == (2, 0, 0, 0)
    assert counts(outcome, "visit") == (3, 0, 0, 0)


def test_a_master_that_exists_is_found_changed_and_given_more_details(
    store: OrganisationStore, operator: Actor
) -> None:
    service.create(store, operator, "person", {"name": "Sok", "code": "a", "debt": "1"})
    content = table("Sok,a,5,First,,Calm", "Sok,a,5,Second,,Tired", "Dara,b,2,Third,,Glad")
    told = imported(store, operator, content, mapping(objects=BY_CODE), dry_run=True)
    done = imported(store, operator, content, mapping(objects=BY_CODE))
    assert counts(told, "person") == counts(done, "person") == (1, 1, 0, 0)
    assert (told.created, told.refused) == (done.created, done.refused) == (3, 0)
    assert names(store, operator, "person") == ["Dara", "Sok"]
    debts = {each.name: str(each.answers["debt"]) for each in records(store, operator, "person", "debt").values()}
    assert debts == {"Sok": "5.00", "Dara": "2.00"}


def test_masters_may_be_passed_over_when_there_and_lines_when_they_are_not(
    store: OrganisationStore, operator: Actor
) -> None:
    service.create(store, operator, "person", {"name": "Sok", "code": "a", "debt": "1"})
    found = mapping(objects={"person": {"match": {"field": "code", "when_found": "skip", "when_missing": "skip"}}})
    outcome = imported(store, operator, table("New name,a,5,First,,Calm", "Dara,b,2,Second,,Tired"), found)
    assert (outcome.created, outcome.skipped, outcome.refused) == (1, 1, 0)
    assert held(store, operator) == {("Sok", "First", "Calm")}
    assert names(store, operator, "visit") == ["First"]


def test_a_line_is_saved_whole_or_not_at_all_and_the_next_makes_what_it_would_have_made(
    store: OrganisationStore, operator: Actor
) -> None:
    content = table("Sok,a,1,First,2026-13-01,Calm", "Sok,a,1,Second,2026-01-02,Tired", "Dara,b,much,Third,,Glad")
    told = imported(store, operator, content, dry_run=True)
    done = imported(store, operator, content)
    assert reasons(told) == reasons(done) == {2: [("On", "not_a_date")], 4: [("Debt", "not_a_number")]}
    assert held(store, operator) == {("Sok", "Second", "Tired")}
    assert names(store, operator, "visit") == ["Second"]


def test_what_only_the_store_knows_refuses_the_line_and_no_other(store: OrganisationStore, operator: Actor) -> None:
    service.create(store, operator, "person", {"name": "Old", "code": "taken"})
    content = table("Sok,a,1,First,,Calm", "Dara,taken,1,Second,,Tired", "Dup,a,1,Third,,Glad", "Chan,c,1,Fourth,,Ok")
    told = imported(store, operator, content, dry_run=True)
    done = imported(store, operator, content)
    assert reasons(told) == reasons(done) == {3: [("Code", "not_unique")], 4: [("Code", "not_unique")]}
    assert held(store, operator) == {("Sok", "First", "Calm"), ("Chan", "Fourth", "Ok")}


def test_lines_that_contradict_each_other_about_a_master_are_refused(store: OrganisationStore, operator: Actor) -> None:
    content = table("Sok,a,1,First,,Calm", "Dara,b,2,Second,,Tired", "Sok,a,9,Third,,Glad", ",a,,Fourth,,Blank is fine")
    outcome = imported(store, operator, content, mapping(objects=BY_CODE))
    assert reasons(outcome) == {4: [("Debt", "differs_in_file")]}
    assert len(held(store, operator)) == 3


def test_a_detail_whose_cells_are_blank_is_not_made(store: OrganisationStore, operator: Actor) -> None:
    outcome = imported(store, operator, table("Sok,a,1,First,,", "Dara,b,2,,,"))
    assert (outcome.created, outcome.refused) == (2, 0)
    assert [len(names(store, operator, name)) for name in ("person", "visit", "note")] == [2, 1, 0]


def test_a_full_name_is_put_together_from_two_columns(store: OrganisationStore, operator: Actor) -> None:
    columns = {"Title": {"field": "title"}, "On": {"field": "held_on"}}
    written = {
        "columns": columns,
        "ignore": ["Given", "Family"],
        "objects": {"person": {}},
        "joined": {"person.name": ["Given", "Family"]},
    }
    content = b"Title,On,Given,Family\nFirst,2026-01-02,Sok,Chan\nSecond,2026-01-03,Dara,\n"
    outcome = import_file(store, operator, "visit", content, mapping_from(written))
    assert outcome.refused == 0
    assert names(store, operator, "person") == ["Dara", "Sok Chan"]
    assert mapping_document(mapping_from(written)) == written


def test_an_import_run_again_after_an_interruption_makes_nothing_twice(
    store: OrganisationStore, operator: Actor
) -> None:
    lines = [f"Person {number // 3},,1,Visit {number},,Note {number}" for number in range(130)]

    class Interrupted(Exception):
        pass

    def stop(done: int, total: int) -> None:
        raise Interrupted

    with pytest.raises(Interrupted):
        imported(store, operator, table(*lines), identity=IDENTITY, progress=stop)
    before = len(names(store, operator, "note"))
    assert 0 < before < 130
    outcome = imported(store, operator, table(*lines), identity=IDENTITY, is_again=True)
    assert (outcome.rows, outcome.created, outcome.refused) == (130, 130, 0)
    assert [len(records(store, operator, name)) for name in ("person", "visit", "note")] == [44, 130, 130]
    assert record_of(IDENTITY, 2) in records(store, operator, "note")
    assert record_of(IDENTITY, 2, "person") in records(store, operator, "person")


def test_undoing_removes_details_before_their_masters(store: OrganisationStore, operator: Actor) -> None:
    service.create(store, operator, "person", {"name": "Sok", "code": "a", "debt": "1"})
    content = table("Sok,a,5,First,,Calm", ",,,,,More", "Dara,b,2,Third,,Glad")
    imported(store, operator, content, mapping(objects=BY_CODE), identity=IDENTITY)
    outcome = undo_import(store, operator, IDENTITY)
    assert (outcome.deleted, outcome.put_back, outcome.kept) == (6, 1, 0)
    assert [names(store, operator, name) for name in ("person", "visit", "note")] == [["Sok"], [], []]
    (sok,) = records(store, operator, "person", "debt").values()
    assert str(sok.answers["debt"]) == "1.00"


def test_a_corrected_line_finds_the_master_that_other_lines_made(store: OrganisationStore, operator: Actor) -> None:
    written = bytearray()
    content = table("Sok,,1,First,,Calm", ",,,Second,soon,Tired")
    file = ProblemFile(list(COLUMNS), written.extend)
    imported(store, operator, content, refused=file.take)
    rows = list(csv.reader(io.StringIO(written.decode("utf-8-sig"))))
    assert rows[1][: len(COLUMNS)] == ["Sok", "", "1", "Second", "soon", "Tired"]
    (sok,) = records(store, operator, "person")
    assert rows[1][rows[0].index(RECORDS_HEADER)] == f"person={sok}"
    corrected = written.decode("utf-8-sig").replace("soon,", "2026-02-03,")
    outcome = imported(store, operator, corrected.encode())
    assert (outcome.created, outcome.refused) == (1, 0)
    assert held(store, operator) == {("Sok", "First", "Calm"), ("Sok", "Second", "Tired")}


def test_lines_of_one_master_are_not_parted_when_the_first_is_refused(
    store: OrganisationStore, operator: Actor
) -> None:
    written = bytearray()
    file = ProblemFile(list(COLUMNS), written.extend)
    first = ChunkPacer().size
    alone = [f"Person {number},,1,Visit,,Note {number}" for number in range(first - 1)]
    content = table(*alone, "Sok,,1,First,soon,Calm", "Sok,,1,Second,,Tired")
    assert imported(store, operator, content, refused=file.take).refused == 1
    corrected = written.decode("utf-8-sig").replace("soon,", "2026-02-03,")
    assert imported(store, operator, corrected.encode()).created == 1
    assert names(store, operator, "person").count("Sok") == 1


def test_all_records_of_a_line_come_in_one_transaction(store: OrganisationStore, operator: Actor) -> None:
    imported(store, operator, table("Sok,a,1,First,,Calm"), identity=IDENTITY)
    record = store.tables.record
    with store.reading() as connection:
        assert len(set(connection.scalars(select(record.c.created_tx)))) == 1


@pytest.mark.parametrize(
    ("columns", "kind"),
    [
        ({"Title": "title", "Name": "persn.name"}, "unknown_name"),
        ({"Title": "title", "Name": "island.name"}, "not_joined"),
    ],
)
def test_a_mapping_that_joins_what_no_lookup_joins_is_refused(
    empty_store: OrganisationStore, operator: Actor, columns: dict[str, str], kind: str
) -> None:
    document = clinic_document()
    alone = {"id": "island.name", "name": "name", "type": "text", "label": "Name"}
    document["objects"].append({"id": "island", "name": "island", "label": "Island", "plural": "Islands"})
    document["objects"][-1] |= {"name_field": "name", "fields": [alone]}
    document["objects"].sort(key=lambda each: each["name"])
    publish(empty_store, operator, document)
    written = {"columns": {header: {"field": field} for header, field in columns.items()}}
    with pytest.raises(InvalidAnswers) as refusal:
        import_file(empty_store, operator, "visit", b"Title,Name\nFirst,Sok\n", mapping_from(written))
    assert kind in [problem.kind for problem in refusal.value.problems]


def test_where_two_lookups_fit_the_mapping_says_which(empty_store: OrganisationStore, operator: Actor) -> None:
    document = clinic_document()
    visit = next(each for each in document["objects"] if each["name"] == "visit")
    for name in ("guest", "host"):
        field = {"id": f"visit.{name}", "name": name, "type": "lookup", "object": "person", "label": name}
        visit["fields"].append(field)
    visit["fields"] = [field for field in visit["fields"] if field["name"] != "person"]
    publish(empty_store, operator, document)
    written: dict[str, Any] = {"columns": {"Title": {"field": "title"}, "Name": {"field": "person.name"}}}
    content = b"Title,Name\nFirst,Sok\n"
    with pytest.raises(InvalidAnswers, match="guest, host"):
        import_file(empty_store, operator, "visit", content, mapping_from(written))
    outcome = import_file(
        empty_store, operator, "visit", content, mapping_from(written | {"links": {"host": "person"}})
    )
    assert outcome.created == 1
    (made,) = records(empty_store, operator, "visit", "host", "guest").values()
    assert (list(made.answers.values()).count(None), made.answers["guest"]) == (1, None)
