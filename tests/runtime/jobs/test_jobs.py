"""Jobs in a thread of the process, on every kind of database."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator
from threading import Event, Thread
from typing import Any

import pytest
from sqlalchemy import delete, select
from sqlalchemy.exc import OperationalError

from amparo.metadata.collecting import collect
from amparo.runtime.access import Actor, Role
from amparo.runtime.errors import NotFound, NotPossible, StoreProblem
from amparo.runtime.jobs import working
from amparo.runtime.jobs.announcing import Jobs
from amparo.runtime.jobs.files import PART_BYTES, keep_file, read_file
from amparo.runtime.jobs.kinds import JobKind, JobRun, Outcome
from amparo.runtime.jobs.queueing import cancel_job, enqueue, read_job, read_job_file
from amparo.runtime.jobs.registry import JOB_KINDS
from amparo.runtime.jobs.states import JobState, beat, claim, finish
from amparo.runtime.jobs.sweeping import remove_old_files, sweep
from amparo.runtime.jobs.working import MOST_ATTEMPTS, perform
from amparo.runtime.planner.lists import count
from amparo.runtime.planner.queries import ListQuery
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations
from amparo.runtime.transfer.jobs import REPORT, export_submission, import_submission
from amparo.runtime.transfer.mapping_files import mapping_from
from factories.jobs import silence, wait_for

NAMES = mapping_from({"columns": {"Name": {"field": "name"}}})
Work = Callable[[JobRun], Outcome]


@pytest.fixture
def kind(monkeypatch: pytest.MonkeyPatch) -> Callable[[Work], JobKind]:
    """``kind(work)`` makes a kind of job known for one test."""

    def make(work: Work) -> JobKind:
        made = JobKind("test", work)
        monkeypatch.setattr(working, "JOB_KINDS", collect((*JOB_KINDS.values(), made)))
        return made

    return make


@pytest.fixture
def jobs(organisations: Organisations) -> Iterator[Jobs]:
    made = Jobs(organisations)
    yield made
    made.close()


def added(store: OrganisationStore, actor: Actor, kind: JobKind, **payload: Any) -> uuid.UUID:
    with store.engine.begin() as connection:
        return enqueue(connection, store, actor, kind, payload)


def test_an_import_runs_in_a_thread_and_tells_its_outcome(
    store: OrganisationStore, operator: Actor, jobs: Jobs
) -> None:
    content = b"Name\n" + b"".join(b"Person %d\n" % number for number in range(50)) + b'""\n" "\n'
    job = jobs.submit(store, operator, *import_submission(operator, "person", content, NAMES))
    view = wait_for(store, operator, job)
    assert (view.state, view.done, view.total) == (JobState.DONE, 51, 51)
    assert view.outcome is not None
    assert (view.outcome["created"], view.outcome["refused"]) == (50, 1)
    assert view.files == ("input.csv", "mapping.json", "problems.csv", "report.json")
    report = json.loads(b"".join(read_job_file(store, operator, job, REPORT)))
    assert report["problems"][0]["problems"][0]["kind"] == "nothing_in_row"


def test_a_job_that_has_ended_tells_how_far_it_came(store: OrganisationStore, operator: Actor, kind: Any) -> None:
    def work(run: JobRun) -> Outcome:
        for done in range(1, 100):
            run.progress(done)
        return {}

    job = added(store, operator, kind(work))
    perform(store, job)
    view = read_job(store, operator, job)
    assert (view.done, view.total) == (99, None)


def test_an_export_is_made_as_a_job(store: OrganisationStore, operator: Actor, jobs: Jobs) -> None:
    content = b"Name\n" + b"".join(b"Person %d\n" % number for number in range(50))
    wait_for(store, operator, jobs.submit(store, operator, *import_submission(operator, "person", content, NAMES)))
    job = jobs.submit(store, operator, *export_submission(operator, [ListQuery("person", ("name",))]))
    assert wait_for(store, operator, job).outcome == {"rows": 50}
    assert b"".join(read_job_file(store, operator, job, "export.csv")).count(b"Person ") == 50


def test_nothing_of_a_record_stands_in_a_job_in_the_clear(
    store: OrganisationStore, operator: Actor, jobs: Jobs
) -> None:
    content = b"Name,Debt\nSecret Name,Secret debt\n"
    found = mapping_from({"columns": {"Name": {"field": "name"}, "Debt": {"field": "debt"}}})
    job = jobs.submit(store, operator, *import_submission(operator, "person", content, found))
    wait_for(store, operator, job)
    with store.reading() as connection:
        tables = (store.tables.job, store.tables.job_file)
        rows = [row for table in tables for row in connection.execute(select(table))]
    assert "Secret" not in str(rows)
    assert b"Secret debt" in b"".join(read_job_file(store, operator, job, "problems.csv"))


def test_two_workers_never_do_the_same_job(store: OrganisationStore, operator: Actor, kind: Any) -> None:
    runs: list[uuid.UUID] = []

    def work(run: JobRun) -> Outcome:
        runs.append(run.id)
        return {}

    known = kind(work)
    made = [added(store, operator, known) for _ in range(10)]
    threads = [Thread(target=lambda: [perform(store, job) for job in made]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(runs) == sorted(made)


def test_a_failed_job_says_why_without_showing_what_a_program_error_holds(
    store: OrganisationStore, operator: Actor, kind: Any, caplog: pytest.LogCaptureFixture
) -> None:
    def work(run: JobRun) -> Outcome:
        raise {"domain": NotPossible("This cannot be."), "fault": ValueError("a survivor's name")}[run.payload["how"]]

    made = kind(work)
    for how, said in (("domain", "This cannot be."), ("fault", "The work failed by a fault of the program.")):
        job = added(store, operator, made, how=how)
        perform(store, job)
        view = read_job(store, operator, job)
        assert view.state is JobState.FAILED
        assert view.outcome is not None
        assert view.outcome["error"].startswith(said)
    assert "ValueError at work" in caplog.text
    assert "survivor" not in caplog.text


def test_work_that_the_store_could_not_take_is_tried_again_but_not_for_ever(
    store: OrganisationStore, operator: Actor, kind: Any
) -> None:
    def work(run: JobRun) -> Outcome:
        raise OperationalError("select", {}, Exception("gone"))

    job = added(store, operator, kind(work))
    for attempt in range(1, MOST_ATTEMPTS):
        assert perform(store, job)
        assert (read_job(store, operator, job).state, read_job(store, operator, job).attempts) == ("waiting", attempt)
    perform(store, job)
    assert read_job(store, operator, job).state is JobState.FAILED
    assert not perform(store, job)


def test_a_job_whose_worker_died_is_found_once_and_given_up_in_the_end(
    store: OrganisationStore, operator: Actor, kind: Any
) -> None:
    job = added(store, operator, kind(lambda run: {}))
    for _ in range(MOST_ATTEMPTS - 1):
        assert claim(store, job) is not None
        assert sweep(store).again == ()
        silence(store, job)
        assert sweep(store).again == (job,)
        assert sweep(store).again == ()
    assert claim(store, job) is not None
    silence(store, job)
    assert sweep(store).given_up == 1
    view = read_job(store, operator, job)
    assert view.state is JobState.FAILED
    assert view.outcome == {"error": "The work was interrupted too often and was given up.", "attempts": MOST_ATTEMPTS}


def test_a_job_whose_announcement_was_lost_is_found_by_one_of_many_sweepers(
    store: OrganisationStore, operator: Actor, kind: Any
) -> None:
    job = added(store, operator, kind(lambda run: {}))
    silence(store, job)
    found: list[uuid.UUID] = []
    threads = [Thread(target=lambda: found.extend(sweep(store).again)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [job]


def test_a_worker_that_slept_through_its_replacement_changes_nothing(
    store: OrganisationStore, operator: Actor, kind: Any
) -> None:
    job = added(store, operator, kind(lambda run: {"by": "the second"}))
    first = claim(store, job)
    assert first is not None
    silence(store, job)
    sweep(store)
    perform(store, job)
    assert not beat(store, first, 5, 10)
    assert not finish(store, first, JobState.DONE, {"by": "the first"})
    assert read_job(store, operator, job).outcome == {"by": "the second"}


def test_a_cancelled_job_stops_at_its_next_step_and_keeps_what_it_did(
    store: OrganisationStore, operator: Actor, kind: Any
) -> None:
    def work(run: JobRun) -> Outcome:
        run.progress(1, 3)
        with run.writing_file("half.csv") as write:
            write(b"x" * (PART_BYTES + 1))
            cancel_job(store, operator, run.id)
            run.progress(3, 3)
        raise AssertionError("The job went on.")

    job = added(store, operator, kind(work))
    perform(store, job)
    view = read_job(store, operator, job)
    assert (view.state, view.done, view.files) == (JobState.CANCELLED, 1, ())
    with pytest.raises(NotPossible):
        cancel_job(store, operator, job)


def test_a_process_that_ends_gives_its_job_back(store: OrganisationStore, operator: Actor, kind: Any) -> None:
    stopping = Event()

    def work(run: JobRun) -> Outcome:
        stopping.set()
        run.progress(1, 2)
        return {"never": True}

    job = added(store, operator, kind(work))
    perform(store, job, stopping)
    assert read_job(store, operator, job).state is JobState.WAITING
    perform(store, job)
    assert read_job(store, operator, job).outcome == {"never": True}


def test_people_see_their_own_jobs_only(store: OrganisationStore, operator: Actor, kind: Any) -> None:
    sok = Actor(uuid.uuid4(), "Sok", Role.ADMINISTRATOR, "test")
    dara = Actor(uuid.uuid4(), "Dara", Role.SUPERVISOR, "test")
    job = added(store, sok, kind(lambda run: {}))
    assert read_job(store, sok, job).state is JobState.WAITING
    for ask in (read_job, cancel_job):
        with pytest.raises(NotFound):
            ask(store, dara, job)
    with pytest.raises(NotFound):
        read_job_file(store, dara, job, "input.csv")
    assert read_job(store, operator, job).id == job


def test_nothing_is_done_for_somebody_who_was_let_go(store: OrganisationStore, operator: Actor, kind: Any) -> None:
    job = added(store, Actor(uuid.uuid4(), "Sok", Role.SUPERVISOR, "test"), kind(lambda run: {}))
    perform(store, job)
    view = read_job(store, operator, job)
    assert view.state is JobState.FAILED
    assert view.outcome == {"error": "Who asked for this is no longer a member of the organisation."}


def test_a_job_is_only_there_when_its_transaction_is(store: OrganisationStore, operator: Actor, kind: Any) -> None:
    made = kind(lambda run: {})
    with store.engine.connect() as connection:
        job = enqueue(connection, store, operator, made, {})
        connection.rollback()
    with pytest.raises(NotFound):
        read_job(store, operator, job)
    with store.engine.connect() as connection:
        job = enqueue(connection, store, operator, made, {})
        connection.commit()
    assert read_job(store, operator, job).state is JobState.WAITING


def test_files_of_any_length_come_back_whole(store: OrganisationStore) -> None:
    job = uuid.uuid4()
    for size in (1, PART_BYTES, PART_BYTES + 1, 3 * PART_BYTES):
        content = bytes(range(256)) * (size // 256 + 1)
        with store.engine.begin() as connection:
            keep_file(connection, store, job, f"{size}", [content[:size]])
        assert b"".join(read_file(store, job, f"{size}")) == content[:size]


def test_a_file_is_there_when_it_is_whole(store: OrganisationStore, operator: Actor, kind: Any) -> None:
    def work(run: JobRun) -> Outcome:
        for content in (b"x", b"y"):
            with run.writing_file("export.csv") as write:
                write(content * (PART_BYTES + 1))
                seen.append(read_job(store, operator, run.id).files)
        return {}

    seen: list[tuple[str, ...]] = []
    job = added(store, operator, kind(work))
    perform(store, job)
    assert seen == [(), ("export.csv",)]
    assert b"".join(read_job_file(store, operator, job, "export.csv")) == b"y" * (PART_BYTES + 1)


def test_a_worker_that_was_taken_for_dead_does_not_disturb_the_file_of_its_successor(
    store: OrganisationStore, operator: Actor, kind: Any
) -> None:
    def work(run: JobRun) -> Outcome:
        with run.writing_file("export.csv") as write:
            write(b"first" * PART_BYTES if not run.is_again else b"second" * PART_BYTES)
            if not run.is_again:
                silence(store, run.id)
                sweep(store)
                perform(store, run.id)
                write(b"more" * PART_BYTES)
        return {"again": run.is_again}

    job = added(store, operator, kind(work))
    perform(store, job)
    view = read_job(store, operator, job)
    assert (view.state, view.outcome, view.files) == (JobState.DONE, {"again": True}, ("export.csv",))
    assert b"".join(read_job_file(store, operator, job, "export.csv")) == b"second" * PART_BYTES


def test_a_file_that_lost_its_end_is_refused(store: OrganisationStore) -> None:
    job, table = uuid.uuid4(), store.tables.job_file
    with store.engine.begin() as connection:
        keep_file(connection, store, job, "export.csv", [b"x" * (PART_BYTES + 1)])
        connection.execute(delete(table).where(table.c.job == job, table.c.part == 1))
    with pytest.raises(StoreProblem):
        list(read_file(store, job, "export.csv"))


def test_files_go_a_while_after_their_job_has_ended(store: OrganisationStore, operator: Actor, jobs: Jobs) -> None:
    job = jobs.submit(store, operator, *import_submission(operator, "person", b"Name\nSok\n", NAMES))
    wait_for(store, operator, job)
    remove_old_files(store)
    assert read_job(store, operator, job).files
    remove_old_files(store, keep=-60)
    assert read_job(store, operator, job).files == ()


def test_a_thread_takes_up_what_an_earlier_process_left(
    organisations: Organisations, store: OrganisationStore, operator: Actor
) -> None:
    kind, payload, files = import_submission(operator, "person", b"Name\nSok\n", NAMES)
    with store.engine.begin() as connection:
        job = enqueue(connection, store, operator, kind, payload, files)
    later = Jobs(organisations)
    later.start()
    try:
        assert wait_for(store, operator, job).state is JobState.DONE
    finally:
        later.close()
    assert count(store, operator, ListQuery("person", ())) == 1


def test_two_kinds_of_one_name_are_a_mistake_that_shows_at_start() -> None:
    with pytest.raises(ValueError, match="'import'"):
        collect((JobKind("import", lambda run: {}), JobKind("import", lambda run: {})))
