"""Languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from amparo.metadata.fields.standard_list import StandardList, codes_option
from amparo.metadata.standard_codes import LANGUAGES


class Language(StandardList):
    name = "language"
    label = "Language"
    summary = "A language, by its ISO 639 code."
    accepts = "The code of ISO 639, like km or shn; an import also takes names in any language Amparo speaks."
    codes = LANGUAGES
    options: ClassVar[Mapping[str, Mapping[str, Any]]] = {"codes": codes_option("^[a-z]{2,3}$", "km, th and vi")}
