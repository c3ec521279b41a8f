"""Workbooks with a sheet for each object, imported sheet after sheet, on every kind of database."""

from __future__ import annotations

import datetime as dt
import io
import uuid
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from amparo.metadata.fields.registry import field_type
from amparo.runtime.access import Actor, operator_actor
from amparo.runtime.demo.loading import RIVERSIDE, load_demo
from amparo.runtime.errors import InvalidAnswers
from amparo.runtime.identifiers import new_identifier
from amparo.runtime.planner.lists import list_page, stream
from amparo.runtime.planner.queries import ListQuery
from amparo.runtime.records import service
from amparo.runtime.releases.publishing import publish
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations
from amparo.runtime.transfer.cells import Cell
from amparo.runtime.transfer.export_columns import ExportForm
from amparo.runtime.transfer.export_packages import ExportFormat, every_column, export_tables, organisation_tables
from amparo.runtime.transfer.exporting import export_csv
from amparo.runtime.transfer.importing import import_file
from amparo.runtime.transfer.mapping import ColumnMapping
from amparo.runtime.transfer.opened_table import TableFile
from amparo.runtime.transfer.opening import SAMPLE_ROWS
from amparo.runtime.transfer.problem_file import RefusedRow, problem_file
from amparo.runtime.transfer.table_reading import open_table
from amparo.runtime.transfer.whole_workbooks import mapping_of_sheet, open_whole_workbook
from amparo.runtime.transfer.workbook_writing import writing_workbook
from factories.clinic import clinic_document
from factories.command_line import command_line

TODAY = dt.date(2025, 3, 3)


def make_standard(organisations: Organisations, standard_template: Mapping[str, Any]) -> OrganisationStore:
    """An organisation with the standard template and nothing else."""
    made = organisations.create(f"empty-{uuid.uuid4().hex[:8]}", "Empty")
    publish(made, operator_actor(), standard_template)
    return made


@pytest.fixture
def new(organisations: Organisations, standard_template: Mapping[str, Any]) -> OrganisationStore:
    return make_standard(organisations, standard_template)


@pytest.fixture(scope="module")
def standard(organisations: Organisations, standard_template: Mapping[str, Any]) -> OrganisationStore:
    return make_standard(organisations, standard_template)


@pytest.fixture
def empty(standard: OrganisationStore, operator: Actor) -> Iterator[OrganisationStore]:
    """The standard template without a record: each test deletes its few, for publishing took longer than most tests."""
    yield standard
    for name in standard.newest_release().objects:
        for record in list(stream(standard, operator, ListQuery(name, ()))):
            service.delete(standard, operator, name, record.id)


def everything(store: OrganisationStore, actor: Actor) -> bytes:
    written = bytearray()
    tables = organisation_tables(store.newest_release())
    export_tables(store, actor, tables, ExportFormat.XLSX, written.extend, form=ExportForm.CODES)
    return bytes(written)


def book(sheets: Mapping[str, Sequence[Sequence[Cell]]]) -> bytes:
    written = bytearray()
    with writing_workbook(written.extend, is_marked=False) as made:
        for name, (header, *rows) in sheets.items():
            sheet = made.sheet(name, [str(cell) for cell in header])
            for row in rows:
                sheet.row(list(row))
    return bytes(written)


def records(store: OrganisationStore, actor: Actor, name: str) -> dict[uuid.UUID, tuple[str | None, dict[str, Any]]]:
    """Record types and answers; without files, which no table carries."""
    definition = store.newest_release().object(name).definition
    carried = [each.name for each in definition.active_fields if field_type(each.type).family != "file"]
    query = ListQuery(name, tuple(column for column in every_column(definition) if column in carried))
    return {each.id: (each.record_type, dict(each.answers)) for each in stream(store, actor, query)}


def sheets_of(store: OrganisationStore, content: bytes) -> Sequence[tuple[str, TableFile]]:
    return open_whole_workbook(store, content).sheets


@pytest.mark.slow
def test_everything_of_an_organisation_comes_back_in_an_empty_one(
    organisations: Organisations, new: OrganisationStore, operator: Actor
) -> None:
    load_demo(organisations, TODAY, cases=16)
    riverside = organisations.open(RIVERSIDE.slug)
    names = list(riverside.newest_release().application.objects)
    sheets = sheets_of(new, everything(riverside, operator))
    assert sorted(name for name, _ in sheets) == sorted(names)
    for name, sheet in sheets:
        outcome = import_file(new, operator, name, sheet, mapping_of_sheet(new, name, sheet, with_owners=False))
        assert [(each.row, [str(problem) for problem in each.problems]) for each in outcome.problems] == [], name
    for name in names:
        held = records(riverside, operator, name)
        assert held
        assert records(new, operator, name) == held, name


