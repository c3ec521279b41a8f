"""Files on pages: sent with a form or before it, kept through its ways back, fetched and seen, without script."""

from __future__ import annotations

import io
import re
import uuid
from collections.abc import Iterable, Mapping

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from amparo.metadata.file_references import FileReference
from amparo.runtime.access import Role, operator_actor
from amparo.runtime.planner.records import read_record
from amparo.runtime.records import service
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations
from factories import files
from factories.clinic import with_field
from factories.office import office_document
from factories.organisations import make_organisation
from factories.visitors import Visitor, form_of

FIELDS = (
    {"id": "p.paper", "name": "paper", "type": "file", "label": "Paper", "megabytes": 1},
    {"id": "p.photo", "name": "photo", "type": "image", "label": "Photo"},
    {"id": "p.signature", "name": "signature", "type": "signature", "label": "Signature"},
    {"id": "p.secret", "name": "secret", "type": "file", "label": "Secret", "sensitive": True},
)
Sent = tuple[bytes, str]


@pytest.fixture(scope="module")
def archive(organisations: Organisations) -> OrganisationStore:
    document = office_document()
    for each in FIELDS:
        document = with_field(document, "person", dict(each))
    layout = next(each for each in document["layouts"] if each["object"] == "person")
    section = layout["tabs"][0]["sections"][1]
    section["fields"] = [*section["fields"], *(each["name"] for each in FIELDS)]
    return make_organisation(organisations, "archive", document, Role.CASEWORKER, Role.SUPERVISOR, Role.READER)


@pytest.fixture
def worker(app: Flask, archive: OrganisationStore) -> Visitor:
    return Visitor.signed_in(app, archive.slug, Role.CASEWORKER)


def send(
    visitor: Visitor,
    page: TestResponse,
    sent: Mapping[str, Sent],
    values: Mapping[str, str | Iterable[str] | None] | None = None,
) -> TestResponse:
    """The form of a page with files, as a browser sends it."""
    form = form_of(page)
    assert 'enctype="multipart/form-data"' in page.text
    boxes: MultiDict[str, object] = MultiDict(form.filled(values or {}))
    for box, (content, name) in sent.items():
        boxes.add(box, (io.BytesIO(content), name))
    return visitor.client.post(form.action, data=boxes, content_type="multipart/form-data")


def record_of(answer: TestResponse) -> uuid.UUID:
    assert answer.status_code == 302, answer.text
    return uuid.UUID(answer.headers["Location"].rsplit("/", 1)[1])


def answer_in(store: OrganisationStore, record: uuid.UUID, field: str) -> FileReference | None:
    answer = read_record(store, operator_actor(), "person", record).answers[field]
    assert answer is None or isinstance(answer, FileReference)
    return answer


def links_in(page: TestResponse) -> list[str]:
    return re.findall(r'(?:href|src)="(/o/archive/person/[^"]+/files/[^"]+)"', page.text)


def test_a_file_is_added_shown_and_fetched(worker: Visitor, archive: OrganisationStore) -> None:
    sent = {"paper.file": (files.PDF, "សំបុត្រ.pdf")}
    record = record_of(send(worker, worker.get("person/new?record_type=client"), sent, {"name": "Sokha"}))
    page = worker.get(f"person/{record}")
    assert "សំបុត្រ.pdf" in page.text
    (link,) = links_in(page)
    got = worker.client.get(link)
    assert (got.data, got.mimetype) == (files.PDF, "application/pdf")
    assert got.headers["Content-Disposition"].startswith("attachment; filename=\"file.pdf\"; filename*=UTF-8''%E1")
    assert got.headers["Content-Security-Policy"].startswith("default-src 'none'; sandbox")
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    assert got.headers["Cache-Control"] == "no-store"
    assert got.content_length == len(files.PDF)
    assert worker.client.head(link).status_code == 200


