"""The standard template, read once."""

from __future__ import annotations

from typing import Any

import pytest

from amparo.metadata.building import application_from
from amparo.metadata.model import Application
from amparo.metadata.reading import read_template


@pytest.fixture(scope="session")
def document() -> dict[str, Any]:
    return read_template().document


@pytest.fixture(scope="session")
def template(document: dict[str, Any]) -> Application:
    return application_from(document)
