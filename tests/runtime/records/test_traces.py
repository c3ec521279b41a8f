"""After an erasure the database's own files hold nothing of what was erased."""

from __future__ import annotations

import threading
import time
from contextlib import closing
from pathlib import Path

import pytest
from psycopg.errors import DiskFull
from sqlalchemy import Connection, select, text, update
from sqlalchemy.exc import OperationalError

from amparo.runtime.access import Actor
from amparo.runtime.jobs.queueing import cancel_job, enqueue
from amparo.runtime.jobs.states import Claim, JobState, claim, finish
from amparo.runtime.jobs.sweeping import sweep
from amparo.runtime.jobs.working import MOST_ATTEMPTS
from amparo.runtime.records import erasing, left_traces, service, traces
from amparo.runtime.records.left_traces import overwrite_left_traces
from amparo.runtime.releases.publishing import publish
from amparo.runtime.settings import Settings
from amparo.runtime.stores.engines import without_transactions
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations
from amparo.runtime.transfer.jobs import IMPORT, INPUT
from factories.clinic import clinic_document
from factories.traces import found_in_files

#: Needles in several forms: as typed, normalised for search, and long enough to be stored outside their row.
NAME, CODE, TITLE = "ZebraMarmaladeQ", "CodeKumquat5", "VisitPlatypusT"
STORY = "StoryOcelotXyz " * 400
NEEDLES = (NAME, NAME.lower(), CODE, TITLE, "StoryOcelotXyz", "31337.42")


def _erase_somebody(store: OrganisationStore, operator: Actor, *, hold_seconds: float = 0) -> list[bytes]:
    """Erases a person with a visit, in a store with others; gives what must be gone."""
    values = {"name": NAME, "code": CODE, "story": STORY, "debt": "31337.42", "passport": "P-77"}
    person = service.create(store, operator, "person", values)
    service.create(store, operator, "visit", {"title": TITLE, "person": str(person.record)})
    service.update(store, operator, "person", person.record, person.version, {"name": f"{NAME} again"})
    for number in range(50):
        service.create(store, operator, "person", {"name": f"Somebody {number}"})
    record = store.tables.record
    with store.reading() as connection:
        key = connection.scalar(select(record.c.wrapped_key).where(record.c.id == person.record))
    reading = threading.Event()
    reader = threading.Thread(target=_read_slowly, args=(store, reading, hold_seconds))
    reader.start()
    reading.wait()
    assert service.erase(store, operator, "person", person.record, "asked for it").records == 2
    reader.join()
    return [needle.encode() for needle in NEEDLES] + [bytes(key or b"")]


def _read_slowly(store: OrganisationStore, reading: threading.Event, seconds: float) -> None:
    with store.reading() as connection:
        connection.execute(select(store.tables.head)).all()
        reading.set()
        time.sleep(seconds)


def test_no_file_holds_erased_values_or_their_key(
    organisations: Organisations, store: OrganisationStore, operator: Actor
) -> None:
    assert found_in_files(organisations, _erase_somebody(store, operator)) == []


