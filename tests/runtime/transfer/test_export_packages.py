"""Exports as workbooks and packed files, on every kind of database."""

from __future__ import annotations

import datetime as dt
import io
import tempfile
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from amparo.metadata.missing import Missing
from amparo.metadata.model import Sort
from amparo.runtime.access import Actor, Role
from amparo.runtime.errors import NotPermitted
from amparo.runtime.planner.lists import list_page
from amparo.runtime.planner.queries import ListQuery
from amparo.runtime.records import service
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.transfer.cells import Cell
from amparo.runtime.transfer.export_columns import ExportForm
from amparo.runtime.transfer.export_packages import (
    ExportFormat,
    every_column,
    export_tables,
    organisation_tables,
    record_tables,
)
from amparo.runtime.transfer.importing import import_file
from amparo.runtime.transfer.mapping_files import mapping_document, mapping_from
from amparo.runtime.transfer.opened_table import TableChoice, TableFile
from amparo.runtime.transfer.opening import guess_from, open_file
from amparo.runtime.transfer.table_reading import open_table
from amparo.runtime.transfer.workbook_writing import LONGEST_TEXT, writing_workbook

COLUMNS = ("name", "code", "gender", "languages", "debt", "children", "born", "met_at", "safe", "story")
QUERY = ListQuery("person", COLUMNS, sort=(Sort("name"),))
FULL: dict[str, Any] = {
    "name": "សុភា",
    "code": "0017",
    "gender": {"missing": "refused"},
    "languages": ["km", "en"],
    "debt": "-1250.5",
    "children": {"missing": "not_asked"},
    "born": "2001-02-03",
    "met_at": "2026-01-02T10:00",
    "safe": "no",
    "story": '=HYPERLINK("x")\nsecond',
}


def exported(store: OrganisationStore, actor: Actor, tables: list[ListQuery], kind: ExportFormat, **how: Any) -> bytes:
    written = bytearray()
    export_tables(store, actor, tables, kind, written.extend, **how)
    return bytes(written)


def rows(file: TableFile) -> list[tuple[Cell, ...]]:
    return [row.cells for row in file.rows()]


def test_a_workbook_has_real_numbers_days_and_truths_and_runs_no_text(
    store: OrganisationStore, operator: Actor
) -> None:
    service.create(store, operator, "person", FULL)
    content = exported(store, operator, [QUERY], ExportFormat.XLSX)
    file = open_table(content)
    assert (file.sheet, file.header[:3]) == ("People", ("Name", "Code", "Gender"))
    assert rows(file) == [
        (
            "សុភា", "0017", Missing.REFUSED, "EN;KM", Decimal("-1250.5"), Missing.NOT_ASKED, dt.date(2001, 2, 3),
            dt.datetime(2026, 1, 2, 10, 0), False, "=HYPERLINK(\"x\")\nsecond",  # noqa: DTZ001 - local time.
        )
    ]  # fmt: skip
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def test_a_workbook_of_codes_is_imported_again_unchanged(store: OrganisationStore, operator: Actor) -> None:
    service.create(store, operator, "person", FULL)
    service.create(store, operator, "person", {"name": "'quoted", "code": "b", "story": "#refused"})
    content = exported(store, operator, [QUERY], ExportFormat.XLSX, form=ExportForm.CODES)
    file = open_file(store, "person", content)
    document = mapping_document(guess_from(store, "person", file, is_reviewed=False))
    found = mapping_from(document | {"match": {"field": "code"}})
    outcome = import_file(store, operator, "person", file, found)
    assert (outcome.unchanged, outcome.refused, outcome.updated, outcome.created) == (2, 0, 0, 0)
    assert rows(open_table(exported(store, operator, [QUERY], ExportFormat.XLSX, form=ExportForm.CODES))) == rows(file)


def test_the_whole_organisation_is_one_sheet_and_one_packed_file_for_each_object(
    store: OrganisationStore, operator: Actor
) -> None:
    person = service.create(store, operator, "person", {"name": "Sok"})
    service.create(store, operator, "visit", {"person": str(person.record), "hours": "1.5"})
    tables = organisation_tables(store.newest_release())
    book = exported(store, operator, tables, ExportFormat.XLSX)
    assert [sheet.name for sheet in open_table(book, TableChoice("People")).sheets] == ["Notes", "People", "Visits"]
    (visit,) = rows(open_table(book, TableChoice("Visits")))
    assert "Sok" in visit
    packed = exported(store, operator, tables, ExportFormat.ZIP, form=ExportForm.CODES)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert archive.namelist() == ["note.csv", "person.csv", "visit.csv"]
        assert archive.testzip() is None
        file = open_table(archive.read("visit.csv"))
        assert str(person.record) in rows(file)[0]


