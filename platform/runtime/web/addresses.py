"""Addresses of pages that many places link to. They hold short names and identifiers, never a person's name."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from flask import request, url_for

from amparo.runtime.web.visits import Visit

#: What may stand behind the question mark: one text, or several under one name.
Arguments = Mapping[str, str | Sequence[str]]
#: Stands in an address where the identifier of a record will.
_ANY_RECORD_TEXT = str(uuid.UUID(int=0))


def with_arguments(url: str, arguments: Arguments | None) -> str:
    """The address with its question; names of fields stand there, so they must not meet the names of its parts."""
    return f"{url}?{urlencode(arguments, doseq=True)}" if arguments else url


def known_url(endpoint: str, **parts: str) -> str:
    """The address of a page that others name again and again: as from ``url_for``, which takes five times as long."""
    return _built(request.script_root, endpoint, tuple(parts.items()))


@lru_cache(maxsize=4096)
def _built(_root: str, endpoint: str, parts: tuple[tuple[str, str], ...]) -> str:
    """Addresses begin with the root that the web server in front says the application lies at."""
    values: dict[str, Any] = dict(parts)
    return url_for(endpoint, **values)


def list_url(visit: Visit, object_name: str, arguments: Arguments | None = None) -> str:
    return with_arguments(known_url("lists.list_page", slug=visit.slug, object_name=object_name), arguments)


def record_url(visit: Visit, object_name: str, record: uuid.UUID, arguments: Arguments | None = None) -> str:
    return with_arguments(known_of_record(visit, "records.record", object_name, record), arguments)


def edit_url(visit: Visit, object_name: str, record: uuid.UUID) -> str:
    return known_of_record(visit, "forms.edit", object_name, record)


def known_of_record(visit: Visit, endpoint: str, object_name: str, record: uuid.UUID) -> str:
    """As :func:`known_url`, of a page about one record; identifiers of records are not kept."""
    url = known_url(endpoint, slug=visit.slug, object_name=object_name, record_id=_ANY_RECORD_TEXT)
    return url.replace(_ANY_RECORD_TEXT, str(record))


def new_url(visit: Visit, object_name: str, arguments: Arguments | None = None) -> str:
    return with_arguments(known_url("forms.new", slug=visit.slug, object_name=object_name), arguments)
