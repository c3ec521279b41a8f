"""Numbers, countries and languages of files, as people write them."""

from __future__ import annotations

import io
from collections.abc import Iterable
from decimal import Decimal

import pytest
import xlsxwriter

from amparo.metadata.fields.base import Rejected
from amparo.metadata.missing import Missing
from amparo.metadata.standard_codes import COUNTRIES
from amparo.runtime.access import Actor
from amparo.runtime.fields.standard_names import UNDERSTOOD, country_name, other_names
from amparo.runtime.planner.lists import list_page
from amparo.runtime.planner.queries import ListQuery
from amparo.runtime.releases.publishing import publish
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.transfer.cells import Cell, Percentage
from amparo.runtime.transfer.guessing import guess_mapping
from amparo.runtime.transfer.importing import import_file
from amparo.runtime.transfer.mapping_checks import check_mapping
from amparo.runtime.transfer.mapping_files import mapping_document, mapping_from
from amparo.runtime.transfer.numbers import has_decimal_comma, sure_percent, with_point
from amparo.runtime.transfer.table_reading import open_table
from amparo.runtime.transfer.workbook_writing import writing_workbook
from factories.every_type import sheets_document

COLUMNS = ("name", "wage", "share", "country", "language")


@pytest.fixture
def sheets(empty_store: OrganisationStore, operator: Actor) -> OrganisationStore:
    publish(empty_store, operator, sheets_document())
    return empty_store


def test_a_comma_stands_before_the_decimals_where_the_mapping_says_so(
    sheets: OrganisationStore, operator: Actor
) -> None:
    content = b"Name;Wage;Share\nA;1.250,5;7,25 %\nB;1,250;100\nC;USD 3;\nD;1,250.50;1"
    comma = {"decimal_comma": True}
    columns = {"Name": {"field": "name"}, "Wage": {"field": "wage", **comma}, "Share": {"field": "share", **comma}}
    outcome = import_file(sheets, operator, "sheet", content, mapping_from({"columns": columns}))
    records = {each.name: each.answers for each in list_page(sheets, operator, ListQuery("sheet", COLUMNS)).records}
    assert {name: (answers["wage"], answers["share"]) for name, answers in records.items()} == {
        "A": (Decimal("1250.50"), Decimal("7.25")),
        "B": (Decimal("1.25"), Decimal("100.00")),
        "C": (Decimal("3.00"), None),
    }
    assert [(each.row, each.problems[0].kind) for each in outcome.problems] == [(5, "ambiguous_number")]


def test_a_comma_is_guessed_only_where_it_is_beyond_doubt(sheets: OrganisationStore) -> None:
    assert has_decimal_comma(["1250,5", "7", "1.000"])
    assert has_decimal_comma(["1.250,50", "USD 3"])
    assert has_decimal_comma(["1 250,50", "€ 1\u202f000\u202f000", "7"])
    assert not has_decimal_comma(["1 250,50", "1 25"])
    assert not has_decimal_comma(["1,250", "2,000"])
    assert not has_decimal_comma(["1250,5", "3.5"])
    assert not has_decimal_comma(["", "12"])
    release = sheets.newest_release()
    guessed = guess_mapping(release, "sheet", ["Name", "Wage"], [["A", "1.250,5"], ["B", "3,25"]])
    assert mapping_document(guessed)["columns"]["Wage"] == {"field": "wage", "decimal_comma": True}


def test_the_numbers_of_a_workbook_say_nothing_of_how_its_texts_are_written(sheets: OrganisationStore) -> None:
    rows: list[list[Cell]] = [["A", "1.250,5"], ["B", Decimal("0.5")], ["C", Decimal("12.25")]]
    guessed = guess_mapping(sheets.newest_release(), "sheet", ["Name", "Wage"], rows)
    assert mapping_document(guessed)["columns"]["Wage"] == {"field": "wage", "decimal_comma": True}


def test_a_comma_before_decimals_is_for_numbers_with_decimals(sheets: OrganisationStore) -> None:
    mapping = mapping_from({"columns": {"Name": {"field": "name", "decimal_comma": True}}})
    problems = check_mapping(sheets.newest_release(), "sheet", mapping, ["Name"])
    assert [(problem.kind, problem.path) for problem in problems] == [
        ("not_a_decimal_field", "columns.Name.decimal_comma")
    ]


