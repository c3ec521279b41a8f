"""New records made ready while the database is busy with those before them.

Half of an import's time is Python's, half is the server's. A save sends its
facts faster than the server reads them, and spends the rest of that time here.
Nothing is asked of the store, and nothing is decided: a record that was made
ready under an older release, or that somebody took first, is judged as any
other.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence

from amparo.runtime.access import Actor
from amparo.runtime.records.adopting import refers_to_files
from amparo.runtime.records.changes import Change
from amparo.runtime.records.numbering import give_codes, has_sequence
from amparo.runtime.records.prepared import Prepared
from amparo.runtime.records.preparing import encode_new, prepare
from amparo.runtime.records.ruling import Ruling
from amparo.runtime.releases.live import LiveRelease
from amparo.runtime.stores.organisation import OrganisationStore

#: Made ready in one go: a few milliseconds' work. Each step for all of them is faster than all steps for each.
_TOGETHER = 16


class Ahead:
    """For one object and one thread. ``upcoming(count)`` gives the next records to create, with their identifiers."""

    def __init__(
        self, store: OrganisationStore, actor: Actor, object_name: str, upcoming: Callable[[int], Sequence[Change]]
    ) -> None:
        self._store = store
        self._actor = actor
        self._object = object_name
        self._upcoming = upcoming
        self._made: dict[uuid.UUID, tuple[LiveRelease, Prepared]] = {}

    def make_some_ready(self) -> bool:
        """False when there are none left."""
        release = self._store.known_release()
        live = release.objects.get(self._object)
        changes = self._upcoming(_TOGETHER) if live is not None else ()
        if live is None or not changes:
            return False
        ruling = Ruling(release, live, self._actor, self._store.now)
        made = [prepare(ruling, 0, change) for change in changes]
        if not has_sequence(live):
            sound = [each for each in made if not each.problems and not refers_to_files(live, each)]
            give_codes(live, sound)
            for each in sound:
                encode_new(live, each, self._store)
        self._made |= {each.record: (release, each) for each in made}
        return True

    def taken(self, release: LiveRelease, position: int, change: Change) -> Prepared | None:
        """What was made of a change under this release, for one use."""
        if change.record is None or change.record not in self._made:
            return None
        made_under, prepared = self._made.pop(change.record)
        prepared.position = position
        return prepared if made_under is release else None
