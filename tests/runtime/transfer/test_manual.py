"""The manual of importing says what the program does."""

from __future__ import annotations

import json
import re

from amparo.metadata.missing import Missing
from amparo.metadata.reading import read_template
from amparo.runtime.access import Actor
from amparo.runtime.jobs.files import PART_BYTES
from amparo.runtime.jobs.sweeping import KEEP_FILES_SECONDS, LOST_AFTER_SECONDS
from amparo.runtime.jobs.working import MOST_ATTEMPTS
from amparo.runtime.releases.publishing import publish
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.transfer.cells import (
    MARKER,
    REASON_HEADER,
    RECORDS_HEADER,
    ROW_HEADER,
    VERSION_HEADER,
    reason_cell,
)
from amparo.runtime.transfer.dates import DateOrder
from amparo.runtime.transfer.importing import import_file
from amparo.runtime.transfer.mapping_files import MAPPING_SCHEMA, mapping_document, mapping_from, read_mapping
from amparo.runtime.transfer.opening import SAMPLE_ROWS
from amparo.runtime.transfer.outcomes import Fate
from amparo.runtime.transfer.pacing import LONG_LOCK_SECONDS, SHORT_LOCK_SECONDS, ChunkPacer
from servers.programs import ROOT

IMPORTING = (ROOT / "docs/implementers/importing.md").read_text(encoding="utf-8")
JOBS = (ROOT / "docs/administrators/jobs.md").read_text(encoding="utf-8")


def test_the_mapping_of_the_manual_is_one() -> None:
    (written,) = re.findall(r"```json\n(.*?)```", IMPORTING, re.DOTALL)
    assert mapping_document(mapping_from(json.loads(written))) == json.loads(written)


def test_every_key_reason_and_heading_stands_in_the_manual() -> None:
    keys = MAPPING_SCHEMA["properties"]["columns"]["additionalProperties"]["properties"]
    words = (
        *keys,
        *DateOrder,
        *Missing,
        *map(reason_cell, Missing),
        MARKER,
        ROW_HEADER,
        REASON_HEADER,
        RECORDS_HEADER,
        VERSION_HEADER,
    )
    assert [word for word in words if f"`{word}`" not in IMPORTING] == []
    assert f"{SAMPLE_ROWS:,} rows" in IMPORTING


def test_the_figures_of_the_jobs_page_are_those_of_the_program() -> None:
    assert f"{LOST_AFTER_SECONDS:.0f} seconds" in JOBS
    assert f"{PART_BYTES // 1024} kB" in JOBS
    assert f"begins at {ChunkPacer().size} rows" in JOBS
    assert f"less than {SHORT_LOCK_SECONDS * 1000:.0f} milliseconds" in JOBS
    assert f"more than {LONG_LOCK_SECONDS * 1000:.0f} milliseconds" in JOBS
    assert MOST_ATTEMPTS == 5
    assert KEEP_FILES_SECONDS == 7 * 24 * 3600


def test_the_example_with_people_their_cases_and_services_is_imported(
    empty_store: OrganisationStore, operator: Actor
) -> None:
    publish(empty_store, operator, read_template().document)
    folder = ROOT / "docs/implementers/examples"
    mapping = read_mapping((folder / "people-cases-services.mapping.json").read_bytes())
    outcome = import_file(empty_store, operator, "service", folder / "people-cases-services.csv", mapping)
    assert [problem.problems for problem in outcome.problems] == []
    made = {name: counts[Fate.CREATED] for name, counts in outcome.records.items()}
    assert made == {"person": 3, "case": 3, "service": 4}
