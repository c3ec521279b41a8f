"""The command line over an installation of its own for each test module, on every kind of database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from amparo.metadata.reading import write_folder
from amparo.runtime.settings import Settings
from amparo.runtime.stores.organisations import Organisations
from factories.clinic import clinic_document
from factories.command_line import Amparo, command_line


@pytest.fixture(scope="module")
def settings(module_database: str | None, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(home=tmp_path_factory.mktemp("home"), database_url=module_database)


@pytest.fixture(scope="module")
def amparo(settings: Settings) -> Amparo:
    return command_line(settings)


@pytest.fixture(scope="module")
def clinic_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The clinic's definitions as files, with two reports."""
    folder = tmp_path_factory.mktemp("clinic")
    document = clinic_document()
    document["reports"] = [
        {
            "id": "report.gender",
            "name": "people_by_gender",
            "object": "person",
            "label": "People by gender",
            "groupings": [{"field": "gender"}],
            "measures": [{"function": "count"}],
        },
        {
            "id": "report.list",
            "name": "people",
            "object": "person",
            "label": "People",
            "columns": ["name", "debt"],
            "sort": [{"field": "name"}],
        },
    ]
    write_folder(document, folder)
    return folder


@pytest.fixture(scope="module")
def clinic(amparo: Amparo, clinic_folder: Path) -> str:
    """The short name of an organisation with the clinic's definitions."""
    amparo("org", "create", "clinic", "--name", "The Clinic", "--definitions", clinic_folder)
    return "clinic"


@pytest.fixture
def organisations(settings: Settings) -> Iterator[Organisations]:
    """The same installation as the commands see, for what only a service can do."""
    opened = Organisations(settings)
    yield opened
    opened.close()
