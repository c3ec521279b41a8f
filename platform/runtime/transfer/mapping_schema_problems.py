"""Where a mapping file is not as its schema says. Loads jsonschema, which a process that reads none can do without."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from amparo.metadata.problems import Problem, sort_problems
from amparo.metadata.wording import N_


def mapping_problems(document: Any, schema: Mapping[str, Any]) -> list[Problem]:
    return sort_problems(_problem(error) for error in Draft202012Validator(schema).iter_errors(document))


def _problem(error: ValidationError) -> Problem:
    path = "mapping" + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in error.absolute_path)
    advice = N_("Write this as the schema of mapping files says: {rule}")
    return Problem("mapping_invalid", path, None, advice, {"rule": error.message})
