"""A real file, imported as one organisation's own object: every count is the file's own.

The counts compared with are made by Python's ``csv`` module and a counter,
straight from the file. Source of the rows: IOM / CTDC, k-anonymised.

How the file's ways of saying "no answer" are read: ``0`` as citizenship and
``-99`` as forced labour are *unknown*; ``Unknown`` as kind of labour is
*unknown* (it also stands where the exploitation was no labour at all, which
the column does not tell apart); ``Not Specified`` as recruiter is *not asked*.
``0`` as forced labour is *no*. ``Other`` is an answer.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from amparo.metadata.model import Grouping, Measure, Report
from amparo.runtime.access import Actor, operator_actor
from amparo.runtime.planner.report_results import ReportResult
from amparo.runtime.planner.reports import run_report
from amparo.runtime.settings import Settings
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations
from amparo.runtime.transfer.importing import import_file
from amparo.runtime.transfer.mapping import ImportMapping
from amparo.runtime.transfer.mapping_files import read_mapping
from amparo.runtime.transfer.opening import guess_from
from amparo.runtime.transfer.table_reading import open_table
from servers.programs import ROOT

pytestmark = [pytest.mark.every_database, pytest.mark.slow]

HERE = Path(__file__).parent
#: Column of the file -> field.
COLUMNS = {
    header: column["field"]
    for header, column in json.loads((HERE / "mapping.json").read_text(encoding="utf-8"))["columns"].items()
}
PAIRS = [
    ("gender", "ageCategories"),
    ("ExploitType", "citizenship"),
    ("yearOfRegistration", "Datasource"),
    ("Labor_Type", "isForcedLabour"),
    ("RecruiterCategory", "ControlCategory"),
]


@pytest.fixture(scope="module")
def ctdc(shared: Path) -> Path:
    return shared / "real" / "victim-data" / "ctdc" / "trafficking_cleaned_14299.csv"


@pytest.fixture(scope="module")
def rows(ctdc: Path) -> list[dict[str, str]]:
    with ctdc.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def mapping() -> ImportMapping:
    return read_mapping((HERE / "mapping.json").read_bytes())


@pytest.fixture(scope="module")
def operator() -> Actor:
    return operator_actor()


@pytest.fixture(scope="module")
def settings(module_database: str | None, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(home=tmp_path_factory.mktemp("home"), database_url=module_database)


def amparo(settings: Settings, *arguments: str | Path) -> str:
    """The command as an administrator runs it; what it prints."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT / "src"),
        "AMPARO_HOME": str(settings.home),
        "AMPARO_DATABASE_URL": settings.database_url or "",
    }
    command = [sys.executable, "-m", "amparo", *map(str, arguments)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def store(settings: Settings, ctdc: Path) -> Iterator[OrganisationStore]:
    """The organisation with the whole file imported by the command."""
    amparo(settings, "org", "create", "ngo", "--definitions", HERE / "definitions")
    told = amparo(settings, "import", "ngo", "victim", ctdc, "--mapping", HERE / "mapping.json", "--format", "json")
    outcome = json.loads(told)
    assert {name: outcome[name] for name in ("rows", "created", "refused")} == {
        "rows": 14_299,
        "created": 14_299,
        "refused": 0,
    }
    organisations = Organisations(settings)
    yield organisations.open("ngo")
    organisations.close()


@pytest.fixture(scope="module")
def meanings(mapping: ImportMapping) -> dict[str, dict[str, str]]:
    """Column -> text in the file -> label that a report shows, from the definition files alone."""
    victim = json.loads((HERE / "definitions/objects/victim.json").read_text(encoding="utf-8"))
    fields = {field["name"]: field for field in victim["fields"]}
    reasons = {"unknown": "Unknown", "not_asked": "Not asked"}
    found: dict[str, dict[str, str]] = {}
    for header, column in mapping.columns.items():
        texts: dict[str, str] = {}
        if name := fields[column.field].get("picklist"):
            picklist = json.loads((HERE / f"definitions/picklists/{name}.json").read_text(encoding="utf-8"))
            for option in picklist["options"]:
                texts |= {option["label"]: option["label"], option["code"]: option["label"]}
        if fields[column.field]["type"] == "checkbox":
            texts |= {"0": "No", "1": "Yes"}
        found[header] = texts | {text: reasons[reason.value] for text, reason in column.missing.items()}
    return found


def report(*headers: str) -> Report:
    groupings = tuple(Grouping(COLUMNS[header]) for header in headers)
    return Report("r", "r", "victim", "Count", "", (), groupings, (Measure("count"),), (), "all", ())


def figures(result: ReportResult) -> Counter[tuple[str, ...]]:
    """Labels of the groups -> count."""
    return Counter(
        {
            tuple(axis.groups[place].label for axis, place in zip(result.axes, places, strict=True)): int(str(cell[0]))
            for places, cell in result.cells.items()
        }
    )


def expected(
    rows: list[dict[str, str]], meanings: dict[str, dict[str, str]], *headers: str
) -> Counter[tuple[str, ...]]:
    return Counter(tuple(meaning(meanings, header, row[header]) for header in headers) for row in rows)


def meaning(meanings: dict[str, dict[str, str]], header: str, text: str) -> str:
    return f"{int(text):,}" if header == "yearOfRegistration" else meanings[header][text]


@pytest.mark.parametrize("header", COLUMNS)
def test_the_count_of_every_value_of_a_column_is_that_of_the_file(
    store: OrganisationStore,
    operator: Actor,
    rows: list[dict[str, str]],
    meanings: dict[str, dict[str, str]],
    header: str,
) -> None:
    result = run_report(store, operator, report(header))
    assert figures(result) == expected(rows, meanings, header)
    assert result.count == len(rows)


@pytest.mark.parametrize("pair", PAIRS, ids=" by ".join)
def test_the_count_of_every_pair_of_values_is_that_of_the_file(
    store: OrganisationStore,
    operator: Actor,
    rows: list[dict[str, str]],
    meanings: dict[str, dict[str, str]],
    pair: tuple[str, str],
) -> None:
    assert figures(run_report(store, operator, report(*pair))) == expected(rows, meanings, *pair)


def test_the_guessed_mapping_finds_what_can_be_known_from_the_definitions(
    store: OrganisationStore, ctdc: Path, mapping: ImportMapping
) -> None:
    """Headers that resemble nothing are left to a person; what is guessed is right."""
    guessed = guess_from(store, "victim", open_table(ctdc))
    assert set(guessed.columns) | set(guessed.ignore) == set(COLUMNS)
    assert {"gender", "citizenship", "yearOfRegistration"} <= set(guessed.columns)
    assert {header: column.field for header, column in guessed.columns.items()}.items() <= COLUMNS.items()


def test_a_dry_run_of_the_whole_file_finds_no_fault(
    store: OrganisationStore, operator: Actor, ctdc: Path, mapping: ImportMapping
) -> None:
    outcome = import_file(store, operator, "victim", ctdc, mapping, dry_run=True)
    assert (outcome.created, outcome.refused) == (14_299, 0)
