"""What every page keeps to: headers, weight, words, and plain errors."""

from __future__ import annotations

import gzip
import json
import re
import uuid
from pathlib import Path

import pytest
from flask import Flask

from amparo.app import create_app
from amparo.runtime.settings import Settings
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.web.manifest import STATIC_FOLDER
from factories.visitors import Visitor

PATHS = ("", "person/", "person/new?record_type=client", "reports/", "reports/by_gender", "search", "you")
MOST_BYTES = 100_000


def all_pages(visitor: Visitor, record: uuid.UUID) -> list[str]:
    return [*PATHS, f"person/{record}", f"person/{record}/edit", f"person/{record}/history", "person/?edit=1"]


def test_pages_are_kept_nowhere_and_framed_by_nobody(caseworker: Visitor, sokha: uuid.UUID) -> None:
    for path in [*all_pages(caseworker, sokha), "nothing-here"]:
        headers = caseworker.client.get(caseworker.at(path)).headers
        assert headers["Cache-Control"] == "no-store", path
        assert "'unsafe-inline'" not in headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"


def test_pages_hold_no_style_and_no_script_of_their_own(caseworker: Visitor, sokha: uuid.UUID) -> None:
    for path in all_pages(caseworker, sokha):
        page = caseworker.client.get(caseworker.at(path)).text
        assert not re.search(r'<style|\sstyle="|\son[a-z]+="|<script(?![^>]*src=)', page), path


def test_addresses_begin_where_the_web_server_in_front_says(caseworker: Visitor, sokha: uuid.UUID) -> None:
    path = caseworker.at(f"person/{sokha}")
    for root in ("", "/cases", ""):
        page = caseworker.client.get(path, environ_overrides={"SCRIPT_NAME": root}).text
        addresses = re.findall(r'(?:href|action)="(/[^"]+)"', page)
        assert f"{root}{path}/edit" in addresses
        assert [each for each in addresses if each.startswith("/cases/") != bool(root)] == []


def test_no_page_is_heavy(caseworker: Visitor, sokha: uuid.UUID) -> None:
    names = json.loads((STATIC_FOLDER / "dist" / "manifest.json").read_text())
    front_end = sum(len(gzip.compress((STATIC_FOLDER / "dist" / name).read_bytes())) for name in names.values())
    for path in all_pages(caseworker, sokha):
        page = gzip.compress(caseworker.client.get(caseworker.at(path)).data)
        assert len(page) + front_end <= MOST_BYTES, path


def test_style_and_script_are_kept_for_good(app: Flask) -> None:
    client = app.test_client()
    page = client.get("/sign-in").text
    for address in re.findall(r'(?:href|src)="(/static/dist/[^"]+)"', page):
        with client.get(address) as answer:
            assert "immutable" in answer.headers["Cache-Control"], address


def test_an_error_is_said_in_words_and_in_the_readers_language(caseworker: Visitor) -> None:
    page = caseworker.get("no-such-object/")
    assert page.status_code == 404
    assert "There is nothing at this address" in page.text
    caseworker.client.get("/language", query_string={"to": "ar"})
    assert 'dir="rtl"' in caseworker.get("no-such-object/").text
    caseworker.client.get("/language", query_string={"to": "en"})


def test_a_method_that_is_none_is_said_in_words(caseworker: Visitor) -> None:
    answer = caseworker.client.put(caseworker.at("person/"))
    assert answer.status_code in (400, 405)
    assert "<h1>" in answer.text


def test_a_fault_of_the_program_gives_a_number_and_no_detail(
    caseworker: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("a secret detail")

    monkeypatch.setitem(caseworker.client.application.config, "PROPAGATE_EXCEPTIONS", False)
    monkeypatch.setattr("amparo.runtime.web.views.searching.discoveries", fail)
    answer = caseworker.ask("search", q="a")
    assert answer.status_code == 500
    assert "a secret detail" not in answer.text
    assert re.search(r"[0-9a-f]{10}", answer.text)


def test_a_session_cookie_is_for_the_server_alone(caseworker: Visitor, office: OrganisationStore) -> None:
    visitor = Visitor(caseworker.client.application, office.slug)
    cookie = visitor.sign_in(f"caseworker@{office.slug}", "correct horse battery").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_cookies_and_pages_want_https_where_others_can_reach_the_server(tmp_path: Path) -> None:
    app = create_app(Settings(home=tmp_path, host="0.0.0.0"))  # noqa: S104 - the point of the test.
    answer = app.test_client().get("/calendar")
    assert "max-age" in answer.headers["Strict-Transport-Security"]
    assert app.config["SESSION_COOKIE_SECURE"] is True
    local = create_app(Settings(home=tmp_path))
    assert "Strict-Transport-Security" not in local.test_client().get("/calendar").headers


def test_the_secret_of_sessions_is_made_once_for_a_home(tmp_path: Path) -> None:
    first, second = create_app(Settings(home=tmp_path)), create_app(Settings(home=tmp_path))
    assert first.config["SECRET_KEY"] == second.config["SECRET_KEY"]
    assert len(first.config["SECRET_KEY"]) > 40


def test_health_says_whether_the_stores_answer(app: Flask, office: OrganisationStore) -> None:
    assert app.test_client().get("/health").get_json() == {"state": "well"}


def test_an_empty_organisation_says_what_to_do(caseworker: Visitor) -> None:
    page = caseworker.get("visit/").text
    assert "Nothing here yet" in page
    assert "Nothing is assigned to you" in caseworker.get("").text
