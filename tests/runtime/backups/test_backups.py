"""An organisation goes into a file and comes back equal, on either database."""

from __future__ import annotations

import random
import threading
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select

from amparo.runtime import members, people
from amparo.runtime.access import Actor, Role
from amparo.runtime.arrivals import find_arrival
from amparo.runtime.backups.making import back_up, content_tables
from amparo.runtime.backups.restoring import restore
from amparo.runtime.errors import BackupProblem, InvalidAnswers, NotFound, NotPossible, SignInRefused
from amparo.runtime.ledger.verifying import verify
from amparo.runtime.members import Member
from amparo.runtime.projections.comparing import check_projections
from amparo.runtime.records import service
from amparo.runtime.records.changes import Change
from amparo.runtime.releases.publishing import publish
from amparo.runtime.settings import Settings
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations
from factories.backups import PASSPHRASE, NewInstallation, lines_of
from factories.clinic import clinic_document

PASSWORD = "another row of words"
KINDS = ("sqlite", "postgresql18")


@pytest.fixture(scope="module")
def organisations(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Organisations]:
    """One embedded installation, for what has nothing to do with the database."""
    opened = Organisations(Settings(home=tmp_path_factory.mktemp("home")))
    yield opened
    opened.close()


def furnish(organisations: Organisations, operator: Actor, slug: str) -> OrganisationStore:
    """Something in every table, an erased record and a used request key."""
    store = organisations.create(slug, "Riverside ខ្មែរ")
    publish(store, operator, clinic_document())
    worker = members.create_member(organisations, slug, f"dara.{slug}", "Dara", Role.CASEWORKER, PASSWORD)
    actor = worker.acting("page")
    values = {"name": "Élodie", "passport": "N 123", "gender": "female", "languages": ["km", "en"], "debt": "12.50"}
    made = service.create(store, actor, "person", {**values, "born": "1999-02-03"}, request_key="k1")
    service.update(store, actor, "person", made.record, made.version, {"gender": {"missing": "refused"}})
    visit = service.create(store, actor, "visit", {"title": "First", "person": str(made.record)})
    service.delete(store, actor, "visit", visit.record)
    gone = service.create(store, operator, "person", {"name": "Gone", "passport": "N 9"})
    service.erase(store, operator, "person", gone.record, "asked for it")
    service.save(store, operator, "person", [Change({"name": f"Person {n}"}) for n in range(60)])
    job = {"kind": "import", "payload": "{}", "state": "done", "done": 1, "attempts": 1, "created_at": 5}
    with store.engine.begin() as connection:
        identifier = uuid.uuid4()
        connection.execute(insert(store.tables.job), {"id": identifier, **job})
        part = {"job": identifier, "name": "people.csv", "part": 0, "content": random.Random(1).randbytes(600_000)}
        connection.execute(insert(store.tables.job_file), part)
    return store


def content_of(store: OrganisationStore) -> dict[str, list[Any]]:
    """Every row of the fixed tables and of the projections."""
    found: dict[str, list[Any]] = {}
    with store.reading() as connection:
        projections = [live.table for live in store.live(connection).objects.values()]
        for table in (*content_tables(store.tables), *projections):
            rows = connection.execute(select(*table.c)).all()
            found[table.name] = sorted((tuple(row) for row in rows), key=repr)
    return found


def test_guessing_the_passphrase_of_a_backup_is_made_slow(production_backup_cost: tuple[int, int, int]) -> None:
    """Rounds, memory in KiB and lanes of the second recommendation of RFC 9106."""
    assert production_backup_cost == (3, 65_536, 4)


@pytest.mark.parametrize("origin", KINDS)
@pytest.mark.parametrize("target", KINDS)
def test_a_restored_organisation_is_equal_on_either_database(
    new_installation: NewInstallation, operator: Actor, tmp_path: Path, origin: str, target: str
) -> None:
    first, second = new_installation(origin), new_installation(target)
    store = furnish(first, operator, "riverside")
    made = back_up(first, "riverside", tmp_path / "first.backup", PASSPHRASE)
    restored = restore(second, made.path, PASSPHRASE)
    assert (restored.slug, restored.head_tx, restored.added) == ("riverside", made.head_tx, ("dara.riverside",))
    copy = second.open("riverside")
    assert (copy.id, second.find("riverside").name) == (store.id, "Riverside ខ្មែរ")
    assert content_of(copy) == content_of(store)
    assert verify(copy).broken is None
    assert verify(copy).head == verify(store).head
    assert check_projections(copy).differences == 0
    assert_work_goes_on(second, copy, operator)


