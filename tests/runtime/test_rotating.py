"""Keys are replaced while people work, and everything opens as before."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select

from amparo.metadata.model import FilterRow
from amparo.runtime import rotating
from amparo.runtime.access import Actor, Role
from amparo.runtime.backups.making import back_up
from amparo.runtime.backups.restoring import restore
from amparo.runtime.errors import InvalidAnswers, NotFound, NotPermitted
from amparo.runtime.jobs.files import keep_file, read_file
from amparo.runtime.keys import KeyProblem, OrganisationKeys, RecordKey
from amparo.runtime.ledger.verifying import verify
from amparo.runtime.planner.lists import count
from amparo.runtime.planner.queries import ListQuery
from amparo.runtime.planner.records import read_record
from amparo.runtime.projections.comparing import check_projections
from amparo.runtime.records import service, traces
from amparo.runtime.records.left_traces import overwrite_left_traces
from amparo.runtime.rotating import rotate_file_key, rotate_organisation_key
from amparo.runtime.settings import Settings
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations
from factories.traces import found_in_files

PEOPLE = 7


@pytest.fixture
def organisations(database: str | None, tmp_path: Path) -> Iterator[Organisations]:
    """An installation of each test's own: a new file key has something to wrap of every organisation there is."""
    opened = Organisations(Settings(home=tmp_path / "home", database_url=database))
    opened.migrate()
    yield opened
    opened.close()


@pytest.fixture
def people(store: OrganisationStore, operator: Actor) -> list[uuid.UUID]:
    return [add_person(store, operator, number) for number in range(PEOPLE)]


def add_person(store: OrganisationStore, actor: Actor, number: int) -> uuid.UUID:
    return service.create(store, actor, "person", {"name": f"A{number}", "passport": f"N {number}"}).record


def passport(store: OrganisationStore, actor: Actor, person: uuid.UUID) -> Any:
    return read_record(store, actor, "person", person).answers["passport"]


def wrapping(store: OrganisationStore) -> set[int]:
    """The numbers of the keys that wrap the records there are."""
    record = store.tables.record
    with store.reading() as connection:
        return {bytes(each)[0] for each in connection.scalars(select(record.c.wrapped_key)) if each is not None}


def kept_keys(store: OrganisationStore) -> set[int]:
    with store.reading() as connection:
        return set(connection.scalars(select(store.tables.key.c.number)))


def assert_all_is_well(store: OrganisationStore, actor: Actor, people: list[uuid.UUID]) -> None:
    """Values open, are found and are unique; ledger and projection are right."""
    for number, person in enumerate(people):
        assert passport(store, actor, person) == f"N {number}"
        asked = (FilterRow("passport", "equals", f"N {number}"),)
        assert count(store, actor, ListQuery("person", ("name",), asked)) == 1
    with pytest.raises(InvalidAnswers, match="passport"):
        add_person(store, actor, 0)
    assert verify(store).broken is None
    assert check_projections(store).differences == 0


@pytest.mark.every_database
def test_a_rotation_wraps_every_record_anew_and_changes_no_answer(
    organisations: Organisations, store: OrganisationStore, operator: Actor, people: list[uuid.UUID]
) -> None:
    rotated = rotate_organisation_key(organisations, operator, store.slug)
    assert (rotated.key, rotated.records, rotated.was_resumed) == (2, PEOPLE, False)
    assert wrapping(store) == {2}
    assert_all_is_well(store, operator, people)
    again = Organisations(organisations.settings)
    assert_all_is_well(again.open(store.slug), operator, people)
    again.close()


def test_a_process_that_knows_only_the_old_key_reads_and_saves_on(
    organisations: Organisations, store: OrganisationStore, operator: Actor, people: list[uuid.UUID]
) -> None:
    other = Organisations(organisations.settings)
    stale, writing = other.open(store.slug), Organisations(organisations.settings)
    saving = writing.open(store.slug)
    rotate_organisation_key(organisations, operator, store.slug)
    assert stale.keys.current == saving.keys.current == 1
    assert passport(stale, operator, people[0]) == "N 0"
    new = add_person(saving, operator, PEOPLE)
    assert wrapping(store) == {2}
    assert passport(store, operator, new) == f"N {PEOPLE}"
    assert stale.keys.current == saving.keys.current == 2
    other.close()
    writing.close()


