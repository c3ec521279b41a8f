"""Jobs that are waited for, and jobs of which nobody hears any more."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable

from sqlalchemy import update

from amparo.runtime.access import Actor
from amparo.runtime.jobs.queueing import JobView, read_job
from amparo.runtime.stores.organisation import OrganisationStore
from servers.processes import PATIENCE_SECONDS


def is_over(view: JobView) -> bool:
    return view.is_over


def wait_for(
    store: OrganisationStore, actor: Actor, job: uuid.UUID, until: Callable[[JobView], bool] = is_over
) -> JobView:
    """The job as it is then; fails when it takes too long."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not until(view := read_job(store, actor, job)):
        assert time.monotonic() < deadline, view
        time.sleep(0.02)
    return view


def silence(store: OrganisationStore, job: uuid.UUID) -> None:
    """As if the half minute had passed after which a job that is not heard of is taken up again."""
    table = store.tables.job
    with store.engine.begin() as connection:
        connection.execute(update(table).where(table.c.id == job).values(beat_at=0, created_at=0))
