"""Addresses of pages that many places link to. They hold short names and identifiers, never a person's name."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from flask import g, url_for

from amparo.runtime.web.visits import Visit

#: What may stand behind the question mark: one text, or several under one name.
Arguments = Mapping[str, str | Sequence[str]]
#: Stands in an address where the identifier of a record will.
_ANY_RECORD = uuid.UUID(int=0)
_ANY_RECORD_TEXT = str(_ANY_RECORD)


def with_arguments(url: str, arguments: Arguments | None) -> str:
    """The address with its question; names of fields stand there, so they must not meet the names of its parts."""
    return f"{url}?{urlencode(arguments, doseq=True)}" if arguments else url


def list_url(visit: Visit, object_name: str, arguments: Arguments | None = None) -> str:
    return with_arguments(_known(visit, "lists.list_page", object_name), arguments)


def record_url(visit: Visit, object_name: str, record: uuid.UUID, arguments: Arguments | None = None) -> str:
    return with_arguments(_known_of_record(visit, "records.record", object_name, record), arguments)


def edit_url(visit: Visit, object_name: str, record: uuid.UUID) -> str:
    return _known_of_record(visit, "forms.edit", object_name, record)


def _known_of_record(visit: Visit, endpoint: str, object_name: str, record: uuid.UUID) -> str:
    return _known(visit, endpoint, object_name, record_id=_ANY_RECORD).replace(_ANY_RECORD_TEXT, str(record))


def _known(visit: Visit, endpoint: str, object_name: str, **parts: Any) -> str:
    """Asked for once in a request: a list names the pages of all its records, a record the form once for each fact."""
    known: dict[tuple[str, str, str], str] = g.setdefault("known_addresses", {})
    asked = (endpoint, visit.slug, object_name)
    if asked not in known:
        known[asked] = url_for(endpoint, slug=visit.slug, object_name=object_name, **parts)
    return known[asked]


def new_url(visit: Visit, object_name: str, arguments: Arguments | None = None) -> str:
    return with_arguments(url_for("forms.new", slug=visit.slug, object_name=object_name), arguments)
