"""Amounts of money."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar

from amparo.metadata.fields.base import Coercer, CoercionContext, Rejected, Value
from amparo.metadata.fields.decimal import Decimal
from amparo.metadata.fields.numerals import ascii_digits
from amparo.metadata.model import Application, FieldDefinition, Option
from amparo.metadata.problems import Path, Problem, near_name
from amparo.metadata.standard_codes import CURRENCIES, CURRENCY_DECIMALS, CURRENCY_SIGNS
from amparo.metadata.wording import N_

#: Why a report cannot compute with amounts.
SEVERAL_CURRENCIES = N_("Group by “{field}” or filter by one currency: amounts of several cannot be added up.")


class Currency(Decimal):
    """An exact amount. Which currency it is in is the field's own option or another answer of the record."""

    name = "currency"
    label = "Currency"
    summary = "An amount of money, such as a debt or a compensation."
    accepts = (
        "A number, with or without the code or sign of the field's currency: 1250.5, USD 1,250.50, $1,250.50. "
        "Otherwise as a decimal number."
    )
    options: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "currency": {
            "type": "string",
            "pattern": "^[A-Z]{3}$",
            "patternErrorMessage": N_("Write the three capital letters of the currency, like USD."),
            "description": "The currency of every amount, as its ISO 4217 code, such as USD. Cannot change once "
            "published.",
        },
        "currency_field": {
            "type": "string",
            "description": "In place of currency: the name of the picklist field of the same object that says in which "
            "currency a record's amount is. Its codes, or their standard codes, are ISO 4217 codes.",
        },
        "decimals": {
            key: value for key, value in Decimal.options["decimals"].items() if key not in ("default", "description")
        }
        | {"description": "How many digits stand after the point, when not as usual for the currency."},
        "precision": Decimal.options["precision"],
        "minimum": Decimal.options["minimum"],
        "maximum": Decimal.options["maximum"],
    }
    fixed_options = ("currency", "currency_field", *Decimal.fixed_options)

    def option(self, definition: FieldDefinition, name: str) -> Any:
        """Decimals follow from the currency; with a field that says which, there are two."""
        written = super().option(definition, name)
        if name == "decimals" and written is None:
            return CURRENCY_DECIMALS.get(str(definition.options.get("currency")), 2)
        return written

    def beside(self, definition: FieldDefinition) -> tuple[str, ...]:
        name = definition.options.get("currency_field")
        return (name,) if isinstance(name, str) else ()

    def check(self, definition: FieldDefinition, application: Application, path: Path) -> Iterator[Problem]:
        yield from super().check(definition, application, path)
        code, field = definition.options.get("currency"), definition.options.get("currency_field")
        if (code is None) == (field is None):
            advice = N_("Say which currency: write either “currency” or “currency_field”.")
            yield Problem("currency_unclear", str(path / "currency"), code, advice)
        elif code is not None and code not in CURRENCIES:
            yield _unknown_currency(path, code)

    def coercer(self, definition: FieldDefinition, context: CoercionContext) -> Coercer:
        read = super().coercer(definition, context)
        code = definition.options.get("currency")
        signs = sorted((code, *CURRENCY_SIGNS.get(code, ())), key=len, reverse=True) if code else []

        def coerce(raw: Any) -> Value | None:
            if not isinstance(raw, str):
                return read(raw)
            number = _without_sign(ascii_digits(raw), signs)
            if any(char.isalpha() for char in number):
                raise _wrong_currency(code)
            return read(number)

        return coerce


def adds_up(definition: FieldDefinition, rows: Iterable[tuple[str, str]], match: str) -> bool:
    """Whether the amounts that a question is about are all in one currency, so that they can be computed with.

    ``rows`` are the fields and operators of its filters.
    """
    name = definition.options.get("currency_field")
    return name is None or (match == "all" and (name, "equals") in rows)


def adds_up_within(definition: FieldDefinition, groupings: Iterable[str]) -> bool:
    """Whether the amounts of each group are in one currency. ``groupings`` are the fields that make the groups."""
    return any(name == definition.options.get("currency_field") for name in groupings)


def currency_of(option: Option) -> str | None:
    """The currency that an option of a picklist stands for."""
    written = (option.standard_code or "", option.code)
    return next((code.upper() for code in written if code.upper() in CURRENCIES), None)


def _without_sign(text: str, signs: list[str]) -> str:
    """The number without one code or sign before or after it; a minus may stand before the sign."""
    minus = "-" if text.startswith("-") else ""
    bare = text.removeprefix("-").strip()
    for sign in signs:
        if bare.upper().startswith(sign.upper()):
            return minus + bare[len(sign) :].strip()
        if bare.upper().endswith(sign.upper()):
            return minus + bare[: -len(sign)].strip()
    return text


def _wrong_currency(code: str | None) -> Rejected:
    if code is None:
        return Rejected("not_a_number", N_("Write the number alone: another answer says which currency it is."))
    advice = N_("Write the amount in {currency}, as a number in digits, with or without {currency}.")
    return Rejected("not_a_number", advice, currency=code)


def _unknown_currency(path: Path, code: str) -> Problem:
    near = near_name(code, CURRENCIES)
    if near is None:
        advice = N_("“{name}” is no currency in use. Write its ISO 4217 code, like USD.")
        return Problem("unknown_name", str(path / "currency"), code, advice, {"name": code})
    advice = N_("“{name}” is no currency in use. Did you mean “{near}”?")
    return Problem("unknown_name", str(path / "currency"), code, advice, {"name": code, "near": near})
