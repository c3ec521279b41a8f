"""Rows between records that may be none: totals and titles."""

from __future__ import annotations

from typing import Any

import pytest

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
