"""Addresses of pages that many places link to. They hold short names and identifiers, never a person's name."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence

from flask import url_for

from amparo.runtime.web.visits import Visit

#: What may stand in an address: one text, or several under one name.
Arguments = Mapping[str, str | Sequence[str]]


def list_url(visit: Visit, object_name: str, arguments: Arguments | None = None) -> str:
    return url_for("lists.list_page", slug=visit.slug, object_name=object_name, **(arguments or {}))


def record_url(visit: Visit, object_name: str, record: uuid.UUID, **arguments: str) -> str:
    return url_for("records.record", slug=visit.slug, object_name=object_name, record_id=record, **arguments)
