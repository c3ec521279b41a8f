"""Somebody with a browser and no JavaScript, as a program: signs in, fills the form, reads where it leads."""

from __future__ import annotations

import uuid
from html.parser import HTMLParser
from http.client import HTTPException
from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, Request, build_opener

from servers.processes import PATIENCE_SECONDS

#: What a visitor of a killed server meets.
SERVER_IS_GONE = (OSError, HTTPException)


class _HiddenInputs(HTMLParser):
    """The hidden inputs of the form that has an input of this name."""

    def __init__(self, wanted: str) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self._wanted = wanted
        self._form: dict[str, str] = {}
        self._is_wanted = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if tag == "form":
            self._form, self._is_wanted = {}, False
        elif tag == "input":
            self._is_wanted = self._is_wanted or named.get("name") == self._wanted
            if named.get("type") == "hidden":
                self._form[named.get("name") or ""] = named.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self._is_wanted:
            self.found = self._form


class _NoFollowing(HTTPRedirectHandler):
    def redirect_request(self, *arguments: object) -> None:
        """A redirect is the answer: it says where the record is."""


class Visitor:
    def __init__(self, address: str) -> None:
        self.address = address
        self._open = build_opener(HTTPCookieProcessor(CookieJar()), _NoFollowing).open

    def sign_in(self, login: str, password: str) -> None:
        location = self._fill("/sign-in", {"login": login, "password": password}, "login")
        assert location is not None

    def add_person(self, slug: str, name: str) -> uuid.UUID:
        """The record that the server says it added."""
        location = self._fill(f"/o/{slug}/person/new?record_type=client", {"name": name}, "name")
        assert location is not None
        return uuid.UUID(location.partition("?")[0].rpartition("/")[2])

    def _fill(self, path: str, answers: dict[str, str], wanted: str) -> str | None:
        with self._open(self.address + path, timeout=PATIENCE_SECONDS) as page:
            inputs = _HiddenInputs(wanted)
            inputs.feed(page.read().decode())
        content = urlencode({**inputs.found, **answers}).encode()
        try:
            with self._open(Request(self.address + path, content), timeout=PATIENCE_SECONDS):
                return None
        except HTTPError as answer:
            with answer:
                return answer.headers["Location"]
