"""A change on its way through the save pipeline."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import NamedTuple

from amparo.metadata.fields.base import Answer
from amparo.metadata.problems import Problem
from amparo.runtime.keys import RecordKey
from amparo.runtime.records.changes import Change
from amparo.runtime.records.encoding import EncodedRecord
from amparo.runtime.search_entries.writing import NewEntry


class NewRecord(NamedTuple):
    """A record ready to be written: its key, first values, leaf hashes, the fields' part of its row, its entry."""

    key: RecordKey
    encoded: EncodedRecord
    entry: NewEntry | None


@dataclass(slots=True)
class Prepared:
    """A change after coercion. ``owner`` and ``record_type`` count only when named in ``given``.

    ``new`` is what :func:`~amparo.runtime.records.preparing.encode_new` made of it.
    """

    position: int
    change: Change
    record: uuid.UUID
    answers: dict[str, Answer]
    given: frozenset[str]
    owner: uuid.UUID | None
    record_type: str | None
    problems: list[Problem] = field(default_factory=list)
    #: Made early where contents of files are sealed under it before the record is written.
    key: RecordKey | None = None
    new: NewRecord | None = None
    #: Ids of the rules whose warning somebody acknowledged and that still stand.
    standing: tuple[str, ...] = ()
