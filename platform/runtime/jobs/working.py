"""Doing one job: claim it, run it, keep it alive, say what came of it."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from amparo.metadata.wording import N_
from amparo.runtime.access import Actor, operator_actor
from amparo.runtime.errors import AmparoError, InvalidAnswers, NotPermitted, StoreBusy
from amparo.runtime.faults import told
from amparo.runtime.jobs.kinds import JobKind, JobRun, JobStopped, Outcome
from amparo.runtime.jobs.registry import JOB_KINDS
from amparo.runtime.jobs.states import Claim, JobState, beat, claim, finish, give_back
from amparo.runtime.members import find_member
from amparo.runtime.outages import OUTAGES, is_outage_of_database
from amparo.runtime.room import has_no_room
from amparo.runtime.stores.organisation import OrganisationStore

#: A running job says this often that it is alive.
BEAT_SECONDS = 5.0
#: A job that lost its worker so often is given up.
MOST_ATTEMPTS = 5

_log = logging.getLogger(__name__)


def perform(store: OrganisationStore, job: uuid.UUID, stopping: Event | None = None) -> bool:
    """Does a waiting job; False when there is nothing to do. Never raises for what the job's work raises."""
    held = claim(store, job)
    if held is None:
        return False
    stopping = stopping or Event()
    with _kept_alive(store, held):
        try:
            run = JobRun(store, held, _actor(store, held), stopping)
            outcome = _kind_of(held).run(run)
        except JobStopped:
            give_back(store, held)
        except Exception as error:  # noqa: BLE001 - whatever a job's work raises must not end the worker.
            _end_early(store, held, error)
        else:
            finish(store, held, JobState.DONE, outcome, run.reached)
    return True


def _end_early(store: OrganisationStore, held: Claim, error: Exception) -> None:
    if _is_outage(error):
        _try_later(store, held, error)
        return
    if not isinstance(error, AmparoError):
        _log_fault(store, held, error)
    finish(store, held, JobState.FAILED, failure(error))


def _is_outage(error: Exception) -> bool:
    """Whether the same work may come about later."""
    if isinstance(error, DBAPIError):
        return is_outage_of_database(error)
    return isinstance(error, (NoConnectionFree, StoreBusy)) or has_no_room(error)


def failure(error: Exception) -> Outcome:
    """The outcome of a job that failed; what a program error says is kept out, it may hold a record's values.

    ``refusals`` are problems as reports have them, to be said in the reader's language.
    """
    if isinstance(error, InvalidAnswers):
        return {"refusals": [problem.sentence() for problem in error.problems]}
    if isinstance(error, AmparoError):
        return {"error": str(error)}
    return {"error": N_("The work failed by a fault of the program. The server's log has the place.")}


def _kind_of(held: Claim) -> JobKind:
    if held.kind not in JOB_KINDS:
        raise StoreBusy(f"This version of the program does not know jobs of the kind {held.kind!r}.")
    return JOB_KINDS[held.kind]


def _actor(store: OrganisationStore, held: Claim) -> Actor:
    """Who asked, as they are now: somebody who was let go since has no more work done."""
    if held.member is None:
        return operator_actor("job")
    member = find_member(store, held.member)
    if member is None:
        raise NotPermitted(N_("Who asked for this is no longer a member of the organisation."))
    return member.acting("job")


def _try_later(store: OrganisationStore, held: Claim, error: Exception) -> None:
    _log_fault(store, held, error)
    if held.attempt >= MOST_ATTEMPTS:
        finish(store, held, JobState.FAILED, without_room() if has_no_room(error) else given_up(held.attempt))
    else:
        give_back(store, held)


def without_room() -> Outcome:
    return {"error": N_("The server has no room left. Ask for this again when there is room.")}


def given_up(attempts: int) -> Outcome:
    return {"error": N_("The work was interrupted too often and was given up."), "attempts": attempts}


def _log_fault(store: OrganisationStore, held: Claim, error: Exception) -> None:
    _log.error("%s: job %s (%s): %s", store.slug, held.job, held.kind, told(error))


@contextmanager
def _kept_alive(store: OrganisationStore, held: Claim) -> Iterator[None]:
    """Beats from a thread of its own, so that one long step does not look like a dead worker."""
    ended = Event()

    def keep_beating() -> None:
        while not ended.wait(BEAT_SECONDS):
            try:
                beat(store, held)
            except OUTAGES as error:
                _log_fault(store, held, error)

    thread = Thread(target=keep_beating, name=f"beat-{held.job}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
