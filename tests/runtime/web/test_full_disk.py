"""The disk is full: people are told, what they typed is held, and nothing that was saved is lost or half there."""

from __future__ import annotations

import io
import uuid
from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from amparo.app import create_app
from amparo.runtime.access import Role, operator_actor
from amparo.runtime.jobs.announcing import WorkerThread
from amparo.runtime.jobs.queueing import enqueue, read_job
from amparo.runtime.jobs.states import JobState
from amparo.runtime.jobs.working import MOST_ATTEMPTS
from amparo.runtime.ledger.verifying import verify
from amparo.runtime.planner.lists import count
from amparo.runtime.planner.queries import ListQuery
from amparo.runtime.projections.comparing import check_projections
from amparo.runtime.settings import Settings
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations
from amparo.runtime.transfer.jobs import import_submission
from amparo.runtime.transfer.mapping_files import mapping_from
from factories.archive import archive_document
from factories.files import PDF
from factories.jobs import silence
from factories.organisations import make_organisation
from factories.visitors import Visitor, finished, form_of
from servers.small_disk import SmallDisk

STORY = "A long story. " * 2000
#: The store's log has some room left in itself, which the first saves use.
MOST_SAVES = 300
ROWS = 200


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallDisk]:
    made = SmallDisk(tmp_path_factory.mktemp("disk"))
    yield made
    made.remove()


@pytest.fixture(scope="module")
def organisations(disk: SmallDisk) -> Iterator[Organisations]:
    opened = Organisations(Settings(home=disk.folder / "home"))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def archive(organisations: Organisations) -> OrganisationStore:
    return make_organisation(organisations, "archive", archive_document(), Role.SUPERVISOR)


@pytest.fixture(scope="module")
def app(organisations: Organisations) -> Iterator[Flask]:
    made = create_app(organisations.settings)
    yield made
    made.extensions["amparo"].close()


@pytest.fixture
def visitor(app: Flask, archive: OrganisationStore) -> Visitor:
    signed_in = Visitor.signed_in(app, archive.slug, Role.SUPERVISOR)
    assert signed_in.token
    return signed_in


@pytest.fixture(autouse=True)
def sound(archive: OrganisationStore) -> Iterator[None]:
    """After each test the ledger holds and the projection is what it says."""
    yield
    assert verify(archive).broken is None
    assert check_projections(archive).differences == 0


def named(store: OrganisationStore, name: str) -> int:
    return count(store, operator_actor(), ListQuery("person", (), search=name))


def test_what_does_not_fit_is_said_held_and_sent_again_when_there_is_room(
    visitor: Visitor, archive: OrganisationStore, disk: SmallDisk
) -> None:
    form = form_of(visitor.get("person/new", record_type="client"))
    told: list[str] = []
    with disk.full():
        for _ in range(MOST_SAVES):
            name = uuid.uuid4().hex
            boxes = form.filled({"name": name, "story": STORY, "request_key": uuid.uuid4().hex})
            answer = visitor.client.post(form.action, data=boxes)
            if answer.status_code != 302:
                break
            told.append(name)
        assert answer.status_code == 507
        assert "The server has no room left" in answer.text
        assert visitor.get("person/", view="all").status_code == 200
    again = form_of(answer, "again")
    assert again.value("name") == name
    assert again.value("story") == STORY
    assert visitor.client.post(again.action, data=again.filled({})).status_code == 302
    assert [named(archive, each) for each in [*told, name]] == [1] * (len(told) + 1)


def test_a_file_that_does_not_fit_is_refused_and_the_form_kept(
    visitor: Visitor, archive: OrganisationStore, disk: SmallDisk
) -> None:
    name = uuid.uuid4().hex
    form = form_of(visitor.get("person/new", record_type="client"))
    boxes = form.filled({"name": name}).to_dict(flat=False)
    with disk.full():
        paper = (io.BytesIO(PDF + bytes(400_000)), "letter.pdf")
        answer = visitor.client.post(form.action, data={**boxes, "paper.file": paper})
        assert answer.status_code == 422
        assert "There is no room for this file on the server" in answer.text
    assert form_of(answer).value("name") == name
    assert not [path for path in archive.files.folder.rglob("*") if path.is_file()]


def test_a_file_to_import_that_does_not_fit_is_told_and_taken_when_there_is_room(
    visitor: Visitor, disk: SmallDisk
) -> None:
    content = "Name,Story\n" + "".join(f"Name,{STORY}\n" for _ in range(200))
    with disk.full():
        told = send_file(visitor, content)
        assert told.status_code == 507
        assert "The server has no room left" in told.text
        assert 'id="again"' not in told.text
    taken = send_file(visitor, content)
    assert taken.status_code == 303
    assert finished(visitor, taken.headers["Location"]).status_code == 200


def send_file(visitor: Visitor, content: str) -> TestResponse:
    """Written out here, because the test client leaves a large form to a file of its own that it does not close."""
    head = "--x\r\nContent-Disposition: form-data; name="
    token = f'{head}"csrf_token"\r\n\r\n{visitor.token}\r\n'
    file = f'{head}"file"; filename="people.csv"\r\n\r\n{content}\r\n--x--\r\n'
    return visitor.client.post(
        visitor.at("person/import"), data=(token + file).encode(), content_type="multipart/form-data; boundary=x"
    )


def test_a_job_that_finds_no_room_waits_and_goes_on_when_there_is_some(
    organisations: Organisations, archive: OrganisationStore, disk: SmallDisk
) -> None:
    mark = uuid.uuid4().hex
    content = "Name,Story\n" + "".join(f"{mark} {number},{STORY}\n" for number in range(ROWS))
    mapping = mapping_from({"columns": {"Name": {"field": "name"}, "Story": {"field": "story"}}})
    actor = operator_actor()
    with archive.engine.begin() as connection:
        job = enqueue(connection, archive, actor, *import_submission(actor, "person", content.encode(), mapping))
    thread = WorkerThread(organisations)
    with disk.full():
        thread.take_what_waits()
        view = read_job(archive, actor, job)
        assert not view.is_over
        assert view.attempts < MOST_ATTEMPTS
    silence(archive, job)
    thread.take_what_waits()
    assert read_job(archive, actor, job).state is JobState.DONE
    assert named(archive, mark) == ROWS
