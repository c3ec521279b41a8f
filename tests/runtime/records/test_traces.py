"""After an erasure the database's own files hold nothing of what was erased."""

from __future__ import annotations

import threading
import time
from contextlib import closing
from pathlib import Path

import pytest
from psycopg.errors import DiskFull
from sqlalchemy import Connection, select, text
from sqlalchemy.exc import OperationalError

from amparo.runtime.access import Actor
from amparo.runtime.jobs.queueing import enqueue
from amparo.runtime.jobs.states import JobState, claim, finish
from amparo.runtime.records import erasing, left_traces, service
from amparo.runtime.records.left_traces import overwrite_left_traces
from amparo.runtime.releases.publishing import publish
from amparo.runtime.settings import Settings
from amparo.runtime.stores.engines import without_transactions
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations
from amparo.runtime.transfer.jobs import IMPORT, INPUT
from factories.clinic import clinic_document

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


def _files(organisations: Organisations) -> dict[str, bytes]:
    """Everything the database keeps of this installation, by file."""
    if not organisations.settings.database_url:
        paths = [path for path in organisations.settings.home.rglob("*") if path.is_file()]
        # Read twice: between the first reading of one file and of the next a page may move from the log to the store.
        return {f"{path} {turn}": path.read_bytes() for turn in ("first", "again") for path in paths}
    with without_transactions(organisations.engine).connect() as connection:
        # Files of tables that were written anew are removed by the next checkpoint.
        connection.execute(text("CHECKPOINT"))
        folder = connection.scalar(text("SELECT 'base/' || oid FROM pg_database WHERE datname = current_database()"))
        names = connection.scalars(text("SELECT pg_ls_dir(:folder)"), {"folder": folder}).all()
        read = text("SELECT pg_read_binary_file(:path, true)")
        return {name: bytes(connection.scalar(read, {"path": f"{folder}/{name}"}) or b"") for name in names}


def _found(organisations: Organisations, needles: list[bytes]) -> list[tuple[str, bytes]]:
    files = _files(organisations)
    return [(name, needle) for name, content in files.items() for needle in needles if needle in content]


def test_no_file_holds_erased_values_or_their_key(
    organisations: Organisations, store: OrganisationStore, operator: Actor
) -> None:
    assert _found(organisations, _erase_somebody(store, operator)) == []


def test_traces_of_an_erasure_that_was_stopped_are_overwritten_later(
    organisations: Organisations, store: OrganisationStore, operator: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(erasing, "overwrite_noted", stop)
    person = service.create(store, operator, "person", {"name": NAME, "story": STORY})
    with pytest.raises(KeyboardInterrupt):
        service.erase(store, operator, "person", person.record, "asked for it")
    needles = [NAME.encode(), b"StoryOcelotXyz"]
    assert _found(organisations, needles)
    overwrite_left_traces(store)
    assert _found(organisations, needles)
    overwrite_left_traces(store, after=-1)
    assert _found(organisations, needles) == []
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
    assert _found(organisations, [NAME.encode(), b"StoryOcelotXyz"]) == []
    assert [path for path in store.files.folder.rglob("*") if path.is_file()] == []


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
    assert _found(organisations, _erase_somebody(store, operator, hold_seconds=1)) == []


def test_no_file_holds_what_a_job_held_that_outlived_an_erasure(
    organisations: Organisations, store: OrganisationStore, operator: Actor
) -> None:
    with store.engine.begin() as connection:
        job = enqueue(connection, store, operator, IMPORT, {"object": "person"}, {INPUT: [NAME.encode() * 40]})
    held = claim(store, job)
    assert held is not None
    person = service.create(store, operator, "person", {"name": "Somebody"})
    service.erase(store, operator, "person", person.record, "asked for it")
    with store.reading() as connection:
        sealed = bytes(connection.scalar(select(store.tables.job_file.c.content)) or b"")
    needles = [sealed[:40], sealed[-40:]]
    assert _found(organisations, needles)
    assert finish(store, held, JobState.DONE, {})
    assert _found(organisations, needles) == []


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
