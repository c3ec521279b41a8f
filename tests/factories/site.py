"""A server as tests in a browser see it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from werkzeug.serving import make_server

from amparo.app import create_app
from amparo.runtime.access import Role
from amparo.runtime.demo.loading import SignIn
from amparo.runtime.settings import Settings
from factories.organisations import sign_in_of

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

#: Of a browser's window, in px.
WIDTHS = {"desktop": 1280, "phone": 390, "narrow": 320}
HEIGHT = 860


@dataclass(frozen=True)
class Site:
    """The server's address, and how each member of its organisation signs in."""

    url: str
    slug: str
    sign_ins: dict[Role, SignIn]

    def at(self, path: str) -> str:
        """The address of a page of the organisation."""
        return f"{self.url}/o/{self.slug}/{path}"


@contextmanager
def serving_organisation(settings: Settings, slug: str, *roles: Role) -> Iterator[Site]:
    """The site of what ``make_organisation`` made with these roles."""
    with serving(settings) as url:
        yield Site(url, slug, {role: sign_in_of(slug, role) for role in roles})


@contextmanager
def serving(settings: Settings) -> Iterator[str]:
    """A server over an installation, at the address it gives."""
    app = create_app(settings)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, closing_answers(app), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
    app.extensions["amparo"].close()


def closing_answers(app: WSGIApplication) -> WSGIApplication:
    """The application for Werkzeug's server, which never closes the answer of a browser that hung up, as WSGI asks.

    A generator closes it when the server drops it, so that no file stays open until it is collected.
    """

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterator[bytes]:
        parts = app(environ, start_response)
        try:
            yield from parts
        finally:
            close = getattr(parts, "close", None)
            if close is not None:
                close()

    return answer
