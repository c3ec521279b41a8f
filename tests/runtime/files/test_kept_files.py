"""Files of records: sent, saved, read, backed up and erased, on both databases."""

from __future__ import annotations

import io
import os
import threading
import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, insert

from amparo.metadata.fields.base import Rejected
from amparo.metadata.file_references import FileReference
from amparo.metadata.model import FieldDefinition, FilterRow, Sort
from amparo.runtime.access import Actor, Role
from amparo.runtime.errors import Conflict, InvalidAnswers, NotFound, NotPermitted, RequestReused
from amparo.runtime.files.areas import Part
from amparo.runtime.files.arriving import ArrivingFile
from amparo.runtime.files.checking import check_files
from amparo.runtime.files.contents import ContentProblem
from amparo.runtime.files.settling import sweep_files
from amparo.runtime.files.staging import MOST_WAITING, Place, find_upload, stage, stage_typed
from amparo.runtime.planner.files import find_file
from amparo.runtime.planner.lists import short_list
from amparo.runtime.planner.queries import ListQuery
from amparo.runtime.planner.records import read_record, record_history
from amparo.runtime.projections.comparing import check_projections
from amparo.runtime.records import service
from amparo.runtime.releases.publishing import publish
from amparo.runtime.serializer import display, export_text, json_form
from amparo.runtime.stores.organisation import OrganisationStore
from factories import files
from factories.clinic import clinic_document, with_field

FIELDS: tuple[dict[str, Any], ...] = (
    {"id": "person.paper", "name": "paper", "type": "file", "label": "Paper", "missing_reasons": ["refused"]},
    {"id": "person.photo", "name": "photo", "type": "image", "label": "Photo"},
    {"id": "person.signature", "name": "signature", "type": "signature", "label": "Signature"},
    {"id": "person.secret", "name": "secret", "type": "file", "label": "Secret", "sensitive": True},
)


@pytest.fixture
def store(empty_store: OrganisationStore, operator: Actor) -> OrganisationStore:
    """The clinic, whose people have files."""
    document = clinic_document()
    for each in FIELDS:
        document = with_field(document, "person", each)
    publish(empty_store, operator, document)
    return empty_store


def member(store: OrganisationStore, role: Role = Role.CASEWORKER) -> Actor:
    identifier = uuid.uuid4()
    row = {"id": identifier, "login": identifier.hex, "name": "Dara", "role": role.value, "active": True}
    with store.engine.begin() as connection:
        connection.execute(insert(store.tables.member), row)
    return Actor(identifier, "Dara", role, "page")


@pytest.fixture
def worker(store: OrganisationStore) -> Actor:
    return member(store)


@pytest.fixture
def reader(store: OrganisationStore) -> Actor:
    return member(store, Role.READER)


def definition_of(store: OrganisationStore, name: str) -> FieldDefinition:
    return store.newest_release().object("person").definition.by_name[name]


def send(
    store: OrganisationStore,
    actor: Actor,
    content: bytes = files.PDF,
    name: str = "letter.pdf",
    field: str = "paper",
    record: uuid.UUID | None = None,
) -> FileReference:
    definition = definition_of(store, field)
    return stage(store, actor, definition, Place(definition.id, record), name, io.BytesIO(content))


def read(store: OrganisationStore, actor: Actor, record: uuid.UUID, field: str, file: uuid.UUID) -> bytes:
    return b"".join(find_file(store, actor, "person", record, field, file).read())


def everything_on_disk(store: OrganisationStore) -> bytes:
    return b"".join(path.read_bytes() for path in files.files_below(store.files.folder))


def test_a_file_is_sent_saved_and_read(store: OrganisationStore, worker: Actor) -> None:
    content = files.PDF + os.urandom(700_000)
    reference = send(store, worker, content, "សំបុត្រ.pdf")
    saved = service.create(store, worker, "person", {"name": "Sokha", "paper": reference})
    answer = read_record(store, worker, "person", saved.record).answers["paper"]
    assert answer == reference
    assert (reference.name, reference.type, reference.size) == ("សំបុត្រ.pdf", "application/pdf", len(content))
    assert read(store, worker, saved.record, "paper", reference.id) == content
    assert find_upload(store, worker, reference.id) is None
    assert not store.files.settling()
    assert not check_projections(store).differences
    assert check_files(store).files == 1


def test_the_canonical_text_is_as_good_as_the_reference(store: OrganisationStore, worker: Actor) -> None:
    reference = send(store, worker)
    saved = service.create(store, worker, "person", {"name": "Sokha", "paper": reference.text})
    assert read_record(store, worker, "person", saved.record).answers["paper"] == reference


