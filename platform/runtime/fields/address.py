"""Addresses in one line, the country by its name."""

from __future__ import annotations

from typing import Any

from amparo.metadata.addresses import Address
from amparo.metadata.model import FieldDefinition
from amparo.runtime.fields.base import Reader, Words
from amparo.runtime.fields.standard_names import country_name


class AddressWords(Words):
    name = "address"

    def display(self, value: Any, definition: FieldDefinition, reader: Reader) -> str:
        return ", ".join(address_lines(value, reader.language))


def address_lines(address: Address, language: str) -> list[str]:
    """As people write it, the country by its name."""
    return address.in_lines(country_name(address.country, language) if address.country else "")
