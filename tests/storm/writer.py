"""A process whose threads add one to two records' numbers: ``python -m storm.writer HOME SLUG TIMES RECORD RECORD``.

Both records are saved in one transaction, in a random order; a conflict means
that another process was first, and is tried again. Any other error ends the
process with a traceback.
"""

from __future__ import annotations

import os
import random
import sys
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from amparo.runtime.access import operator_actor
from amparo.runtime.errors import Conflict
from amparo.runtime.planner.records import read_record
from amparo.runtime.records import service
from amparo.runtime.records.changes import Change
from amparo.runtime.settings import Settings
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations

#: Writers in one process.
THREADS = 2


def add_one(store: OrganisationStore, records: list[uuid.UUID]) -> int:
    """Gives the number of conflicts on the way."""
    actor = operator_actor("page")
    conflicts = 0
    while True:
        random.shuffle(records)
        changes = []
        for record in records:
            read = read_record(store, actor, "person", record)
            number = read.answers["children"]
            assert isinstance(number, int)
            changes.append(Change({"children": number + 1}, record, read.version))
        try:
            service.save(store, actor, "person", changes)
        except Conflict:
            conflicts += 1
        else:
            return conflicts


def main(home: str, slug: str, times: str, *records: str) -> None:
    organisations = Organisations(Settings(home=Path(home), database_url=os.environ.get("AMPARO_DATABASE_URL") or None))
    store = organisations.open(slug)

    def add(_: int) -> int:
        return sum(add_one(store, [uuid.UUID(record) for record in records]) for _ in range(int(times)))

    with ThreadPoolExecutor(THREADS) as threads:
        conflicts = sum(threads.map(add, range(THREADS)))
    organisations.close()
    sys.stdout.write(f"{conflicts}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
