"""Validation rules as they are written, made into dataclasses; defaults are filled in here and nowhere else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from amparo.metadata.formulas.value_types import Blanks
from amparo.metadata.rules.definitions import Completion, Existing, RuleExample, Severity, ValidationRule

Json = Mapping[str, Any]


def rule_from(written: Json) -> ValidationRule:
    completion = written.get("completion")
    return ValidationRule(
        id=written["id"],
        name=written["name"],
        condition=written["condition"],
        message=written["message"],
        field=written.get("field"),
        active=written.get("active", True),
        severity=Severity(written.get("severity", Severity.ERROR)),
        completion=Completion(completion["field"], tuple(completion["options"])) if completion else None,
        existing=Existing(written.get("existing", Existing.ENFORCE)),
        warn_until=_day(written.get("warn_until")),
        blanks=Blanks(written.get("blanks", Blanks.AS_BLANK)),
        examples=tuple(_example_from(each) for each in written.get("examples", ())),
    )


def _example_from(written: Json) -> RuleExample:
    return RuleExample(
        name=written["name"],
        record=written["record"],
        before=written.get("before"),
        on=_day(written["on"]),
        is_broken=written["is_broken"],
    )


def _day(written: str | None) -> dt.date | None:
    """``None`` where it is no day, which the checks tell."""
    try:
        return dt.date.fromisoformat(written or "")
    except ValueError:
        return None
