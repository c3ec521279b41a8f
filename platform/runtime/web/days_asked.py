"""The day that a page is asked to show."""

from __future__ import annotations

import datetime as dt

from flask_babel import gettext

from amparo.metadata.fields.base import Rejected
from amparo.metadata.fields.date import read_day


def read_past_day(text: str, today: dt.date) -> tuple[dt.date | None, str | None]:
    """The day before today that was asked for, or why it cannot be shown; neither for today."""
    if not text:
        return None, None
    try:
        day = read_day(text)
    except Rejected:
        return None, gettext("There is no such day. This is what is kept today.")
    if day is None or day == today:
        return None, None
    if day > today:
        return None, gettext("That day has not come yet. This is what is kept today.")
    return day, None
