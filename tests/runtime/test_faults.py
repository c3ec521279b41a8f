"""What logs tell of faults: kinds, codes and places, never what an error says."""

from __future__ import annotations

import errno
import io
import logging
import sqlite3

import psycopg
import pytest
from flask import Flask
from gunicorn.config import Config  # type: ignore[import-untyped]

from amparo.app import create_app
from amparo.runtime.faults import told
from amparo.runtime.stores.organisations import Organisations
from amparo.serving import WebServerLog

NAME = "Marmalade"


def raised(error: Exception, after: Exception | None = None) -> Exception:
    with pytest.raises(type(error)) as caught:
        fail(error, after)
    return caught.value


def fail(error: Exception, after: Exception | None) -> None:
    if after is None:
        raise error
    try:
        raise after
    except type(after):
        raise error  # noqa: B904 - as a fault in the middle of handling another does it.


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ValueError(f"invalid literal for int(): {NAME!r}"), "ValueError at fail"),
        (KeyError(NAME), "KeyError at fail"),
        (psycopg.errors.UniqueViolation(f"Key (name)=({NAME}) already exists."), "UniqueViolation (23505) at fail"),
        (psycopg.OperationalError("connection refused"), "OperationalError (connection refused) at fail"),
        (OSError(errno.ENOSPC, "No space left on device", f"/tmp/{NAME}"), "OSError (No space left on device) at"),
        (raised(TypeError("no"), ValueError(NAME)), "TypeError at fail"),
    ],
)
def test_the_kind_and_the_place_of_an_error_are_told_and_not_its_words(error: Exception, code: str) -> None:
    text = told(raised(error))
    assert text.startswith(code)
    assert NAME not in text


def test_what_sqlite_refuses_is_told_by_its_code() -> None:
    connection = sqlite3.connect(":memory:")
    with pytest.raises(sqlite3.Error) as caught:
        connection.execute(f"SELECT {NAME}")
    connection.close()
    assert told(caught.value).startswith("OperationalError (SQLITE_ERROR) at test_what")


def test_an_error_in_spite_of_another_tells_both() -> None:
    text = told(raised(TypeError(NAME), KeyError(NAME)))
    assert text.index("TypeError at") < text.index(" after KeyError at")
    assert NAME not in text


def test_a_page_that_fails_leaves_no_words_in_the_log(
    organisations: Organisations, caplog: pytest.LogCaptureFixture
) -> None:
    app = create_app(organisations.settings)
    add_failing_pages(app)
    answer = app.test_client().get("/fails")
    assert answer.status_code == 500
    assert "ValueError at fail" in caplog.text
    assert NAME not in caplog.text
    app.extensions["amparo"].close()


def add_failing_pages(app: Flask) -> None:
    @app.route("/fails")
    def fail() -> str:
        raise ValueError(NAME.title())


def test_the_log_of_the_web_server_tells_no_words_either() -> None:
    log = WebServerLog(Config())
    stream = io.StringIO()
    (handler,) = log.error_log.handlers
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(stream)
    try:
        raise ValueError(NAME)
    except ValueError:
        log.exception("Error handling request")
    log.error_log.removeHandler(handler)
    assert "Error handling request\nValueError at test_the_log" in stream.getvalue()
    assert NAME not in stream.getvalue()
