"""Sort keys compare as readers of each script order their words, and hold what filters look into."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from pathlib import Path

import pytest

from amparo.runtime.collation.keys import KEY_LENGTH, normalised_part, sort_key
from amparo.runtime.searching import UNIT_SEPARATOR, normalised
from factories.alphabets import IN_ORDER

#: Texts that differ in what counts between like words only.
ALIKE = (
    ("Jose", "José", "JOSÉ"),
    ("احمد", "أحمد"), ("محمد", "مُحَمَّد", "محـــمد"), ("کریم", "كريم"), ("علی", "علي", "على"),
    ("سؤال", "سأال"), ("مدرسة", "مدرست"),
    ("काठमाडौं", "काठमाडौँ"), ("जाहिद", "ज़ाहिद"),
    ("ธม", "ธ่ม"), ("នឹង", "នឹង៎"), ("ធម៌", "ធរ្ម"), ("ឥន្ទ", "អិន្ទ"),
    ("ဥ", "အု"), ("ကါ", "ကာ"),
    ("Ward 12", "Ward ១២", "Ward ١٢"),
)  # fmt: skip


def letters(text: str) -> str:
    return sort_key(text).partition(UNIT_SEPARATOR)[0]


@pytest.mark.parametrize("script", IN_ORDER)
def test_words_are_in_the_order_of_their_readers(script: str) -> None:
    words = IN_ORDER[script]
    assert sorted(words, key=sort_key) == list(words)
    assert all(sort_key(before) < sort_key(after) for before, after in pairwise(words))


@pytest.mark.parametrize("texts", ALIKE, ids=lambda texts: texts[0])
def test_marks_and_ways_of_writing_count_between_like_words_only(texts: tuple[str, ...]) -> None:
    assert len({letters(text) for text in texts}) == 1
    longer = sort_key(f"{texts[0]} a")
    assert all(sort_key(text) < longer for text in texts)


def test_letters_that_look_alike_to_a_search_keep_their_places() -> None:
    assert normalised("đa") == normalised("da")
    assert sort_key("dz") < sort_key("đa") < sort_key("e")
    assert sort_key("nz") < sort_key("ña") < sort_key("o")


@pytest.mark.parametrize("text", ["", "a", "Anna Maria", "N 123/45", "a_b@example.org"])
def test_a_text_in_ascii_is_its_own_key(text: str) -> None:
    assert sort_key(text) == text.lower()


def test_a_key_holds_the_normalised_form(shared: Path) -> None:
    for text in texts_of_many_scripts(shared):
        key = sort_key(text)
        assert normalised_part(key) == normalised(text)[:KEY_LENGTH], ascii(text)
        assert "\0" not in key
        assert len(key.encode()) <= 2600
        if len(text) > 100:
            assert len(sort_key(text * 9).encode()) <= 2600


def test_whoever_types_what_parts_keys_changes_nothing() -> None:
    assert sort_key(f"José{UNIT_SEPARATOR}") == sort_key("José")
    assert sort_key(f"Jose{UNIT_SEPARATOR}") == sort_key("Jose")


def texts_of_many_scripts(shared: Path) -> list[str]:
    texts = [text for words in IN_ORDER.values() for text in words]
    for path in sorted((shared / "real" / "multiscript" / "udhr").glob("*.xml")):
        texts += re.findall(r">([^<>]+)<", path.read_text(encoding="utf-8"))
    names = json.loads((shared / "real" / "multiscript" / "names" / "faker_names_ar_ne_th_vi.json").read_text("utf-8"))
    texts += re.findall(r'"([^"]+)"', json.dumps(names, ensure_ascii=False))
    return texts
