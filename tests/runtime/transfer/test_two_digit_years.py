"""Columns whose years have two digits, on every kind of database."""

from __future__ import annotations

from amparo.runtime.access import Actor
from amparo.runtime.planner.lists import list_page
from amparo.runtime.planner.queries import ListQuery
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.transfer.importing import import_file
from amparo.runtime.transfer.mapping_checks import check_mapping
from amparo.runtime.transfer.mapping_files import mapping_document, mapping_from


def test_years_of_two_digits_are_refused_until_somebody_says_which_century_is_meant(
    store: OrganisationStore, operator: Actor
) -> None:
    content = b"Name,Born\nSok,3-Mar-55\nDara,21-Dec-21\n"
    outcome = import_file(store, operator, "person", content)
    assert [(cause.column, cause.kind, cause.rows) for cause in outcome.causes] == [("Born", "short_year", 2)]
    columns = {"Name": {"field": "name"}, "Born": {"field": "born", "two_digit_years_until": 2026}}
    found = mapping_from({"columns": columns})
    assert mapping_from(mapping_document(found)) == found
    assert import_file(store, operator, "person", content, found).created == 2
    people = list_page(store, operator, ListQuery("person", ("born",))).records
    assert {each.name: str(each.answers["born"]) for each in people} == {"Sok": "1955-03-03", "Dara": "2021-12-21"}


def test_the_hundred_years_are_said_of_days_and_in_their_calendar(store: OrganisationStore) -> None:
    columns = {
        "Name": {"field": "name", "two_digit_years_until": 2026},
        "Born": {"field": "born", "calendar": "buddhist", "two_digit_years_until": 2026},
    }
    problems = check_mapping(store.newest_release(), "person", mapping_from({"columns": columns}), list(columns))
    assert [(each.kind, each.path) for each in problems] == [
        ("other_calendar", "columns.Born.two_digit_years_until"),
        ("not_a_date_field", "columns.Name.two_digit_years_until"),
    ]