def test_nothing_on_the_disk_tells_what_a_file_holds_or_is_called(store: OrganisationStore, worker: Actor) -> None:
    waiting = send(store, worker, files.PDF + b"a secret word" * 50_000, "sokha-letter.pdf")
    kept = send(store, worker, files.PDF + b"a secret word", "sokha-other.pdf")
    service.create(store, worker, "person", {"name": "Sokha", "paper": kept})
    names = " ".join(str(path.relative_to(store.files.folder)) for path in files.files_below(store.files.folder))
    for told in (b"secret", b"sokha", b"%PDF", waiting.hash.encode()):
        assert told not in everything_on_disk(store)
        assert told.decode() not in names
    modes = {path.stat().st_mode & 0o777 for path in files.files_below(store.files.folder)}
    assert modes == {0o600}


def test_a_picture_loses_its_metadata_and_is_drawn_small(store: OrganisationStore, worker: Actor) -> None:
    reference = send(store, worker, files.jpeg((900, 600)), "photo.jpg", "photo")
    saved = service.create(store, worker, "person", {"name": "Sokha", "photo": reference})
    kept = read(store, worker, saved.record, "photo", reference.id)
    small = b"".join(find_file(store, worker, "person", saved.record, "photo", reference.id, Part.SMALL).read())
    assert files.opened(kept).size == (900, 600)
    assert max(files.opened(small).size) == 480
    assert files.PLACE not in kept + small


def test_a_picture_in_a_field_for_files_stays_as_it_came(store: OrganisationStore, worker: Actor) -> None:
    content = files.jpeg()
    reference = send(store, worker, content, "photo.jpg")
    saved = service.create(store, worker, "person", {"name": "Sokha", "paper": reference})
    assert read(store, worker, saved.record, "paper", reference.id) == content
    small = b"".join(find_file(store, worker, "person", saved.record, "paper", reference.id, Part.SMALL).read())
    assert files.PLACE not in small


@pytest.mark.parametrize(
    ("field", "name", "content", "kind"),
    [
        ("paper", "a.exe", b"MZ" + bytes(100), "not_a_kind"),
        ("paper", "a.html", b"<html>", "not_a_kind"),
        ("paper", "a.pdf", b"", "empty_file"),
        ("paper", "a.pdf", files.PDF + bytes(20 * 1024 * 1024), "too_large"),
        ("photo", "a.pdf", files.PDF, "not_a_kind"),
        ("photo", "a.heic", files.heic(), "not_a_kind"),
        ("photo", "a.jpg", files.jpeg()[:300], "broken_picture"),
        ("signature", "a.txt", b"Sokha", "not_a_kind"),
        ("signature", "a.gif", files.gif(), "not_a_kind"),
    ],
)
def test_what_a_field_does_not_take_is_refused_and_leaves_nothing(
    store: OrganisationStore, worker: Actor, field: str, name: str, content: bytes, kind: str
) -> None:
    with pytest.raises(Rejected) as caught:
        send(store, worker, content, name, field)
    assert caught.value.kind == kind
    assert not files.files_below(store.files.folder)


def test_a_typed_signature_is_kept_as_the_text_it_is(store: OrganisationStore, worker: Actor) -> None:
    definition = definition_of(store, "signature")
    reference = stage_typed(store, worker, definition, Place(definition.id, None), " ស្រី  មុំ\u202e ")
    saved = service.create(store, worker, "person", {"name": "Sokha", "signature": reference})
    assert (reference.name, reference.type) == ("ស្រី មុំ", "text/plain")
    assert read(store, worker, saved.record, "signature", reference.id).decode() == "ស្រី មុំ"
    with pytest.raises(Rejected):
        stage_typed(store, worker, definition, Place(definition.id, None), "  ")


def test_nobody_saves_what_somebody_else_sent_or_what_was_sent_for_something_else(
    store: OrganisationStore, worker: Actor
) -> None:
    mine = send(store, worker)
    other = member(store)
    saved = service.create(store, worker, "person", {"name": "Sokha"})
    for_record = send(store, worker, record=saved.record)
    attempts: list[tuple[Actor, dict[str, Any]]] = [
        (other, {"paper": mine}),
        (worker, {"paper": replace(mine, name="another.pdf")}),
        (worker, {"paper": replace(mine, size=mine.size + 1)}),
        (worker, {"paper": replace(mine, id=uuid.uuid4())}),
        (worker, {"secret": mine}),
        (worker, {"paper": for_record}),
    ]
    for actor, values in attempts:
        with pytest.raises(InvalidAnswers) as caught:
            service.create(store, actor, "person", {"name": "Another", **values})
        assert [problem.kind for problem in caught.value.problems] == ["upload_gone"]
    with pytest.raises(InvalidAnswers):
        service.update(store, worker, "person", saved.record, saved.version, {"paper": mine})
    assert service.update(store, worker, "person", saved.record, saved.version, {"paper": for_record}).changed


