"""Answers leave compressed: a long form over a slow mobile network takes seconds instead of half a minute.

Compression tells secrets by length to somebody who can make a browser ask
again and again with guesses in the address (BREACH). So nothing is compressed
that another site asked for, and every file gets a name of random length in its
header, which hides the few bytes that a right guess saves (Heal The Breach).
"""

from __future__ import annotations

import secrets
import struct
import zlib

from flask import Flask, Request, Response, request

#: Less than this fits one packet as it is.
_SMALLEST = 1000
_LEVEL = 6
_LONGEST_NAME = 100
_TEXTS = ("text/", "application/json", "application/javascript", "image/svg+xml")


def add_compression(app: Flask) -> None:
    @app.after_request
    def compress(response: Response) -> Response:
        if not _has_body(response):
            # The server drops the body unread, and with it an open file: Werkzeug closes neither.
            response.close()
            return response
        if not _is_compressible(response):
            return response
        response.vary.update(("Accept-Encoding", "Sec-Fetch-Site"))
        if response.status_code == 200 and _may_be_compressed(request):
            _compress(response)
        return response


def _has_body(response: Response) -> bool:
    return request.method != "HEAD" and response.status_code not in (204, 304)


def _is_compressible(response: Response) -> bool:
    return (
        (response.mimetype or "").startswith(_TEXTS)
        and "Content-Encoding" not in response.headers
        and "Content-Range" not in response.headers
    )


def _may_be_compressed(asked: Request) -> bool:
    """Not for a page that another site's page asks for; a browser that does not say gets the random name alone."""
    return bool(asked.accept_encodings["gzip"]) and asked.headers.get("Sec-Fetch-Site") != "cross-site"


def _compress(response: Response) -> None:
    if response.is_streamed and not response.direct_passthrough:
        # A download of unknown length goes out as it is made.
        return
    response.direct_passthrough = False
    content = response.get_data()
    if len(content) < _SMALLEST:
        return
    response.set_data(gzipped(content))
    response.headers["Content-Encoding"] = "gzip"
    etag, _ = response.get_etag()
    if etag:
        response.set_etag(etag, weak=True)


def gzipped(content: bytes) -> bytes:
    """A gzip file with a name of random length (RFC 1952), so that equal contents differ in length."""
    name = secrets.token_hex(_LONGEST_NAME // 2)[: secrets.randbelow(_LONGEST_NAME) + 1].encode()
    header = b"\x1f\x8b\x08\x08" + bytes(4) + b"\x00\xff" + name + b"\x00"
    deflate = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    body = deflate.compress(content) + deflate.flush()
    return header + body + struct.pack("<II", zlib.crc32(content), len(content) & 0xFFFFFFFF)