def test_an_export_that_is_imported_where_it_came_from_changes_nothing(
    empty: OrganisationStore, operator: Actor
) -> None:
    person = service.create(empty, operator, "person", {"name": "Sok", "citizenships": ["KH", "VN"]}).record
    service.create(empty, operator, "connection", {"person": person, "relationship": "parent"})
    content = everything(empty, operator)
    sheets = sheets_of(empty, content)
    outcomes = {name: import_file(empty, operator, name, sheet) for name, sheet in sheets}
    assert {name: (each.unchanged, each.created, each.refused) for name, each in outcomes.items() if each.rows} == {
        "person": (1, 0, 0),
        "connection": (1, 0, 0),
    }


def test_a_record_whose_identifier_is_taken_is_refused_and_a_number_that_is_taken_is_given_anew(
    empty: OrganisationStore, operator: Actor
) -> None:
    first = service.create(empty, operator, "person", {"name": "Sok"})
    ((_, held),) = records(empty, operator, "person").values()
    content = everything(empty, operator)
    service.delete(empty, operator, "person", first.record, first.version)
    ((name, sheet),) = [each for each in sheets_of(empty, content) if each[1].row_count]
    outcome = import_file(empty, operator, name, sheet)
    assert [problem.kind for each in outcome.problems for problem in each.problems] == ["identifier_taken"]
    rows = [["id", "person_number", "name"], [str(uuid.uuid4()), held["person_number"], "Dara"]]
    for _ in range(2):
        rows[1][0] = str(uuid.uuid4())
        ((_, sheet),) = sheets_of(empty, own_book("person", rows))
        assert import_file(empty, operator, "person", sheet).created == 1
    numbers = [answers["person_number"] for _, answers in records(empty, operator, "person").values()]
    assert held["person_number"] in numbers
    assert len(set(numbers)) == 2


def test_a_lookup_that_the_first_rows_leave_empty_holds_identifiers_in_an_export_of_codes(
    empty: OrganisationStore, operator: Actor
) -> None:
    person = service.create(empty, operator, "person", {"name": "Sok"}).record
    rows = [["id", "subject", "about"], *([str(uuid.uuid4()), f"Call {each}", ""] for each in range(SAMPLE_ROWS))]
    rows.append([str(uuid.uuid4()), "Call back", str(person)])
    ((_, sheet),) = sheets_of(empty, own_book("task", rows))
    mapping = mapping_of_sheet(empty, "task", sheet)
    assert mapping.columns["about"] == ColumnMapping("about")


def test_an_identifier_that_was_cut_refuses_its_row_and_makes_no_second_record(
    empty: OrganisationStore, operator: Actor
) -> None:
    person = service.create(empty, operator, "person", {"name": "Sok"}).record
    rows = [["id", "name"], [str(person)[:-1], "Sok"], ["", "Dara"]]
    ((_, sheet),) = sheets_of(empty, own_book("person", rows))
    outcome = import_file(empty, operator, "person", sheet)
    assert [(each.row, [problem.kind for problem in each.problems]) for each in outcome.problems] == [
        (2, ["not_a_record"])
    ]
    assert sorted(answers["name"] for _, answers in records(empty, operator, "person").values()) == ["Dara", "Sok"]


def test_a_record_whose_name_begins_like_an_object_is_found_by_its_whole_name(
    empty: OrganisationStore, operator: Actor
) -> None:
    odd = service.create(empty, operator, "person", {"name": "Case: call back"}).record
    plain = service.create(empty, operator, "person", {"name": "Sok"}).record
    cells = ["Case: call back", "Person: Sok", "Person\uff1aSok", "Nobody"]
    rows: list[list[Cell]] = [[f"Call {each}", cell, TODAY] for each, cell in enumerate(cells)]
    content = book({"task": [["Subject", "About", "Due on"], *rows]})
    ((_, sheet),) = sheets_of(empty, content)
    outcome = import_file(empty, operator, "task", sheet, mapping_of_sheet(empty, "task", sheet))
    held = {answers["subject"]: answers["about"] for _, answers in records(empty, operator, "task").values()}
    assert held == {"Call 0": odd, "Call 1": plain, "Call 2": plain}
    (refused,) = outcome.problems
    assert "as its Case number / Name" in refused.problems[0].message