def test_a_file_of_one_field_cannot_be_brought_into_another(
    store: OrganisationStore, worker: Actor, reader: Actor
) -> None:
    secret = send(store, worker, field="secret")
    saved = service.create(store, worker, "person", {"name": "Sokha", "secret": secret})
    with pytest.raises(InvalidAnswers):
        service.update(store, worker, "person", saved.record, saved.version, {"paper": secret})
    with pytest.raises(NotFound):
        read(store, reader, saved.record, "paper", secret.id)


def test_a_file_is_read_only_by_who_may_read_its_answer(store: OrganisationStore, worker: Actor, reader: Actor) -> None:
    paper, secret = send(store, worker), send(store, worker, field="secret")
    saved = service.create(store, worker, "person", {"name": "Sokha", "paper": paper, "secret": secret})
    other = service.create(store, worker, "person", {"name": "Other"})
    assert read(store, reader, saved.record, "paper", paper.id) == files.PDF
    assert read(store, worker, saved.record, "secret", secret.id) == files.PDF
    assert "secret" not in read_record(store, reader, "person", saved.record).answers
    for record, field, file in (
        (saved.record, "secret", secret.id),
        (saved.record, "paper", secret.id),
        (other.record, "paper", paper.id),
        (saved.record, "paper", uuid.uuid4()),
        (saved.record, "name", paper.id),
        (saved.record, "nothing", paper.id),
        (uuid.uuid4(), "paper", paper.id),
    ):
        with pytest.raises(NotFound):
            read(store, reader, record, field, file)
    with pytest.raises(NotPermitted):
        send(store, reader)


def test_what_was_before_can_be_read_and_brought_back(store: OrganisationStore, worker: Actor) -> None:
    first = send(store, worker, files.PDF + b"1")
    saved = service.create(store, worker, "person", {"name": "Sokha", "paper": first})
    instant = read_record(store, worker, "person", saved.record).updated_at
    second = send(store, worker, files.PDF + b"2", record=saved.record)
    changed = service.update(store, worker, "person", saved.record, saved.version, {"paper": second})
    emptied = service.update(store, worker, "person", saved.record, changed.version, {"paper": {"missing": "refused"}})
    past = read_record(store, worker, "person", saved.record, instant)
    assert past.answers["paper"] == first
    assert read(store, worker, saved.record, "paper", first.id) == files.PDF + b"1"
    told = [change for entry in record_history(store, worker, "person", saved.record) for change in entry.changes]
    assert [change.new for change in told if change.field == "paper"][1:] == [second, first]
    again = service.update(store, worker, "person", saved.record, emptied.version, {"paper": first})
    assert again.changed == ("paper",)
    assert read_record(store, worker, "person", saved.record).answers["paper"] == first
    assert check_files(store).files == 2


def test_two_people_who_change_one_file_are_told_and_nothing_is_lost(store: OrganisationStore, worker: Actor) -> None:
    saved = service.create(store, worker, "person", {"name": "Sokha", "paper": send(store, worker)})
    theirs, mine = (send(store, worker, files.PDF + word, record=saved.record) for word in (b"a", b"b"))
    service.update(store, worker, "person", saved.record, saved.version, {"paper": theirs})
    with pytest.raises(Conflict) as caught:
        service.update(store, worker, "person", saved.record, saved.version, {"paper": mine}, merge=True)
    assert caught.value.fields[0].mine == mine
    kept = service.update(store, worker, "person", saved.record, caught.value.current_version, {"paper": mine})
    assert read(store, worker, saved.record, "paper", mine.id) == files.PDF + b"b"
    assert kept.changed == ("paper",)


def test_a_form_that_is_sent_twice_is_saved_once(store: OrganisationStore, worker: Actor) -> None:
    values = [{"name": "Sokha", "paper": send(store, worker)} for _ in range(2)]
    first = service.create(store, worker, "person", values[0], request_key="k")
    assert service.create(store, worker, "person", values[0], request_key="k") == first
    assert service.create(store, worker, "person", values[1], request_key="k") == first
    other = send(store, worker, files.PDF + b"other")
    with pytest.raises(RequestReused):
        service.create(store, worker, "person", {"name": "Sokha", "paper": other}, request_key="k")


