"""Installations with keys and stores of their own."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from amparo.runtime.settings import Settings
from amparo.runtime.stores.organisations import Organisations
from factories.backups import NewInstallation
from servers.databases import NewDatabase


@pytest.fixture
def new_installation(new_database: NewDatabase, tmp_path: Path) -> Iterator[NewInstallation]:
    with ExitStack() as stack:

        def make(kind: str) -> Organisations:
            url = stack.enter_context(new_database(kind))
            made = Organisations(Settings(home=tmp_path / uuid.uuid4().hex, database_url=url))
            stack.callback(made.close)
            made.migrate()
            return made

        yield make
