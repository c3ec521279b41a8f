"""An import by command is killed: given again with what it printed, it saves each row once."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
import uuid
from pathlib import Path

import pytest

from amparo.runtime.access import operator_actor
from amparo.runtime.ledger.verifying import verify
from amparo.runtime.planner.lists import count
from amparo.runtime.planner.queries import ListQuery
from amparo.runtime.projections.comparing import check_projections
from amparo.runtime.settings import Settings
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations
from factories.command_line import Amparo
from servers.processes import PATIENCE_SECONDS
from servers.programs import ROOT

ROWS = 3000


@pytest.mark.slow
def test_an_import_that_was_killed_goes_on_and_saves_each_row_once(
    amparo: Amparo, clinic: str, settings: Settings, organisations: Organisations, tmp_path: Path
) -> None:
    store = organisations.open(clinic)
    path = tmp_path / "people.csv"
    path.write_text("name\n" + "".join(f"Person {number}\n" for number in range(ROWS)))
    told = kill_under_way(settings, store, "import", clinic, "person", str(path))
    saved = people(store)
    assert 0 < saved < ROWS
    found = re.search(r"with --resume (\S+)", told)
    assert found, told
    resumed = amparo("import", clinic, "person", path, "--resume", found[1])
    assert f"Rows: {ROWS}. Imported: {ROWS}. Refused: 0." in resumed.stdout
    assert people(store) == ROWS
    assert verify(store).broken is None
    assert check_projections(store).differences == 0
    amparo("import", "undo", clinic, found[1])
    assert people(store) == 0
    undone = amparo("import", clinic, "person", path, "--resume", found[1], status=1)
    assert "Begin it anew" in undone.stderr


def kill_under_way(settings: Settings, store: OrganisationStore, *words: str) -> str:
    """What the command printed before it was killed, in the middle of its work."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT / "src"),
        "AMPARO_HOME": str(settings.home),
        "AMPARO_DATABASE_URL": settings.database_url or "",
    }
    command = [sys.executable, "-m", "amparo", *words]
    process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not people(store):
        assert time.monotonic() < deadline
    process.kill()
    return process.communicate()[1]


def people(store: OrganisationStore) -> int:
    return count(store, operator_actor(), ListQuery("person", ()))


def test_an_import_that_never_began_is_not_gone_on_with(amparo: Amparo, clinic: str, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("name\nSokha\n")
    refused = amparo("import", clinic, "person", path, "--resume", str(uuid.uuid4()), status=1)
    assert "Begin it without --resume" in refused.stderr