def test_traces_of_an_erasure_that_was_stopped_are_overwritten_later(
    organisations: Organisations, store: OrganisationStore, operator: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(erasing, "overwrite_noted", _stop)
    person = service.create(store, operator, "person", {"name": NAME, "story": STORY})
    with pytest.raises(KeyboardInterrupt):
        service.erase(store, operator, "person", person.record, "asked for it")
    needles = [NAME.encode(), b"StoryOcelotXyz"]
    assert found_in_files(organisations, needles)
    overwrite_left_traces(store)
    assert found_in_files(organisations, needles)
    overwrite_left_traces(store, after=-1)
    assert found_in_files(organisations, needles) == []
    assert [path for path in store.files.folder.rglob("*") if path.is_file()] == []


def test_an_erasure_whose_traces_find_no_room_counts_and_is_finished_later(
    organisations: Organisations, store: OrganisationStore, operator: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def find_no_room(*_: object) -> bool:
        raise OperationalError("VACUUM (FULL)", {}, DiskFull("could not extend file"))

    person = service.create(store, operator, "person", {"name": NAME, "story": STORY})
    with monkeypatch.context() as patch:
        patch.setattr(left_traces, "overwrite_traces", find_no_room)
        assert service.erase(store, operator, "person", person.record, "asked for it").records == 1
        overwrite_left_traces(store, after=-1)
    assert [path for path in store.files.folder.rglob("*") if path.is_file()]
    overwrite_left_traces(store, after=-1)
    assert found_in_files(organisations, [NAME.encode(), b"StoryOcelotXyz"]) == []
    assert [path for path in store.files.folder.rglob("*") if path.is_file()] == []


def test_an_erasure_counts_though_its_connection_dies_while_traces_are_overwritten(
    postgres_url: str, tmp_path: Path, operator: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(connection: Connection, _table: object) -> None:
        connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    with closing(Organisations(Settings(home=tmp_path, database_url=postgres_url))) as organisations:
        store = organisations.create("clinic", "Clinic")
        publish(store, operator, clinic_document())
        person = service.create(store, operator, "person", {"name": NAME, "story": STORY})
        with monkeypatch.context() as patch:
            patch.setattr(traces, "_forget_statistics", die)
            assert service.erase(store, operator, "person", person.record, "asked for it").records == 1
        overwrite_left_traces(store, after=-1)
        assert found_in_files(organisations, [NAME.encode(), b"StoryOcelotXyz"]) == []


@pytest.mark.parametrize("others", [50, 0], ids=["among others", "alone"])
def test_the_statistics_of_postgresql_tell_no_erased_value(
    postgres_url: str, tmp_path: Path, operator: Actor, others: int
) -> None:
    """Whoever asks for them, or dumps them, reads names there."""
    with closing(Organisations(Settings(home=tmp_path, database_url=postgres_url))) as organisations:
        store = organisations.create("clinic", "Clinic")
        publish(store, operator, clinic_document())
        person = service.create(store, operator, "person", {"name": NAME, "code": CODE, "story": "StoryOcelotXyz"})
        for title in (TITLE, f"{TITLE} again"):
            service.create(store, operator, "visit", {"title": title, "person": str(person.record)})
        for number in range(others):
            service.create(store, operator, "person", {"name": f"Somebody {number}"})
        with without_transactions(store.engine).connect() as connection:
            connection.execute(text("ANALYZE"))
            assert TITLE in _known_values(connection)
            service.erase(store, operator, "person", person.record, "asked for it")
            told = " ".join(_known_values(connection))
            assert [needle for needle in NEEDLES if needle in told] == []
        # The tables are as they were made.
        assert service.create(store, operator, "person", {"name": NAME, "code": CODE}).version > person.version


def _known_values(connection: Connection) -> set[str]:
    columns = "most_common_vals::text::text[] || histogram_bounds::text::text[] || most_common_elems::text::text[]"
    return set(connection.scalars(text(f"SELECT unnest({columns}) FROM pg_stats")))


def test_an_erasure_waits_for_those_who_still_see_what_was_there(
    organisations: Organisations, store: OrganisationStore, operator: Actor
) -> None:
    assert found_in_files(organisations, _erase_somebody(store, operator, hold_seconds=1)) == []


def test_no_file_holds_what_a_job_held_that_outlived_an_erasure(
    organisations: Organisations, store: OrganisationStore, operator: Actor
) -> None:
    held, needles = _job_that_outlives_an_erasure(store, operator)
    assert found_in_files(organisations, needles)
    assert finish(store, held, JobState.DONE, {})
    assert found_in_files(organisations, needles) == []


def _job_that_outlives_an_erasure(store: OrganisationStore, operator: Actor) -> tuple[Claim, list[bytes]]:
    """And what of its file must be gone when it has ended."""
    with store.engine.begin() as connection:
        job = enqueue(connection, store, operator, IMPORT, {"object": "person"}, {INPUT: [NAME.encode() * 40]})
    held = claim(store, job)
    assert held is not None
    person = service.create(store, operator, "person", {"name": "Somebody"})
    service.erase(store, operator, "person", person.record, "asked for it")
    with store.reading() as connection:
        sealed = bytes(connection.scalar(select(store.tables.job_file.c.content)) or b"")
    return held, [sealed[:40], sealed[-40:]]


@pytest.mark.parametrize("way", ["ended", "cancelled", "given up"])
def test_what_a_job_held_is_overwritten_later_where_its_end_was_stopped(
    organisations: Organisations, store: OrganisationStore, operator: Actor, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    """Right after the commit that took it away: no later end of a job would find anything to do."""
    held, needles = _job_that_outlives_an_erasure(store, operator)
    with monkeypatch.context() as patch:
        patch.setattr(traces, "_patiently", _stop)
        with pytest.raises(KeyboardInterrupt):
            _end(store, operator, held, way)
    assert found_in_files(organisations, needles)
    overwrite_left_traces(store, after=-1)
    assert found_in_files(organisations, needles) == []


def _stop(*_: object) -> None:
    raise KeyboardInterrupt


def _end(store: OrganisationStore, operator: Actor, held: Claim, way: str) -> None:
    if way == "ended":
        finish(store, held, JobState.DONE, {})
    elif way == "cancelled":
        cancel_job(store, operator, held.job)
    else:
        with store.engine.begin() as connection:
            connection.execute(update(store.tables.job).values(attempts=MOST_ATTEMPTS))
        sweep(store, lost_after=-1)


def test_others_save_while_an_erasure_waits(store: OrganisationStore, operator: Actor) -> None:
    person = service.create(store, operator, "person", {"name": NAME})
    eraser = threading.Thread(target=service.erase, args=(store, operator, "person", person.record, "asked for it"))
    with store.reading() as connection:
        connection.execute(select(store.tables.head)).all()
        eraser.start()
        # Time to come to where it waits; on a slow machine the save below only meets it earlier.
        eraser.join(0.5)
        # Who had to wait for the erasure, which waits for this very reader, would not come back.
        service.create(store, operator, "person", {"name": "Somebody"})
        assert eraser.is_alive()
    eraser.join()
    assert not eraser.is_alive()
