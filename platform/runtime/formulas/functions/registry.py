"""What makes SQL of every function that SQL can say."""

from __future__ import annotations

from collections.abc import Mapping

from amparo.runtime.formulas.functions import (
    arithmetic,
    comparing,
    dates,
    durations,
    logical,
    records,
    searching,
    texts,
)
from amparo.runtime.formulas.functions.building import Builder

BUILDERS: Mapping[str, Builder] = {
    name: builder
    for family in (logical, comparing, arithmetic, texts, searching, dates, durations, records)
    for name, builder in family.BUILDERS.items()
}
