"""Rows between records that may be none: totals, titles, and what is numbered ahead."""

from __future__ import annotations

from typing import Any

import pytest

from amparo.runtime.access import Actor
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.transfer.importing import import_file
from amparo.runtime.transfer.mapping_files import mapping_from
from amparo.runtime.transfer.opened_table import TableChoice, TableFile
from amparo.runtime.transfer.table_reading import open_table
from factories.workbooks import workbook


def notices(file: TableFile) -> list[str]:
    return [notice.kind for notice in file.notices]


def test_totals_above_more_records_are_records_and_told() -> None:
    table = [["Name", "Age"], ["Sok", "7"], ["Subtotal", "7"], ["Dara", "8"], ["Sub total", "8"], ["Keo", "9"]]
    file = open_table(workbook(table))
    assert (len(list(file.rows())), file.row_count, notices(file)) == (5, 5, ["totals_between"])
    assert str(file.notices[0].message).startswith(
        "These rows look like totals and were read as records, because others follow: 3, 5. If"
    )
    assert notices(open_table(workbook([*table, ["Total", "24"]]))) == ["total_row", "totals_between"]
    assert notices(open_table(workbook(table), TableChoice(keep_total=True))) == []


def test_texts_that_stand_alone_among_filled_rows_are_records_and_told() -> None:
    people: list[list[Any]] = [["Sok", 7, "May"], ["Dara", 8, "May"], ["Keo", 9, "June"]]
    table: list[list[Any]] = [["Name", "Age", "Arrived"], *people, ["SHELTER B"], *people, ["Made by Ana"]]
    file = open_table(workbook(table))
    assert (len(list(file.rows())), file.row_count, notices(file)) == (8, 8, ["titles_between"])
    assert "read as records: 5, 9. If" in file.notices[0].message
    text = open_table(b"Name,Age,Arrived\nSok,7,May\nMARCH 2021,,\nDara,8,May\n")
    assert (len(list(text.rows())), notices(text)) == (3, ["titles_between"])
    # What stands below a total is left out with it.
    below = open_table(workbook([*table[:4], ["Total", 24], ["Made by Ana"]]))
    assert notices(below) == ["total_row"]


@pytest.mark.parametrize(
    "records",
    [
        [["Sok", "7", ""], ["Dara", "", ""], ["Keo", "", ""]],
        [["Sok", "7", "May"], ["", "", "food"], ["", "", "shelter"]],
        [["Sok", "7", "May"], ["8", "", ""], ["Keo", "9", "May"]],
    ],
)
def test_records_of_which_little_is_known_are_not_told_as_titles(records: list[list[str]]) -> None:
    assert notices(open_table(workbook([["Name", "Age", "Arrived"], *records, *records]))) == []


def test_a_row_that_holds_nothing_of_what_is_imported_makes_no_record(
    store: OrganisationStore, operator: Actor
) -> None:
    """Where no field is required it was a record without an answer."""
    columns: dict[str, Any] = {"Name": {"field": "name"}, "Code": {"field": "code"}}
    content = b"No.,Name,Code\n1,Sok,\n2,,\n3, ,\n"
    outcome = import_file(store, operator, "person", content, mapping_from({"columns": columns, "ignore": ["No."]}))
    assert [(cause.kind, cause.first_rows) for cause in outcome.causes] == [("nothing_in_row", [3, 4])]
    # A column may say something by an empty cell.
    columns = {"Name": {"field": "name"}, "Children": {"field": "children", "missing": {"": "not_asked"}}}
    content = b"No.,Name,Children\n1,,\n"
    outcome = import_file(store, operator, "person", content, mapping_from({"columns": columns, "ignore": ["No."]}))
    assert [(cause.column, cause.kind) for cause in outcome.causes] == [("Name", "required")]
