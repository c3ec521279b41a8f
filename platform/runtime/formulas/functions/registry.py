"""What makes SQL of every function that SQL can say."""

from __future__ import annotations

from collections.abc import Mapping

from amparo.runtime.formulas.functions import arithmetic, comparing, dates, logical, records, texts
from amparo.runtime.formulas.functions.building import Builder

BUILDERS: Mapping[str, Builder] = {
    name: builder
    for family in (logical, comparing, arithmetic, texts, dates, records)
    for name, builder in family.BUILDERS.items()
}
