"""A backup or a file that does not fit on the disk is told in a sentence, and nothing of it stays."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from amparo.runtime.access import operator_actor
from amparo.runtime.records import service
from amparo.runtime.stores.organisations import Organisations
from factories.command_line import PASSWORD, Amparo
from servers.small_disk import SmallDisk


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    folder = tmp_path / "disk"
    folder.mkdir()
    made = SmallDisk(folder, megabytes=1)
    if not made.is_mounted:
        pytest.skip("only root may mount a small disk, and a limit on files would hold for the tests' own")
    yield made
    made.remove()


@pytest.fixture(scope="module")
def module_database() -> None:
    """Embedded: the disk that the command writes to is full, whatever the store."""


@pytest.mark.parametrize("name", ["people.csv", "people.xlsx", "people.zip"])
def test_an_export_that_does_not_fit_leaves_nothing(
    amparo: Amparo, clinic: str, disk: SmallDisk, organisations: Organisations, name: str
) -> None:
    service.create(organisations.open(clinic), operator_actor(), "person", {"name": "Sokha", "story": "x" * 30_000})
    path = disk.folder / name
    with disk.full():
        assert "no room left" in amparo("export", clinic, "person", path, status=1).stderr
    assert list(disk.folder.iterdir()) == []
    amparo("export", clinic, "person", path)
    assert path.stat().st_size > 0


def test_a_backup_that_does_not_fit_leaves_nothing(amparo: Amparo, clinic: str, disk: SmallDisk) -> None:
    path = disk.folder / "clinic.backup"
    with disk.full():
        told = amparo("backup", clinic, path, typed=f"{PASSWORD}\n{PASSWORD}\n", status=1)
        assert "no room left" in told.stderr
    assert list(disk.folder.iterdir()) == []
    amparo("backup", clinic, path, typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert path.stat().st_size > 0