def test_a_record_comes_with_the_records_that_refer_to_it(store: OrganisationStore, operator: Actor) -> None:
    sok = service.create(store, operator, "person", {"name": "Sok"})
    service.create(store, operator, "person", {"name": "Dara", "friend": str(sok.record)})
    service.create(store, operator, "person", {"name": "Stranger"})
    service.create(store, operator, "visit", {"person": str(sok.record), "hours": "2"})
    tables = record_tables(store.newest_release(), "person", sok.record)
    book = exported(store, operator, tables, ExportFormat.XLSX)
    sheets = {sheet.name: sheet.rows - 1 for sheet in open_table(book, TableChoice("People")).sheets}
    assert sheets == {"People": 1, "People (2)": 1, "Visits": 1}


def test_sheets_for_arabic_readers_run_from_right_to_left(store: OrganisationStore, operator: Actor) -> None:
    for language, mark in (("ar", True), ("en", False)):
        content = exported(store, operator, [QUERY], ExportFormat.XLSX, language=language)
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            assert (b"rightToLeft" in archive.read("xl/worksheets/sheet1.xml")) is mark


def test_an_empty_organisation_makes_a_workbook_that_opens(store: OrganisationStore, operator: Actor) -> None:
    file = open_table(exported(store, operator, [QUERY], ExportFormat.XLSX))
    assert (file.row_count, len(file.header)) == (0, len(COLUMNS))


def test_a_text_longer_than_a_cell_is_cut_and_counted() -> None:
    written = bytearray()
    with writing_workbook(written.extend) as book:
        book.sheet("Long", ["Name", "Story"]).row(["Sok", "x" * (LONGEST_TEXT + 5)])
    assert book.cut == 1
    ((_, story),) = rows(open_table(bytes(written)))
    assert len(str(story)) == LONGEST_TEXT


def test_nothing_of_a_workbook_lies_on_the_disk_while_it_is_made(
    store: OrganisationStore, operator: Actor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that is killed would leave it there."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    service.create(store, operator, "person", {"name": "Sok"})
    lying: list[Path] = []
    export_tables(store, operator, [QUERY], ExportFormat.XLSX, lambda _: lying.extend(tmp_path.rglob("*")))
    assert lying == []


TEXTS = [
    "  led by spaces",
    "ends in one ",
    "a\nb",
    "a\r\nb",
    "_x0041_",
    "_x0041_x0042_",
    "\x01\x0b",
    "<&>\"'",
    "\u2028",
]


def test_texts_come_back_letter_by_letter() -> None:
    written = bytearray()
    with writing_workbook(written.extend, is_marked=False) as book:
        book.sheet("<Odd & “even”>", [f"Column {number}" for number in range(len(TEXTS))]).row(TEXTS)
    assert rows(open_table(bytes(written))) == [tuple(TEXTS)]


def test_a_workbook_whose_rows_could_not_be_had_is_none() -> None:
    written = bytearray()

    def fail() -> None:
        with writing_workbook(written.extend) as book:
            book.sheet("Half", ["Name"]).row(["Sok"])
            raise ValueError("no rows")

    with pytest.raises(ValueError, match="no rows"):
        fail()
    assert not zipfile.is_zipfile(io.BytesIO(written))


def test_numbers_beyond_the_digits_of_a_spreadsheet_and_days_before_its_first_are_written_as_text() -> None:
    written = bytearray()
    with writing_workbook(written.extend) as book:
        book.sheet("Far", ["Number", "Day"]).row([1234567890123456789, dt.date(1850, 1, 2)])
    assert rows(open_table(bytes(written))) == [("1234567890123456789", "1850-01-02")]


def test_only_those_with_the_permission_may_export(store: OrganisationStore) -> None:
    with pytest.raises(NotPermitted):
        exported(store, Actor(None, "Dara", Role.CASEWORKER, "test"), [QUERY], ExportFormat.XLSX)


def test_every_column_of_an_export_is_one_that_can_be_listed(store: OrganisationStore, operator: Actor) -> None:
    definition = store.newest_release().object("person").definition
    assert list_page(store, operator, ListQuery("person", every_column(definition))).records == ()
