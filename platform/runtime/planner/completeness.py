"""How many answers are missing, over the records of a list."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from amparo.metadata.model import FilterRow
from amparo.runtime.access import Actor, Permission
from amparo.runtime.planner.listing import Listing
from amparo.runtime.planner.queries import ListQuery, subject_of
from amparo.runtime.planner.readings import answered
from amparo.runtime.releases.live import LiveRelease
from amparo.runtime.stores.organisation import OrganisationStore


def blank_answers(
    store: OrganisationStore,
    actor: Actor,
    object_name: str,
    fields: Sequence[str],
    *,
    filters: tuple[FilterRow, ...] = (),
    release: LiveRelease | None = None,
) -> dict[str, int]:
    """By field the number of records that hold neither a value nor a reason for having none; in one statement.

    ``release`` is the one the caller works under, when it has asked already. Raises as
    :func:`amparo.runtime.planner.reports.run_report`.
    """
    actor.require(Permission.REPORTS_RUN)
    query = ListQuery(object_name, (), filters)
    return answered(store, lambda reading: _counted(Listing(reading, actor, query, None, fields), fields), release)


def _counted(listing: Listing, fields: Sequence[str]) -> dict[str, int]:
    view = listing.view
    columns = [func.count().label("records")]
    for position, name in enumerate(fields):
        subject_of(view.live, name)
        columns.append(func.count(view.value(name)).label(f"answered_{position}"))
        reason = view.reason(view.live.fields[name]) if name in view.live.fields else None
        if reason is not None:
            columns.append(func.count(reason).label(f"reason_{position}"))
    condition = listing.condition()
    statement = select(*columns).select_from(view.source).where(condition)
    (row,) = listing.reading.rows(statement)
    return {
        name: row["records"] - row[f"answered_{position}"] - row.get(f"reason_{position}", 0)
        for position, name in enumerate(fields)
    }
