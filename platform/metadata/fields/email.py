"""E-mail addresses."""

from __future__ import annotations

import re
from typing import Any

from amparo.metadata.fields.base import Coercer, CoercionContext, Rejected, Storage, TextFieldType, Value
from amparo.metadata.fields.text import sound_text
from amparo.metadata.internet_names import ascii_host, readable_host
from amparo.metadata.model import FieldDefinition
from amparo.metadata.wording import N_

#: Letters and marks of every script (RFC 6531) but invisible ones, digits and the signs that addresses have.
_PART = r"(?:[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]|[^\x00-\xa0\s\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff])+"
_LOCAL = re.compile(rf"{_PART}(?:\.{_PART})*")
_LONGEST_LOCAL, _LONGEST = 64, 254


class Email(TextFieldType):
    """The part before @ as written; the domain in small letters, as the internet knows it."""

    name = "email"
    label = "E-mail address"
    summary = "One e-mail address."
    accepts = "name@example.org, also with letters of other scripts. Whether somebody reads it is not known."
    storage = Storage.TEXT
    family = "text"
    searchable = True

    def coercer(self, definition: FieldDefinition, context: CoercionContext) -> Coercer:
        def coerce(raw: Any) -> Value | None:
            text = sound_text(raw).strip()
            return _normal(text) if text else None

        return coerce

    def search_text(self, definition: FieldDefinition, value: Any) -> str:
        """Also as people read it, where the domain has letters of their script."""
        readable = readable_email(value)
        return value if readable == value else f"{value} {readable}"


def readable_email(address: str) -> str:
    """The address with its domain in the letters of its language."""
    local, at, host = address.rpartition("@")
    return f"{local}{at}{readable_host(host)}"


def _normal(text: str) -> str:
    local, at, domain = text.rpartition("@")
    if not at or not _LOCAL.fullmatch(local) or len(local) > _LONGEST_LOCAL:
        raise _not_an_address()
    try:
        address = f"{local}@{ascii_host(domain)}"
    except ValueError:
        raise _not_an_address() from None
    if len(address) > _LONGEST:
        raise _not_an_address()
    return address


def _not_an_address() -> Rejected:
    return Rejected("not_an_email", N_("Write one e-mail address, like name@example.org."))
