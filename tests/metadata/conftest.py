"""The shelter: a small application with every field type, read afresh for each test."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from amparo.metadata.building import application_from
from amparo.metadata.fields.base import CoercionContext
from amparo.metadata.model import Application
from amparo.metadata.reading import read_folder

# A busy machine is no fault of the code under test.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")

SHELTER = Path(__file__).parent / "shelter"


@pytest.fixture
def document() -> dict[str, Any]:
    return read_folder(SHELTER).document


@pytest.fixture
def shelter(document: dict[str, Any]) -> Application:
    return application_from(document)


@pytest.fixture
def context(shelter: Application) -> CoercionContext:
    return CoercionContext(shelter)


@pytest.fixture(scope="session")
def naughty(shared: Path) -> Path:
    return shared / "real" / "naughty"
