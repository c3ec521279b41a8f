from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amparo.metadata.numbering import ALPHABET, check_character, is_valid_code, make_code, numbered, uses_sequence

bodies = st.text(st.sampled_from(ALPHABET), min_size=6, max_size=6)


def test_the_alphabet_has_no_characters_that_look_alike() -> None:
    assert len(set(ALPHABET)) == len(ALPHABET) == 29
    assert not set(ALPHABET) & set("01IOLSU")


def test_codes_are_made_of_the_randomness_given() -> None:
    assert make_code(lambda below: 0) == "222222" + check_character("222222")
    assert make_code(random.Random(7).randrange) == make_code(random.Random(7).randrange)


@given(bodies)
def test_a_made_code_is_valid(body: str) -> None:
    assert is_valid_code(body + check_character(body))


@given(bodies, st.integers(0, 6), st.sampled_from(ALPHABET))
def test_every_slip_of_one_character_is_noticed(body: str, place: int, other: str) -> None:
    code = body + check_character(body)
    slipped = code[:place] + other + code[place + 1 :]
    assert is_valid_code(slipped) is (slipped == code)


@given(bodies, st.integers(0, 6), st.integers(0, 6))
def test_every_swap_of_two_characters_is_noticed(body: str, one: int, two: int) -> None:
    code = list(body + check_character(body))
    code[one], code[two] = code[two], code[one]
    swapped = "".join(code)
    assert is_valid_code(swapped) is (swapped == body + check_character(body))


@pytest.mark.parametrize("text", ["", "2", "222222", "22222220", "222222O", "c22222"])
def test_other_text_is_no_code(text: str) -> None:
    assert not is_valid_code(text)


def test_running_numbers_are_filled_with_zeros_and_never_cut() -> None:
    style = {"style": "sequence", "prefix": "R-", "digits": 3}
    assert uses_sequence(style)
    assert numbered(style, 7, lambda below: 0) == "R-007"
    assert numbered(style, 12345, lambda below: 0) == "R-12345"
    with pytest.raises(ValueError, match="sequence"):
        numbered(style, None, lambda below: 0)


def test_codes_need_no_sequence() -> None:
    style = {"style": "code", "prefix": "C-"}
    assert not uses_sequence(style)
    assert numbered(style, None, lambda below: below - 1) == "C-ZZZZZZ" + check_character("ZZZZZZ")
