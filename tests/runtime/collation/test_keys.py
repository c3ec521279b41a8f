"""Sort keys compare as readers of each script order their words, and hold what filters look into."""

from __future__ import annotations

import json
import re
import unicodedata
from itertools import pairwise
from pathlib import Path
from typing import Literal

import pytest

from amparo.runtime.collation.alphabets import COMMON, Alphabet, alphabet_of
from amparo.runtime.collation.keys import KEY_LENGTH, beginnings, normalised_part, sort_key
from amparo.runtime.searching import UNIT_SEPARATOR, normalised
from factories.alphabets import IN_ORDER, VIETNAMESE, VIETNAMESE_ELSEWHERE

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


def sorted_by(text: str, alphabet: Alphabet = COMMON) -> str:
    return sort_key(text, alphabet)


def letters(text: str) -> str:
    return sorted_by(text).partition(UNIT_SEPARATOR)[0]


@pytest.mark.parametrize("script", IN_ORDER)
def test_words_are_in_the_order_of_their_readers(script: str) -> None:
    words = IN_ORDER[script]
    assert sorted(words, key=sorted_by) == list(words)
    assert all(sorted_by(before) < sorted_by(after) for before, after in pairwise(words))


@pytest.mark.parametrize("texts", ALIKE, ids=lambda texts: texts[0])
def test_marks_and_ways_of_writing_count_between_like_words_only(texts: tuple[str, ...]) -> None:
    assert len({letters(text) for text in texts}) == 1
    longer = sorted_by(f"{texts[0]} a")
    assert all(sorted_by(text) < longer for text in texts)


def test_letters_that_look_alike_to_a_search_keep_their_places() -> None:
    assert normalised("đa") == normalised("da")
    assert sorted_by("dz") < sorted_by("đa") < sorted_by("e")
    assert sorted_by("nz") < sorted_by("ña") < sorted_by("o")


@pytest.mark.parametrize("text", ["", "a", "Anna Maria", "N 123/45", "a_b@example.org"])
def test_a_text_in_ascii_is_its_own_key(text: str) -> None:
    assert sorted_by(text) == text.lower()


def test_a_key_holds_the_normalised_form(shared: Path) -> None:
    for text in texts_of_many_scripts(shared):
        key = sorted_by(text)
        assert normalised_part(key) == normalised(text)[:KEY_LENGTH], ascii(text)
        assert "\0" not in key
        assert len(key.encode()) <= 2600
        if len(text) > 100:
            assert len(sorted_by(text * 9).encode()) <= 2600


def test_whoever_types_what_parts_keys_changes_nothing() -> None:
    assert sorted_by(f"José{UNIT_SEPARATOR}") == sorted_by("José")
    assert sorted_by(f"Jose{UNIT_SEPARATOR}") == sorted_by("Jose")


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("vi", VIETNAMESE),
        ("vi-VN", VIETNAMESE),
        ("en", VIETNAMESE_ELSEWHERE),
        ("fr", VIETNAMESE_ELSEWHERE),
        ("vie", VIETNAMESE_ELSEWHERE),
    ],
)
def test_letters_of_vietnamese_are_letters_to_its_readers_however_they_are_written(
    language: str, names: tuple[str, ...], form: Literal["NFC", "NFD"]
) -> None:
    alphabet = alphabet_of(language)
    keys = [sort_key(unicodedata.normalize(form, name), alphabet) for name in names]
    assert keys == sorted(set(keys))
    assert keys == [sort_key(name, alphabet) for name in names]


@pytest.mark.parametrize("script", sorted(IN_ORDER.keys() - {"French", "Portuguese"}))
def test_readers_of_vietnamese_find_every_other_script_in_its_order(script: str) -> None:
    keys = [sort_key(word, alphabet_of("vi")) for word in IN_ORDER[script]]
    assert keys == sorted(set(keys))


@pytest.mark.parametrize("language", ["en", "vi"])
def test_a_key_begins_as_is_said_of_what_its_text_begins_with(language: str) -> None:
    for name in (*VIETNAMESE, "Ñandú", "Đặng", "ðorf"):
        key, form = sort_key(name, alphabet_of(language)), normalised(name)
        for length in range(1, len(form) + 1):
            assert key.startswith(beginnings(form[:length])), (name, length)


def texts_of_many_scripts(shared: Path) -> list[str]:
    texts = [text for words in IN_ORDER.values() for text in words]
    for path in sorted((shared / "real" / "multiscript" / "udhr").glob("*.xml")):
        texts += re.findall(r">([^<>]+)<", path.read_text(encoding="utf-8"))
    names = json.loads((shared / "real" / "multiscript" / "names" / "faker_names_ar_ne_th_vi.json").read_text("utf-8"))
    texts += re.findall(r'"([^"]+)"', json.dumps(names, ensure_ascii=False))
    return texts
