"""Files of records: sent, saved, and read by those who may, on both databases."""

from __future__ import annotations

import os
import uuid
from dataclasses import replace
from typing import Any

import pytest

from amparo.metadata.fields.base import Rejected
from amparo.runtime.access import Actor
from amparo.runtime.errors import Conflict, InvalidAnswers, NotFound, NotPermitted, RequestReused
from amparo.runtime.files.areas import Part
from amparo.runtime.files.checking import check_files
from amparo.runtime.files.staging import Place, find_upload, stage_typed
from amparo.runtime.planner.files import find_file
from amparo.runtime.planner.records import read_record, record_history
from amparo.runtime.projections.comparing import check_projections
from amparo.runtime.records import service
from amparo.runtime.stores.organisation import OrganisationStore
from factories import files
from factories.archive import definition_of, everything_on_disk, member, read, send


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
    reference = stage_typed(store, worker, Place(definition.id, None), " ស្រី  មុំ\u202e ")
    saved = service.create(store, worker, "person", {"name": "Sokha", "signature": reference})
    assert (reference.name, reference.type) == ("ស្រី មុំ", "text/plain")
    assert read(store, worker, saved.record, "signature", reference.id).decode() == "ស្រី មុំ"
    with pytest.raises(Rejected):
        stage_typed(store, worker, Place(definition.id, None), "  ")


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
