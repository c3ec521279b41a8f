"""Days of the organisation's zone as stretches of instants."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from amparo.metadata.fields.date_time import instant_of
from amparo.runtime.releases.live import LiveRelease

_MICROSECOND = dt.timedelta(microseconds=1)
_DAY = dt.timedelta(days=1)
_LAST_INSTANT = dt.datetime.max.replace(tzinfo=dt.UTC)


def start_of_day(day: dt.date, zone: ZoneInfo) -> dt.datetime:
    """The first instant of a day, in UTC, also where the clocks go forward or back at midnight."""
    return instant_of(dt.datetime.combine(day, dt.time.min), zone)


def day_after_begins(day: dt.date, zone: ZoneInfo) -> dt.datetime:
    return start_of_day(day + _DAY, zone) if day < dt.date.max else _LAST_INSTANT


def end_of_day(release: LiveRelease, day: dt.date) -> dt.datetime:
    """The last microsecond of a day in the organisation's zone: what a date means in *as of*."""
    return day_after_begins(day, release.time_zone) - _MICROSECOND


def today(zone: ZoneInfo, now: dt.datetime) -> dt.date:
    return now.astimezone(zone).date()
