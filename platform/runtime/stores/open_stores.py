"""The stores of organisations that a process keeps open."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass

from amparo.runtime.stores.organisation import OrganisationStore

#: A store that is kept open is looked up again after so long: another process may have removed or restored it.
_TRUSTED_SECONDS = 2.0


@dataclass
class _Kept:
    """An open store, when it was registered (µs since 1970; 0 where that is not known, so that it is looked up anew),
    and when that was last looked up (monotonic seconds).
    """

    store: OrganisationStore
    registered_at: int
    looked_up: float


class OpenStores:
    """At most ``limit``, by short name; beyond it the least recently used one is closed. Threads may share them."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._lock = threading.Lock()

    def trusted(self, slug: str) -> OrganisationStore | None:
        """One that was looked up a moment ago."""
        with self._lock:
            kept = self._kept.get(slug)
            if kept is None or time.monotonic() - kept.looked_up >= _TRUSTED_SECONDS:
                return None
            self._kept.move_to_end(slug)
            return kept.store

    def looked_up(self, slug: str, registered_at: int | None) -> OrganisationStore | None:
        """One that is still what is registered: ``registered_at`` is of now."""
        with self._lock:
            kept = self._kept.get(slug)
            if kept is None or kept.registered_at != registered_at:
                return None
            kept.looked_up = time.monotonic()
            return kept.store

    def keep(self, store: OrganisationStore, registered_at: int | None) -> OrganisationStore:
        """Another thread may have opened it meanwhile; the first one counts."""
        with self._lock:
            kept = self._kept.setdefault(store.slug, _Kept(store, registered_at or 0, time.monotonic()))
            surplus = [self._kept.popitem(last=False)[1] for _ in range(len(self._kept) - self._limit)]
        for closed in (*(each.store for each in surplus), *([store] if kept.store is not store else [])):
            closed.close()
        return kept.store

    def forget(self, slug: str) -> None:
        with self._lock:
            kept = self._kept.pop(slug, None)
        if kept is not None:
            kept.store.close()

    def close(self) -> None:
        for slug in list(self._kept):
            self.forget(slug)