def assert_work_goes_on(organisations: Organisations, store: OrganisationStore, operator: Actor) -> None:
    """Signing in, sealed values, unique values, request keys and running numbers."""
    person = people.sign_in(organisations, "dara.riverside", PASSWORD)
    assert [each.slug for each in members.memberships_of(organisations, person.id)] == ["riverside"]
    worker = members.find_member(store, person.id)
    assert worker is not None
    with pytest.raises(InvalidAnswers, match="passport"):
        service.create(store, operator, "person", {"name": "Another", "passport": "N 123"})
    values = {"name": "Élodie", "passport": "N 123", "gender": "female", "languages": ["km", "en"], "debt": "12.50"}
    again = service.create(store, worker.acting("page"), "person", {**values, "born": "1999-02-03"}, request_key="k1")
    assert again.version == 2
    new = service.create(store, operator, "person", {"name": "New"})
    live = store.newest_release().object("person")
    number = live.table.c[live.fields["number"].column_name]
    with store.reading() as connection:
        numbers = list(connection.scalars(select(number)))
        assert connection.scalar(select(number).where(live.table.c.id == new.record)) == max(numbers)
    assert len(set(numbers)) == len(numbers)


def test_a_backup_of_what_was_restored_holds_the_same(
    new_installation: NewInstallation, operator: Actor, tmp_path: Path
) -> None:
    first, second = new_installation("sqlite"), new_installation("postgresql18")
    furnish(first, operator, "riverside")
    back_up(first, "riverside", tmp_path / "first.backup", PASSPHRASE)
    restore(second, tmp_path / "first.backup", PASSPHRASE)
    back_up(second, "riverside", tmp_path / "second.backup", PASSPHRASE)
    (before, *rows), (after, *rows_after) = lines_of(tmp_path / "first.backup"), lines_of(tmp_path / "second.backup")
    assert rows_after == rows
    assert before.content.keys() == after.content.keys()
    assert all(before.content[key] == after.content[key] for key in ("format", "revision", "id", "slug", "name"))


@pytest.mark.slow
def test_a_backup_is_one_moment_while_people_work(
    new_installation: NewInstallation, operator: Actor, tmp_path: Path
) -> None:
    installation = new_installation("sqlite")
    store = furnish(installation, operator, "busy")
    stopping = threading.Event()
    saved = [0]

    def work() -> None:
        while not stopping.is_set():
            service.create(store, operator, "person", {"name": "Meanwhile"})
            saved[0] += 1

    worker = threading.Thread(target=work)
    worker.start()
    made = [back_up(installation, "busy", tmp_path / f"{number}.backup", PASSPHRASE) for number in range(3)]
    stopping.set()
    worker.join()
    assert saved[0] > 0
    assert made[0].head_tx < made[2].head_tx
    for each in made:
        other = new_installation("sqlite")
        restore(other, each.path, PASSPHRASE)
        found = verify(other.open("busy"))
        assert (found.broken, found.head.tx) == (None, each.head_tx)
        assert check_projections(other.open("busy")).differences == 0


def test_another_short_name_is_given_and_taken_ones_are_refused(
    new_installation: NewInstallation, operator: Actor, tmp_path: Path
) -> None:
    installation = new_installation("sqlite")
    furnish(installation, operator, "riverside")
    path = back_up(installation, "riverside", tmp_path / "a.backup", PASSPHRASE).path
    with pytest.raises(NotPossible, match="already an organisation"):
        restore(installation, path, PASSPHRASE)
    with pytest.raises(NotPossible, match="here already, as 'riverside'"):
        restore(installation, path, PASSPHRASE, "copy")
    installation.remove("riverside")
    restored = restore(installation, path, PASSPHRASE, "copy")
    assert (restored.slug, restored.added, restored.returned) == ("copy", (), ("dara.riverside",))
    assert restored.joined == restored.waiting == ()
    person = people.sign_in(installation, "dara.riverside", PASSWORD)
    assert [each.slug for each in members.memberships_of(installation, person.id)] == ["copy"]


@pytest.fixture
def strangers(
    new_installation: NewInstallation, operator: Actor, tmp_path: Path, database_kind: str
) -> tuple[Organisations, Path, list[Member]]:
    """An installation with somebody of the login ``dara.riverside``, a backup of another with another of that login,
    and the members of the backup."""
    first, second = new_installation("sqlite"), new_installation(database_kind)
    store = furnish(first, operator, "riverside")
    second.create("harbour", "Harbour")
    members.create_member(second, "harbour", "dara.riverside", "D.", Role.READER, "the password of here")
    path = back_up(first, "riverside", tmp_path / "a.backup", PASSPHRASE).path
    return second, path, members.list_members(store)


