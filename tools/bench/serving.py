"""Server time of pages, from request to the last byte, without a network between."""

from __future__ import annotations

import gzip
import re
import uuid
from collections.abc import Callable, Sequence

from flask.testing import FlaskClient

from amparo.app import create_app
from amparo.runtime.access import Role
from amparo.runtime.members import create_member
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations
from tools.bench.measuring import Figure, compared

_LOGIN, _PASSWORD = "bench@example.org", "correct horse battery"


def page_figures(organisations: Organisations, store: OrganisationStore, records: Sequence[uuid.UUID]) -> list[Figure]:
    """Median milliseconds of the three everyday pages, warm; prints their compressed sizes."""
    create_member(organisations, store.slug, _LOGIN, "Bench", Role.ADMINISTRATOR, _PASSWORD)
    client = create_app(organisations.settings).test_client()
    _sign_in(client)
    start = f"/o/{store.slug}/case/"
    pages = {
        "page: list": start,
        "page: list, filtered and sorted": f"{start}?sort=-d01",
        "page: record": f"{start}{records[len(records) // 2]}",
        "page: form of 40 fields": f"{start}{records[len(records) // 3]}/edit",
    }
    return [
        compared(_named(client, name, path), _get(client, path), None, "≤ 25 ms", 20) for name, path in pages.items()
    ]


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