def test_a_picture_is_shown_small_and_whole_without_its_metadata(worker: Visitor) -> None:
    sent = {"photo.camera": (files.jpeg((900, 600)), "IMG_1.jpg")}
    record = record_of(send(worker, worker.get("person/new?record_type=client"), sent, {"name": "Sokha"}))
    page, small, download = links_in(worker.get(f"person/{record}"))
    seen = worker.client.get(page)
    assert seen.mimetype == "text/html"
    assert "IMG_1.jpg" in seen.text
    whole, again = links_in(seen)[::-1]
    assert again == download
    for link, disposition in ((whole, "inline"), (small, "inline"), (download, "attachment")):
        got = worker.client.get(link)
        assert got.mimetype == "image/jpeg"
        assert got.headers["Content-Disposition"].startswith(disposition)
        assert files.PLACE not in got.data
    assert files.opened(worker.client.get(small).data).size == (480, 320)
    assert files.opened(worker.client.get(whole).data).size == (900, 600)


def test_a_form_that_comes_back_keeps_the_file_and_saves_it(worker: Visitor, archive: OrganisationStore) -> None:
    sent = {"paper.file": (files.PDF, "letter.pdf")}
    back = send(worker, worker.get("person/new?record_type=client"), sent, {"name": ""})
    assert back.status_code == 422
    assert "letter.pdf" in back.text
    record = record_of(send(worker, back, {}, {"name": "Sokha"}))
    kept = answer_in(archive, record, "paper")
    assert kept is not None
    assert kept.name == "letter.pdf"


def test_looking_for_a_record_without_script_keeps_the_file(worker: Visitor, archive: OrganisationStore) -> None:
    sent = {"paper.file": (files.PDF, "letter.pdf")}
    page = worker.get("person/new?record_type=client")
    back = send(worker, page, sent, {"name": "Sokha", "friend.query": "nobody", "find": "friend"})
    record = record_of(send(worker, back, {}, {"friend.query": ""}))
    assert answer_in(archive, record, "paper") is not None


@pytest.mark.parametrize(
    ("box", "content", "name", "words"),
    [
        ("paper.file", b"MZ" + bytes(90), "a.exe", "not of a kind that is taken here"),
        ("paper.file", b"<script>", "a.html", "not of a kind that is taken here"),
        ("photo.file", files.jpeg()[:300], "a.jpg", "this one is broken"),
    ],
)
def test_a_file_that_is_not_taken_is_told_and_everything_else_is_kept(
    worker: Visitor, box: str, content: bytes, name: str, words: str
) -> None:
    page = worker.get("person/new?record_type=client")
    back = send(worker, page, {box: (content, name)}, {"name": "Sokha", "story": "A long story"})
    assert back.status_code == 422
    assert words in back.text
    assert "A long story" in back.text
    assert form_of(back).value("name") == "Sokha"


def test_a_file_that_could_not_be_kept_does_not_touch_the_one_that_is_there(
    worker: Visitor, archive: OrganisationStore
) -> None:
    sent = {"paper.file": (files.PDF, "letter.pdf")}
    record = record_of(send(worker, worker.get("person/new?record_type=client"), sent, {"name": "Sokha"}))
    back = send(
        worker, worker.get(f"person/{record}/edit"), {"paper.file": (b"MZ", "a.exe")}, {"code": uuid.uuid4().hex}
    )
    assert back.status_code == 422
    record_of(send(worker, back, {}))
    kept = answer_in(archive, record, "paper")
    assert kept is not None
    assert kept.name == "letter.pdf"


def test_a_file_is_replaced_taken_away_and_found_as_of_then(worker: Visitor, archive: OrganisationStore) -> None:
    sent = {"paper.file": (files.PDF, "first.pdf")}
    record = record_of(send(worker, worker.get("person/new?record_type=client"), sent, {"name": "Sokha"}))
    old = links_in(worker.get(f"person/{record}"))
    record_of(send(worker, worker.get(f"person/{record}/edit"), {"paper.file": (files.PDF + b"2", "second.pdf")}))
    assert "second.pdf" in worker.get(f"person/{record}").text
    record_of(send(worker, worker.get(f"person/{record}/edit"), {}, {"paper.remove": "1"}))
    assert answer_in(archive, record, "paper") is None
    assert worker.client.get(old[0]).data == files.PDF
    history = worker.get(f"person/{record}/history")
    assert "first.pdf" in history.text
    assert "second.pdf" in history.text
    assert links_in(history) == []