def test_somebody_who_only_shares_a_login_is_told_and_not_let_in(
    strangers: tuple[Organisations, Path, list[Member]],
) -> None:
    second, path, kept = strangers
    asked: list[str] = []

    def deny(logins: Sequence[str]) -> bool:
        asked.extend(logins)
        return False

    restored = restore(second, path, PASSPHRASE, are_the_same=deny)
    assert asked == ["dara.riverside"]
    assert (restored.added, restored.joined, restored.waiting) == ((), (), ("dara.riverside",))
    person = people.sign_in(second, "dara.riverside", "the password of here")
    assert [each.slug for each in members.memberships_of(second, person.id)] == ["harbour"]
    copy = second.open("riverside")
    assert find_arrival(copy, person.login) is None
    with pytest.raises(SignInRefused):
        people.sign_in(second, "dara.riverside", PASSWORD)
    # What they did keeps their name, and an administrator lets them in when they are the same after all.
    assert [(each.id, each.name, each.active) for each in members.list_members(copy)] == [
        (each.id, each.name, False) for each in kept
    ]
    back = members.create_member(second, "riverside", "dara.riverside", "Dara", Role.CASEWORKER, None)
    assert back.id == kept[0].id
    assert find_arrival(copy, person.login) is not None


def test_a_login_that_nobody_brought_along_lets_nobody_in_later(
    new_installation: NewInstallation, operator: Actor, tmp_path: Path
) -> None:
    """A member whose sign-in was not in the backup, and a login given to somebody else afterwards."""
    first, second = new_installation("sqlite"), new_installation("sqlite")
    store = furnish(first, operator, "riverside")
    left = Member(uuid.uuid4(), "left.half", "Left Half", Role.ADMINISTRATOR, True, None)
    with store.engine.begin() as connection:
        connection.execute(store.tables.member.insert(), members.member_values(left))
    path = back_up(first, "riverside", tmp_path / "a.backup", PASSPHRASE).path
    restore(second, path, PASSPHRASE)
    second.create("harbour", "Harbour")
    members.create_member(second, "harbour", "left.half", "Another", Role.READER, "the password of here")
    assert find_arrival(second.open("riverside"), "left.half") is None


def test_an_identifier_that_is_taken_here_is_replaced(
    new_installation: NewInstallation, operator: Actor, tmp_path: Path
) -> None:
    first, second = new_installation("sqlite"), new_installation("sqlite")
    store = furnish(first, operator, "riverside")
    dara = members.list_members(store)[0]
    with second.engine.begin() as connection:
        people.add_person(connection, second, dara.id, "somebody.else", people.hashed_password("the password of here"))
    path = back_up(first, "riverside", tmp_path / "a.backup", PASSPHRASE).path
    assert restore(second, path, PASSPHRASE).added == ("dara.riverside",)
    person = people.sign_in(second, "dara.riverside", PASSWORD)
    assert person.id != dara.id
    arrival = find_arrival(second.open("riverside"), person.login)
    assert arrival is not None
    assert arrival.member.id == dara.id


def test_somebody_who_is_said_to_be_the_same_is_joined_and_keeps_the_password(
    strangers: tuple[Organisations, Path, list[Member]],
) -> None:
    second, path, kept = strangers
    assert restore(second, path, PASSPHRASE, are_the_same=lambda _: True).joined == ("dara.riverside",)
    person = people.sign_in(second, "dara.riverside", "the password of here")
    assert {each.slug for each in members.memberships_of(second, person.id)} == {"harbour", "riverside"}
    assert members.list_members(second.open("riverside")) == kept
    arrival = find_arrival(second.open("riverside"), person.login)
    assert arrival is not None
    assert (arrival.member.name, arrival.member.role) == ("Dara", Role.CASEWORKER)
    members.deactivate(second, "riverside", "dara.riverside")
    assert {each.slug for each in members.memberships_of(second, person.id)} == {"harbour"}
    assert find_arrival(second.open("riverside"), person.login) is None


