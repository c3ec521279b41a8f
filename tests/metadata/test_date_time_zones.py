from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amparo.metadata.fields.base import Rejected
from amparo.metadata.fields.date_time import instant_of, read_instant

LONDON = ZoneInfo("Europe/London")
ZONES = st.sampled_from(["UTC", "Europe/London", "Asia/Phnom_Penh", "America/Sao_Paulo", "Asia/Kathmandu"]).map(
    ZoneInfo
)


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text + "+00:00")


def local(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def test_a_time_without_offset_is_the_organisations() -> None:
    assert read_instant("2026-07-01 10:00", LONDON) == utc("2026-07-01T09:00")
    assert read_instant(local("2026-07-01T10:00"), LONDON) == utc("2026-07-01T09:00")
    assert read_instant("2026-07-01 10:00Z", LONDON) == utc("2026-07-01T10:00")


def test_a_time_that_happens_twice_is_the_first_unless_its_offset_says_otherwise() -> None:
    assert read_instant("2026-10-25 01:30", LONDON) == utc("2026-10-25T00:30")
    assert read_instant("2026-10-25 01:30+00:00", LONDON) == utc("2026-10-25T01:30")
    assert read_instant(local("2026-10-25T01:30").replace(fold=1), LONDON) == utc("2026-10-25T00:30")


def test_a_time_that_never_happens_is_refused() -> None:
    with pytest.raises(Rejected) as caught:
        read_instant("2026-03-29 01:30", LONDON)
    assert caught.value.kind == "no_such_local_time"
    assert caught.value.params == {"zone": "Europe/London"}


def test_midnight_is_the_first_instant_of_a_day_even_where_the_clock_skips_it() -> None:
    beirut = ZoneInfo("Asia/Beirut")
    midnight = local("2022-03-27T00:00")
    assert instant_of(midnight, beirut) == utc("2022-03-26T22:00")
    assert instant_of(midnight, beirut).astimezone(beirut).hour == 1


@given(st.datetimes(), ZONES)
def test_every_local_time_that_happens_is_shown_again_as_it_was_written(moment: dt.datetime, zone: ZoneInfo) -> None:
    try:
        instant = read_instant(moment, zone)
    except Rejected:
        return
    assert instant is not None
    assert instant.astimezone(zone).replace(tzinfo=None, fold=0) == moment.replace(fold=0)
