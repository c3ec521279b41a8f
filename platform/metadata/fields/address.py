"""Postal addresses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from amparo.metadata.addresses import PARTS, Address
from amparo.metadata.fields.base import Coercer, CoercionContext, FieldType, Rejected, Storage, Value
from amparo.metadata.fields.text import one_line, sound_text, within_length
from amparo.metadata.json_text import BrokenJson, parse_json
from amparo.metadata.model import FieldDefinition
from amparo.metadata.problems import near_name
from amparo.metadata.standard_codes import COUNTRIES
from amparo.metadata.wording import N_

_LONGEST_LINES = 1000
_LONGEST_PART = 200


class AddressType(FieldType):
    """Spaces around a part are dropped; inside it everything stays as it was written."""

    name = "address"
    label = "Address"
    summary = "Where somebody lives or something is, in parts: street, town, region, postcode and country."
    accepts = (
        "Any of the parts; none is needed. In a file, the address in one cell is kept as its street lines, and "
        'what Amparo exported, like {"city":"Battambang","country":"KH"}, as its parts.'
    )
    storage = Storage.STRUCTURED
    family = "address"
    sortable = False
    groupable = False
    searchable = True
    can_be_unique = False

    def coercer(self, definition: FieldDefinition, context: CoercionContext) -> Coercer:
        return read_address

    def to_text(self, definition: FieldDefinition, value: Any) -> str:
        return str(value)

    def from_text(self, definition: FieldDefinition, text: str) -> Value:
        return Address.parse(text)

    def search_text(self, definition: FieldDefinition, value: Any) -> str:
        """Not the country: its name depends on the reader, and its code stands in many words."""
        return "\n".join(value.in_lines(""))


def read_address(raw: Any) -> Address | None:
    """Text, JSON text of parts, or an address; ``None`` where no part is known. Raises :class:`Rejected`."""
    if isinstance(raw, Address):
        return _of_parts(asdict(raw))
    text = sound_text(raw)
    if not text.lstrip().startswith("{"):
        return _of_parts({"lines": text})
    try:
        parts = parse_json(text.encode())
    except BrokenJson as fault:
        raise Rejected(fault.kind, fault.advice, **fault.params) from None
    return _of_parts(parts)


def _of_parts(parts: Mapping[str, Any]) -> Address | None:
    for name in parts:
        if name not in PARTS:
            raise _unknown_part(name)
    address = Address(**{name: _READERS.get(name, _line)(text) for name, text in parts.items()})
    return address if address != Address() else None


def _unknown_part(name: str) -> Rejected:
    if near := near_name(name, PARTS):
        advice = N_("An address has no part “{name}”. Did you mean “{near}”?")
        return Rejected("unknown_name", advice, name=name, near=near)
    advice = N_("An address has no part “{name}”. Use these: {parts}.")
    return Rejected("unknown_name", advice, name=name, parts=", ".join(PARTS))


def _lines(raw: Any) -> str:
    text = sound_text(raw).replace("\r\n", "\n").replace("\r", "\n")
    return within_length(text.strip(), _LONGEST_LINES)


def _line(raw: Any) -> str:
    return one_line(sound_text(raw).strip(), _LONGEST_PART)


def _country(raw: Any) -> str:
    text = _line(raw)
    code = text.upper()
    if code and code not in COUNTRIES:
        advice = N_("“{text}” is no code of a country. Write the two letters of ISO 3166-1, like KH.")
        raise Rejected("not_an_option", advice, text=text)
    return code


_READERS: Mapping[str, Callable[[Any], str]] = {"lines": _lines, "country": _country}
