"""Server time of pages, from request to the last byte, without a network between."""

from __future__ import annotations

import gzip
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
import uuid
from collections.abc import Callable, Mapping, Sequence

from flask.testing import FlaskClient

from amparo.app import create_app
from amparo.runtime.access import Role
from amparo.runtime.members import create_member
from amparo.runtime.settings import Settings
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations
from tools.bench.measuring import Figure, compared

_LONGEST_START_SECONDS = 30
#: Starts that count.
_STARTS = 5
_LOGIN, _PASSWORD = "bench@example.org", "correct horse battery"


def page_figures(organisations: Organisations, store: OrganisationStore, records: Sequence[uuid.UUID]) -> list[Figure]:
    """Median milliseconds of a start, and of the everyday pages, warm, each named with its compressed size."""
    create_member(organisations, store.slug, _LOGIN, "Bench", Role.ADMINISTRATOR, _PASSWORD)
    client = create_app(organisations.settings).test_client()
    _sign_in(client)
    start = f"/o/{store.slug}/case/"
    pages = {
        "page: list": start,
        "page: list, filtered and sorted": f"{start}?sort=-d01",
        "page: record": f"{start}{records[len(records) // 2]}",
        "page: form of 40 fields, filled": f"{start}{records[len(records) // 3]}/edit",
        "page: form of 60 fields": f"/o/{store.slug}/intake/new",
    }
    return [
        start_figure(organisations.settings),
        *(
            compared(_named(client, name, path), _get(client, path), None, "≤ 25 ms", 20)
            for name, path in pages.items()
        ),
    ]


def start_figure(settings: Settings) -> Figure:
    """Median from the command to the first answer of a server with its workers, whose modules lie there compiled.

    An installation compiles what it installs. Here the first of the starts does, which does not count: in a checkout
    modules that changed would be compiled at every start where Python may write nothing beside them.
    """
    environment = {
        **os.environ,
        "AMPARO_HOME": str(settings.home),
        "AMPARO_DATABASE_URL": settings.database_url or "",
    }
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryDirectory() as compiled:
        environment["PYTHONPYCACHEPREFIX"] = compiled
        _, *times = [_start(environment) for _ in range(_STARTS + 1)]
    return Figure("start of the server, to the first page", statistics.median(times), None, "≤ 2,000 ms")


def _start(environment: Mapping[str, str]) -> float:
    """Milliseconds."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    began = time.monotonic()
    with subprocess.Popen(
        [sys.executable, "-m", "amparo", "serve"],
        env={**environment, "AMPARO_PORT": str(port)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as server:
        while not _answers(f"http://127.0.0.1:{port}/sign-in"):
            if time.monotonic() - began > _LONGEST_START_SECONDS:
                raise SystemExit("The server did not start.")
            time.sleep(0.02)
        taken = (time.monotonic() - began) * 1000
        server.terminate()
    return taken


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - this machine's own server
            return bool(answer.status == 200)
    except OSError:
        return False


def _sign_in(client: FlaskClient) -> None:
    page = client.get("/sign-in").get_data(as_text=True)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    answer = client.post(
        "/sign-in",
        data={"login": _LOGIN, "password": _PASSWORD, "csrf_token": token.group(1) if token else ""},
    )
    if answer.status_code not in (302, 303):
        raise SystemExit(f"Signing in answered {answer.status_code}.")


def _get(client: FlaskClient, path: str) -> Callable[[], object]:
    def get() -> object:
        answer = client.get(path)
        if answer.status_code != 200:
            raise SystemExit(f"{path} answered {answer.status_code}.")
        return answer

    return get


def _named(client: FlaskClient, name: str, path: str) -> str:
    answer = client.get(path)
    body = answer.get_data()
    size = len(body if answer.headers.get("Content-Encoding") else gzip.compress(body))
    return f"{name} ({size / 1000:.0f} kB compressed)"
