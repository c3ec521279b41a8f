"""What a formula reads of one record and of those it leads to, as far as the reader may see it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from amparo.metadata.model import SYSTEM_FIELDS
from amparo.metadata.rules.compiled import Path
from amparo.runtime.access import Actor
from amparo.runtime.errors import NotFound
from amparo.runtime.planner.records import read_record
from amparo.runtime.releases.live import LiveRelease
from amparo.runtime.serializer import Record
from amparo.runtime.stores.organisation import OrganisationStore


@dataclass(frozen=True, slots=True)
class Place:
    """A field of a record that was come by; ``record`` is None where a lookup before it is blank."""

    path: Path
    record: Record | None

    @property
    def name(self) -> str:
        return self.path[-1]


@dataclass
class Known:
    """``values`` by path as it is written; ``withheld`` are paths that the reader may not see."""

    values: dict[str, Any] = field(default_factory=dict)
    places: list[Place] = field(default_factory=list)
    withheld: list[Path] = field(default_factory=list)


def values_of(
    store: OrganisationStore, actor: Actor, release: LiveRelease, record: Record, paths: Iterable[Path]
) -> Known:
    """What stands at the paths of a formula; those of who acts are left out.

    Each record is read as its own page reads it. Nothing is computed with what is withheld: an outcome would tell it.
    """
    reader = _Reader(store, actor, release, {})
    known = Known()
    for path in sorted(path for path in paths if not path[0].startswith("$")):
        reader.follow(record, path, known)
    return known


@dataclass(frozen=True, slots=True)
class _Reader:
    store: OrganisationStore
    actor: Actor
    release: LiveRelease
    read: dict[uuid.UUID, Record | None]

    def follow(self, record: Record, path: Path, known: Known) -> None:
        current: Record | None = record
        for place, name in enumerate(path):
            if current is None:
                known.places.append(Place(path, None))
                return
            if not _is_seen(current, name):
                known.withheld.append(path)
                return
            value = _answers(current).get(name)
            known.values[".".join(path[: place + 1])] = value
            if place + 1 == len(path):
                known.places.append(Place(path, current))
            elif isinstance(value, uuid.UUID):
                current = self._reached(current, name, value)
                if current is None:
                    known.withheld.append(path)
                    return
            else:
                current = None

    def _reached(self, record: Record, name: str, identifier: uuid.UUID) -> Record | None:
        """None where the record that a lookup points to is not there for this reader."""
        if identifier not in self.read:
            self.read[identifier] = None
            for target in self.release.object(record.object).fields[name].field.targets:
                try:
                    self.read[identifier] = read_record(
                        self.store, self.actor, target, identifier, release=self.release
                    )
                    break
                except NotFound:
                    continue
        return self.read[identifier]


def _is_seen(record: Record, name: str) -> bool:
    return name in record.answers or name in SYSTEM_FIELDS


def _answers(record: Record) -> Mapping[str, Any]:
    return {**{name: getattr(record, name) for name in SYSTEM_FIELDS}, **record.answers}