def test_people_save_while_keys_are_rotated(
    organisations: Organisations, store: OrganisationStore, operator: Actor, people: list[uuid.UUID]
) -> None:
    other = Organisations(organisations.settings)
    stopping, failed = threading.Event(), []

    def work() -> None:
        number = PEOPLE
        saving = other.open(store.slug)
        while not stopping.is_set():
            try:
                people.append(add_person(saving, operator, number))
            except Exception as error:  # noqa: BLE001 - whatever goes wrong is what the test looks for.
                failed.append(error)
            number += 1
            # Who asks again at once takes SQLite's lock before anybody who waits for it wakes up.
            stopping.wait(0.02)

    worker = threading.Thread(target=work)
    worker.start()
    rotated = [rotate_organisation_key(organisations, operator, store.slug).key for _ in range(3)]
    stopping.set()
    worker.join()
    other.close()
    assert failed == []
    assert rotated == [2, 3, 4]
    assert wrapping(store) == {4}
    assert_all_is_well(store, operator, people)


def test_an_interrupted_rotation_is_finished_without_another_key(
    organisations: Organisations,
    store: OrganisationStore,
    operator: Actor,
    people: list[uuid.UUID],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def be_interrupted(_done: int) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(rotating, "_CHUNK", 2)
        with pytest.raises(KeyboardInterrupt):
            rotate_organisation_key(organisations, operator, store.slug, be_interrupted)
    assert wrapping(store) == {1, 2}
    assert_all_is_well(store, operator, people)
    rotated = rotate_organisation_key(organisations, operator, store.slug)
    assert (rotated.key, rotated.records, rotated.was_resumed) == (2, PEOPLE - 2, True)
    assert wrapping(store) == {2}


def wrapped_record_keys(store: OrganisationStore) -> list[bytes]:
    record = store.tables.record
    with store.reading() as connection:
        return [bytes(each) for each in connection.scalars(select(record.c.wrapped_key)) if each is not None]


def test_what_the_old_key_wrapped_is_overwritten_later_where_a_rotation_was_stopped_at_its_end(
    organisations: Organisations,
    store: OrganisationStore,
    operator: Actor,
    people: list[uuid.UUID],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nothing is left to wrap anew then, so no later rotation would finish it."""
    before = wrapped_record_keys(store)

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(traces, "_patiently", stop)
        with pytest.raises(KeyboardInterrupt):
            rotate_organisation_key(organisations, operator, store.slug)
    assert wrapping(store) == {2}
    assert found_in_files(organisations, before)
    overwrite_left_traces(store, after=-1)
    assert found_in_files(organisations, before) == []


def test_an_erasure_in_the_middle_of_a_rotation_stays_one(
    organisations: Organisations,
    store: OrganisationStore,
    operator: Actor,
    people: list[uuid.UUID],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The record was read before it was erased: its key must not be written back."""
    original = OrganisationKeys.rewrap
    erased: list[uuid.UUID] = []

    def erase_first(self: OrganisationKeys, key: RecordKey) -> RecordKey:
        if not erased:
            erased.append(key.record)
            service.erase(store, operator, "person", key.record, "asked for it")
        return original(self, key)

    monkeypatch.setattr(OrganisationKeys, "rewrap", erase_first)
    assert rotate_organisation_key(organisations, operator, store.slug).records == PEOPLE - 1
    record = store.tables.record
    with store.reading() as connection:
        assert connection.scalar(select(record.c.wrapped_key).where(record.c.id == erased[0])) is None
    assert verify(store).broken is None


def test_an_old_key_goes_with_the_rotation_after_nothing_needs_it(
    organisations: Organisations, store: OrganisationStore, operator: Actor, people: list[uuid.UUID]
) -> None:
    job = uuid.uuid4()
    with store.engine.begin() as connection:
        keep_file(connection, store, job, "input.csv", [b"Name"])
    rotate_organisation_key(organisations, operator, store.slug)
    assert kept_keys(store) == {0, 1, 2}
    rotate_organisation_key(organisations, operator, store.slug)
    assert kept_keys(store) == {0, 1, 2, 3}
    assert b"".join(read_file(store, job, "input.csv")) == b"Name"
    with store.engine.begin() as connection:
        connection.execute(delete(store.tables.job_file))
    rotate_organisation_key(organisations, operator, store.slug)
    assert kept_keys(store) == {0, 3, 4}
    assert_all_is_well(store, operator, people)


def test_a_backup_carries_every_key(
    organisations: Organisations, store: OrganisationStore, operator: Actor, people: list[uuid.UUID], tmp_path: Path
) -> None:
    rotate_organisation_key(organisations, operator, store.slug)
    path = back_up(organisations, store.slug, tmp_path / "a.backup", "four words of rain").path
    other = Organisations(Settings(home=tmp_path / "other"))
    restore(other, path, "four words of rain")
    copy = other.open(store.slug)
    assert_all_is_well(copy, operator, people)
    assert rotate_organisation_key(other, operator, store.slug).key == 3
    assert_all_is_well(copy, operator, people)
    other.close()


def test_only_who_may_rotate_rotates(organisations: Organisations, store: OrganisationStore) -> None:
    with pytest.raises(NotPermitted):
        rotate_organisation_key(organisations, Actor(None, "somebody", Role.SUPERVISOR, "page"), store.slug)


def test_a_new_file_key_opens_everything_and_the_old_one_nothing(
    organisations: Organisations, store: OrganisationStore, operator: Actor, people: list[uuid.UUID]
) -> None:
    path = organisations.settings.home / "keys" / "file.key"
    before = path.read_bytes()
    running = Organisations(organisations.settings)
    old = rotate_file_key(organisations)
    assert path.read_bytes() != before
    assert old.read_bytes() == before
    assert old.stat().st_mode & 0o077 == 0
    # A process that began before the rotation opens a store that it had not opened yet.
    assert_all_is_well(running.open(store.slug), operator, people)
    running.close()
    stolen = Organisations(replace(organisations.settings, file_key=old))
    with pytest.raises(KeyProblem):
        stolen.open(store.slug)
    stolen.close()
    old.unlink()
    fresh = Organisations(organisations.settings)
    assert_all_is_well(fresh.open(store.slug), operator, people)
    fresh.close()


def test_no_file_holds_what_the_old_file_key_opens(
    organisations: Organisations, store: OrganisationStore, people: list[uuid.UUID]
) -> None:
    """Somebody who has that key, and the disk of later, opens nothing."""
    with store.reading() as connection:
        before = [bytes(each) for each in connection.scalars(select(store.tables.key.c.wrapped))]
    password = organisations.find(store.slug).sealed_password
    rotate_file_key(organisations)
    assert found_in_files(organisations, [*before, *([password] if password else [])]) == []


def test_an_interrupted_rotation_of_the_file_key_hinders_nobody_and_is_finished(
    organisations: Organisations,
    store: OrganisationStore,
    operator: Actor,
    people: list[uuid.UUID],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    running = Organisations(organisations.settings)
    second = running.create(f"second-{uuid.uuid4().hex[:8]}", "Second").slug
    original = organisations.wrap_anew
    done: list[str] = []

    def be_interrupted(organisation: Any) -> None:
        if done:
            raise KeyboardInterrupt
        done.append(organisation.slug)
        original(organisation)

    with monkeypatch.context() as patch:
        patch.setattr(organisations, "wrap_anew", be_interrupted)
        with pytest.raises(KeyboardInterrupt):
            rotate_file_key(organisations)
    for each in (running, Organisations(organisations.settings)):
        assert_all_is_well(each.open(store.slug), operator, people)
        each.open(second)
        each.open(done[0])
        each.close()
    rotate_file_key(organisations)
    assert not (organisations.settings.home / "keys" / "file.key.next").exists()
    fresh = Organisations(organisations.settings)
    assert_all_is_well(fresh.open(store.slug), operator, people)
    for organisation in fresh.list():
        fresh.open(organisation.slug)
    fresh.close()


def test_an_organisation_that_is_not_there_is_not_rotated(organisations: Organisations, operator: Actor) -> None:
    with pytest.raises(NotFound):
        rotate_organisation_key(organisations, operator, "nowhere")
