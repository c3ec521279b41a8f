"""Cells that a spreadsheet must not run, and that must come back as they were."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amparo.metadata.missing import Missing
from amparo.runtime.transfer.cells import protected, reason_cell, returned, unprotected


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        " =1",
        "\u00a0=cmd|' /C calc'!A0",
        "\u200b=1",
        "\ufeff@x",
        "＝1+1",
        "＋1",
        "－1",
        "＠x",
        "﹦1",
        "'",
        "'quoted'",
        "#refused",
    ],
)
def test_a_text_that_a_spreadsheet_would_run_gets_exactly_one_apostrophe(text: str) -> None:
    assert protected(text) == "'" + text
    assert unprotected(protected(text)) == text


@pytest.mark.parametrize("text", ["", "Sok", "a=b", "N-1", "សុភា", " name", "#1", "#refused twice", "2026-01-02", "“'”"])
def test_any_other_text_is_left_alone(text: str) -> None:
    assert protected(text) == text


@given(st.text())
def test_every_text_comes_back_as_it_was(text: str) -> None:
    assert unprotected(protected(text)) == text
    assert not isinstance(unprotected(protected(text)), Missing)


@pytest.mark.parametrize("reason", list(Missing))
def test_a_reason_comes_back_as_a_reason(reason: Missing) -> None:
    assert isinstance(unprotected(reason_cell(reason)), Missing)
    assert unprotected(reason_cell(reason)) == reason


@pytest.mark.parametrize("number", ["-99", "+5", "-1,250.5", "12"])
def test_a_number_to_correct_stays_a_number(number: str) -> None:
    assert returned(number) == number
