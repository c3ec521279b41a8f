"""Picklists, lookups, the version before, and reasons for what is missing."""

from __future__ import annotations

import datetime as dt
import uuid

from amparo.metadata.missing import Missing
from metadata.formulas.conftest import Compute

DAY = dt.date(2026, 3, 31)


def test_a_picklist_is_asked_for_its_code(compute: Compute) -> None:
    assert compute('ISPICKVAL(status, "open")', {"status": "open"}) is True
    assert compute('ISPICKVAL(status, "open")', {"status": "new"}) is False
    assert compute('ISPICKVAL(status, "")') is True
    assert compute('TEXT(status) = "open"', {"status": "open"}) is True
    assert compute("ISBLANK(status)") is True


def test_a_multi_select_is_asked_for_its_codes(compute: Compute) -> None:
    answers = {"needs": ("legal", "shelter")}
    assert compute('INCLUDES(needs, "legal")', answers) is True
    assert compute('INCLUDES(needs, "medical")', answers) is False
    assert compute("PICKLISTCOUNT(needs)", answers) == 2
    assert compute("PICKLISTCOUNT(needs)", {"needs": ()}) == 0
    assert compute("ISBLANK(needs)", {"needs": ()}) is True


def test_lookups_are_the_same_when_they_point_to_the_same_record(compute: Compute) -> None:
    one, other = uuid.uuid4(), uuid.uuid4()
    answers = {"client": one, "client.last_case": other, "$User.id": str(one)}
    assert compute("client = $User.id", answers) is True
    assert compute("client = client.last_case", answers) is False
    assert compute('"/" & client', answers) == f"/{one}"


def test_the_version_before_is_asked(compute: Compute) -> None:
    prior = {"status": "open", "age": 17, "summary": ""}
    answers = {"status": "closed", "age": 17}
    assert compute('ISPICKVAL(PRIORVALUE(status), "open")', answers, prior) is True
    assert compute("PRIORVALUE(age) + 1", answers, prior) == 18
    assert compute("ISCHANGED(status)", answers, prior) is True
    assert compute("ISCHANGED(age)", answers, prior) is False
    assert compute("ISCHANGED(summary)", answers, prior) is False
    assert compute("ISCHANGED(costs)", {"costs": 0}, prior) is True
    assert compute("ISNEW()", answers, prior) is False


def test_a_record_that_is_being_created_has_no_version_before(compute: Compute) -> None:
    assert compute("ISNEW()") is True
    assert compute("ISCHANGED(age)", {"age": 1}) is False
    assert compute("PRIORVALUE(age)", {"age": 1}) == 1


def test_a_missing_value_is_blank_and_its_reason_can_be_asked(compute: Compute) -> None:
    answers = {"closed_on": Missing.REFUSED}
    assert compute("ISBLANK(closed_on)", answers) is True
    assert compute('MISSINGREASON(closed_on) = "refused"', answers) is True
    assert compute("MISSINGREASON(closed_on)", {"closed_on": DAY}) is None
    assert compute("ISBLANK(MISSINGREASON(opened_on))", answers) is True
    assert compute("ISCHANGED(closed_on)", answers, {"closed_on": DAY}) is True
