"""Files of jobs that were going while something was erased: they may hold it, so they go with the job's end."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from sqlalchemy import func, select, update

from amparo.runtime.access import Actor
from amparo.runtime.errors import NotFound
from amparo.runtime.jobs.files import keep_file, read_file
from amparo.runtime.jobs.queueing import cancel_job, enqueue, read_job, read_job_file
from amparo.runtime.jobs.states import JobState, claim, finish
from amparo.runtime.jobs.sweeping import remove_old_files, sweep
from amparo.runtime.jobs.working import MOST_ATTEMPTS
from amparo.runtime.records import service
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.transfer.jobs import EXPORT, IMPORT, INPUT

CONTENT = b"Name\nSokha\n"


def add_import(store: OrganisationStore, actor: Actor) -> uuid.UUID:
    with store.engine.begin() as connection:
        return enqueue(connection, store, actor, IMPORT, {"object": "person"}, {INPUT: [CONTENT]})


def erase_somebody(store: OrganisationStore, actor: Actor) -> None:
    person = service.create(store, actor, "person", {"name": "Sokha"})
    service.erase(store, actor, "person", person.record, "asked for it")


def parts(store: OrganisationStore, job: uuid.UUID) -> int:
    file = store.tables.job_file
    with store.reading() as connection:
        return connection.scalar(select(func.count()).where(file.c.job == job)) or 0


def end_well(store: OrganisationStore, actor: Actor, job: uuid.UUID) -> None:
    held = claim(store, job)
    assert held is not None
    assert finish(store, held, JobState.DONE, {})


def end_by_being_called_off(store: OrganisationStore, actor: Actor, job: uuid.UUID) -> None:
    cancel_job(store, actor, job)


def end_by_being_given_up(store: OrganisationStore, actor: Actor, job: uuid.UUID) -> None:
    assert claim(store, job) is not None
    table = store.tables.job
    with store.engine.begin() as connection:
        connection.execute(update(table).where(table.c.id == job).values(beat_at=0, attempts=MOST_ATTEMPTS))
    assert sweep(store).given_up == 1


@pytest.mark.every_database
@pytest.mark.parametrize("end", [end_well, end_by_being_called_off, end_by_being_given_up])
def test_a_job_that_was_going_keeps_its_files_to_its_end_and_no_longer(
    store: OrganisationStore, operator: Actor, end: Callable[[OrganisationStore, Actor, uuid.UUID], None]
) -> None:
    job, other = add_import(store, operator), add_import(store, operator)
    erase_somebody(store, operator)
    assert b"".join(read_file(store, job, INPUT)) == CONTENT
    end(store, operator, job)
    view = read_job(store, operator, job)
    assert (view.is_over, view.is_emptied, view.files) == (True, True, ())
    assert parts(store, job) == 0
    with pytest.raises(NotFound, match="when a record is erased"):
        read_job_file(store, operator, job, INPUT)
    assert parts(store, other) == 1


def test_a_job_that_has_ended_loses_its_files_at_once_and_a_later_one_keeps_them(
    store: OrganisationStore, operator: Actor
) -> None:
    before = add_import(store, operator)
    end_well(store, operator, before)
    assert parts(store, before) == 1
    erase_somebody(store, operator)
    assert parts(store, before) == 0
    after = add_import(store, operator)
    end_well(store, operator, after)
    view = read_job(store, operator, after)
    assert (view.is_emptied, view.files) == (False, (INPUT,))


def test_what_a_worker_writes_after_its_job_was_called_off_is_swept(store: OrganisationStore, operator: Actor) -> None:
    with store.engine.begin() as connection:
        job = enqueue(connection, store, operator, EXPORT, {"object": "person"})
    assert claim(store, job) is not None
    erase_somebody(store, operator)
    cancel_job(store, operator, job)
    with store.engine.begin() as connection:
        keep_file(connection, store, job, "export.csv~1", [CONTENT])
    remove_old_files(store)
    assert parts(store, job) == 0
