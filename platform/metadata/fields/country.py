"""Countries and territories."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from amparo.metadata.fields.standard_list import StandardList, codes_option
from amparo.metadata.standard_codes import COUNTRIES


class Country(StandardList):
    name = "country"
    label = "Country"
    summary = "A country or territory, by its ISO 3166-1 code."
    accepts = (
        "The two letters of ISO 3166-1, like KH; an import also takes names in any language Amparo speaks, and codes "
        "of three letters."
    )
    codes = COUNTRIES
    options: ClassVar[Mapping[str, Mapping[str, Any]]] = {"codes": codes_option("^[A-Z]{2}$", "KH, TH and VN")}
