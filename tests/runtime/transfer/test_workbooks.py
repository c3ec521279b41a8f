"""Workbooks as people have them, and as nobody should."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import time
import zipfile
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from amparo.runtime.errors import InvalidAnswers
from amparo.runtime.transfer.cells import Cell, CellError
from amparo.runtime.transfer.content_kinds import FileFormat
from amparo.runtime.transfer.opened_table import TableChoice, TableFile
from amparo.runtime.transfer.packed_parts import PackedParts
from amparo.runtime.transfer.table_reading import open_table
from factories.workbooks import workbook


def rows(file: TableFile) -> list[tuple[Cell, ...]]:
    return [row.cells for row in file.rows()]


def refused(content: bytes, choice: TableChoice | None = None) -> str:
    with pytest.raises(InvalidAnswers) as caught:
        open_table(content, choice)
    (problem,) = caught.value.problems
    return problem.message


def notices(file: TableFile) -> list[str]:
    return [notice.kind for notice in file.notices]


MOMENT = dt.datetime(2026, 1, 2, 14, 5)  # noqa: DTZ001 - a workbook knows no time zones.


def test_cells_keep_their_types() -> None:
    held = [
        "Sok", 3, 1.5, 0.1 + 0.2, True, dt.date(2001, 2, 3), MOMENT, dt.time(14, 5), "#N/A", "",
    ]  # fmt: skip
    file = open_table(workbook([[f"Name {number}" for number in range(len(held))], held]))
    assert file.format is FileFormat.XLSX
    assert rows(file) == [
        (
            "Sok", 3, Decimal("1.5"), Decimal("0.3"), True, dt.date(2001, 2, 3), MOMENT,
            dt.time(14, 5), "#N/A", "",
        )
    ]  # fmt: skip


def test_the_error_of_a_formula_is_told_from_a_blank() -> None:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    sheet = book.add_worksheet("People")
    sheet.write_row(0, 0, ["Name", "Age", "Code"])
    sheet.write_row(1, 0, ["Sok", "", "x"])
    sheet.write_formula(1, 1, "=1/0", None, "#DIV/0!")
    book.close()
    assert rows(open_table(target.getvalue())) == [("Sok", CellError("#DIV/0!"), "x")]


def test_a_number_that_is_shown_with_zeros_before_it_is_read_so() -> None:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    sheet = book.add_worksheet("Rooms")
    padded, decimal = (book.add_format({"num_format": code}) for code in ("000", "000.0"))
    sheet.write_row(0, 0, ["Room", "Beds"])
    for at, (room, beds) in enumerate(((7, 2), (1234, 3), (-7, 4), (7.5, 5), ("n/a", 6)), 1):
        sheet.write(at, 0, room, padded)
        sheet.write(at, 1, beds, decimal)
    book.close()
    found = [("007", 2), (1234, 3), (-7, 4), (Decimal("7.5"), 5), ("n/a", 6)]
    assert rows(open_table(target.getvalue())) == found


def test_titles_blank_rows_unnamed_columns_and_a_total_are_found_and_told() -> None:
    file = open_table(
        workbook(
            [
                ["Shelter North, monthly report"],
                [],
                ["", "Name", "Code", "", "Debt"],
                [1, "Sok", "a", "", 10],
                [],
                [2, "Dara", "b", "", 20],
                [3, "Chan", "c", "", 5],
                ["Total", "", "", "", 35],
            ]
        )
    )
    assert (file.header_row, file.header, file.row_count) == (3, ("Name", "Code", "Debt"), 3)
    assert [(row.number, row.cells) for row in file.rows()] == [
        (4, ("Sok", "a", 10)),
        (6, ("Dara", "b", 20)),
        (7, ("Chan", "c", 5)),
    ]
    assert set(notices(file)) >= {"title_rows", "blank_rows", "total_row"}
    messages = [notice.message for notice in file.notices]
    assert "Titles and names of groups of columns above row 3, which names the columns, were left out." in messages
    assert "Row 8 looks like a total and was left out." in messages


def test_a_value_merged_over_several_rows_counts_for_each() -> None:
    table: list[list[Any]] = [["Family", "Name", "Age"], ["", "Sok", 3], ["", "Dara", 5], ["Keo", "Chan", 7]]
    file = open_table(workbook(table, merged=[(1, 0, 2, 0, "Sim")]))
    assert [cells[0] for cells in rows(file)] == ["Sim", "Sim", "Keo"]
    assert "merged" in notices(file)


def test_the_names_of_a_form_in_two_rows_are_both_read() -> None:
    file = open_table(
        workbook(
            [
                ["prs_FirstName", "prs_SecondName", "prs_Gender", "prs_Birthdate", "con_Consent"],
                ["First Name", "Second Name", "Gender", "Birthdate", "Consent"],
                ["Sok", "Dara", "F", dt.date(2001, 2, 3), "Yes"],
            ]
        )
    )
    assert file.header[0] == "prs_FirstName"
    assert file.second_names == ("First Name", "Second Name", "Gender", "Birthdate", "Consent")
    assert file.row_count == 1


def test_below_the_names_of_groups_of_columns_their_own_names_are_found() -> None:
    table: list[list[Any]] = [
        ["", "", "", "", ""],
        ["", "Name", "Age", "Arrived", "Left"],
        ["A1", "Sok", 7, "May", "June"],
    ]
    merged = [(0, 0, 1, 0, "Room"), (0, 1, 0, 2, "Resident"), (0, 3, 0, 4, "Stay")]
    file = open_table(workbook(table, merged=merged))
    assert (file.header_row, file.header) == (2, ("Room", "Name", "Age", "Arrived", "Left"))
    assert rows(file) == [("A1", "Sok", 7, "May", "June")]


@pytest.mark.parametrize("header", [["Room", "Name", "", "", "Left"], ["A1", "Name", "", "", "Left"]])
def test_a_record_below_names_of_which_some_are_left_out_is_no_names(header: list[str]) -> None:
    table = [header, ["A1", "Sok", "seven", "May", "June"], ["A2", "Dara", "9", "7", "July"]]
    assert open_table(workbook(table)).header_row == 1


def test_names_that_stand_once_more_further_down_are_no_record() -> None:
    table = [["Name", "City"], ["Sok", "Kampot"], ["Name", "City"], ["Dara", "City"], ["Name", "City"]]
    file = open_table(workbook(table))
    assert (rows(file), file.row_count, notices(file)) == ([("Sok", "Kampot"), ("Dara", "City")], 2, ["names_again"])
    assert str(file.notices[0].message).endswith("left out: 3, 5.")
    text = open_table(b"Name,City\nSok,Kampot\nName,City\n")
    assert (rows(text), notices(text)) == ([("Sok", "Kampot")], ["names_again"])


def test_a_first_record_is_not_taken_for_names() -> None:
    file = open_table(workbook([["Name", "Code", "City", "Note", "Type"], ["Sok", "a", "Kampot", "came", "client"]]))
    assert (file.second_names, file.row_count) == ((), 1)


def test_the_sheet_that_is_wanted_is_taken_and_another_can_be_chosen() -> None:
    long = [["Word", "Meaning"], *[[f"w{number}", "x"] for number in range(50)]]
    content = workbook(sheets={"About": long, "People": [["Name", "Age"], ["Sok", 3]], "Old": long}, hidden=["Old"])
    assert open_table(content).sheet == "About"
    wanted = open_table(content, wanted=lambda table: "Name" in table.header)
    assert (wanted.sheet, wanted.choice) == ("People", TableChoice("People", 1))
    assert "sheet_chosen" in notices(wanted)
    assert open_table(content, TableChoice("Old")).row_count == 50
    assert refused(content, TableChoice("New")) == "The workbook has no sheet “New”. It has: About, People, Old."


def test_another_row_can_be_named_as_the_header_and_a_total_kept() -> None:
    content = workbook([["a", "b"], ["Name", "Age"], ["Total", 3]])
    assert open_table(content, TableChoice(header_row=2)).header == ("Name", "Age")
    assert open_table(content, TableChoice(header_row=2)).row_count == 0
    assert open_table(content, TableChoice(header_row=2, keep_total=True)).row_count == 1
    assert "Row 9 is empty or too far down" in refused(content, TableChoice(header_row=9))
    beside = workbook(sheets={"About": [["Do not copy"]], "People": [["a", "b"], ["Name", "Age"], ["Sok", 3]]})
    assert open_table(beside, TableChoice(header_row=2)).header == ("Name", "Age")
    assert "Row 9 is empty or too far down" in refused(beside, TableChoice(header_row=9))


def test_a_csv_file_named_as_a_workbook_and_the_reverse_are_known_by_their_content(tmp_path: Path) -> None:
    (tmp_path / "people.xlsx").write_bytes(b"Name,Age\nSok,3\n")
    (tmp_path / "people.csv").write_bytes(workbook([["Name", "Age"], ["Sok", 3]]))
    assert open_table(tmp_path / "people.xlsx").format is FileFormat.CSV
    assert rows(open_table(tmp_path / "people.csv")) == [("Sok", 3)]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"%PDF-1.7 ...", "a file of the kind PDF."),
        (b"\x89PNG\r\n\x1a\n", "This is a picture."),
        (b"\xff\xd8\xff\xe0", "This is a picture."),
        (b"GIF89a", "This is a picture."),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "This is a picture."),
        (b"BM\x36\x30\0\0\0\0\0\0\x36", "This is a picture."),
        (b"\0\0\0\x18ftypheic", "This is a picture."),
        (gzip.compress(b"Name,Age\nSok,3\n", mtime=0), "This is a packed file."),
        (b"PK\x05\x06" + bytes(18), "This is a packed file."),
        (b'[{"name": "Sok", "age": 3}]', "a file of the kind JSON."),
        (b'\xef\xbb\xbf{\n  "records": [\n    {"name": "Sok"}]}', "a file of the kind JSON."),
        ('["name", "age"]\n'.encode("utf-16"), "a file of the kind JSON."),
        (b'<?xml version="1.0"?><people><name>Sok</name></people>', "a file of the kind XML."),
        (b"{\\rtf1 x}", "This is a text document."),
        (b"<html><table><tr><td>Name</td></tr></table></html>", "This is a web page that is named like a workbook."),
        (
            b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
            "This is a workbook in the old XML form.",
        ),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "This is a file of Office, but no workbook."),
        (b"\xd0\xcf\x11\xe0" + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "is protected by a password"),
        (b"\xd0\xcf\x11\xe0" + bytes(600) + "Workbook".encode("utf-16-le"), "The workbook is damaged"),
        (b"PK\x03\x04" + bytes(100), "The workbook is damaged"),
    ],
)
def test_what_is_no_table_is_refused_by_what_it_is(content: bytes, sentence: str) -> None:
    assert sentence in refused(content)


@pytest.mark.parametrize("name", ["BMI", "[Name]", "{name}", "<name>"])
def test_a_column_may_be_named_as_other_files_begin(name: str) -> None:
    assert open_table(f"{name},Age\nSok,3\n".encode()).header == (name, "Age")


def packed(files: Mapping[str, bytes | str]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


def changed(content: bytes, path: str, change: Any) -> bytes:
    """A workbook with one of its parts changed."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[path] = change(parts[path])
    return packed(parts)


