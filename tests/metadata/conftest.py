"""The shelter: a small application with every field type, read afresh for each test."""

from __future__ import annotations

import os
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
ROOT = Path(__file__).parents[2]
SHARED = Path(os.environ.get("AMPARO_SHARED", ROOT.parent / "shared"))


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
def naughty() -> Path:
    folder = SHARED / "real" / "naughty"
    if not folder.is_dir():
        pytest.skip("the shared naughty inputs are not here")
    return folder