@pytest.fixture(scope="module")
def furnished(organisations: Organisations, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup file; its organisation is gone, so that it could be restored."""
    furnish(organisations, Actor(None, "operator", Role.ADMINISTRATOR, "command"), "damaged")
    path = back_up(organisations, "damaged", tmp_path_factory.mktemp("backup") / "whole.backup", PASSPHRASE).path
    organisations.remove("damaged")
    return path


def refused(organisations: Organisations, path: Path, content: bytes, passphrase: str = PASSPHRASE) -> str:
    """The message; nothing may stay of the attempt."""
    path.write_bytes(content)
    before = sorted((organisations.settings.home / "organisations").iterdir())
    with pytest.raises(BackupProblem) as problem:
        restore(organisations, path, passphrase)
    assert sorted((organisations.settings.home / "organisations").iterdir()) == before
    with pytest.raises(NotFound):
        organisations.find("damaged")
    return str(problem.value)


def test_the_whole_file_can_be_restored(organisations: Organisations, furnished: Path) -> None:
    assert restore(organisations, furnished, PASSPHRASE).slug == "damaged"
    organisations.remove("damaged")


def test_a_wrong_passphrase_is_refused(organisations: Organisations, furnished: Path, tmp_path: Path) -> None:
    message = refused(organisations, tmp_path / "b", furnished.read_bytes(), "five words of dry rain")
    assert "passphrase" in message


def test_a_file_that_was_cut_is_refused_wherever(organisations: Organisations, furnished: Path, tmp_path: Path) -> None:
    whole = furnished.read_bytes()
    assert len(whole) > 600_000
    for length in (0, 10, 43, 44, 46, 49, 5000, 300_000, 600_000, len(whole) - 1):
        message = refused(organisations, tmp_path / "b", whole[:length])
        assert "cut short" in message or "not a backup" in message


def test_a_flipped_byte_is_found_wherever(organisations: Organisations, furnished: Path, tmp_path: Path) -> None:
    whole = furnished.read_bytes()
    # In magic, salt, cost, the first chunk's head and content, and the last chunk.
    for place in (0, 20, 34, 38, 41, 44, 46, 60, 5000, len(whole) - 20, len(whole) - 1):
        changed = bytearray(whole)
        changed[place] ^= 0x10
        assert refused(organisations, tmp_path / "b", bytes(changed))


def test_moved_repeated_and_added_parts_are_found(
    organisations: Organisations, furnished: Path, tmp_path: Path
) -> None:
    whole = furnished.read_bytes()
    header, chunks = whole[:44], chunks_of(whole[44:])
    assert len(chunks) >= 2
    for parts in ([*chunks[1:]], [chunks[0], *chunks], chunks[::-1], [*chunks, chunks[-1]]):
        assert "changed" in refused(organisations, tmp_path / "b", header + b"".join(parts))
    not_last = bytes([0]) + chunks[-1][1:]
    assert "changed" in refused(organisations, tmp_path / "b", header + b"".join([*chunks[:-1], not_last, chunks[-1]]))


def chunks_of(content: bytes) -> list[bytes]:
    chunks = []
    while content:
        length = 5 + int.from_bytes(content[1:5], "big")
        chunks.append(content[:length])
        content = content[length:]
    return chunks


def test_a_file_of_a_newer_program_and_another_file_are_told_apart(
    organisations: Organisations, furnished: Path, tmp_path: Path
) -> None:
    newer = furnished.read_bytes().replace(b"AMPARO BACKUP 1", b"AMPARO BACKUP 7", 1)
    assert "newer Amparo" in refused(organisations, tmp_path / "b", newer)
    assert "not a backup" in refused(organisations, tmp_path / "b", b"PK" + bytes(500))


def test_the_file_shows_nothing_of_what_is_in_it(furnished: Path) -> None:
    content = furnished.read_bytes()
    assert all(secret not in content for secret in (b"lodie", b"riverside", b"dara", b"person"))


def test_a_backup_neither_overwrites_nor_leaves_a_part_behind(
    organisations: Organisations, operator: Actor, tmp_path: Path
) -> None:
    furnish(organisations, operator, "careful")
    path = tmp_path / "kept.backup"
    path.write_text("kept")
    with pytest.raises(NotPossible, match="there already"):
        back_up(organisations, "careful", path, PASSPHRASE)
    with pytest.raises(BackupProblem, match="12 characters"):
        back_up(organisations, "careful", tmp_path / "new.backup", "short")
    assert [each.name for each in tmp_path.iterdir()] == ["kept.backup"]
    made = back_up(organisations, "careful", tmp_path / "new.backup", PASSPHRASE)
    assert made.path.stat().st_mode & 0o777 == 0o600
