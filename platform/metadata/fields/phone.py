"""Telephone numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

import phonenumbers

from amparo.metadata.fields.base import Coercer, CoercionContext, Rejected, Storage, TextFieldType, Value
from amparo.metadata.fields.numerals import ascii_digits
from amparo.metadata.fields.text import sound_text
from amparo.metadata.model import Application, FieldDefinition
from amparo.metadata.problems import Path, Problem
from amparo.metadata.standard_codes import COUNTRIES
from amparo.metadata.wording import N_

#: What a number may be written with. The library would drop words around it without a word.
_WRITTEN = re.compile(
    r"(?:tel:)?[+\uff0b(]*[0-9][0-9\s().\-/\u00a0\u2010-\u2015\u202f]*"
    r"(?:(?:;\s*ext=|,|[;,]?\s*(?:ext|extension|x|#)\.?)\s*[0-9]{1,7})?",
    re.IGNORECASE,
)
_LONGEST = 60


class Phone(TextFieldType):
    """Kept as E.164, ``+85512345678``, an extension after ``x``: ``+85512345678x12``."""

    name = "phone"
    label = "Phone number"
    summary = "One telephone number."
    accepts = (
        "A number as people write it: 012 345 678 where the field names its country, +855 12 345 678 anywhere. "
        "An extension follows ext. or x. It is kept as +85512345678 and found by any run of its digits."
    )
    storage = Storage.TEXT
    family = "phone"
    searchable = True
    is_found_by_form = True
    groupable = False
    options: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "country": {
            "type": "string",
            "pattern": "^[A-Z]{2}$",
            "patternErrorMessage": N_("Write the two capital letters of the country, like KH."),
            "description": "The ISO 3166-1 code of the country that numbers without + belong to, such as KH. Without "
            "it every number begins with + and the code of its country.",
        }
    }

    def check(self, definition: FieldDefinition, application: Application, path: Path) -> Iterator[Problem]:
        code = definition.options.get("country")
        if code is not None and code not in COUNTRIES:
            advice = N_("“{name}” is no country's code. Write two letters of ISO 3166-1, like KH.")
            yield Problem("unknown_name", str(path / "country"), code, advice, {"name": code})

    def coercer(self, definition: FieldDefinition, context: CoercionContext) -> Coercer:
        region: str | None = definition.options.get("country")

        def coerce(raw: Any) -> Value | None:
            text = ascii_digits(sound_text(raw))
            return _canonical(text, region) if text else None

        return coerce

    def search_text(self, definition: FieldDefinition, value: Any) -> str:
        """The digits as dialled from abroad and at home, so that every run of either is found."""
        number = parsed_number(value)
        if number is None:
            return str(value)
        at_home = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
        return " ".join((digits_of(value), digits_of(at_home)))

    def search_term(self, text: str) -> str:
        return digits_of(ascii_digits(text)) or text


def digits_of(text: str) -> str:
    return re.sub(r"[^0-9]", "", text)


def parsed_number(canonical: str) -> phonenumbers.PhoneNumber | None:
    """The number of a canonical text; ``None`` for a text that is none, such as one of an earlier type."""
    try:
        return phonenumbers.parse(canonical)
    except phonenumbers.NumberParseException:
        return None


def _canonical(text: str, region: str | None) -> str:
    if len(text) > _LONGEST or not _WRITTEN.fullmatch(text):
        raise Rejected("not_a_phone", N_("Write one phone number in digits, like +855 12 345 678."))
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException as fault:
        raise _refusal(fault, region) from None
    if not phonenumbers.is_possible_number(number):
        raise _impossible(region)
    extension = f"x{number.extension}" if number.extension else ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) + extension


def _refusal(fault: phonenumbers.NumberParseException, region: str | None) -> Rejected:
    if fault.error_type != phonenumbers.NumberParseException.INVALID_COUNTRY_CODE:
        return _impossible(region)
    if region is None:
        return Rejected("not_a_phone", N_("Begin with + and the code of the country, like +855 12 345 678."))
    return Rejected("not_a_phone", N_("No country has this code. Write it after +, like +855 12 345 678."))


def _impossible(region: str | None) -> Rejected:
    if region is None:
        return Rejected("not_a_phone", N_("This number is too short or too long. Look at its digits again."))
    example = phonenumbers.example_number(region)
    written = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.NATIONAL) if example else "+"
    advice = N_("This number is too short or too long. Write it like {example}, or with + and the country's code.")
    return Rejected("not_a_phone", advice, example=written)
