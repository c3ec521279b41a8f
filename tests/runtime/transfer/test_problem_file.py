"""Refused rows come back in the kind of file they came in."""

from __future__ import annotations

import datetime as dt

from amparo.runtime.access import Actor
from amparo.runtime.planner.lists import list_page
from amparo.runtime.planner.queries import ListQuery
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.transfer.cells import MARKER
from amparo.runtime.transfer.content_kinds import FileFormat
from amparo.runtime.transfer.importing import import_file
from amparo.runtime.transfer.opening import guess_from, open_file
from amparo.runtime.transfer.problem_file import problem_file
from amparo.runtime.transfer.table_reading import open_table
from factories.workbooks import workbook


def test_refused_rows_of_a_workbook_come_back_as_one_and_can_be_imported_when_corrected(
    store: OrganisationStore, operator: Actor
) -> None:
    content = workbook(
        [
            ["Intake of March"],
            ["Name", "Code", "Born", "Children", "Story"],
            ["Sok", "a", dt.date(1999, 12, 31), 2, "x"],
            ["Dara", "a", dt.date(2001, 2, 3), "many", "=1+1"],
            ["'Chan", "c", "soon", 3, "#refused"],
        ]
    )
    file = open_file(store, "person", content)
    mapping = guess_from(store, "person", file)
    written = bytearray()
    with problem_file(file.format, file.header, written.extend) as problems:
        outcome = import_file(store, operator, "person", file, mapping, refused=problems.take)
    assert (outcome.created, outcome.refused) == (1, 2)
    again = open_table(bytes(written))
    assert (again.format, again.is_own_export, again.header) == (FileFormat.XLSX, True, file.header)
    rows = [row.cells for row in again.rows()]
    assert rows == [("Dara", "a", dt.date(2001, 2, 3), "many", "=1+1"), ("'Chan", "c", "soon", 3, "#refused")]
    header = ["Name", "Code", "Born", "Children", "Story", "amparo:row", "amparo:reason", MARKER]
    corrected = workbook([header, ["Dara", "b", dt.date(2001, 2, 3), 4, "=1+1", 4, "why", ""]])
    found = guess_from(store, "person", open_table(corrected))
    assert import_file(store, operator, "person", corrected, found).created == 1
    page = list_page(store, operator, ListQuery("person", ("name", "story", "children")))
    kept = {record.name: record.answers for record in page.records}
    assert (kept["Dara"]["story"], kept["Dara"]["children"]) == ("=1+1", 4)
