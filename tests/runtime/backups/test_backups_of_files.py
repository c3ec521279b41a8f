"""The files that records hold go into a backup and come back, on either database."""

from __future__ import annotations

import io
import os
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest

from amparo.metadata.file_references import FileReference
from amparo.runtime.access import Actor
from amparo.runtime.backups.content import BYTES, FILE, Line
from amparo.runtime.backups.making import back_up
from amparo.runtime.backups.restoring import restore
from amparo.runtime.errors import BackupProblem
from amparo.runtime.files.areas import Part
from amparo.runtime.files.checking import check_files
from amparo.runtime.files.staging import Place, stage
from amparo.runtime.planner.files import find_file
from amparo.runtime.planner.records import read_record
from amparo.runtime.records import service
from amparo.runtime.releases.publishing import publish
from amparo.runtime.settings import Settings
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations
from factories import files
from factories.backups import PASSPHRASE, NewInstallation, rewritten
from factories.clinic import clinic_document, with_field

LARGE = files.PDF + os.urandom(1_500_000)


def furnish(organisations: Organisations, operator: Actor) -> tuple[OrganisationStore, list[uuid.UUID]]:
    """A large file, a picture, a sensitive file, an earlier file, and an upload that nobody saved."""
    store = organisations.create("riverside", "Riverside")
    document = with_field(clinic_document(), "person", {**FIELD, "id": "p.paper", "name": "paper"})
    document = with_field(document, "person", {**FIELD, "id": "p.secret", "name": "secret", "sensitive": True})
    publish(store, operator, document)
    first = service.create(store, operator, "person", {"name": "A", "paper": send(store, operator, "paper", LARGE)})
    picture = send(store, operator, "paper", files.jpeg((800, 600)))
    secret = send(store, operator, "secret", files.PDF)
    second = service.create(store, operator, "person", {"name": "B", "paper": picture, "secret": secret})
    later = send(store, operator, "paper", files.PDF, second.record)
    service.update(store, operator, "person", second.record, second.version, {"paper": later})
    send(store, operator, "paper", files.PDF)
    return store, [first.record, second.record]


FIELD = {"type": "file", "label": "Paper"}


def send(
    store: OrganisationStore, actor: Actor, field: str, content: bytes, record: uuid.UUID | None = None
) -> FileReference:
    definition = store.newest_release().object("person").definition.by_name[field]
    return stage(store, actor, definition, Place(definition.id, record), "paper.pdf", io.BytesIO(content))


def kept(store: OrganisationStore) -> dict[str, bytes]:
    below = store.files.folder / "records"
    return {str(path.relative_to(below)): path.read_bytes() for path in files.files_below(below)}


@pytest.mark.parametrize(("origin", "target"), [("sqlite", "postgresql18"), ("postgresql18", "sqlite")])
def test_a_restored_organisation_has_every_file(
    new_installation: NewInstallation, operator: Actor, tmp_path: Path, origin: str, target: str
) -> None:
    first, second = new_installation(origin), new_installation(target)
    store, records = furnish(first, operator)
    made = back_up(first, "riverside", tmp_path / "a.backup", PASSPHRASE)
    restore(second, made.path, PASSPHRASE)
    copy = second.open("riverside")
    assert kept(copy) == kept(store)
    assert (made.files.contents, made.files.missing) == (5, 0)
    assert (check_files(copy).files, check_files(copy).faults) == (4, 0)
    large = paper_of(copy, operator, records[0])
    assert b"".join(find_file(copy, operator, "person", records[0], "paper", large).read()) == LARGE
    assert large.bytes not in made.path.read_bytes()


def paper_of(store: OrganisationStore, actor: Actor, record: uuid.UUID) -> uuid.UUID:
    answer = read_record(store, actor, "person", record).answers["paper"]
    assert isinstance(answer, FileReference)
    return answer.id


def test_a_backup_made_before_there_were_files_is_restored(
    new_installation: NewInstallation, operator: Actor, tmp_path: Path
) -> None:
    first, second = new_installation("sqlite"), new_installation("sqlite")
    store = first.create("riverside", "Riverside")
    publish(store, operator, clinic_document())
    service.create(store, operator, "person", {"name": "A"})
    made = back_up(first, "riverside", tmp_path / "a.backup", PASSPHRASE)

    def as_it_was(lines: list[Line]) -> list[Line]:
        lines[0].content["format"] = 1
        del lines[-1].content[FILE]
        return lines

    restored = restore(second, rewritten(made.path, tmp_path / "old.backup", as_it_was), PASSPHRASE)
    assert restored.head_tx == made.head_tx


def test_a_backup_of_a_newer_format_is_refused(
    new_installation: NewInstallation, operator: Actor, tmp_path: Path
) -> None:
    first, second = new_installation("sqlite"), new_installation("sqlite")
    furnish(first, operator)
    made = back_up(first, "riverside", tmp_path / "a.backup", PASSPHRASE)

    def newer(lines: list[Line]) -> list[Line]:
        lines[0].content["format"] += 1
        return lines

    with pytest.raises(BackupProblem, match="newer"):
        restore(second, rewritten(made.path, tmp_path / "new.backup", newer), PASSPHRASE)


def without_a_file(lines: list[Line]) -> list[Line]:
    start = next(place for place, line in enumerate(lines) if line.kind == FILE)
    end = next(place for place in range(start + 1, len(lines)) if lines[place].kind != BYTES)
    return lines[:start] + lines[end:]


def ended_in_a_file(lines: list[Line]) -> list[Line]:
    return lines[: next(place for place, line in enumerate(lines) if line.kind == BYTES) + 1]


@pytest.mark.parametrize("change", [without_a_file, ended_in_a_file])
def test_a_backup_that_lacks_a_file_is_refused_and_nothing_stays(
    new_installation: NewInstallation,
    operator: Actor,
    tmp_path: Path,
    change: Callable[[list[Line]], list[Line]],
) -> None:
    first, second = new_installation("sqlite"), new_installation("sqlite")
    furnish(first, operator)
    made = back_up(first, "riverside", tmp_path / "a.backup", PASSPHRASE)
    with pytest.raises(BackupProblem):
        restore(second, rewritten(made.path, tmp_path / "b.backup", change), PASSPHRASE)
    assert second.list() == []
    assert files.files_below(second.settings.home / "files") == []


def test_a_file_that_is_missing_does_not_stop_a_backup_and_is_told(
    new_installation: NewInstallation, operator: Actor, tmp_path: Path
) -> None:
    first = new_installation("sqlite")
    store, records = furnish(first, operator)
    store.files.content(records[0], paper_of(store, operator, records[0]), Part.CONTENT).unlink()
    made = back_up(first, "riverside", tmp_path / "a.backup", PASSPHRASE)
    assert (made.files.contents, made.files.missing) == (4, 1)


def test_removing_an_organisation_removes_its_files(new_installation: NewInstallation, operator: Actor) -> None:
    first = new_installation("sqlite")
    furnish(first, operator)
    assert files.files_below(first.settings.home / "files")
    first.remove("riverside")
    assert files.files_below(first.settings.home / "files") == []


def test_files_lie_where_the_setting_says(tmp_path: Path, operator: Actor) -> None:
    made = Organisations(Settings(home=tmp_path / "home", files=tmp_path / "shared"))
    made.migrate()
    furnish(made, operator)
    made.close()
    assert files.files_below(tmp_path / "shared")
    assert not (tmp_path / "home" / "files").exists()
