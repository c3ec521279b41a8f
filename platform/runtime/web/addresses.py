"""Addresses of pages that many places link to. They hold short names and identifiers, never a person's name."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from flask import url_for

from amparo.runtime.web.visits import Visit

#: What may stand behind the question mark: one text, or several under one name.
Arguments = Mapping[str, str | Sequence[str]]


def with_arguments(url: str, arguments: Arguments | None) -> str:
    """The address with its question; names of fields stand there, so they must not meet the names of its parts."""
    return f"{url}?{urlencode(arguments, doseq=True)}" if arguments else url


def list_url(visit: Visit, object_name: str, arguments: Arguments | None = None) -> str:
    return with_arguments(url_for("lists.list_page", slug=visit.slug, object_name=object_name), arguments)


def record_url(visit: Visit, object_name: str, record: uuid.UUID, arguments: Arguments | None = None) -> str:
    url = url_for("records.record", slug=visit.slug, object_name=object_name, record_id=record)
    return with_arguments(url, arguments)


def new_url(visit: Visit, object_name: str, arguments: Arguments | None = None) -> str:
    return with_arguments(url_for("forms.new", slug=visit.slug, object_name=object_name), arguments)