def test_two_columns_of_the_standard_make_one_point_on_the_map(empty: OrganisationStore, operator: Actor) -> None:
    columns: list[Cell] = ["Name", "org_ShippingLatitude", "org_ShippingLongitude"]
    content = book({"organisation": [columns, ["Home", Decimal("11.5564"), Decimal("104.9282")]]})
    ((_, sheet),) = sheets_of(empty, content)
    outcome = import_file(empty, operator, "organisation", sheet)
    assert (outcome.created, outcome.problems) == (1, ())
    ((_, held),) = records(empty, operator, "organisation").values()
    assert str(held["geolocation"]) == "11.556400,104.928200"


def exported_people(store: OrganisationStore, actor: Actor) -> bytes:
    (query,) = (each for each in organisation_tables(store.newest_release()) if each.object == "person")
    return b"".join(export_csv(store, actor, query, form=ExportForm.CODES))


def test_an_export_that_comes_back_overwrites_no_newer_work(empty: OrganisationStore, operator: Actor) -> None:
    sok, dara = (service.create(empty, operator, "person", {"name": name}) for name in ("Sok", "Dara"))
    content = exported_people(empty, operator).replace(b"Sok", b"Sok Monday").replace(b"Dara", b"Dara Monday")
    service.update(empty, operator, "person", sok.record, sok.version, {"name": "Sok Tuesday"})
    sheet = open_table(content)
    refused: list[RefusedRow] = []
    outcome = import_file(empty, operator, "person", sheet, refused=refused.append)
    assert (outcome.updated, outcome.refused) == (1, 1)
    assert [problem.kind for each in outcome.problems for problem in each.problems] == ["changed_since"]
    held = records(empty, operator, "person")
    assert (held[sok.record][1]["name"], held[dara.record][1]["name"]) == ("Sok Tuesday", "Dara Monday")
    written = bytearray()
    with problem_file(sheet.format, sheet.header, written.extend) as made:
        made.take(refused[0])
    again = open_table(bytes(written))
    assert import_file(empty, operator, "person", again).refused == 1
    mapping = mapping_of_sheet(empty, "person", again, overwrites=True)
    assert import_file(empty, operator, "person", again, mapping).updated == 1
    assert records(empty, operator, "person")[sok.record][1]["name"] == "Sok Monday"


def test_a_row_that_does_not_say_when_it_was_exported_changes_nothing_that_is_there(
    empty: OrganisationStore, operator: Actor
) -> None:
    sok = service.create(empty, operator, "person", {"name": "Sok"})
    rows = [["id", "name"], [str(sok.record), "Sokha"]]
    ((_, sheet),) = sheets_of(empty, own_book("person", rows))
    outcome = import_file(empty, operator, "person", sheet)
    assert [problem.kind for each in outcome.problems for problem in each.problems] == ["record_exists"]
    mapping = mapping_of_sheet(empty, "person", sheet, overwrites=True)
    assert import_file(empty, operator, "person", sheet, mapping).updated == 1


def test_an_interrupted_import_knows_the_records_it_brought_and_those_it_changed(
    new: OrganisationStore, operator: Actor
) -> None:
    known = service.create(new, operator, "person", {"name": "Sok"})
    brought = [[str(uuid.uuid4()), f"Person {each}", ""] for each in range(300)]
    rows = [["id", "name", "amparo:version"], [str(known.record), "Sokha", str(known.version)], *brought]
    ((_, sheet),) = sheets_of(new, own_book("person", rows))
    identity = new_identifier()

    class Killed(Exception):
        pass

    def stop(done: int, total: int) -> None:
        if done >= 100:
            raise Killed

    with pytest.raises(Killed):
        import_file(new, operator, "person", sheet, identity=identity, progress=stop)
    outcome = import_file(new, operator, "person", sheet, identity=identity, is_again=True)
    assert (outcome.created, outcome.unchanged, outcome.refused) == (300, 1, 0), outcome.problems
    assert len(records(new, operator, "person")) == 301


def own_book(name: str, rows: Sequence[Sequence[str]]) -> bytes:
    return book({name: [[*rows[0], "amparo:export:1"], *rows[1:]]})