def test_a_text_that_is_no_number_stays_for_the_field_to_refuse() -> None:
    assert with_point("about five") == "about five"
    assert with_point(Decimal("1.5")) == Decimal("1.5")


@pytest.mark.parametrize("cell", [1, Decimal("0.5"), Decimal("-0.125")])
def test_a_workbooks_percentage_that_could_be_a_fraction_is_refused(cell: int | Decimal) -> None:
    with pytest.raises(Rejected) as caught:
        sure_percent(cell)
    assert caught.value.kind == "ambiguous_number"


@pytest.mark.parametrize("cell", [0, 2, Decimal("12.5"), "0.5", "50%", True])
def test_other_percentages_are_taken_as_they_are(cell: object) -> None:
    assert sure_percent(cell) is cell  # type: ignore[arg-type]


def test_countries_and_languages_are_matched_by_code_and_name_in_any_language(
    sheets: OrganisationStore, operator: Actor
) -> None:
    lines = ["Name,Country,Language", "A,kh,km", "B,เวียดนาม,Khmer", "C,كمبوديا,ខ្មែរ", "D,Atlantis,Shan"]
    outcome = import_file(sheets, operator, "sheet", "\n".join(lines).encode())
    records = {each.name: each.answers for each in list_page(sheets, operator, ListQuery("sheet", COLUMNS)).records}
    assert {name: (answers["country"], answers["language"]) for name, answers in records.items()} == {
        "A": ("KH", "km"),
        "B": ("VN", "km"),
        "C": ("KH", "km"),
    }
    refused = [(each.row, each.problems[0].message) for each in outcome.problems]
    assert refused == [(5, "“Atlantis” is not an option. Choose one from the list.")]


def test_countries_are_understood_by_what_files_call_them(sheets: OrganisationStore, operator: Actor) -> None:
    named = {
        "KHM": "KH",
        "USA": "US",
        "UK": "GB",
        "Burma": "MM",
        "Lao PDR": "LA",
        "Viet Nam": "VN",
        "Ivory Coast": "CI",
        "Cote d’Ivoire": "CI",
        "Democratic People’s Republic of Korea": "KP",
        "Republic of Korea": "KR",
        "Democratic Republic of the Congo": "CD",
        "Swaziland": "SZ",
        "Kosovo": "XK",
        "XK": "XK",
    }
    assert imported_countries(sheets, operator, named) == named


def test_countries_whose_names_look_alike_are_told_apart_by_how_they_are_written(
    sheets: OrganisationStore, operator: Actor
) -> None:
    named = {"Áo": "AT", "AO": "AO", "Bỉ": "BE", "BI": "BI", "Nga": "RU", "NGA": "NG"}
    assert imported_countries(sheets, operator, named) == named


@pytest.mark.parametrize("name", ["nGa", "Cam", "Korea", "Virgin Islands"])
def test_a_country_that_could_be_two_is_refused(sheets: OrganisationStore, operator: Actor, name: str) -> None:
    outcome = import_file(sheets, operator, "sheet", f"Name,Country\nA,{name}".encode())
    assert [each.problems[0].message for each in outcome.problems] == [
        f"“{name}” is not an option. Choose one from the list."
    ]


def test_na_is_namibia_but_in_a_file_that_writes_it_for_no_answer(
    empty_store: OrganisationStore, operator: Actor
) -> None:
    document = sheets_document()
    for field in document["objects"][0]["fields"]:
        if field["name"] in {"country", "share"}:
            field["missing_reasons"] = ["not_applicable"]
    publish(empty_store, operator, document)
    release = empty_store.newest_release()
    header = ["Name", "Country", "Countries crossed", "Share"]
    columns = guess_mapping(release, "sheet", header, [["A", "NA", "NA;KH", "7"]]).columns
    assert not any("NA" in column.missing or "NA" in column.values for column in columns.values())
    columns = guess_mapping(release, "sheet", header, [["A", "KH", "KH", "NA"]], is_reviewed=False).columns
    assert columns["Country"].missing == {"NA": Missing.NOT_APPLICABLE}
    assert columns["Countries crossed"].values["NA"] is None
    outcome = import_file(empty_store, operator, "sheet", b"Name,Country,Share\nA,NA,NA\nB,KH,7")
    assert outcome.problems == ()
    page = list_page(empty_store, operator, ListQuery("sheet", COLUMNS))
    assert {each.name: each.answers["country"] for each in page.records} == {
        "A": Missing.NOT_APPLICABLE,
        "B": "KH",
    }


