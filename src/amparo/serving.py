"""``amparo serve``: the web application in gunicorn's workers."""

from __future__ import annotations

import socket
import struct
from dataclasses import replace
from typing import Any

import click
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]
from gunicorn.glogging import Logger  # type: ignore[import-untyped]

from amparo.admin.installation import DEMO_SIGN_INS
from amparo.app import create_app
from amparo.runtime.collecting import collect_seldom
from amparo.runtime.errors import StoresLeft
from amparo.runtime.faults import WordlessFormatter
from amparo.runtime.settings import Settings
from amparo.runtime.stores.organisations import Organisations

#: A worker that answers nothing for so long is replaced.
_PATIENCE_SECONDS = 60
#: Bytes of an address, as many as gunicorn allows: those of lists hold all conditions, and three bytes a Khmer letter.
_LONGEST_ADDRESS = 8190
#: A phone that lost its network in the middle of a form says nothing any more. It is waited for so long, by one thread.
LONGEST_SILENCE_SECONDS = 30


class WebServerLog(Logger):  # type: ignore[misc]
    """Gunicorn's, without the words of errors: it writes those that end an answer which is already on its way."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(WordlessFormatter(self.error_fmt, self.datefmt))


class WebServer(BaseApplication):  # type: ignore[misc]
    """Gunicorn with our settings. The application is made once, before the fork; each worker opens its own stores."""

    def __init__(self, settings: Settings) -> None:
        self._amparo = settings
        self._app = create_app(settings)
        super().__init__()

    def load_config(self) -> None:
        options = {
            "bind": f"{self._amparo.host}:{self._amparo.port}",
            "workers": self._amparo.workers,
            "threads": self._amparo.threads,
            "worker_class": "gthread",
            "timeout": _PATIENCE_SECONDS,
            "limit_request_line": _LONGEST_ADDRESS,
            "loglevel": "warning",
            "logger_class": WebServerLog,
            "when_ready": _open_for_visitors,
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        # Work that an earlier process left is taken up again, without waiting for somebody to open a page.
        self._app.extensions["amparo"].jobs().start()
        collect_seldom()
        return self._app


def _open_for_visitors(server: Any) -> None:
    for listener in server.LISTENERS:
        _limit_silence(listener.sock)
    host, port = server.LISTENERS[0].sock.getsockname()[:2]
    click.echo(f"Amparo is at http://{host}:{port}")


def _limit_silence(listener: socket.socket) -> None:
    """Of every connection that it will accept: on Linux they take these options over, and gunicorn has none of its own.

    Without, as many phones as there are threads, gone in the middle of a form, stopped the server for everybody.
    """
    limit = struct.pack("ll", LONGEST_SILENCE_SECONDS, 0)
    for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
        listener.setsockopt(socket.SOL_SOCKET, option, limit)


@click.command("serve")
@click.option("--host", help="Address to listen on. Default: AMPARO_HOST.")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on. Default: AMPARO_PORT.")
def serve(host: str | None, port: int | None) -> None:
    """Bring the stores up to date and serve the pages.

    \b
    Example:
      AMPARO_HOME=/srv/amparo amparo serve --port 8080
    """
    settings = Settings.from_environment()
    settings = replace(settings, host=host or settings.host, port=settings.port if port is None else port)
    refuse_a_taken_port(settings)
    bring_up_to_date(settings)
    sign_ins = settings.home / DEMO_SIGN_INS
    if sign_ins.is_file():
        click.echo(sign_ins.read_text(encoding="utf-8"))
    WebServer(settings).run()


def refuse_a_taken_port(settings: Settings) -> None:
    """At once and in a sentence: the web server itself tries for five seconds and then says it in its own words."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(address)
    except OSError as error:
        advice = "Name another with --port or AMPARO_PORT, or stop what is there."
        raise click.ClickException(
            f"Cannot listen on {settings.host}:{settings.port}: {error.strerror}. {advice}"
        ) from None


def bring_up_to_date(settings: Settings) -> None:
    """Before the workers fork: two that migrate at once would wait for each other at every start.

    An organisation whose store cannot be used is named, and the others are served.
    """
    organisations = Organisations(settings)
    try:
        organisations.migrate()
    except StoresLeft as error:
        if error.are_all:
            raise
        for slug, sentence in error.sentences.items():
            click.echo(f"Not served: {slug}. {sentence}", err=True)
    finally:
        organisations.close()
