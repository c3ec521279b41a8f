"""Records in and out, reports, and the care of ledger, projection and backups by command."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from sqlalchemy import update

from amparo.runtime.access import operator_actor
from amparo.runtime.stores.organisations import Organisations
from amparo.runtime.transfer.mapping_files import mapping_from
from amparo.runtime.transfer.saved_mappings import save_mapping
from factories.command_line import PASSWORD, Amparo

PEOPLE = "name,code,gender,debt\nÉlodie,A1,female,12.50\nសុភា,A2,male,\nNobody,A1,sideways,1\n"


@pytest.fixture(scope="module")
def peopled(amparo: Amparo, clinic: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Two people are imported, one is refused."""
    path = tmp_path_factory.mktemp("people") / "people.csv"
    path.write_text(PEOPLE, encoding="utf-8")
    dry = amparo("import", clinic, "person", path, "--dry-run", status=1)
    assert "Rows: 3. Could be imported: 2. Refused: 1." in dry.stdout
    done = amparo("import", clinic, "person", path, status=1)
    assert "Rows: 3. Imported: 2. Refused: 1." in done.stdout
    assert "1 row (4): gender" in done.stdout
    refused = path.with_name("people-problems.csv").read_text(encoding="utf-8-sig")
    assert "Nobody" in refused
    assert "Élodie" not in refused
    return clinic


def test_a_mapping_is_guessed_corrected_and_used(amparo: Amparo, clinic: str, tmp_path: Path) -> None:
    path, mapping = tmp_path / "visits.csv", tmp_path / "mapping.json"
    path.write_text("Full name,Kode\nDara,B1\n", encoding="utf-8")
    guessed = json.loads(amparo("import", clinic, "person", path, "--guess-mapping").stdout)
    guessed["columns"] = {"Full name": {"field": "name"}, "Kode": {"field": "code"}}
    guessed["ignore"] = []
    mapping.write_text(json.dumps(guessed))
    found = amparo("import", clinic, "person", path, "--mapping", mapping, "--dry-run", "--format", "json")
    assert json.loads(found.stdout)["acceptable"] == 1
    mapping.write_text(json.dumps({"columns": {"Full name": {"field": "nam"}}}))
    refused = amparo("import", clinic, "person", path, "--mapping", mapping, status=1)
    assert "name" in refused.stderr


def test_an_import_without_a_mapping_takes_the_one_last_used_on_the_page(
    amparo: Amparo, clinic: str, tmp_path: Path, organisations: Organisations
) -> None:
    path = tmp_path / "people.csv"
    path.write_text("Wer,F oder M\nSok,F\n", encoding="utf-8")
    written = {"columns": {"Wer": {"field": "name"}, "F oder M": {"field": "gender", "values": {"F": "female"}}}}
    refused = amparo("import", clinic, "person", path, "--dry-run", status=1)
    store = organisations.open(clinic)
    save_mapping(store, operator_actor(), "person", ("Wer", "F oder M"), mapping_from(written))
    told = amparo("import", clinic, "person", path, "--dry-run")
    assert "last used" in told.stderr
    assert "Could be imported: 1." in told.stdout
    assert "last used" not in refused.stderr


def test_an_import_without_a_mapping_names_the_columns_it_leaves_out(
    amparo: Amparo, clinic: str, tmp_path: Path
) -> None:
    path = tmp_path / "people.csv"
    path.write_text("name,Shoe size,Name of the dog\nSok,42,Rex\n", encoding="utf-8")
    shown = amparo("import", clinic, "person", path, "--dry-run").stdout
    assert "Columns that fit no field and are left out (2): Shoe size, Name of the dog." in shown
    path.write_text("name\nSok\n", encoding="utf-8")
    assert "left out" not in amparo("import", clinic, "person", path, "--dry-run").stdout


def test_an_encoding_that_is_guessed_is_told_with_a_text_that_it_reads(
    amparo: Amparo, clinic: str, tmp_path: Path
) -> None:
    path = tmp_path / "people.csv"
    path.write_bytes("name\nОлена Шевченко\n".encode("cp1251"))
    assert (
        "taken to be cp1251, in which “Олена Шевченко” is read."
        in amparo("import", clinic, "person", path, "--dry-run").stdout
    )


def test_an_import_with_many_refused_rows_says_each_cause_once_with_its_count(
    amparo: Amparo, clinic: str, tmp_path: Path
) -> None:
    path = tmp_path / "many.csv"
    path.write_text("name,gender\n,female\n" + "Nobody,sideways\n" * 130, encoding="utf-8")
    shown = amparo("import", clinic, "person", path, "--dry-run", status=1).stdout
    assert "Refused: 131." in shown
    assert shown.count("not_an_option") == 1
    assert "130 rows (3, 4, 5, 6, 7, …): gender: “sideways” is not an option." in shown
    assert shown.index("130 rows") < shown.index("1 row (2): name:")