def test_each_name_and_code_of_a_country_stands_for_it_alone() -> None:
    named: dict[str, set[str]] = {}
    for code in COUNTRIES:
        names = [country_name(code, language) for language in UNDERSTOOD]
        for name in (code, *names, *other_names("country", code)):
            named.setdefault(name, set()).add(code)
    assert {name: codes for name, codes in named.items() if len(codes) > 1} == {}


def imported_countries(store: OrganisationStore, operator: Actor, names: Iterable[str]) -> dict[str | None, object]:
    lines = ["Name;Country", *(f"{name};{name}" for name in names)]
    outcome = import_file(store, operator, "sheet", "\n".join(lines).encode())
    assert outcome.problems == ()
    page = list_page(store, operator, ListQuery("sheet", COLUMNS))
    return {each.name: each.answers["country"] for each in page.records}


def test_names_of_countries_and_languages_are_understood_whichever_version_of_their_list_wrote_them(
    empty_store: OrganisationStore, operator: Actor
) -> None:
    document = sheets_document()
    language = next(each for each in document["objects"][0]["fields"] if each["name"] == "language")
    language["codes"] = ["it", "bn"]
    publish(empty_store, operator, document)
    lines = [
        "Name,Country,Language",
        "E,French Southern Territories,Tiếng Italy",
        "F,French Southern and Antarctic Lands,Tiếng Ý",
        "G,St. Helena,បង់ក្លាដែស",
        'H,"St. Helena, Ascension & Tristan da Cunha",បង់ក្លា',
    ]
    outcome = import_file(empty_store, operator, "sheet", "\n".join(lines).encode())
    assert outcome.problems == ()
    page = list_page(empty_store, operator, ListQuery("sheet", COLUMNS))
    assert {each.name: (each.answers["country"], each.answers["language"]) for each in page.records} == {
        "E": ("TF", "it"),
        "F": ("TF", "it"),
        "G": ("SH", "bn"),
        "H": ("SH", "bn"),
    }


def shares() -> bytes:
    """A workbook with a fourth shown as 25%, a half as 50.0 %, and a number that is not shown as a percentage."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    sheet = book.add_worksheet()
    formats = [book.add_format({"num_format": text}) for text in ("0%", "0.0\\ %", '0.0" % of all"')]
    sheet.write_row(0, 0, ["Name", "Share"])
    for row, (name, share) in enumerate((("A", 0.25), ("B", 0.5), ("C", 0.5)), start=1):
        sheet.write(row, 0, name)
        sheet.write(row, 1, share, formats[row - 1])
    book.close()
    return target.getvalue()


@pytest.mark.parametrize("comma", [False, True])
def test_a_cell_that_shows_a_percentage_is_that_percentage(
    sheets: OrganisationStore, operator: Actor, comma: bool
) -> None:
    columns = {"Name": {"field": "name"}, "Share": {"field": "share", "decimal_comma": comma}}
    outcome = import_file(sheets, operator, "sheet", shares(), mapping_from({"columns": columns}))
    records = {each.name: each.answers for each in list_page(sheets, operator, ListQuery("sheet", COLUMNS)).records}
    assert {name: answers["share"] for name, answers in records.items()} == {
        "A": Decimal("25.00"),
        "B": Decimal("50.00"),
    }
    assert [(each.row, each.problems[0].kind) for each in outcome.problems] == [(4, "ambiguous_number")]


def test_a_percentage_in_a_column_of_numbers_is_its_number_and_returns_as_it_was(
    sheets: OrganisationStore, operator: Actor
) -> None:
    columns = {"Name": {"field": "name"}, "Share": {"field": "wage"}}
    import_file(sheets, operator, "sheet", shares(), mapping_from({"columns": columns}))
    wages = {each.answers["wage"] for each in list_page(sheets, operator, ListQuery("sheet", COLUMNS)).records}
    assert wages == {Decimal("0.25"), Decimal("0.50")}
    written = bytearray()
    with writing_workbook(written.extend) as book:
        book.sheet("Refused", ["Share"]).row([Percentage("0.125")])
    (row,) = open_table(bytes(written)).rows()
    assert isinstance(row.cells[0], Percentage)
