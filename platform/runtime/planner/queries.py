"""What callers ask of the planner, and the fields such questions may name."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import NamedTuple

from amparo.metadata.filters import Subject
from amparo.metadata.model import SYSTEM_FIELDS, FilterRow, Sort
from amparo.metadata.problems import Problem, near_name
from amparo.metadata.wording import N_
from amparo.runtime.errors import InvalidAnswers
from amparo.runtime.releases.live import LiveObject

#: The most records one page may hold.
LARGEST_PAGE = 500


class Pointing(NamedTuple):
    """A lookup, and the record it has to point to."""

    field: str
    record: uuid.UUID


@dataclass(frozen=True, slots=True)
class ListQuery:
    """A list of one object's records.

    ``columns`` name fields or system fields; only their answers are read.
    ``match`` is ``all`` or ``any``. Blanks sort last in either direction; with
    no ``sort`` the last changed come first (of a past instant: the last
    created). Each word of ``search`` must be found
    in the record's own texts or, of each lookup in ``search_names``, in the
    name or number of the record it points to. ``after`` is the ``next``
    of the page before. ``deleted`` lists the deleted records instead.
    ``language`` is the reader's, in which countries and languages are sorted
    by their names; without it in the organisation's.
    ``pointing_to`` asks for what belongs to one record, as its page does for
    each of its lists: the same as a filter, but asked with one statement for
    all records. ``only_when`` is a formula of the definitions in force: only
    records of which it is true.
    """

    object: str
    columns: tuple[str, ...]
    filters: tuple[FilterRow, ...] = ()
    match: str = "all"
    sort: tuple[Sort, ...] = ()
    search: str | None = None
    search_names: tuple[str, ...] = ()
    limit: int = 25
    after: str | None = None
    as_of: dt.datetime | None = None
    deleted: bool = False
    pointing_to: Pointing | None = None
    language: str | None = None
    only_when: str | None = None


def subject_of(live: LiveObject, name: str) -> Subject:
    """The defined or system field of that name. Raises :class:`InvalidAnswers` with the near name."""
    if name in live.fields:
        return live.fields[name].field
    if name in SYSTEM_FIELDS:
        return name
    near = near_name(str(name), (*live.fields, *SYSTEM_FIELDS))
    params = {"object": live.definition.label, "name": name, "near": near}
    if near is None:
        advice = N_("{object} has no field “{name}”.")
    else:
        advice = N_("{object} has no field “{name}”. Did you mean “{near}”?")
    raise InvalidAnswers([Problem("unknown_name", str(name), name, advice, params)])


def refuse(kind: str, path: str, value: object, advice: str, **params: object) -> InvalidAnswers:
    """The error of a question that cannot be answered, with its one problem."""
    return InvalidAnswers([Problem(kind, path, value, advice, params)])
