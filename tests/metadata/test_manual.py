"""The manual for implementation staff is true: its example is complete, and its table is that of the types."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from amparo.metadata.building import application_from
from amparo.metadata.checks import check_reading
from amparo.metadata.fields.answers import compile_object
from amparo.metadata.fields.base import CoercionContext, FieldType
from amparo.metadata.limits import (
    LONGEST_INDEXED_TEXT,
    MOST_COLUMNS,
    MOST_GROUPINGS,
    MOST_HIGHLIGHTS,
    MOST_LIST_COLUMNS,
    MOST_OBJECTS,
    MOST_OPTIONS,
)
from amparo.metadata.reading import Reading, read_folder
from tools.field_type_page import field_type_page

PAGES = Path(__file__).parents[2] / "docs" / "implementers"
NAMED_BLOCK = re.compile(r"\*\*`([^`\n]+)`\*\*\n\n```\w+\n(.*?)```", re.DOTALL)


@pytest.fixture(scope="module")
def page() -> str:
    return (PAGES / "definitions.md").read_text("utf-8")


@pytest.fixture
def example(page: str, tmp_path: Path) -> Reading:
    for name, text in NAMED_BLOCK.findall(page):
        if name.endswith(".json"):
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text(text, "utf-8")
    return read_folder(tmp_path)


def test_the_example_has_every_kind_of_file_and_no_problem(example: Reading) -> None:
    assert [str(problem) for problem in check_reading(example)] == []
    assert all(example.document.values())


def test_the_file_of_the_example_fits_its_definitions(page: str, example: Reading) -> None:
    application = application_from(example.document)
    context = CoercionContext(application, ZoneInfo(application.time_zone))
    coercer = compile_object(application.objects["call"], context)
    rows = list(csv.DictReader(io.StringIO(dict(NAMED_BLOCK.findall(page))["calls.csv"])))
    assert len(rows) == 3
    for row in rows:
        answers, problems = coercer.coerce(row)
        assert [str(problem) for problem in [*problems, *coercer.missing_required(answers)]] == []


def test_the_problem_it_shows_is_the_problem_one_gets(page: str, example: Reading) -> None:
    example.document["objects"][0]["fields"][2]["picklist"] = "callers"
    assert str(check_reading(example)[0]) in page


def test_the_limits_it_names_are_the_limits(page: str) -> None:
    assert (MOST_OBJECTS, MOST_COLUMNS, MOST_OPTIONS) == (60, 300, 2000)
    assert (MOST_GROUPINGS, MOST_HIGHLIGHTS, MOST_LIST_COLUMNS) == (2, 7, 20)
    assert "Sixty objects; three hundred columns" in page
    assert f"{LONGEST_INDEXED_TEXT} characters in a text that is unique or indexed" in page


def test_the_page_of_field_types_is_written_from_the_types() -> None:
    assert (PAGES / "field-types.md").read_text("utf-8") == field_type_page()


def test_every_address_within_the_manual_leads_somewhere(page: str) -> None:
    headings = {
        re.sub(r"[^\w-]", "", line.lstrip("# ").lower().replace(" ", "-"))
        for line in field_type_page().splitlines()
        if line.startswith("#")
    }
    for target, anchor in re.findall(r"\]\(([^)#]*)#?([^)]*)\)", page):
        assert (PAGES / target).exists(), target
        assert not anchor or anchor in headings, anchor


def test_the_developers_page_names_every_attribute_of_a_type() -> None:
    text = (PAGES.parent / "developers" / "adding-a-field-type.md").read_text("utf-8")
    table = text.partition("| attribute | meaning |")[2].partition("\n\n")[0]
    assert re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE) == list(FieldType.__annotations__)


def test_the_type_that_the_developers_page_shows_is_the_one_that_runs() -> None:
    text = (PAGES.parent / "developers" / "adding-a-field-type.md").read_text("utf-8")
    code = text.partition("```python\n")[2].partition("```")[0]
    assert code in (PAGES.parents[1] / "platform" / "metadata" / "fields" / "rating.py").read_text("utf-8")
