"""Addresses and boxes that no page makes are answered in words, never by a failure."""

from __future__ import annotations

import uuid

import pytest

from factories.visitors import Visitor, form_of

ENDLESS = "1" * 5000


@pytest.mark.parametrize("name", [f"f.{ENDLESS}.field", "f.", "f.².field", "f.٣", "remove"])
def test_a_condition_whose_number_is_none_is_passed_over(caseworker: Visitor, name: str) -> None:
    assert caseworker.get("person/", **{name: ENDLESS}).status_code == 200


def test_a_month_without_end_comes_back_as_it_was_typed(caseworker: Visitor, sokha: uuid.UUID) -> None:
    form = form_of(caseworker.get(f"person/{sokha}/edit"))
    answer = caseworker.post(form.action, form.filled({"born.month": ENDLESS}))
    assert answer.status_code == 422
    assert ENDLESS in answer.text


def test_a_search_that_is_refused_is_refused_before_the_file_begins(supervisor: Visitor) -> None:
    asked = supervisor.post("person/", {"q": "\0"}).headers["Location"].partition("?")[2]
    answer = supervisor.client.get(f"{supervisor.at('person/export.csv')}?{asked}")
    assert answer.status_code == 422
    assert "attachment" not in answer.headers.get("Content-Disposition", "")
