"""The template's standard codes are those of IOM's Human Trafficking Case Data Standard 2.0."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import pytest

from amparo.metadata.model import Application
from servers.absence import report_absence

SHEET = Path("real/victim-data/htcds/HTCDS Field Standards 2.0.ods")
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
#: Fields of the standard that are no field of the template: who is assigned is the record's owner.
HELD_BY_THE_SYSTEM = {"cas_CaseOwner"}


@dataclass(frozen=True)
class StandardField:
    code: str
    status: str
    core: bool
    values: tuple[str, ...]


@pytest.fixture(scope="module")
def standard(shared: Path) -> dict[str, StandardField]:
    sheet = shared / SHEET
    if not sheet.is_file():
        report_absence(f"the field list of the standard ({SHEET})")
    fields = {}
    for row in _rows(sheet):
        if len(row) > 9 and row[6] == row[3] + row[4] and row[3].endswith("_"):
            fields[row[6]] = StandardField(row[6], row[1], row[2] == "Core", tuple(row[9].split()))
    assert len(fields) > 80
    return fields


def _rows(sheet: Path) -> list[list[str]]:
    """The cells of every row as text, repeated cells written out; the list's own lines become spaces."""
    content = ElementTree.fromstring(zipfile.ZipFile(sheet).read("content.xml"))  # noqa: S314 - our own copy.
    rows = []
    for row in content.iter(f"{_TABLE}table-row"):
        cells: list[str] = []
        for cell in row:
            repeated = min(int(cell.get(f"{_TABLE}number-columns-repeated", "1")), 20)
            text = " ".join(part.strip() for part in cell.itertext() if part.strip())
            cells += [text] * repeated
        rows.append(cells)
    return rows


def codes_of(template: Application) -> Iterator[str]:
    """A point on the map is two fields of the standard."""
    for definition in template.objects.values():
        for field in definition.fields:
            yield from (field.standard_code or "").split()


def test_every_standard_code_of_a_field_exists_in_the_standard(
    template: Application, standard: dict[str, StandardField]
) -> None:
    used = set(codes_of(template))
    assert len(used) == 79
    assert used - set(standard) == set()
    assert {code for code in used if standard[code].status == "DEPRECATED"} == set()


def test_no_standard_code_is_used_by_two_fields(template: Application) -> None:
    used = list(codes_of(template))
    assert len(used) == len(set(used))


def test_every_field_of_the_standard_that_is_in_force_has_its_place(
    template: Application, standard: dict[str, StandardField]
) -> None:
    used = set(codes_of(template))
    in_force = {code for code, field in standard.items() if field.status != "DEPRECATED"}
    assert len({code for code in in_force if standard[code].core}) == 38
    assert in_force - used == HELD_BY_THE_SYSTEM


def test_the_options_of_standard_fields_carry_the_values_of_the_standard(
    template: Application, standard: dict[str, StandardField]
) -> None:
    compared = 0
    for definition in template.objects.values():
        for field in definition.fields:
            if "picklist" not in field.options or not field.standard_code:
                continue
            listed = standard[field.standard_code].values
            if not listed or "Use" in listed[0]:
                continue
            codes = {option.standard_code for option in template.picklists[field.options["picklist"]].options}
            assert codes - {None} <= set(listed), field.id
            compared += 1
    assert compared > 12


def test_answers_for_which_the_standard_names_another_standard_keep_its_codes(template: Application) -> None:
    types = {
        code: field.type
        for each in template.objects.values()
        for field in each.fields
        for code in (field.standard_code or "").split()
    }
    assert {types[code] for code in types if code.endswith(("Country", "Citizenship"))} == {"country", "countries"}
    assert {types[code] for code in types if code.endswith("Phone")} == {"phone"}
    languages = template.picklists["language"].options
    assert {len(option.standard_code) for option in languages if option.standard_code} == {3}
