"""Several countries and territories."""

from __future__ import annotations

from typing import Any

from amparo.metadata.fields.base import Coercer, CoercionContext, Storage, Value
from amparo.metadata.fields.country import Country
from amparo.metadata.fields.multi_select import codes_coercer, codes_from, join_codes
from amparo.metadata.model import FieldDefinition


class Countries(Country):
    """To :class:`Country` what a multi-select is to a picklist."""

    name = "countries"
    label = "Countries"
    summary = "Several countries or territories, such as citizenships, by their ISO 3166-1 codes."
    accepts = (
        "Codes of two letters in any order, separated by a semicolon: KH;VN; an import also takes names in any "
        "language Amparo speaks, and codes of three letters."
    )
    storage = Storage.CODES
    family = "codes"
    sortable = False
    can_be_unique = False

    def coercer(self, definition: FieldDefinition, context: CoercionContext) -> Coercer:
        options = self.choices(definition, context.application).by_code
        return codes_coercer(options, self.folding(options))

    def to_text(self, definition: FieldDefinition, value: Any) -> str:
        return join_codes(value)

    def from_text(self, definition: FieldDefinition, text: str) -> Value:
        return codes_from(text)
