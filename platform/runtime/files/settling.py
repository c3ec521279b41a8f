"""Removing what interrupted saves and erasures left of files, and uploads that nobody saved."""

from __future__ import annotations

import time
import uuid
from collections.abc import Collection
from pathlib import Path

from amparo.runtime.files.areas import Part
from amparo.runtime.files.referring import files_of_records
from amparo.runtime.files.staging import KEEP_SECONDS, forget_uploads_for, is_older, remove_old_uploads
from amparo.runtime.stores.organisation import OrganisationStore


def sweep_files(store: OrganisationStore) -> None:
    """Any number of processes may sweep at once. Only what is older than :data:`KEEP_SECONDS` is touched."""
    before = time.time() - KEEP_SECONDS
    remove_old_uploads(store, before)
    for record, marker in store.files.settling():
        if is_older(marker, before):
            _settle(store, record, before)
            marker.unlink(missing_ok=True)


def _settle(store: OrganisationStore, record: uuid.UUID, before: float) -> None:
    folder = store.files.of_record(record)
    if folder.is_dir():
        known = _known_files(store, record)
        left_over = [path for path in folder.iterdir() if path.name not in known]
        # A save that began meanwhile writes files that are younger, and its fact is not there yet.
        for path in left_over:
            if is_older(path, before):
                path.unlink(missing_ok=True)
        _remove_if_empty(folder)


def _known_files(store: OrganisationStore, record: uuid.UUID) -> set[str]:
    """Their names on the disk; none for a record that was erased or never came about."""
    with store.reading() as connection:
        found = list(files_of_records(connection, store, [record]))
    return {f"{file.id.hex}{part}" for each in found for file in each.files for part in Part}


def _remove_if_empty(folder: Path) -> None:
    if not any(folder.iterdir()):
        folder.rmdir()


def forget_files_of(store: OrganisationStore, records: Collection[uuid.UUID]) -> None:
    """After records were erased: their contents, which nobody can open any more, and what was sent for them."""
    forget_uploads_for(store, records)
    for record in records:
        store.files.forget_record(record)
    for record, marker in store.files.settling():
        if record in records:
            marker.unlink(missing_ok=True)
