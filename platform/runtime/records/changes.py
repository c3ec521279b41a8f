"""What a caller wants of records, and what came of it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from amparo.metadata.problems import Problem


@dataclass(frozen=True, slots=True)
class Change:
    """One record to create (``record`` None or new) or to update (``version`` given).

    ``values`` are inputs by field name; ``owner`` (a member's identifier) and
    ``record_type`` (its name) may stand among them. ``numbers`` are automatic
    numbers that a new record had before it came here: codes that are right and
    free are kept. ``acknowledged`` are names of validation rules whose warning
    was read and is to be passed over, ``metadata.rules.judging.EVERY_WARNING``
    for all.
    """

    values: Mapping[str, Any]
    record: uuid.UUID | None = None
    version: int | None = None
    numbers: Mapping[str, str] = field(default_factory=dict)
    acknowledged: frozenset[str] = frozenset()

    @property
    def is_update(self) -> bool:
        return self.version is not None


@dataclass(frozen=True, slots=True)
class Batch:
    """Changes of one object's records. ``removed`` are records to delete, each at the version it was read at."""

    object_name: str
    changes: Sequence[Change] = ()
    removed: Sequence[tuple[uuid.UUID, int]] = ()


@dataclass(frozen=True, slots=True)
class Saved:
    """A saved record. ``merged`` names fields that others changed since ``version`` was read and that were kept."""

    record: uuid.UUID
    version: int
    changed: tuple[str, ...] = ()
    merged: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """One record of a bulk save that could not be kept."""

    position: int
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class BulkResult:
    """``saved`` by position in the batch; ``lock_seconds`` is how long the head was held.

    ``removed`` counts the records that were deleted, their details too.
    """

    saved: Mapping[int, Saved] = field(default_factory=dict)
    refused: Sequence[Refused] = ()
    lock_seconds: float = 0.0
    removed: int = 0

    def has_changed(self, tx: int) -> bool:
        """Whether the transaction has anything to keep."""
        return bool(self.removed) or any(each.version == tx for each in self.saved.values())
