"""A table of places brought in as a job: first tried, then taken."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from amparo.metadata.problems import Problem, sort_problems
from amparo.runtime.access import Actor, Permission
from amparo.runtime.errors import InvalidAnswers
from amparo.runtime.jobs.kinds import JobKind, JobRun, Outcome
from amparo.runtime.places.changing import PlaceChange, PlacesChanged
from amparo.runtime.places.files import import_places
from amparo.runtime.transfer.jobs import INPUT, REPORT, Submission

#: Changes of each kind, and problems, that a report lists; it counts all of them.
LISTED = 50
_COUNTED = ("added", "changed", "closed", "unchanged", "refused")


def trial_of_places(actor: Actor, content: bytes) -> Submission:
    """Tries a file and writes nothing. Raises :class:`NotPermitted`."""
    actor.require(Permission.PLACES_MANAGE)
    return PLACES, {"dry_run": True}, {INPUT: [content]}


def taking_of_places(actor: Actor, content: bytes, report: Mapping[str, Any]) -> Submission:
    """Takes a file whose trial made this report. Raises :class:`NotPermitted`."""
    actor.require(Permission.PLACES_MANAGE)
    return PLACES, {"dry_run": False, "tried_on": report.get("tried_on")}, {INPUT: [content]}


def run_places(run: JobRun) -> Outcome:
    """Safe to run again: what was taken already is as it was."""
    content = b"".join(run.read_file(INPUT))
    try:
        changed = import_places(
            run.store,
            run.actor,
            content,
            dry_run=run.payload["dry_run"],
            tried_on=run.payload.get("tried_on"),
            progress=run.progress,
        )
        report = _report_of_changes(changed)
    except InvalidAnswers as refusal:
        report = _report_of_problems(refusal.problems)
    with run.writing_file(REPORT) as write:
        write(json.dumps(report, ensure_ascii=False).encode())
    return {name: report[name] for name in _COUNTED}


def _report_of_changes(changed: PlacesChanged) -> dict[str, Any]:
    kinds: dict[str, list[PlaceChange]] = {"added": [], "changed": [], "closed": []}
    for each in changed.changes:
        kinds["added" if each.old is None else "closed" if each.closes else "changed"].append(each)
    listed = {kind: [_change(each) for each in changes[:LISTED]] for kind, changes in kinds.items()}
    return {**changed.counts(), "refused": 0, "tried_on": changed.version, "listed": listed, "problems": []}


def _change(change: PlaceChange) -> Mapping[str, Any]:
    return {"old": change.old.document() if change.old else None, "new": change.new.document()}


def _report_of_problems(problems: Iterable[Problem]) -> dict[str, Any]:
    found = sort_problems(problems)
    told = [{"path": each.path, "kind": each.kind, **each.sentence()} for each in found[:LISTED]]
    return {"added": 0, "changed": 0, "closed": 0, "unchanged": 0, "refused": len(found), "problems": told}


PLACES = JobKind("places", run_places)
