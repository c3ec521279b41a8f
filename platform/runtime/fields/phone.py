"""Telephone numbers as people write them."""

from __future__ import annotations

from typing import Any

import phonenumbers

from amparo.metadata.fields.phone import parsed_number
from amparo.metadata.model import FieldDefinition
from amparo.runtime.fields.base import Reader, Words


class PhoneWords(Words):
    """In the country of the field as at home, ``012 345 678``; any other with its country's code."""

    name = "phone"

    def display(self, value: Any, definition: FieldDefinition, reader: Reader) -> str:
        return phone_words(value, definition)

    def exported(self, value: Any, definition: FieldDefinition, reader: Reader) -> str:
        """A spreadsheet would drop the zero that a number at home begins with."""
        number = parsed_number(value)
        return (
            phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL) if number else str(value)
        )


def phone_words(value: str, definition: FieldDefinition) -> str:
    """The number as people write it; a text that is none, as it is."""
    number = parsed_number(value)
    if number is None:
        return str(value)
    at_home = definition.options.get("country") in _regions_of(number)
    form = phonenumbers.PhoneNumberFormat.NATIONAL if at_home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, form)


def _regions_of(number: phonenumbers.PhoneNumber) -> tuple[str, ...]:
    return tuple(phonenumbers.region_codes_for_country_code(number.country_code or 0))


def dialled(value: str) -> str | None:
    """An address that a telephone opens (RFC 3966); ``None`` for what is no number."""
    number = parsed_number(value)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.RFC3966) if number else None
