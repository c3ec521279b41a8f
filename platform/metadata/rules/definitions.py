"""Validation rules as frozen dataclasses: what is wrong, what is said, how severe it is, and examples."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from amparo.metadata.formulas.value_types import Blanks


class Severity(StrEnum):
    """What a broken rule does to a save: refuses it, asks first, or refuses it where a status is reached."""

    ERROR = "error"
    WARNING = "warning"
    ON_COMPLETION = "on_completion"


class Existing(StrEnum):
    """What a rule asks of a record that breaks it already, before a change."""

    #: To be put right at the next change, whatever that is about.
    ENFORCE = "enforce"
    #: Nothing, until a field that the rule reads is changed.
    LEAVE = "leave"
    #: A warning, until a day; from then on it is enforced.
    WARN = "warn"


@dataclass(frozen=True, slots=True)
class Completion:
    """A record is complete when this picklist has one of these options."""

    field: str
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RuleExample:
    """A record, and whether it breaks the rule.

    ``record`` and ``before`` hold inputs by path, as ``status`` and ``client.birth_date``; without ``before`` the
    record is being created. ``on`` is the day that counts as today, ``None`` where what is written is no day.
    """

    name: str
    record: Mapping[str, Any]
    before: Mapping[str, Any] | None
    on: dt.date | None
    is_broken: bool


@dataclass(frozen=True, slots=True)
class ValidationRule:
    """``condition`` is a formula that is true of a record that is wrong."""

    id: str
    name: str
    condition: str
    message: str
    field: str | None
    active: bool
    severity: Severity = Severity.ERROR
    completion: Completion | None = None
    existing: Existing = Existing.ENFORCE
    warn_until: dt.date | None = None
    blanks: Blanks = Blanks.AS_BLANK
    examples: tuple[RuleExample, ...] = ()
