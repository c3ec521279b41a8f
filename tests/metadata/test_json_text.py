from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amparo.metadata.canonical import canonical_bytes
from amparo.metadata.json_text import BrokenJson, parse_json

#: Grammatical JSON that different programs read differently; definitions do without.
REFUSED_ON_PURPOSE = {
    "y_object_duplicated_key.json",
    "y_object_duplicated_key_and_value.json",
    "y_string_null_escape.json",
    "y_object_escaped_null_in_key.json",
}


def fault(data: bytes) -> BrokenJson:
    with pytest.raises(BrokenJson) as caught:
        parse_json(data)
    return caught.value


@pytest.mark.parametrize(
    ("text", "kind", "line", "column"),
    [
        ('{\n "a": 1,\n "a": 2}', "duplicate_key", 3, 2),
        ('{"a": {"b": 1}, "c": [{"b": 1}, {"b": 2, "b": 3}]}', "duplicate_key", 1, 42),
        ('{"a": [1,\n NaN]}', "not_a_number", 2, 2),
        ('{"a": -Infinity}', "not_a_number", 1, 7),
        ('{"a": 1e999}', "number_too_large", 1, 7),
        ('{"a": ' + "9" * 5000 + "}", "number_too_large", 1, 7),
        ('{"a": "x\\ud800"}', "bad_character", 1, 7),
        ('{"a": "\\u0000"}', "bad_character", 1, 7),
        ("[" * 100, "not_json", 1, 101),
        ("[" * 100 + "]" * 100, "too_deep", 1, 41),
        ("[" * 200_000 + "]" * 200_000, "too_deep", 1, 41),
        ('{"a":\n}', "not_json", 2, 1),
        ("", "not_json", 1, 1),
    ],
)
def test_a_fault_is_told_with_its_line_and_column(text: str, kind: str, line: int, column: int) -> None:
    found = fault(text.encode())
    assert (found.kind, found.line, found.column) == (kind, line, column)


@pytest.mark.parametrize(
    ("text", "column", "advice"),
    [
        ('{"a": 1, }', (8, 10), "Take out the comma after the last entry."),
        ('{"a": [1,]}', (9, 10), "Take out the comma after the last entry."),
        ("{“a”: 1}", (2, 2), 'Write straight double quotation marks, like "name".'),
        ("{'a': 1}", (2, 2), 'Write straight double quotation marks, like "name".'),
        ('{"a": 1} // one', (10, 10), "Take out the comment: JSON has none."),
        ('{"a": ",]" 1}', (12, 12), "This is not JSON: Expecting ',' delimiter."),
        ('{"a": "," ]', (11, 11), "This is not JSON: Expecting ',' delimiter."),
    ],
)
def test_a_slip_that_people_make_by_habit_is_told_with_what_to_do(
    text: str, column: tuple[int, int], advice: str
) -> None:
    found = fault(text.encode())
    # Python 3.13 names the place of a comma, earlier ones that of the bracket behind it.
    assert found.column in column
    assert str(found) == advice


def test_a_byte_order_mark_and_other_encodings_are_refused() -> None:
    assert fault(b"\xef\xbb\xbf{}").kind == "byte_order_mark"
    assert fault('{"a": "é"}'.encode("latin-1")).kind == "not_utf8"
    assert fault('{"a": "é"}'.encode("latin-1")).column == 8
    assert fault("{}".encode("utf-16")).kind == "not_utf8"


def test_a_file_that_is_too_large_is_refused_before_it_is_parsed() -> None:
    assert fault(b" " * 5_000_001).kind == "too_large"


def test_escaped_pairs_and_long_decimals_are_fine() -> None:
    assert parse_json(b'{"a": "\\ud83d\\ude00", "b": 3.141592653589793}') == {"a": "😀", "b": 3.141592653589793}


def test_the_suite_of_hard_json_files_is_read_or_refused_but_never_a_traceback(naughty: Path) -> None:
    files = sorted((naughty / "JSONTestSuite").glob("*.json"))
    assert len(files) > 100
    wrong = []
    for file in files:
        try:
            parse_json(file.read_bytes())
            accepted = True
        except BrokenJson:
            accepted = False
        expected = {"y": file.name not in REFUSED_ON_PURPOSE, "n": False}.get(file.name[0], accepted)
        if accepted is not expected:
            wrong.append(file.name)
    assert wrong == []


pieces = st.sampled_from(
    [
        *("{", "}", "[", "]", ",", ":", '"a"', '"b"', '"\\u0000"', '"\\ud800"', '"', "\\", "-", "é", "\ufeff"),
        *("NaN", "-Infinity", "1", "1e999", "9" * 30, "true", "null", " ", "\n"),
    ]
)


def read_or_refused(data: bytes) -> BrokenJson | Any:
    try:
        return parse_json(data)
    except BrokenJson as broken:
        return broken


@given(st.lists(pieces, max_size=30).map("".join).map(str.encode) | st.binary(max_size=40))
def test_any_bytes_are_read_or_refused_with_a_place_in_the_file(data: bytes) -> None:
    found = read_or_refused(data)
    if not isinstance(found, BrokenJson):
        assert canonical_bytes(found)
        return
    lines = data.decode("utf-8", "replace").split("\n")
    assert 1 <= found.line <= len(lines)
    assert 1 <= found.column <= len(lines[found.line - 1]) + 1
    assert str(found).endswith(".")
