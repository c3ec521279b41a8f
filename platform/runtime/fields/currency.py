"""Amounts with their currency."""

from __future__ import annotations

import re
from typing import Any

from babel.numbers import format_currency, get_currency_symbol

from amparo.metadata.fields.currency import currency_of
from amparo.metadata.fields.registry import field_type
from amparo.metadata.model import FieldDefinition
from amparo.runtime.fields.base import Reader, Words
from amparo.runtime.locales import decimal_words, locale_of

#: CLDR sets a code apart from the number: USD 5, but $5.
_LETTER_BESIDE_DIGIT = re.compile(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")


class CurrencyWords(Words):
    name = "currency"

    def display(self, value: Any, definition: FieldDefinition, reader: Reader) -> str:
        code = currency_code(definition, reader)
        if code is None:
            return decimal_words(value, reader.language)
        locale = locale_of(reader.language)
        words = format_currency(value, code, locale=locale, decimal_quantization=False)
        sign = get_currency_symbol(code, locale=locale)
        return _LETTER_BESIDE_DIGIT.sub("\u00a0", words.replace(sign, currency_sign(code, reader.language)))


def currency_code(definition: FieldDefinition, reader: Reader) -> str | None:
    """That of the field, or the one that the record's other answer names; ``None`` where nobody said."""
    written = definition.options.get("currency")
    if isinstance(written, str):
        return written
    name = str(definition.options.get("currency_field"))
    application = reader.release.application
    owner = application.owners.get(definition.id)
    field = owner.by_name.get(name) if owner else None
    picklist = field_type(field.type).choices(field, application) if field else None
    option = picklist.by_code.get(str(reader.answers.get(name))) if picklist else None
    return currency_of(option) if option else None


def currency_sign(code: str, language: str) -> str:
    """“US$” or “៛”, as CLDR writes it in the language."""
    locale = locale_of(language)
    sign = get_currency_symbol(code, locale=locale)
    # In text from right to left the dollar of US$ would go to the other side of its letters.
    return f"{sign}\u200e" if locale.text_direction == "rtl" and not sign[-1].isalpha() else sign