def test_parents_and_children_find_each_other_by_a_name_or_a_number(empty: OrganisationStore, operator: Actor) -> None:
    content = book(
        {
            "Cases": [
                ["Person name", "Date of referral", "Agreement to keep this information", "Record type"],
                ["Ada Sok", dt.date(2026, 1, 12), "Given", "Outreach case"],
                ["Dara Chan", dt.date(2026, 2, 3), "Given", "self_referred"],
            ],
            "Notes about this file": [["Written by"], ["Somebody"]],
            "People": [["Name", "Citizenship"], ["Ada Sok", "Cambodia; Viet Nam"], ["Dara Chan", "ថៃ"]],
        }
    )
    sheets = sheets_of(empty, content)
    assert [name for name, _ in sheets] == ["person", "case"]
    (notice,) = open_whole_workbook(empty, content).notices
    assert "Notes about this file" in notice.message
    for name, sheet in sheets:
        outcome = import_file(empty, operator, name, sheet, mapping_of_sheet(empty, name, sheet))
        assert (outcome.created, outcome.refused) == (2, 0), outcome.problems
    columns = ("person", "referral_date", "record_type")
    cases = list_page(empty, operator, ListQuery("case", columns)).records
    found = {each.labels[each.answers["person"]]: each.record_type for each in cases}  # type: ignore[index]
    assert found == {"Ada Sok": "outreach", "Dara Chan": "self_referred"}


def test_a_workbook_is_imported_by_one_command(
    empty: OrganisationStore, organisations: Organisations, tmp_path: Path
) -> None:
    amparo = command_line(organisations.settings)
    file = tmp_path / "cases.xlsx"
    cases: list[list[Cell]] = [
        ["Person", "Date of referral", "Agreement to keep this information"],
        ["Ada Sok", dt.date(2026, 1, 12), ""],
    ]
    file.write_bytes(book({"case": cases, "person": [["Name"], ["Ada Sok"]]}))
    told = amparo("import", "workbook", empty.slug, file, status=1).output
    assert told.index("person:\nRows: 1. Imported: 1.") < told.index("case:\nRows: 1. Imported: 0. Refused: 1.")
    assert (tmp_path / "cases-case-problems.xlsx").exists()
    assert "no workbook" in amparo("import", "workbook", empty.slug, text_file(tmp_path), status=1).output


def text_file(folder: Path) -> Path:
    file = folder / "people.csv"
    file.write_text("Name\nAda\n", encoding="utf-8")
    return file


def test_a_workbook_without_a_sheet_named_as_an_object_is_refused(empty: OrganisationStore) -> None:
    with pytest.raises(InvalidAnswers) as caught:
        sheets_of(empty, book({"Table": [["Name"], ["Ada"]]}))
    assert [problem.kind for problem in caught.value.problems] == ["no_object_named"]


def test_two_sheets_of_one_object_are_refused_and_hidden_ones_named(empty: OrganisationStore) -> None:
    with pytest.raises(InvalidAnswers) as caught:
        sheets_of(empty, book({"person": [["Name"], ["Ada"]], "People": [["Name"], ["Dara"]]}))
    assert [problem.kind for problem in caught.value.problems] == ["two_sheets"]
    written = io.BytesIO()
    made = xlsxwriter.Workbook(written)
    for name in ("person", "Old people"):
        sheet = made.add_worksheet(name)
        sheet.write_column(0, 0, ["Name", "Ada"])
    sheet.hide()
    made.close()
    (notice,) = open_whole_workbook(empty, written.getvalue()).notices
    assert (notice.kind, notice.params["sheets"]) == ("hidden_sheets", "Old people")


def test_an_object_whose_name_is_longer_than_that_of_a_sheet_finds_its_sheet(
    empty_store: OrganisationStore, operator: Actor
) -> None:
    document = clinic_document()
    name = "a_visit_to_a_place_far_away_from_here"
    held: dict[str, Any] = {
        "id": name,
        "name": name,
        "label": "Far visit",
        "plural": "Far visits",
        "name_field": "name",
        "fields": [],
    }
    held["fields"] = [{"id": f"{name}.name", "name": "name", "type": "text", "label": "Name"}]
    document["objects"].append(held)
    publish(empty_store, operator, document)
    service.create(empty_store, operator, name, {"name": "Ada"})
    assert name in [each for each, _ in sheets_of(empty_store, everything(empty_store, operator))]


def test_no_row_is_saved_where_the_columns_of_a_later_sheet_do_not_fit(
    empty: OrganisationStore, operator: Actor, organisations: Organisations, tmp_path: Path
) -> None:
    file = tmp_path / "cases.xlsx"
    file.write_bytes(book({"person": [["Name"], ["Ada Sok"]], "case": [["Remarks"], ["Nothing else"]]}))
    told = command_line(organisations.settings)("import", "workbook", empty.slug, file, status=1).output
    assert "case: columns" in told
    assert records(empty, operator, "person") == {}
