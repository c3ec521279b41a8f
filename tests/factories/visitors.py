"""Somebody with a browser that knows no script: follows links, reads forms, fills them in and sends them."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

from flask import Flask, session
from flask_wtf.csrf import generate_csrf
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from amparo.runtime.access import Role
from amparo.runtime.people import person_by_login
from amparo.runtime.web.sessions import begin_session, organisations
from servers.processes import PATIENCE_SECONDS

PASSWORD = "correct horse battery"
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
Pairs = list[tuple[str, str]]


@dataclass
class Form:
    """A form of a page: where it goes, and what stands in its boxes."""

    action: str = ""
    pairs: Pairs = field(default_factory=list)

    def filled(self, values: Mapping[str, str | Iterable[str] | None]) -> MultiDict[str, str]:
        """What is sent when these boxes are changed; a list ticks exactly its boxes, None leaves a box out."""
        kept = [(name, value) for name, value in self.pairs if name not in values]
        for name, value in values.items():
            texts = [] if value is None else [value] if isinstance(value, str) else list(value)
            kept += [(name, text) for text in texts]
        return MultiDict(kept)

    def value(self, name: str) -> str | None:
        return next((value for known, value in self.pairs if known == name), None)

    def values(self, name: str) -> list[str]:
        return [value for known, value in self.pairs if known == name]


class FormReader(HTMLParser):
    """Reads the form of an id as a browser would send it."""

    def __init__(self, identifier: str) -> None:
        super().__init__()
        self.form = Form()
        self._identifier = identifier
        self._inside = False
        self._textarea: str | None = None
        self._text = ""
        self._select: str | None = None
        self._chosen: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = known.get("id") == self._identifier
            if self._inside:
                self.form.action = known.get("action", "")
        if not self._inside:
            return
        if tag == "input":
            self._take_input(known)
        elif tag == "textarea":
            self._textarea, self._text = known["name"], ""
        elif tag == "select":
            self._select, self._chosen = known["name"], None
        elif tag == "option" and (self._chosen is None or "selected" in known):
            self._chosen = known.get("value", "")

    def _take_input(self, known: dict[str, str]) -> None:
        kind = known.get("type", "text")
        is_pressed = kind not in ("radio", "checkbox") or "checked" in known
        if known.get("name") and is_pressed and kind not in ("submit", "button", "file"):
            self.form.pairs.append((known["name"], known.get("value", "")))

    def handle_data(self, data: str) -> None:
        if self._textarea is not None:
            self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._textarea is not None:
            # A browser drops the line break after the start tag and sends CR LF for the others.
            text = self._text.removeprefix("\n").replace("\n", "\r\n")
            self.form.pairs.append((self._textarea, text))
            self._textarea = None
        elif tag == "select" and self._select is not None:
            self.form.pairs.append((self._select, self._chosen or ""))
            self._select = None
        elif tag == "form":
            self._inside = False


def form_of(response: TestResponse, identifier: str = "record") -> Form:
    reader = FormReader(identifier)
    reader.feed(response.text)
    assert reader.form.action or reader.form.pairs, f"the page has no form {identifier!r}"
    return reader.form


class Visitor:
    def __init__(self, app: Flask, slug: str) -> None:
        self.client = app.test_client()
        self.slug = slug
        self._token = ""

    @classmethod
    def signed_in(cls, app: Flask, slug: str, role: Role) -> Visitor:
        """In a session of its own that begins as after the right password; without the pages around it, which took
        as long as most of what the tests ask.
        """
        visitor = cls(app, slug)
        with app.test_request_context("/sign-in"):
            person = person_by_login(organisations(), f"{role.value}@{slug}")
            assert person is not None, f"nobody is {role.value}@{slug}"
            begin_session(person)
            visitor._token = generate_csrf()
            begun = dict(session)
        with visitor.client.session_transaction() as kept:
            kept.update(begun)
        return visitor

    def sign_in(self, login: str, password: str, next_page: str = "") -> TestResponse:
        page = self.client.get("/sign-in")
        self._token = ""
        data = {"login": login, "password": password, "csrf_token": token_in(page)}
        return self.client.post("/sign-in", data=data, query_string={"next": next_page} if next_page else {})

    @property
    def token(self) -> str:
        if not self._token:
            self._token = token_in(self.client.get(self.at("you")))
        return self._token

    def at(self, path: str) -> str:
        return f"/o/{self.slug}/{path}"

    def get(self, path: str, **query: str | list[str]) -> TestResponse:
        """A page of the visitor's own organisation."""
        return self.client.get(self.at(path), query_string=query or None)

    def ask(self, path: str, **boxes: str) -> TestResponse:
        """Types into a search or conditions and goes on to the page that answers."""
        sent = self.post(path, boxes)
        assert sent.status_code == 303, sent.text
        return self.client.get(sent.headers["Location"])

    def find(self, object_name: str, text: str) -> TestResponse:
        """What a lookup asks while somebody types."""
        return self.post(f"{object_name}/find", {"q": text})

    def post(self, path: str, data: Mapping[str, str] | MultiDict[str, str] | None = None) -> TestResponse:
        """Sends boxes, with a token where they hold none. A path that begins with a slash is taken as it is."""
        boxes = MultiDict(data or {})
        boxes.setdefault("csrf_token", self.token)
        return self.client.post(path if path.startswith("/") else self.at(path), data=boxes)

    def send(
        self, page: TestResponse, values: Mapping[str, str | Iterable[str] | None], form: str = "record"
    ) -> TestResponse:
        """Fills in a form of a page and sends it."""
        found = form_of(page, form)
        return self.post(found.action, found.filled(values))


def token_in(page: TestResponse) -> str:
    found = _TOKEN.search(page.text)
    assert found, "the page holds no form of ours"
    return found.group(1)


def finished(visitor: Visitor, address: str) -> TestResponse:
    """The page of a job once it is over."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    job = address.rsplit("/", 1)[1]
    while time.monotonic() < deadline:
        if visitor.get(f"jobs/{job}/state").get_json()["state"] in ("done", "failed"):
            return visitor.client.get(address)
        time.sleep(0.05)
    raise AssertionError(f"job {job} did not end")
