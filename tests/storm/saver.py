"""A process that saves as fast as it can until it is killed: ``python -m storm.saver HOME SLUG FILE IDENTITY``.

It prints one line for every save the store has acknowledged: what was done,
the record, and the text that was saved. Two threads create and update; a
third imports a file, resuming where an earlier process was killed.
"""

from __future__ import annotations

import itertools
import os
import sys
import threading
import uuid
from pathlib import Path

from amparo.runtime.access import operator_actor
from amparo.runtime.records import service
from amparo.runtime.settings import Settings
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations
from amparo.runtime.transfer.importing import import_file


def acknowledge(*words: object) -> None:
    """One write, so that a killed process leaves whole lines."""
    os.write(1, (" ".join(str(word) for word in words) + "\n").encode())


def save_on_and_on(store: OrganisationStore, worker: int) -> None:
    actor = operator_actor("page")
    for number in itertools.count():
        text = f"{os.getpid()}-{worker}-{number}"
        made = service.create(store, actor, "person", {"name": text, "passport": text})
        acknowledge("created", made.record, text)
        service.update(store, actor, "person", made.record, made.version, {"story": text})
        acknowledge("updated", made.record, text)
        if number % 5 == 4:
            service.delete(store, actor, "person", made.record)
            acknowledge("deleted", made.record, text)


def import_again(store: OrganisationStore, file: Path, identity: uuid.UUID) -> None:
    actor = operator_actor("import")
    outcome = import_file(
        store,
        actor,
        "visit",
        file,
        identity=identity,
        is_again=True,
        progress=lambda done, _: acknowledge("chunk", done),
    )
    acknowledge("imported", outcome.rows, outcome.refused)


def main(home: str, slug: str, file: str, identity: str) -> None:
    organisations = Organisations(Settings(home=Path(home), database_url=os.environ.get("AMPARO_DATABASE_URL") or None))
    store = organisations.open(slug)
    for worker in range(2):
        threading.Thread(target=save_on_and_on, args=(store, worker), daemon=True).start()
    acknowledge("started")
    import_again(store, Path(file), uuid.UUID(identity))
    threading.Event().wait()


if __name__ == "__main__":
    main(*sys.argv[1:])
