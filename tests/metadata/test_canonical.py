from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amparo.metadata.canonical import NotCanonical, canonical_bytes, document_hash, dump_pretty

texts = st.text(st.characters(exclude_categories=["Cs"]))
documents = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner) | st.dictionaries(texts, inner),
    max_leaves=20,
)


def test_keys_are_sorted_and_white_space_is_left_out() -> None:
    assert canonical_bytes({"b": [1, True], "a": "ភ"}) == '{"a":"ភ","b":[1,true]}'.encode()


def test_the_hash_is_the_same_whatever_the_order_of_keys() -> None:
    assert document_hash({"a": 1, "b": 2}) == document_hash({"b": 2.0, "a": 1})
    assert document_hash({"a": 1}) == "015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862"


@pytest.mark.parametrize(
    ("document", "place"),
    [
        ({"a": [math.nan]}, r"\$\.a\[0\]"),
        ({"a": -math.inf}, r"\$\.a"),
        ({"a": "\ud800"}, r"\$\.a"),
        ({"\udfff": 1}, r"\$"),
        ({1: 1}, r"\$"),
        ({"a": {"b": b"bytes"}}, r"\$\.a\.b"),
    ],
)
def test_what_has_no_canonical_form_is_refused_with_its_place(document: Any, place: str) -> None:
    with pytest.raises(NotCanonical, match=place):
        canonical_bytes(document)


@given(documents)
def test_canonical_json_reads_back_equal_and_stays_the_same(document: Any) -> None:
    text = canonical_bytes(document)
    again = json.loads(text)
    assert again == document
    assert canonical_bytes(again) == text


@given(documents)
def test_pretty_json_reads_back_equal(document: Any) -> None:
    text = dump_pretty(document)
    assert json.loads(text) == document
    assert text.endswith("\n")


def test_pretty_json_keeps_the_given_order_of_keys_first() -> None:
    assert dump_pretty({"z": 1, "name": 2, "id": 3}, ["id", "name"]).split('"')[1::2] == ["id", "name", "z"]
