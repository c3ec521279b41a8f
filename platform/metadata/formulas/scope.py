"""What a formula may know while it is evaluated."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from amparo.metadata.missing import Missing


@dataclass(frozen=True, slots=True)
class Scope:
    """A record's values by path, and the clock.

    ``values`` holds what :func:`~amparo.metadata.formulas.dependencies.paths_read` names, such as ``status``,
    ``client.birth_date`` and ``$User.name``, as field types keep them; what is not in it is blank. ``prior`` is the
    version before this one, ``None`` for a record that is being created. ``missing`` has the reason for each value
    that is missing with one. ``now`` is aware; ``zone`` is the organisation's, in which days begin. A value may be a
    :class:`~amparo.metadata.formulas.failures.FormulaError`, as of a formula field that cannot be computed: reading
    it raises it.
    """

    values: Mapping[str, Any]
    now: dt.datetime
    zone: dt.tzinfo = dt.UTC
    prior: Mapping[str, Any] | None = None
    missing: Mapping[str, Missing] = field(default_factory=dict)

    @property
    def today(self) -> dt.date:
        return self.now.astimezone(self.zone).date()


def scope_of(
    answers: Mapping[str, Any],
    now: dt.datetime,
    zone: dt.tzinfo,
    prior: Mapping[str, Any] | None = None,
) -> Scope:
    """The scope of answers among which reasons for missing values stand, as a record holds them."""
    missing = {path: answer for path, answer in answers.items() if isinstance(answer, Missing)}
    return Scope(_without_reasons(answers), now, zone, None if prior is None else _without_reasons(prior), missing)


def _without_reasons(answers: Mapping[str, Any]) -> Mapping[str, Any]:
    return {path: answer for path, answer in answers.items() if not isinstance(answer, Missing)}