def test_an_untouched_file_is_not_sent_and_not_saved_again(worker: Visitor, archive: OrganisationStore) -> None:
    sent = {"paper.file": (files.PDF, "first.pdf")}
    record = record_of(send(worker, worker.get("person/new?record_type=client"), sent, {"name": "Sokha"}))
    before = read_record(archive, operator_actor(), "person", record)
    record_of(send(worker, worker.get(f"person/{record}/edit"), {}, {}))
    assert read_record(archive, operator_actor(), "person", record).version == before.version


def test_a_form_with_a_file_that_is_sent_twice_is_saved_once(worker: Visitor) -> None:
    page, sent = worker.get("person/new?record_type=client"), {"paper.file": (files.PDF, "letter.pdf")}
    values = {"name": f"Twice {uuid.uuid4().hex}"}
    assert record_of(send(worker, page, sent, values)) == record_of(send(worker, page, sent, values))


def test_a_clash_about_a_file_shows_names_and_keeps_the_choice(
    app: Flask, worker: Visitor, archive: OrganisationStore
) -> None:
    sent = {"paper.file": (files.PDF, "first.pdf")}
    record = record_of(send(worker, worker.get("person/new?record_type=client"), sent, {"name": "Sokha"}))
    other = Visitor.signed_in(app, archive.slug, Role.SUPERVISOR)
    mine, theirs = worker.get(f"person/{record}/edit"), other.get(f"person/{record}/edit")
    record_of(send(other, theirs, {"paper.file": (files.PDF, "theirs.pdf")}))
    signed = {"signature.typed": "Srey Mom"}
    clash = send(worker, mine, {"paper.file": (files.PDF + b"x", "mine.pdf")}, signed)
    assert clash.status_code == 409
    assert all(name in clash.text for name in ("first.pdf", "theirs.pdf", "mine.pdf"))
    record_of(worker.send(clash, {"paper.keep": "mine"}, "conflict"))
    kept, signature = answer_in(archive, record, "paper"), answer_in(archive, record, "signature")
    assert kept is not None
    assert signature is not None
    assert (kept.name, signature.name) == ("mine.pdf", "Srey Mom")


def test_a_clash_shows_both_pictures_and_what_is_not_saved_only_to_whoever_sent_it(
    app: Flask, worker: Visitor, archive: OrganisationStore
) -> None:
    record = record_of(send(worker, worker.get("person/new?record_type=client"), {}, {"name": "Sokha"}))
    other = Visitor.signed_in(app, archive.slug, Role.SUPERVISOR)
    mine, theirs = worker.get(f"person/{record}/edit"), other.get(f"person/{record}/edit")
    record_of(send(other, theirs, {"signature.file": (files.png((300, 100)), "signature.png")}))
    clash = send(worker, mine, {"signature.file": (files.png((90, 60)), "signature.png")})
    unsaved, saved = links_in(clash)
    assert files.opened(worker.client.get(unsaved).data).size == (90, 60)
    assert files.opened(worker.client.get(saved).data).size == (300, 100)
    assert other.client.get(unsaved).status_code == 404
    assert worker.client.get(unsaved.replace("/signature/", "/photo/")).status_code == 404


def test_a_name_can_be_typed_in_place_of_a_signature(worker: Visitor, archive: OrganisationStore) -> None:
    values = {"name": "Sokha", "signature.typed": "ស្រី មុំ"}
    record = record_of(send(worker, worker.get("person/new?record_type=client"), {}, values))
    page = worker.get(f"person/{record}")
    assert "ស្រី មុំ" in page.text
    assert "Typed name" in page.text
    got = worker.client.get(links_in(page)[0])
    assert got.text == "ស្រី មុំ"
    assert got.headers["Content-Disposition"].startswith("attachment")


