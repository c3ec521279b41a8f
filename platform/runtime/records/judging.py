"""What a save would refuse, without saving: for dry runs of imports and rows that cannot be saved anyway."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from amparo.metadata.missing import Missing
from amparo.runtime.access import Actor, Permission
from amparo.runtime.errors import Conflict, NotFound, NotPossible
from amparo.runtime.records.beyond import BeyondReader
from amparo.runtime.records.changes import Change, Refused
from amparo.runtime.records.checking import Arriving, StoreChecks, problems_by_position, taken
from amparo.runtime.records.prepared import Prepared
from amparo.runtime.records.preparing import prepare
from amparo.runtime.records.ruling import Ruling
from amparo.runtime.records.updating import UpdatePlanner
from amparo.runtime.releases.live import LiveObject
from amparo.runtime.stores.organisation import OrganisationStore


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a save would do now: whom it would refuse, which updates would change nothing, and what records would hold.

    ``answers`` are those that the changes give, by record.
    """

    refused: Sequence[Refused]
    unchanged: frozenset[int]
    answers: Mapping[uuid.UUID, Mapping[str, Any]]


class Judge:
    """Judges changes of one object, batch after batch, as if the good ones before had been saved."""

    def __init__(self, store: OrganisationStore, actor: Actor, object_name: str) -> None:
        actor.require(Permission.RECORDS_CREATE)
        self._store = store
        self._actor = actor
        self._object = object_name
        #: field -> values that records judged good before would hold.
        self._claimed: dict[str, set[Any]] = defaultdict(set)

    def judge(
        self, changes: Sequence[Change], doomed: Collection[int] = (), arriving: Arriving = MappingProxyType({})
    ) -> Judgement:
        """``doomed`` are positions that are refused anyway; ``arriving`` records that the same save would make.

        What is doomed, and changes with a problem of their own, take no value from the others.
        """
        now = self._store.now
        with self._store.reading() as connection:
            release = self._store.live(connection)
            live = release.object(self._object)
            ruling = Ruling(release, live, self._actor, now)
            prepared = [prepare(ruling, position, change) for position, change in enumerate(changes)]
            reader = BeyondReader(connection, self._store.tables, release, self._store.keys, self._actor, arriving)
            ruling.judge_under_head(reader, [each for each in prepared if not each.change.is_update])
            checks = StoreChecks(connection, self._store.tables, release, live, self._store.keys, arriving)
            bad = [each for each in prepared if each.problems or each.position in doomed]
            good = [each for each in prepared if not each.problems and each.position not in doomed]
            checks.run(bad)
            checks.run(good)
            planner = UpdatePlanner(connection, self._store.tables, live, self._store.keys, ruling, reader, merge=True)
            unchanged = self._unchanged(planner, good)
            self._claim(live, checks, good)
        refused = [Refused(position, problems) for position, problems in problems_by_position(prepared).items()]
        return Judgement(refused, unchanged, {each.record: each.answers for each in prepared})

    def _unchanged(self, planner: UpdatePlanner, prepared: Sequence[Prepared]) -> frozenset[int]:
        """Adds what updating would refuse to the problems. Who changes a record meanwhile makes this guess void."""
        updates = [each for each in prepared if each.change.is_update and not each.problems]
        try:
            planned = planner.plan(updates) if updates else []
        except (Conflict, NotFound, NotPossible):
            return frozenset()
        return frozenset(each.prepared.position for each in planned if not each.facts and not each.prepared.problems)

    def _claim(self, live: LiveObject, checks: StoreChecks, prepared: Sequence[Prepared]) -> None:
        for place in [place for place in live.fields.values() if place.field.unique and not place.field.retired]:
            claimed = self._claimed[place.field.name]
            for change in prepared:
                answer = change.answers.get(place.field.name)
                if answer is None or isinstance(answer, Missing):
                    continue
                value = checks.comparable(place, answer)
                if not change.problems and value not in claimed:
                    claimed.add(value)
                elif value in claimed and all(problem.path != place.field.name for problem in change.problems):
                    change.problems.append(taken(place.field.name, None if place.sensitive else value))
