"""What interruptions, erasures and broken disks do to files of records."""

from __future__ import annotations

import io
import os
import threading
import uuid

import pytest
from sqlalchemy import event

from amparo.metadata.fields.base import Rejected
from amparo.runtime.access import Actor
from amparo.runtime.errors import Conflict, InvalidAnswers
from amparo.runtime.files.checking import check_files
from amparo.runtime.files.contents import ContentProblem
from amparo.runtime.files.settling import sweep_files
from amparo.runtime.files.staging import MOST_WAITING, Place, find_upload, stage
from amparo.runtime.records import service
from amparo.runtime.releases.publishing import publish
from amparo.runtime.stores.organisation import OrganisationStore
from factories import files
from factories.archive import FIELDS, age, archive_document, member, read, send
from factories.clinic import with_field


def test_the_content_is_on_the_disk_before_the_save_is_committed(store: OrganisationStore, worker: Actor) -> None:
    reference = send(store, worker)
    record, seen = uuid.uuid4(), []
    event.listen(store.engine, "commit", lambda _: seen.append(store.files.content(record, reference.id).exists()))
    service.create(store, worker, "person", {"name": "Sokha", "paper": reference}, record=record)
    assert seen
    assert all(seen)


def test_what_nobody_saved_is_gone_after_a_day_and_what_was_saved_stays(
    store: OrganisationStore, worker: Actor
) -> None:
    kept, left = send(store, worker), send(store, worker, files.jpeg(), "a.jpg")
    saved = service.create(store, worker, "person", {"name": "Sokha", "paper": kept})
    sweep_files(store)
    assert find_upload(store, worker, left.id) is not None
    age(store.files.folder)
    sweep_files(store)
    assert find_upload(store, worker, left.id) is None
    assert read(store, worker, saved.record, "paper", kept.id) == files.PDF
    assert len(files.files_below(store.files.folder)) == 1


def test_what_a_save_that_failed_left_behind_is_found_and_removed(store: OrganisationStore, worker: Actor) -> None:
    saved = service.create(store, worker, "person", {"name": "Sokha", "paper": send(store, worker)})
    service.update(store, worker, "person", saved.record, saved.version, {"name": "Sokha Chan"})
    late = send(store, worker, record=saved.record)
    with pytest.raises(Conflict):
        service.update(store, worker, "person", saved.record, saved.version, {"paper": late})
    new = send(store, worker)
    with pytest.raises(InvalidAnswers):
        service.create(store, worker, "person", {"name": "X", "paper": new, "friend": str(uuid.uuid4())})
    assert len(files.files_below(store.files.folder / "records")) == 3
    sweep_files(store)
    assert len(files.files_below(store.files.folder / "records")) == 3
    age(store.files.folder)
    sweep_files(store)
    assert len(files.files_below(store.files.folder / "records")) == 1
    assert not store.files.settling()
    assert not check_files(store).faults


def test_erasing_a_record_removes_its_files_and_those_of_its_details(store: OrganisationStore, operator: Actor) -> None:
    publish(store, operator, with_field(archive_document(), "visit", {**FIELDS[0], "id": "visit.paper"}))
    person = service.create(store, operator, "person", {"name": "Sokha", "paper": send(store, operator)})
    definition = store.newest_release().object("visit").definition.by_name["paper"]
    note = stage(store, operator, definition, Place(definition.id, None), "a.pdf", io.BytesIO(files.PDF))
    service.create(store, operator, "visit", {"title": "First", "person": str(person.record), "paper": note})
    other = service.create(store, operator, "person", {"name": "Other", "paper": send(store, operator)})
    send(store, operator, record=person.record)
    service.erase(store, operator, "person", person.record, "asked for it")
    kept = files.files_below(store.files.folder)
    assert [path.parent for path in kept] == [store.files.of_record(other.record)]
    assert check_files(store).files == 1


def test_deleting_a_record_keeps_its_files(store: OrganisationStore, worker: Actor) -> None:
    paper = send(store, worker)
    saved = service.create(store, worker, "person", {"name": "Sokha", "paper": paper})
    service.delete(store, worker, "person", saved.record)
    assert read(store, worker, saved.record, "paper", paper.id) == files.PDF
    assert check_files(store).files == 1


def test_a_missing_and_a_damaged_content_are_found_and_never_shown(store: OrganisationStore, worker: Actor) -> None:
    papers = [send(store, worker, files.PDF + bytes(600_000)) for _ in range(4)]
    saved = [service.create(store, worker, "person", {"name": "Sokha", "paper": paper}).record for paper in papers]
    paths = [store.files.content(record, paper.id) for record, paper in zip(saved, papers, strict=True)]
    paths[0].unlink()
    content = bytearray(paths[1].read_bytes())
    content[300_000] ^= 1
    paths[1].write_bytes(content)
    paths[2].write_bytes(paths[3].read_bytes())
    found = check_files(store)
    assert (found.files, found.faults) == (4, 3)
    assert {(fault.record, fault.what) for fault in found.named} == {
        (saved[0], "missing"),
        (saved[1], "damaged"),
        (saved[2], "damaged"),
    }
    for record, paper in list(zip(saved, papers, strict=True))[:3]:
        with pytest.raises(ContentProblem):
            read(store, worker, record, "paper", paper.id)


def test_one_person_cannot_fill_the_disk_with_what_is_never_saved(store: OrganisationStore, worker: Actor) -> None:
    for _ in range(MOST_WAITING):
        send(store, worker)
    with pytest.raises(Rejected) as caught:
        send(store, worker)
    assert caught.value.kind == "too_many_uploads"


def test_people_who_save_files_at_once_do_not_disturb_each_other(store: OrganisationStore) -> None:
    failures: list[BaseException] = []
    actors = [member(store) for _ in range(4)]

    def work(number: int) -> None:
        actor = actors[number]
        try:
            for turn in range(5):
                content = files.PDF + os.urandom(300_000)
                reference = send(store, actor, content)
                saved = service.create(store, actor, "person", {"name": f"{number} {turn}", "paper": reference})
                assert read(store, actor, saved.record, "paper", reference.id) == content
        except BaseException as error:  # noqa: BLE001 - told after the threads have ended.
            failures.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert (check_files(store).files, check_files(store).faults) == (20, 0)