def test_other_packed_files_are_told_from_workbooks() -> None:
    assert "This is a text document" in refused(packed({"word/document.xml": "x", "[Content_Types].xml": "x"}))
    assert "This is a packed file." in refused(packed({"people.csv": "Name\nSok\n"}))


SHEET = "xl/worksheets/sheet1.xml"


def test_a_workbook_without_its_end_or_with_broken_parts_is_refused_as_damaged() -> None:
    content = workbook([["Name", "Age"], ["Sok", 3]])
    assert "The workbook is damaged" in refused(content[:-200])
    assert "The workbook is damaged" in refused(changed(content, SHEET, lambda part: part[:-40]))
    assert "The workbook is damaged" in refused(changed(content, "xl/workbook.xml", lambda part: b"<broken"))


def test_an_empty_workbook_is_refused() -> None:
    assert refused(workbook([])) == "The workbook holds nothing. Choose the one with the table."


def test_a_sheet_that_really_reaches_the_far_corner_is_refused_with_its_size() -> None:
    content = workbook([["Name", "Age"], ["Sok", 3]])
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    grown = changed(content, SHEET, lambda part: part.replace(b"</sheetData>", far).replace(b"A1:B2", b"A1:XFD1048576"))
    assert refused(grown).startswith("The sheet “Sheet1” has 1048576 rows and 16384 columns; a workbook may have")


