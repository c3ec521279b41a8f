"""Boxes of a partly known date and of a birth date: what is typed becomes an answer, and an answer fills them again."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from werkzeug.datastructures import MultiDict

from amparo.metadata.building import field_from
from amparo.metadata.fields.base import Rejected
from amparo.metadata.fields.partial_date import BirthDate
from amparo.runtime.web.entries import entry_of, entry_typed, input_of

BORN = field_from({"id": "born", "name": "born", "type": "birth_date", "label": "Born"})
ZONE = ZoneInfo("Asia/Phnom_Penh")


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ({"year": "2001"}, "2001"),
        ({"year": "២០០១", "month": "5"}, "2001-05"),
        ({"year": "2001", "month": "5", "day": "3", "estimated": "true"}, "2001-05-03~"),
        ({"age": "12", "on": "2026-05-01"}, "2013-05-02/2014-05-01"),
        ({"age": "12", "on": "2026-05-01", "estimated": "true"}, "2013-05-02/2014-05-01~"),
        ({"stretch": "2001-01-05/2001-02-01"}, "2001-01-05/2001-02-01"),
    ],
)
def test_what_is_typed_becomes_an_answer_that_fills_the_same_boxes(typed: dict[str, str], expected: str) -> None:
    form = MultiDict({f"born.{unit}": text for unit, text in typed.items()})
    value = BirthDate().read(input_of(BORN, entry_typed(form, BORN)))
    assert str(value) == expected
    again = entry_of(BORN, value, ZONE)
    sent = MultiDict({f"born.{unit}": text for unit, text in again.parts.items()})
    assert entry_typed(sent, BORN).content == again.content
    assert BirthDate().read(input_of(BORN, again)) == value


@pytest.mark.parametrize("typed", [{"on": "2026-05-01"}, {"estimated": "true"}, {}])
def test_boxes_that_say_nothing_are_no_answer(typed: dict[str, str]) -> None:
    form = MultiDict({f"born.{unit}": text for unit, text in typed.items()})
    assert input_of(BORN, entry_typed(form, BORN)) is None


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ({"year": "2001", "day": "3"}, "not_a_date"),
        ({"month": "5"}, "not_a_date"),
        ({"year": "2001", "age": "12", "on": "2026-05-01"}, "two_answers"),
        ({"age": "200", "on": "2026-05-01"}, "not_an_age"),
        ({"age": "twelve", "on": "2026-05-01"}, "not_a_date"),
    ],
)
def test_boxes_that_do_not_fit_together_are_refused(typed: dict[str, str], kind: str) -> None:
    form = MultiDict({f"born.{unit}": text for unit, text in typed.items()})
    with pytest.raises(Rejected) as caught:
        BirthDate().read(input_of(BORN, entry_typed(form, BORN)))
    assert caught.value.kind == kind


def test_an_age_without_its_day_is_refused() -> None:
    with pytest.raises(Rejected):
        BirthDate().read(input_of(BORN, entry_typed(MultiDict({"born.age": "12"}), BORN)))
