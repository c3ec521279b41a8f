"""Records that undoing an import left alone."""

from __future__ import annotations

import uuid

from flask_babel import gettext

from amparo.runtime.transfer.record_finding import IDENTIFIER, RecordFinder
from amparo.runtime.transfer.undoing import WHY_KEPT
from amparo.runtime.web.addresses import record_url
from amparo.runtime.web.visits import Visit


def kept_records(visit: Visit, written: str) -> list[dict[str, str]]:
    """The records that undoing an import left alone, as lines of a list: each with its name and why."""
    lines = [line.split(",") for line in written.split() if line.count(",") == 2]
    names: dict[tuple[str, str], str] = {}
    for object_name in {line[0] for line in lines}:
        found = RecordFinder(visit.store, visit.actor, object_name, IDENTIFIER).find(line[1] for line in lines)
        names |= {(object_name, text): records[0].name for text, records in found.items()}
    return [
        {
            "text": names.get((object_name, record)) or record,
            "url": record_url(visit, object_name, uuid.UUID(record)),
            "note": gettext(WHY_KEPT[why]),
        }
        for object_name, record, why in lines[:MOST_LISTED]
    ]


#: Records that a page lists at most.
MOST_LISTED = 200
