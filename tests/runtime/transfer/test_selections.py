"""Several options in one cell, as people write them."""

from __future__ import annotations

import pytest

from amparo.runtime.access import Actor
from amparo.runtime.planner.lists import list_page
from amparo.runtime.planner.queries import ListQuery
from amparo.runtime.releases.publishing import publish
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.transfer.comparable_texts import comparable
from amparo.runtime.transfer.importing import import_file
from amparo.runtime.transfer.mapping import ColumnMapping
from amparo.runtime.transfer.mapping_files import mapping_from
from amparo.runtime.transfer.selections import selections
from amparo.runtime.transfer.unmatched import texts_to_ask
from factories.every_type import sheets_document

KNOWN = {comparable(text) for text in ("Housing", "Food, clothing", "Legal aid", "Food", "clothing", "مأوى", "طعام")}


@pytest.fixture
def sheets(empty_store: OrganisationStore, operator: Actor) -> OrganisationStore:
    publish(empty_store, operator, sheets_document())
    return empty_store


@pytest.mark.parametrize(
    ("cell", "texts"),
    [
        ("Housing;Legal aid", ["Housing", "Legal aid"]),
        ("Housing|Legal aid\nFood", ["Housing", "Legal aid", "Food"]),
        ("Housing, legal aid", ["Housing", " legal aid"]),
        ("مأوى، طعام", ["مأوى", " طعام"]),
        ("Food, clothing", ["Food, clothing"]),
        ("Housing; Food, clothing", ["Housing", " Food, clothing"]),
        # Food and clothing are three options in two ways, and a text that is no option parts nothing.
        ("Housing, Food, clothing", ["Housing, Food, clothing"]),
        ("Housing, a boat", ["Housing, a boat"]),
        ("Housing," * 60 + "Food", ["Housing," * 60 + "Food"]),
    ],
)
def test_a_comma_parts_options_only_where_it_can_mean_nothing_else(cell: str, texts: list[str]) -> None:
    assert selections(cell, KNOWN) == texts


def test_marks_of_direction_make_no_other_text() -> None:
    assert comparable("\u200f مأوى \u202c") == comparable("مأوى")
    assert comparable("\u2067Housing\u2069") == "housing"


def test_options_and_countries_parted_by_commas_are_imported(sheets: OrganisationStore, operator: Actor) -> None:
    lines = [
        "Name;Harm;Countries crossed",
        "A;Beaten, Locked in;Cambodia, TH, Viet Nam",
        "B;beaten, starved;",
        "C;hit, unpaid;Thailand, Atlantis",
    ]
    columns = {
        "Name": {"field": "name"},
        "Harm": {"field": "harm", "values": {"Hit": "beaten"}},
        "Countries crossed": {"field": "crossed"},
    }
    outcome = import_file(sheets, operator, "sheet", "\n".join(lines).encode(), mapping_from({"columns": columns}))
    kept = list_page(sheets, operator, ListQuery("sheet", ("name", "harm", "crossed"))).records
    assert [(each.answers["harm"], each.answers["crossed"]) for each in kept] == [
        (("beaten", "locked"), ("KH", "TH", "VN"))
    ]
    assert [(each.row, each.problems[0].message) for each in outcome.problems] == [
        (3, "“beaten, starved” is not an option. Choose one from the list."),
        (4, "“Thailand, Atlantis” is not an option. Choose one from the list."),
    ]


def test_nobody_is_asked_what_options_between_commas_mean(sheets: OrganisationStore) -> None:
    application = sheets.newest_release().application
    field = application.objects["sheet"].by_name["harm"]
    cells = ["Beaten, Unpaid", "Beaten, starved", "hit"]
    asked = texts_to_ask(application, field, ColumnMapping("harm", values={"hit": "beaten"}), cells)
    assert [(each.text, each.is_said) for each in asked] == [("hit", True), ("Beaten, starved", False)]
