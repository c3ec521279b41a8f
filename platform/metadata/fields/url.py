"""Addresses of web pages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, ClassVar
from urllib.parse import urlsplit, urlunsplit

from amparo.metadata.fields.base import Coercer, CoercionContext, Rejected, Storage, TextFieldType, Value
from amparo.metadata.fields.text import sound_text, within_length
from amparo.metadata.internet_names import ascii_host, is_address
from amparo.metadata.model import FieldDefinition
from amparo.metadata.wording import N_

#: Anything a browser would drop or that would end the address in a text: white space, control characters, quotes.
_NEVER = re.compile(r"[\s\x00-\x1f\x7f-\x9f<>\"\\^`{|}\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class Url(TextFieldType):
    """Scheme and host in small letters, the rest as written. Only addresses that a browser opens as a page."""

    name = "url"
    label = "Web address"
    summary = "The address of a page on the internet."
    accepts = "An address that begins with https:// or http://, without a user name or password in it."
    storage = Storage.TEXT
    family = "text"
    searchable = True
    options: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "max_length": {
            "type": "integer",
            "minimum": 20,
            "maximum": 4000,
            "default": 2000,
            "description": "The most characters an address may have.",
        }
    }

    def coercer(self, definition: FieldDefinition, context: CoercionContext) -> Coercer:
        maximum: int = self.option(definition, "max_length")

        def coerce(raw: Any) -> Value | None:
            text = sound_text(raw).strip()
            return within_length(_normal(text), maximum) if text else None

        return coerce


def is_web_address(text: str) -> bool:
    """Whether a text is one that this type would take: what a page may make a link of."""
    try:
        return _normal(text) == text
    except Rejected:
        return False


def _normal(text: str) -> str:
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise _not_an_address() from None
    if parts.scheme not in ("http", "https") or not host or _NEVER.search(text):
        raise _not_an_address()
    if "@" in parts.netloc:
        raise Rejected("not_a_url", N_("Write the address without a user name or password: others will read it."))
    try:
        place = _host(host) + (f":{port}" if port is not None else "")
    except ValueError:
        raise _not_an_address() from None
    return urlunsplit((parts.scheme, place, parts.path, parts.query, parts.fragment))


def _host(host: str) -> str:
    if is_address(host):
        return f"[{host}]" if ":" in host else host
    return ascii_host(host)


def _not_an_address() -> Rejected:
    return Rejected("not_a_url", N_("Write the whole address, like https://example.org/page."))
