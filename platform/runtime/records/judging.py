"""What a save would refuse, without saving: for dry runs of imports and rows that cannot be saved anyway."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from amparo.metadata.missing import Missing
from amparo.runtime.access import Actor, Permission
from amparo.runtime.records.changes import Change, Refused
from amparo.runtime.records.checking import StoreChecks, problems_by_position, taken
from amparo.runtime.records.preparing import Prepared, prepare
from amparo.runtime.releases.live import LiveObject
from amparo.runtime.stores.organisation import OrganisationStore


class Judge:
    """Judges new records of one object, batch after batch, as if the good ones before had been saved."""

    def __init__(self, store: OrganisationStore, actor: Actor, object_name: str) -> None:
        actor.require(Permission.RECORDS_CREATE)
        self._store = store
        self._actor = actor
        self._object = object_name
        #: field -> values that records judged good before would hold.
        self._claimed: dict[str, set[Any]] = defaultdict(set)

    def judge(self, changes: Sequence[Change], doomed: Collection[int] = ()) -> list[Refused]:
        """The changes that a save would refuse now. ``doomed`` are positions that are refused anyway.

        Those, and changes with a problem of their own, take no value from the others.
        """
        now = datetime.datetime.now(datetime.UTC)
        with self._store.reading() as connection:
            release = self._store.live(connection)
            live = release.object(self._object)
            prepared = [
                prepare(live, release, self._actor, position, change, now) for position, change in enumerate(changes)
            ]
            checks = StoreChecks(connection, self._store.tables, release, live, self._store.keys)
            bad = [each for each in prepared if each.problems or each.position in doomed]
            good = [each for each in prepared if not each.problems and each.position not in doomed]
            checks.run(bad)
            checks.run(good)
            self._claim(live, checks, good)
        return [Refused(position, problems) for position, problems in problems_by_position(prepared).items()]

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