def test_a_sheet_that_only_declares_the_far_corner_is_read() -> None:
    content = workbook([["Name", "Age"], ["Sok", 3]])
    formatted = b'<row r="1048576"><c r="XFD1048576" s="1"/></row></sheetData>'
    grown = changed(
        content, SHEET, lambda part: part.replace(b"</sheetData>", formatted).replace(b"A1:B2", b"A1:XFD1048576")
    )
    assert rows(open_table(grown)) == [("Sok", 3)]


def test_a_far_corner_that_is_not_declared_ends_the_reading_process_only() -> None:
    content = workbook([["Name", "Age"], ["Sok", 3]])
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    assert "takes too much memory" in refused(changed(content, SHEET, lambda part: part.replace(b"</sheetData>", far)))


def test_a_workbook_that_unpacks_to_more_than_memory_is_refused() -> None:
    content = workbook([["Name", "Age"], ["Sok", 3]])
    bomb = io.BytesIO(content)
    with zipfile.ZipFile(bomb, "a") as archive:
        archive.writestr("xl/media/x.bin", b"x")
        archive.filelist[-1].file_size = 1100 << 20
    assert "The workbook unpacks to 1100 MB; 1024 MB are allowed" in refused(bomb.getvalue())


def test_a_sheet_with_more_rows_than_a_sheet_has_is_refused_before_it_is_laid_out() -> None:
    grown = changed(
        workbook([["Name"], ["Sok"]]), SHEET, lambda part: part.replace(b"<row", b"<row/>" * 9_100_000 + b"<row", 1)
    )
    assert "takes too much memory" in refused(grown)


