"""Refusing a request that is too large, so that the refusal arrives.

The answer is sent before anything of the request is read. But browsers send a
request to its end before they look for an answer, and a server that hangs up
meanwhile is shown as a broken connection. So what they still send is read and
thrown away, up to a bound.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from http import HTTPStatus
from typing import BinaryIO

from flask import Flask, Response, request

#: What is thrown away at most.
_MOST_BYTES = 512 * 1024 * 1024
_MOST_SECONDS = 60.0
_PIECE_BYTES = 256 * 1024


def add_refusing(app: Flask) -> None:
    """Add before whatever changes the content of answers: what is added first sees an answer last."""

    @app.after_request
    def hear_out(response: Response) -> Response:
        length, most = request.content_length or 0, app.config["MAX_CONTENT_LENGTH"]
        if response.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE and length > most:
            content = response.get_data()
            response.response = _then_thrown_away(content, request.environ["wsgi.input"], length)
            response.content_length = len(content)
        return response


def _then_thrown_away(content: bytes, rest: BinaryIO, length: int) -> Iterator[bytes]:
    yield content
    end, left = time.monotonic() + _MOST_SECONDS, min(length, _MOST_BYTES)
    # Whoever hangs up has heard enough.
    with suppress(OSError):
        while left and time.monotonic() < end:
            piece = rest.read(min(left, _PIECE_BYTES))
            if not piece:
                return
            left -= len(piece)
