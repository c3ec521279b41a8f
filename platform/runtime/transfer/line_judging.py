"""What would come of lines, without saving: for dry runs, and for every problem of lines that are refused anyway."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from amparo.runtime.access import Actor
from amparo.runtime.records.judging import Judge
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.transfer.line_parts import LinePart
from amparo.runtime.transfer.lines import Entry, Line, change_of, entries_of
from amparo.runtime.transfer.outcomes import Fate


class LineJudge:
    """Judges lines of one import, chunk after chunk, as if the good ones before had been saved."""

    def __init__(self, store: OrganisationStore, actor: Actor, parts: Sequence[LinePart]) -> None:
        self._judges = {part.name: Judge(store, actor, part.name) for part in parts}
        #: What records would hold that lines so far make or change, by object.
        self._answers: dict[str, dict[uuid.UUID, Mapping[str, Any]]] = defaultdict(dict)

    def find_problems(self, lines: Sequence[Line]) -> None:
        """Adds what the save pipeline would refuse to the entries. None of them takes a value from the others."""
        waiting = [entry for entry in entries_of(lines) if entry.is_pending and not entry.is_judged]
        for name, entries in _by_part(waiting).items():
            self._judge(name, entries, lines, doomed=range(len(entries)))

    def decide(self, lines: Sequence[Line]) -> None:
        """What would come of each entry."""
        if len(self._judges) > 1:
            # First whose lines are refused anyway: their good records would take no value from others.
            self.find_problems(lines)
        refused = {entry for line in lines if line.is_refused for entry in line.entries}
        good = set(entries_of(line for line in lines if line.is_good))
        waiting = [entry for entry in entries_of(lines) if entry.is_pending and (entry in good or not entry.is_judged)]
        for name, entries in _by_part(waiting).items():
            doomed = [place for place, entry in enumerate(entries) if entry in refused and entry not in good]
            unchanged = self._judge(name, entries, lines, doomed=doomed)
            for place, entry in enumerate(entries):
                if entry in good:
                    entry.fate = _fate(entry, is_unchanged=place in unchanged)

    def _judge(
        self, name: str, entries: Sequence[Entry], lines: Sequence[Line], doomed: Sequence[int]
    ) -> frozenset[int]:
        judged = [place for place, entry in enumerate(entries) if not entry.row.is_unmatched]
        at = {place: position for position, place in enumerate(judged)}
        judgement = self._judges[name].judge(
            [change_of(entries[place]) for place in judged],
            [at[place] for place in doomed if place in at],
            arriving=self._arriving(lines),
        )
        if len(self._judges) > 1:
            self._answers[name].update(judgement.answers)
        for refused in judgement.refused:
            entries[judged[refused.position]].refusals = refused.problems
        for entry in entries:
            entry.is_judged = True
        return frozenset(judged[position] for position in judgement.unchanged)

    def _arriving(self, lines: Sequence[Line]) -> Mapping[str, Mapping[uuid.UUID, Mapping[str, Any]]]:
        """Records that the lines would make, so that others may point to them, and what is known of all."""
        found: dict[str, dict[uuid.UUID, Mapping[str, Any]]] = defaultdict(dict)
        for entry in entries_of(lines):
            known = self._answers[entry.part.name].get(entry.record)
            if known is not None or entry.row.record is None:
                found[entry.part.name][entry.record] = known or {}
        return found


def _fate(entry: Entry, *, is_unchanged: bool) -> Fate:
    if entry.row.record is None:
        return Fate.CREATED
    return Fate.UNCHANGED if is_unchanged else Fate.UPDATED


def _by_part(entries: Sequence[Entry]) -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        found[entry.part.name].append(entry)
    return found