def test_cells_in_error_that_show_nothing_take_time_in_proportion() -> None:
    """Each was looked for to the end of the sheet: a workbook of 20 kB took all the time there was."""
    silent = b'<row r="3"><c r="A3" t="e"/><c r="B3"><v>5</v></c>' + b'<c t="e"/>' * 100_000 + b"</row></sheetData>"
    grown = changed(workbook([["Name", "Age"], ["Sok", 3]]), SHEET, lambda part: part.replace(b"</sheetData>", silent))
    began = time.process_time()
    assert PackedParts(grown).errors("Sheet1") == {}
    assert time.process_time() - began < 5


NAUGHTY = {
    "error-xlsx.xlsx": ("Households", 1, ["household_id", "residence_status_h_c"], 3),
    "flex_field_missing_english_label.xlsx": ("survey", 1, ["type", "name"], 7),
    "flex_field_missing_name.xlsx": ("survey", 1, ["type", "name"], 7),
    "invalid_rows.xlsx": ("Individuals", 1, ["household_id", "head_of_household"], 27),
}


@pytest.mark.parametrize("name", NAUGHTY)
def test_the_naughty_workbooks_are_read_past_their_summary_sheet(shared: Path, name: str) -> None:
    sheet, header_row, beginning, count = NAUGHTY[name]
    file = open_table((shared / "real" / "naughty" / "workbooks" / name), TableChoice(sheet))
    assert (file.header_row, list(file.header[:2]), file.row_count) == (header_row, beginning, count)
    assert len(rows(file)) == count


def test_the_empty_case_sheet_of_the_standard_has_its_names_and_no_rows(shared: Path) -> None:
    folder = shared / "real" / "victim-data" / "htcds"
    file = open_table(folder / "HTCDS Excel Spreadsheet v2.0.xlsx")
    assert (file.header[0], file.second_names[0], file.row_count) == ("Case Owner", "cas_CaseOwner", 0)


def test_old_workbooks_and_open_document_sheets_are_read(shared: Path) -> None:
    old = shared / "real" / "configs" / "xlsforms" / "kpi" / "tutorial_arabic_labels.xls"
    assert open_table(old, TableChoice("survey")).format is FileFormat.XLS
    document = shared / "real" / "victim-data" / "htcds" / "HTCDS Field Standards 2.0.ods"
    file = open_table(document)
    assert (file.format, file.header[:2], file.row_count) == (FileFormat.ODS, ("Section", "Status"), 106)


@pytest.mark.slow
def test_every_public_workbook_is_read_or_refused_with_a_reason(shared: Path) -> None:
    files = [path for kind in ("xlsx", "xls", "ods") for path in sorted((shared / "real").rglob(f"*.{kind}"))]
    assert len(files) > 40
    reasons: list[str] = []
    for path in files:
        try:
            file = open_table(path)
        except InvalidAnswers as refusal:
            reasons.append(str(refusal))
            continue
        assert len(rows(file)) == file.row_count, path
    assert all(reasons)


def test_the_largest_row_of_a_million_rows_does_not_matter_where_it_is_a_csv(tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    path.write_text(",".join(f"c{number}" for number in range(16_384)) + "\n1\n", encoding="utf-8")
    with pytest.raises(InvalidAnswers, match="more than 2,000 columns"):
        open_table(path)


def test_a_total_is_left_out_with_other_totals_and_the_notes_below_it() -> None:
    table = [["Name", "Age"], ["Sok", "7"], ["Total", ""], ["Total", "7"], ["Grand total", "7"], ["", "Made by Ana"]]
    file = open_table(workbook(table))
    # Nobody's name is a total: without a figure it is a record.
    assert (rows(file), file.row_count) == ([("Sok", "7"), ("Total", "")], 2)
    assert "Row 4 looks like a total and was left out, with what stands below it." in [
        notice.message for notice in file.notices
    ]
    kept = open_table(workbook(table), TableChoice(keep_total=True))
    assert (len(rows(kept)), kept.row_count) == (5, 5)
