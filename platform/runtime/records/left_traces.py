"""What was erased, or wrapped anew, and whose traces are still to be overwritten: noted on the disk until that is done.

The note is made before the change is committed. Whatever stops the program afterwards, or whoever goes on reading
what was there, the sweeper finds it and overwrites the traces later.
"""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import Table

from amparo.runtime.durability import made_folder
from amparo.runtime.faults import told
from amparo.runtime.files.staging import is_older
from amparo.runtime.outages import OUTAGES
from amparo.runtime.records.traces import overwrite_traces
from amparo.runtime.stores.organisation import OrganisationStore

_log = logging.getLogger("amparo.records")
#: Whoever made the note overwrites the traces; after so long they are taken to have been interrupted.
ERASING_SECONDS = 600


def _folder(store: OrganisationStore) -> Path:
    return store.files.folder / "traces"


def note_traces(store: OrganisationStore, tables: Sequence[Table]) -> Path:
    """Call before the commit. A note holds names of tables only. Raises :class:`OSError`."""
    note = made_folder(_folder(store)) / secrets.token_hex(8)
    note.write_text("\n".join(table.name for table in tables), encoding="utf-8")
    return note


def overwrite_noted(store: OrganisationStore, note: Path, tables: Sequence[Table]) -> None:
    """Call after the commit. Where somebody still reads what was erased, or there is no room, the note stays.

    Never raises for the store or its disk: what is committed is erased, and nobody is to be told otherwise.
    """
    try:
        is_finished = overwrite_traces(store, tables)
    except OUTAGES as error:
        _log.warning("%s: traces are not overwritten yet, it is tried again: %s", store.slug, told(error))
        return
    if is_finished:
        note.unlink(missing_ok=True)


def overwrite_left_traces(store: OrganisationStore, after: float = ERASING_SECONDS) -> None:
    """For notes older than ``after`` seconds. Any number of processes may do so at once."""
    before = time.time() - after
    for note in sorted(_folder(store).glob("*")):
        if is_older(note, before):
            # Others leave it alone meanwhile, and if it does not come about, it is tried again so much later.
            note.touch()
            names = note.read_text(encoding="utf-8").splitlines()
            known = {table.name: table for table in _tables(store)}
            if tables := [known[name] for name in names if name in known]:
                overwrite_noted(store, note, tables)
            else:
                # The disk was full when it was written, so nothing was erased.
                note.unlink(missing_ok=True)


def _tables(store: OrganisationStore) -> list[Table]:
    objects = store.newest_release().objects.values()
    sidecars = [live.sidecar for live in objects if live.sidecar is not None]
    return [*store.tables.metadata.sorted_tables, *(live.table for live in objects), *sidecars]