def test_the_content_is_on_the_disk_before_the_save_is_committed(store: OrganisationStore, worker: Actor) -> None:
    reference = send(store, worker)
    record, seen = uuid.uuid4(), []
    event.listen(store.engine, "commit", lambda _: seen.append(store.files.content(record, reference.id).exists()))
    service.create(store, worker, "person", {"name": "Sokha", "paper": reference}, record=record)
    assert seen
    assert all(seen)


def age(folder: Path) -> None:
    """As if two days had gone by."""
    for path in files.files_below(folder):
        os.utime(path, (path.stat().st_mtime - 2 * 86_400,) * 2)


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
    publish(store, operator, with_field(with_fields(), "visit", {**FIELDS[0], "id": "visit.paper"}))
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


def with_fields() -> dict[str, Any]:
    document = clinic_document()
    for each in FIELDS:
        document = with_field(document, "person", each)
    return document


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


def names(store: OrganisationStore, actor: Actor, *rows: FilterRow, sort: str = "paper") -> list[str]:
    query = ListQuery("person", ("name", "paper"), filters=rows, sort=(Sort(sort),), limit=50)
    return [record.name for record in short_list(store, actor, query).records]


def test_lists_look_into_the_name_of_a_file_and_sort_by_it(store: OrganisationStore, worker: Actor) -> None:
    for name, paper in (("A", "Zeta report.pdf"), ("B", "alpha.pdf"), ("C", "សំបុត្រ.pdf"), ("D", None)):
        values = {"name": name, "paper": send(store, worker, name=paper) if paper else None}
        service.create(store, worker, "person", values)
    service.create(store, worker, "person", {"name": "E", "paper": {"missing": "refused"}})
    assert names(store, worker, FilterRow("paper", "contains", "REPORT")) == ["A"]
    assert names(store, worker, FilterRow("paper", "contains", "សំបុត្រ")) == ["C"]
    assert names(store, worker, FilterRow("paper", "contains", "application")) == []
    assert names(store, worker, FilterRow("paper", "starts_with", "alpha")) == ["B"]
    assert names(store, worker, FilterRow("paper", "is_blank")) == ["D"]
    assert names(store, worker, FilterRow("paper", "has_reason", [])) == ["E"]
    assert names(store, worker)[:3] == ["A", "B", "C"]
    assert set(names(store, worker, FilterRow("paper", "not_contains", "report"))) == set("BCDE")
    with pytest.raises(InvalidAnswers):
        names(store, worker, FilterRow("secret", "contains", "a"))


def test_a_list_of_a_past_day_shows_and_finds_the_files_of_then(store: OrganisationStore, worker: Actor) -> None:
    saved = service.create(store, worker, "person", {"name": "A", "paper": send(store, worker, name="old.pdf")})
    instant = read_record(store, worker, "person", saved.record).updated_at
    later = send(store, worker, name="new.pdf", record=saved.record)
    service.update(store, worker, "person", saved.record, saved.version, {"paper": later})
    rows = (FilterRow("paper", "contains", "old"),)
    query = ListQuery("person", ("paper",), filters=rows, sort=(Sort("paper"),), limit=5, as_of=instant)
    (found,) = short_list(store, worker, query).records
    answer = found.answers["paper"]
    assert isinstance(answer, FileReference)
    assert answer.name == "old.pdf"


def test_a_file_leaves_as_its_name_and_hash(store: OrganisationStore, worker: Actor) -> None:
    reference = send(store, worker)
    definition = definition_of(store, "paper")
    assert display(reference, definition, store.newest_release(), "km", {}) == "letter.pdf"
    assert export_text(reference, definition) == f"letter.pdf sha256:{reference.hash}"
    assert json_form(reference)["hash"] == reference.hash


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


@pytest.fixture
def arriving() -> Iterator[ArrivingFile]:
    with ArrivingFile() as file:
        yield file


def test_a_file_that_arrives_is_read_as_it_was_written(arriving: ArrivingFile) -> None:
    content = os.urandom(1_000_003)
    for start in range(0, len(content), 65_536):
        arriving.write(content[start : start + 65_536])
    arriving.seek(0)
    assert arriving.read() == content
    for at in (0, 262_143, 262_144, 786_432, 1_000_000):
        arriving.seek(at)
        assert arriving.read(10) == content[at : at + 10]
    assert arriving.seek(-3, 2) == 1_000_000
