"""Files of an embedded home are lost, emptied or damaged: it is told, and what is left of them is not touched."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from amparo.runtime.access import operator_actor
from amparo.runtime.ledger.verifying import verify
from amparo.runtime.records import service
from amparo.runtime.settings import Settings
from amparo.runtime.stores.organisations import Organisations
from factories.command_line import Amparo, command_line

SAVES = 5


@pytest.fixture(scope="module")
def module_database() -> None:
    """Embedded: on PostgreSQL the files are those of its server."""


@pytest.fixture(scope="module")
def other(amparo: Amparo, clinic_folder: Path) -> str:
    amparo("org", "create", "other", "--definitions", clinic_folder)
    return "other"


@pytest.fixture
def home(organisations: Organisations, clinic: str, other: str, tmp_path: Path) -> Path:
    """Two organisations; saves of the first stand in the log of its store only, as after a power cut."""
    assert other
    store = organisations.open(clinic)
    for number in range(SAVES):
        service.create(store, operator_actor(), "person", {"name": f"Person {number}"})
    copied = tmp_path / "home"
    shutil.copytree(organisations.settings.home, copied)
    return copied


@pytest.fixture
def here(home: Path) -> Amparo:
    return command_line(Settings(home=home))


@pytest.fixture
def store_file(home: Path, organisations: Organisations, clinic: str) -> Path:
    found = home / "organisations" / organisations.find(clinic).id.hex / "store.sqlite"
    assert found.with_name("store.sqlite-wal").stat().st_size > 0
    return found


@pytest.mark.parametrize("is_emptied", [False, True], ids=["missing", "empty"])
def test_saves_in_the_log_of_a_store_that_is_put_back_are_not_lost(
    here: Amparo,
    home: Path,
    clinic: str,
    store_file: Path,
    organisations: Organisations,
    tmp_path: Path,
    *,
    is_emptied: bool,
) -> None:
    aside = tmp_path / "aside"
    store_file.rename(aside)
    if is_emptied:
        store_file.touch()
    for command in (("ledger", "verify", clinic), ("export", clinic, "person", home / "people.csv"), ("migrate",)):
        told = here(*command, status=1).stderr
        assert f"{store_file} is missing or empty" in told
        assert f"amparo org remove {clinic}" in told
    aside.replace(store_file)
    assert "Right." in here("ledger", "verify", clinic).stdout
    opened = Organisations(Settings(home=home))
    assert verify(opened.open(clinic)).head == verify(organisations.open(clinic)).head
    opened.close()


def test_an_organisation_whose_store_is_lost_is_named_and_the_others_are_brought_up_to_date(
    here: Amparo, clinic: str, store_file: Path
) -> None:
    shutil.rmtree(store_file.parent)
    told = here("migrate", status=1).stderr
    assert told.startswith(f"Error: {clinic}: The store {store_file} is missing or empty.")
    assert len(told.splitlines()) == 1
    assert not store_file.exists()
    here("org", "remove", clinic, "--yes")
    here("migrate")


@pytest.mark.parametrize("is_emptied", [False, True], ids=["missing", "empty"])
def test_a_home_whose_control_store_is_lost_is_not_taken_for_a_new_one(
    here: Amparo, home: Path, *, is_emptied: bool
) -> None:
    control = home / "control.sqlite"
    shutil.copy(control, home / "aside")
    control.write_bytes(b"") if is_emptied else control.unlink()
    for command in (("org", "list"), ("migrate",), ("org", "create", "another")):
        told = here(*command, status=1).stderr
        assert f"{control} is missing or empty" in told
        assert "restore every organisation from its backup" in told
    (home / "aside").replace(control)
    assert "other" in here("org", "list").stdout


def test_a_damaged_store_is_told_with_what_would_do(here: Amparo, clinic: str, store_file: Path) -> None:
    store_file.with_name("store.sqlite-wal").unlink()
    store_file.write_bytes(b"no store at all " * 1000)
    assert "restore the organisation from its backup" in here("ledger", "verify", clinic, status=1).stderr
