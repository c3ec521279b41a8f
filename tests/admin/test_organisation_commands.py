"""Organisations, people and definitions by command."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from sqlalchemy import text

from amparo.metadata.canonical import dump_pretty
from amparo.runtime.people import sign_in
from amparo.runtime.stores import organisations as rooms
from amparo.runtime.stores.organisations import Organisations
from factories.command_line import PASSWORD, Amparo


def test_an_organisation_is_made_listed_and_removed(amparo: Amparo, clinic_folder: Path) -> None:
    made = amparo("org", "create", "short-lived", "--definitions", clinic_folder)
    assert "release 1" in made.stdout
    listed = json.loads(amparo("org", "list", "--format", "json").stdout)
    assert ("short-lived", "short-lived") in [(each["slug"], each["name"]) for each in listed]
    assert "short-lived" in amparo("org", "list").stdout
    refused = amparo("org", "remove", "short-lived", typed="another\n", status=1)
    assert "Nothing was removed" in refused.stderr
    amparo("org", "remove", "short-lived", typed="short-lived\n")
    assert "short-lived" not in amparo("org", "list").stdout
    amparo("org", "remove", "short-lived", "--yes", status=1)


def test_of_an_organisation_whose_removal_was_killed_every_command_says_what_would_do(
    amparo: Amparo,
    clinic_folder: Path,
    organisations: Organisations,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def be_killed(*_: object) -> None:
        raise KeyboardInterrupt

    amparo("org", "create", "halfway", "--definitions", clinic_folder)
    with monkeypatch.context() as patch:
        patch.setattr(rooms, "drop_place", be_killed)
        with pytest.raises(KeyboardInterrupt):
            organisations.remove("halfway")
    told = (
        "Error: Organisation 'halfway' is being made or removed. If that was interrupted, run: "
        "amparo org remove halfway\n"
    )
    assert amparo("ledger", "verify", "halfway", status=1).stderr == told
    assert amparo("projection", "check", "halfway", status=1).stderr == told
    assert amparo("backup", "halfway", tmp_path / "halfway.backup", status=1).stderr == told
    assert amparo("org", "create", "halfway", status=1).stderr == told
    assert "halfway" not in amparo("org", "list").stdout
    amparo("org", "remove", "halfway", "--yes")
    assert "no organisation 'halfway' in " in amparo("ledger", "verify", "halfway", status=1).stderr


def test_without_definitions_the_standard_template_is_published(amparo: Amparo, tmp_path: Path) -> None:
    amparo("org", "create", "standard")
    amparo("definitions", "export", "standard", tmp_path / "standard")
    assert (tmp_path / "standard" / "objects" / "case.json").is_file()
    assert amparo("definitions", "check", tmp_path / "standard").stdout == "No problems.\n"
    amparo("org", "remove", "standard", "--yes")


def test_definitions_with_problems_make_no_organisation(amparo: Amparo, clinic_folder: Path, tmp_path: Path) -> None:
    folder = broken_copy(amparo, clinic_folder, tmp_path)
    refused = amparo("org", "create", "never", "--definitions", folder, status=1)
    assert "objects/person.json: fields[3].picklist" in refused.stderr
    assert "never" not in amparo("org", "list").stdout


def broken_copy(amparo: Amparo, clinic_folder: Path, tmp_path: Path) -> Path:
    """The definitions with a picklist that is not there."""
    folder = tmp_path / "broken"
    for path in clinic_folder.rglob("*.json"):
        target = folder / path.relative_to(clinic_folder)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    person = folder / "objects" / "person.json"
    content = json.loads(person.read_text())
    content["fields"][3]["picklist"] = "gendre"
    person.write_text(dump_pretty(content, ("id", "name")))
    return folder


def test_every_problem_is_one_line_with_place_and_kind(amparo: Amparo, clinic_folder: Path, tmp_path: Path) -> None:
    folder = broken_copy(amparo, clinic_folder, tmp_path)
    found = amparo("definitions", "check", folder, status=1)
    (line,) = found.stdout.splitlines()
    assert line.startswith("objects/person.json: fields[3].picklist: ")
    assert "gender" in line
    assert line.endswith("]")
    (problem,) = json.loads(amparo("definitions", "check", folder, "--format", "json", status=1).stdout)
    assert problem["path"] == "objects/person.json: fields[3].picklist"
    assert json.loads(amparo("definitions", "check", clinic_folder, "--format", "json").stdout) == []


def test_definitions_are_published_once_and_exported_as_they_were(
    amparo: Amparo, clinic: str, clinic_folder: Path, tmp_path: Path
) -> None:
    assert "Nothing to publish" in amparo("definitions", "publish", clinic, clinic_folder).stdout
    folder = tmp_path / "exported"
    amparo("definitions", "export", clinic, folder)
    exported = {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*.json")}
    assert exported == {path.relative_to(clinic_folder): path.read_bytes() for path in clinic_folder.rglob("*.json")}
    assert "--replace" in amparo("definitions", "export", clinic, folder, status=1).stderr
    amparo("definitions", "export", clinic, folder, "--replace")
    person = folder / "objects" / "person.json"
    person.write_text(person.read_text().replace('"Story"', '"Their story"'))
    assert "Published release 2" in amparo("definitions", "publish", clinic, folder).stdout
    assert "Published release 3" in amparo("definitions", "publish", clinic, clinic_folder).stdout


def test_what_records_need_cannot_be_published_away(
    amparo: Amparo, clinic: str, clinic_folder: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "smaller"
    amparo("definitions", "export", clinic, folder)
    person = folder / "objects" / "person.json"
    content = json.loads(person.read_text())
    content["fields"] = [field for field in content["fields"] if field["name"] != "story"]
    person.write_text(json.dumps(content))
    refused = amparo("definitions", "publish", clinic, folder, status=1)
    assert "objects/person.json" in refused.stderr


def test_schemas_are_written_for_editors(amparo: Amparo, tmp_path: Path) -> None:
    amparo("definitions", "schemas", tmp_path / "schemas")
    schema = json.loads((tmp_path / "schemas" / "object.schema.json").read_text())
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_people_are_let_in_listed_and_deactivated(amparo: Amparo, clinic: str, organisations: Organisations) -> None:
    create = ("user", "create", clinic, "Dara", "--name", "Sok Dara", "--role", "caseworker")
    assert "dara may sign in" in amparo(*create, typed=f"{PASSWORD}\n{PASSWORD}\n").stdout
    assert sign_in(organisations, "dara", PASSWORD).login == "dara"
    listed = json.loads(amparo("user", "list", clinic, "--format", "json").stdout)
    assert listed == [{"login": "dara", "name": "Sok Dara", "role": "caseworker", "active": True}]
    assert "already" in amparo(*create, status=1).stderr
    amparo("user", "password", "dara", "--password-stdin", typed="another row of words\n")
    assert sign_in(organisations, "dara", "another row of words").login == "dara"
    amparo("user", "deactivate", clinic, "dara")
    assert "no" in amparo("user", "list", clinic).stdout.splitlines()[1].split()
    assert "keeps" not in amparo(*create).stdout


def test_impossible_people_are_refused_in_one_sentence(amparo: Amparo, clinic: str) -> None:
    create = ("user", "create", clinic, "mali", "--name", "Mali", "--role")
    short = amparo(*create, "reader", "--password-stdin", typed="short\n", status=1)
    assert short.stderr == "Error: The password is too short. Use at least 12 characters; a few words do well.\n"
    amparo(*create, "queen", status=2)
    unknown = amparo("user", "list", "nowhere", status=1).stderr
    assert "no organisation 'nowhere' in " in unknown
    assert re.search("AMPARO_(HOME|DATABASE_URL)", unknown)
    assert "no login" in amparo("user", "password", "nobody", "--password-stdin", typed=PASSWORD, status=1).stderr


def test_migrating_says_how_many_stores_are_up_to_date(
    amparo: Amparo, clinic: str, organisations: Organisations
) -> None:
    assert "organisations: 1." in amparo("migrate").stdout
    prefix = f"{organisations.control.schema}." if organisations.control.schema else ""
    change = text(f"UPDATE {prefix}alembic_version SET version_num = :revision")
    with organisations.engine.begin() as connection:
        connection.execute(change, {"revision": "9999"})
    assert "newer Amparo" in amparo("org", "list", status=1).stderr
    assert "newer Amparo" in amparo("migrate", status=1).stderr
    with organisations.engine.begin() as connection:
        connection.execute(change, {"revision": "0001"})