def test_what_is_exported_can_be_read_again(amparo: Amparo, peopled: str, tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    amparo("export", peopled, "person", path, "--columns", "name,gender,debt")
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
    assert sorted(row[:3] for row in rows[1:]) == [["Élodie", "female", "12.50"], ["សុភា", "male", ""]]
    printed = amparo("export", peopled, "person", "--columns", "name,gender,debt")
    assert printed.stdout_bytes == path.read_bytes()
    assert "Female" in amparo("export", peopled, "person", "--labels").stdout
    assert "nmae" in amparo("export", peopled, "person", "--columns", "nmae", status=1).stderr


def test_a_report_is_printed_as_table_csv_and_json(amparo: Amparo, peopled: str) -> None:
    assert "People by gender" in amparo("report", "list", peopled).stdout
    table = amparo("report", "run", peopled, "people_by_gender").stdout.splitlines()
    assert [line.split() for line in table] == [
        ["Gender", "People"],
        ["Female", "1"],
        ["Male", "1"],
        ["Total", "2"],
    ]
    lines = amparo("report", "run", peopled, "people", "--format", "csv").stdout.lstrip("\ufeff").splitlines()
    assert lines == ["Name,Debt", "Élodie,12.50", "សុភា,"]
    found = json.loads(amparo("report", "run", peopled, "people_by_gender", "--format", "json").stdout)
    assert found["totals"] == [2]
    before = amparo("report", "run", peopled, "people_by_gender", "--as-of", "2020-01-01", "--format", "json")
    assert json.loads(before.stdout)["count"] == 0


def test_an_unknown_report_is_refused_with_the_near_name(amparo: Amparo, peopled: str) -> None:
    assert "Did you mean 'people'?" in amparo("report", "run", peopled, "poeple", status=1).stderr
    amparo("report", "run", peopled, "people", "--as-of", "yesterday", status=2)


def test_a_report_of_a_day_to_come_is_refused(amparo: Amparo, peopled: str) -> None:
    refused = amparo("report", "run", peopled, "people", "--as-of", "2999-01-01", status=2)
    assert "2999-01-01 has not come yet" in refused.stderr


def test_the_ledger_is_verified_and_a_broken_transaction_named(
    amparo: Amparo, peopled: str, organisations: Organisations
) -> None:
    right = amparo("ledger", "verify", peopled).stdout
    head = right.split("Head: ")[1].strip()
    amparo("ledger", "verify", peopled, "--anchor", head)
    amparo("ledger", "verify", peopled, "--anchor", "nonsense", status=2)
    fact = organisations.open(peopled).tables.fact
    change = update(fact).where(fact.c.new == "A1")
    with organisations.open(peopled).engine.begin() as connection:
        connection.execute(change.values(new="A9"))
    broken = amparo("ledger", "verify", peopled, status=1).stdout
    assert "Transaction 2 is broken. Right before it: 1." in broken
    found = json.loads(amparo("ledger", "verify", peopled, "--format", "json", status=1).stdout)
    assert found["broken"]["transaction"] == 2
    with organisations.open(peopled).engine.begin() as connection:
        connection.execute(update(fact).where(fact.c.new == "A9").values(new="A1"))
    amparo("ledger", "verify", peopled)


def test_the_projection_is_checked_and_repaired(amparo: Amparo, peopled: str, organisations: Organisations) -> None:
    assert amparo("projection", "check", peopled).stdout == "Right. Records: 2.\n"
    live = organisations.open(peopled).newest_release().object("person")
    with organisations.open(peopled).engine.begin() as connection:
        connection.execute(update(live.table).values({live.fields["code"].column_name: None}))
    found = amparo("projection", "check", peopled, status=1).stdout
    assert "expected text, found blank" in found
    assert "A1" not in found
    assert json.loads(amparo("projection", "check", peopled, "--format", "json", status=1).stdout)["differences"] == 2
    assert "Put right. Records: 2." in amparo("projection", "check", peopled, "--repair").stdout
    amparo("projection", "check", peopled)


def test_a_backup_into_a_folder_that_is_not_there_asks_for_no_passphrase(
    amparo: Amparo, peopled: str, tmp_path: Path
) -> None:
    refused = amparo("backup", peopled, tmp_path / "nowhere" / "x.backup", status=2)
    assert "There is no folder" in refused.stderr
    assert "assphrase" not in refused.stderr + refused.stdout


def test_a_backup_is_made_and_restored_with_a_typed_or_given_passphrase(
    amparo: Amparo, peopled: str, tmp_path: Path
) -> None:
    path, secret = tmp_path / "a.backup", tmp_path / "passphrase"
    secret.write_text(f"{PASSWORD}\n")
    made = amparo("backup", peopled, path, typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert "Records: 2." in made.stdout
    assert "there already" in amparo("backup", peopled, path, "--passphrase-file", secret, status=1).stderr
    assert "already" in amparo("restore", path, "--passphrase-file", secret, status=1).stderr
    amparo("org", "remove", peopled, "--yes")
    wrong = amparo("restore", path, "--as", "copy", typed="five words of dry rain\n", status=1)
    assert "passphrase" in wrong.stderr
    assert "copy" not in amparo("org", "list").stdout
    assert "Restored copy" in amparo("restore", path, "--as", "copy", "--passphrase-file", secret).stdout
    amparo("ledger", "verify", "copy")
    assert amparo("projection", "check", "copy").stdout == "Right. Records: 2.\n"
    on_the_line = amparo("backup", "copy", tmp_path / "b", "--passphrase", PASSWORD, status=2)
    assert "Other users could read it" in on_the_line.stderr