def test_a_script_sends_a_file_before_the_form_and_the_form_saves_it(
    worker: Visitor, archive: OrganisationStore
) -> None:
    page = worker.get("person/new?record_type=client")
    data = {"csrf_token": worker.token, "file": (io.BytesIO(files.PDF), "letter.pdf")}
    answer = worker.client.post(worker.at("person/new/files/paper"), data=data)
    assert answer.json is not None
    assert (answer.status_code, answer.json["name"]) == (200, "letter.pdf")
    record = record_of(send(worker, page, {}, {"name": "Sokha", "paper": answer.json["value"]}))
    kept = answer_in(archive, record, "paper")
    assert kept is not None
    assert kept.text == answer.json["value"]
    refused = {"csrf_token": worker.token, "file": (io.BytesIO(b"MZ"), "a.exe")}
    answer = worker.client.post(worker.at(f"person/{record}/edit/files/paper"), data=refused)
    assert answer.json is not None
    assert answer.status_code == 422
    assert "not of a kind" in answer.json["problem"]
    for nothing in ("person/new/files/name", "person/new/files/none"):
        data = {"csrf_token": worker.token, "file": (io.BytesIO(files.PDF), "letter.pdf")}
        assert worker.client.post(worker.at(nothing), data=data).status_code == 404


def test_who_may_not_read_an_answer_sees_neither_its_file_nor_its_name(
    app: Flask, worker: Visitor, archive: OrganisationStore
) -> None:
    sent = {"secret.file": (files.jpeg(), "secret.jpg"), "paper.file": (files.PDF, "letter.pdf")}
    record = record_of(send(worker, worker.get("person/new?record_type=client"), sent, {"name": "Sokha"}))
    links = links_in(worker.get(f"person/{record}"))
    assert len(links) == 4
    reader = Visitor.signed_in(app, archive.slug, Role.READER)
    page = reader.get(f"person/{record}")
    assert "secret.jpg" not in page.text
    assert "secret.jpg" not in reader.get(f"person/{record}/history").text
    for link in links:
        assert reader.client.get(link).status_code == (200 if "/paper/" in link else 404)
        assert app.test_client().get(link).status_code == 302
    data = {"csrf_token": reader.token, "file": (io.BytesIO(files.PDF), "a.pdf")}
    assert reader.client.post(reader.at("person/new/files/paper"), data=data).status_code == 403


def test_an_erased_record_has_no_files_any_more(worker: Visitor, archive: OrganisationStore) -> None:
    sent = {"paper.file": (files.PDF, "letter.pdf")}
    record = record_of(send(worker, worker.get("person/new?record_type=client"), sent, {"name": "Sokha"}))
    (link,) = links_in(worker.get(f"person/{record}"))
    service.erase(archive, operator_actor(), "person", record, "asked for it")
    assert worker.client.get(link).status_code == 404


def test_a_content_that_is_missing_or_damaged_is_said_and_not_sent(worker: Visitor, archive: OrganisationStore) -> None:
    sent = {"paper.file": (files.PDF, "letter.pdf")}
    record = record_of(send(worker, worker.get("person/new?record_type=client"), sent, {"name": "Sokha"}))
    (link,) = links_in(worker.get(f"person/{record}"))
    kept = answer_in(archive, record, "paper")
    assert kept is not None
    path = archive.files.content(record, kept.id)
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    answer = worker.client.get(link)
    assert answer.status_code == 503
    assert files.PDF not in answer.data
    assert worker.get(f"person/{record}").status_code == 200


def test_lists_show_the_name_alone_and_can_be_narrowed_by_it(worker: Visitor) -> None:
    name = f"letter-{uuid.uuid4().hex}.pdf"
    sent = {"paper.file": (files.PDF, name)}
    record_of(send(worker, worker.get("person/new?record_type=client"), sent, {"name": "Listed"}))
    query: dict[str, str | list[str]] = {"view": "all", "columns": ["name", "paper"], "f.0.field": "paper"}
    query["f.0.operator"] = "contains"
    page = worker.get("person/", **query, **{"f.0.value": name[7:]})
    assert "Listed" in page.text
    assert name in page.text
    assert links_in(page) == []
    assert "Listed" not in worker.get("person/", **query, **{"f.0.value": "no such name"}).text


def test_pages_of_a_damaged_form_never_break(worker: Visitor) -> None:
    page = worker.get("person/new?record_type=client")
    for nonsense in ("{}", '{"name": 5}', "null", "letter.pdf", '{"id": "x", "name": "<b>"}'):
        back = send(worker, page, {}, {"name": "Sokha", "paper": nonsense})
        assert back.status_code == 422
        assert "<b>" not in back.text
