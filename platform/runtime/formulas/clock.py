"""When formulas are computed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Clock:
    """The moment that is now, aware, and the zone in which days begin."""

    now: dt.datetime
    zone: dt.tzinfo = dt.UTC

    @property
    def today(self) -> dt.date:
        return self.now.astimezone(self.zone).date()
