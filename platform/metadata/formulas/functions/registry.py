"""Every function and operator, by name. Collected and checked once, when this module is first imported."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain

from amparo.metadata.collecting import collect
from amparo.metadata.formulas.functions import (
    dates,
    geolocation,
    json_values,
    logical,
    math,
    operators,
    picklists,
    records,
    regular_expressions,
    text,
)
from amparo.metadata.formulas.signatures import Function

#: name -> function, by family, in the order of the reference page.
FUNCTIONS: Mapping[str, Function] = collect(
    chain.from_iterable(
        family.FUNCTIONS
        for family in (
            logical, text, math, dates, picklists, records, geolocation, regular_expressions, json_values, operators,
        )
    )
)  # fmt: skip
