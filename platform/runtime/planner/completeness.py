"""How complete the answers of a field are, over the records of a list."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from amparo.metadata.model import FilterRow
from amparo.runtime.access import Actor, Permission
from amparo.runtime.planner.listing import Listing
from amparo.runtime.planner.queries import ListQuery, subject_of
from amparo.runtime.planner.views import fetched
from amparo.runtime.stores.organisation import OrganisationStore


@dataclass(frozen=True, slots=True)
class FieldCompleteness:
    """Records by what one field holds: a value, a reason for having none, or nothing."""

    field: str
    answered: int
    with_reason: int
    blank: int


@dataclass(frozen=True, slots=True)
class Completeness:
    records: int
    fields: tuple[FieldCompleteness, ...]
    erased: int = 0


def completeness(
    store: OrganisationStore,
    actor: Actor,
    object_name: str,
    fields: Sequence[str],
    *,
    filters: tuple[FilterRow, ...] = (),
    match: str = "all",
    as_of: dt.datetime | None = None,
    now: dt.datetime | None = None,
) -> Completeness:
    """All fields in one statement. Raises as :func:`amparo.runtime.planner.reports.run_report`."""
    actor.require(Permission.REPORTS_RUN)
    with store.reading() as connection:
        query = ListQuery(object_name, (), filters, match, as_of=as_of)
        listing = Listing(connection, store, actor, query, now, fields)
        view = listing.view
        columns = [func.count().label("records")]
        for position, name in enumerate(fields):
            subject_of(view.live, name)
            columns.append(func.count(view.value(name)).label(f"answered_{position}"))
            reason = view.reason(view.live.fields[name]) if name in view.live.fields else None
            if reason is not None:
                columns.append(func.count(reason).label(f"reason_{position}"))
        condition = listing.condition()
        (row,) = fetched(connection, select(*columns).select_from(view.source).where(condition))
        found = []
        for position, name in enumerate(fields):
            answered, reasons = row[f"answered_{position}"], row.get(f"reason_{position}", 0)
            found.append(FieldCompleteness(name, answered, reasons, row["records"] - answered - reasons))
        return Completeness(row["records"], tuple(found), listing.erased())
