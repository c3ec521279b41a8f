"""Workbooks with a sheet for each object, imported sheet after sheet, on every kind of database."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from amparo.metadata.fields.registry import field_type
from amparo.metadata.reading import read_template
from amparo.runtime.access import Actor
from amparo.runtime.demo.loading import RIVERSIDE, load_demo
from amparo.runtime.errors import InvalidAnswers
from amparo.runtime.planner.lists import list_page, stream
from amparo.runtime.planner.queries import ListQuery
from amparo.runtime.records import service
from amparo.runtime.releases.publishing import publish
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations
from amparo.runtime.transfer.cells import Cell
from amparo.runtime.transfer.export_columns import ExportForm
from amparo.runtime.transfer.export_packages import ExportFormat, every_column, export_tables, organisation_tables
from amparo.runtime.transfer.importing import import_file
from amparo.runtime.transfer.whole_workbooks import mapping_of_sheet, sheets_by_object
from amparo.runtime.transfer.workbook_writing import writing_workbook
from factories.command_line import command_line

TODAY = dt.date(2025, 3, 3)


@pytest.fixture
def empty(organisations: Organisations, operator: Actor) -> OrganisationStore:
    """An organisation with the standard template and nothing else."""
    made = organisations.create(f"empty-{uuid.uuid4().hex[:8]}", "Empty")
    publish(made, operator, read_template().document)
    return made


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


@pytest.mark.slow
def test_everything_of_an_organisation_comes_back_in_an_empty_one(
    organisations: Organisations, empty: OrganisationStore, operator: Actor
) -> None:
    load_demo(organisations, TODAY, cases=16)
    riverside = organisations.open(RIVERSIDE.slug)
    names = list(riverside.newest_release().application.objects)
    sheets = sheets_by_object(empty, everything(riverside, operator))
    assert sorted(name for name, _ in sheets) == sorted(names)
    for name, sheet in sheets:
        outcome = import_file(empty, operator, name, sheet, mapping_of_sheet(empty, name, sheet, with_owners=False))
        assert [(each.row, [str(problem) for problem in each.problems]) for each in outcome.problems] == [], name
    for name in names:
        held = records(riverside, operator, name)
        assert held
        assert records(empty, operator, name) == held, name


def test_an_export_that_is_imported_where_it_came_from_changes_nothing(
    empty: OrganisationStore, operator: Actor
) -> None:
    person = service.create(empty, operator, "person", {"name": "Sok", "citizenships": ["KH", "VN"]}).record
    service.create(empty, operator, "connection", {"person": person, "relationship": "parent"})
    content = everything(empty, operator)
    sheets = sheets_by_object(empty, content)
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
    ((name, sheet),) = [each for each in sheets_by_object(empty, content) if each[1].row_count]
    outcome = import_file(empty, operator, name, sheet)
    assert [problem.kind for each in outcome.problems for problem in each.problems] == ["identifier_taken"]
    rows = [["id", "person_number", "name"], [str(uuid.uuid4()), held["person_number"], "Dara"]]
    for _ in range(2):
        rows[1][0] = str(uuid.uuid4())
        ((_, sheet),) = sheets_by_object(empty, own_book("person", rows))
        assert import_file(empty, operator, "person", sheet).created == 1
    numbers = [answers["person_number"] for _, answers in records(empty, operator, "person").values()]
    assert held["person_number"] in numbers
    assert len(set(numbers)) == 2


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
    sheets = sheets_by_object(empty, content)
    assert [name for name, _ in sheets] == ["person", "case"]
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
        sheets_by_object(empty, book({"Table": [["Name"], ["Ada"]]}))
    assert [problem.kind for problem in caught.value.problems] == ["no_object_named"]
