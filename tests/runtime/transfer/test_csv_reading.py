"""CSV files as people have them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amparo.runtime.errors import InvalidAnswers
from amparo.runtime.transfer.opened_table import TableFile
from amparo.runtime.transfer.table_reading import open_table
from amparo.runtime.transfer.text_encoding import Encoding
from factories.shared_inputs import shared_folder

THAI = "ชื่อ,เมือง\r\nสมชาย ใจดี,เชียงใหม่\r\nสมหญิง รักไทย,กรุงเทพมหานคร\r\n"
ARABIC = "الاسم,المدينة\r\nمحمد الأحمد,القاهرة\r\nفاطمة علي,بيروت\r\n"
FRENCH = "nom,ville,remarque\r\nJosé Gràcia,Genève,arrivée à l’été\r\nZoë,Besançon,a déjà été reçue\r\n"

UKRAINIAN = "ім’я,місто\r\nОлена Шевченко,Київ\r\nЇжак Ґалаган,ЛЬВІВ\r\n"
TRADITIONAL = "姓名,城市\r\n王小明,臺北市\r\n陳美麗,高雄\r\n"
SIMPLIFIED = "姓名,城市\r\n王小明,北京\r\n陈美丽,上海\r\n"


def rows(file: TableFile) -> list[tuple[str, ...]]:
    return [tuple(map(str, row.cells)) for row in file.rows()]


def message(source: bytes, encoding: str | None = None, delimiter: str | None = None) -> str:
    with pytest.raises(InvalidAnswers) as caught:
        rows(open_table(source, encoding=encoding, delimiter=delimiter))
    (problem,) = caught.value.problems
    return f"{problem.path}: {problem.message}"


def spectrum() -> list[str]:
    folder = shared_folder() / "real" / "naughty" / "csv-spectrum" / "csvs"
    return sorted(file.stem for file in folder.glob("*.csv")) or ["absent"]


@pytest.mark.parametrize("name", spectrum())
def test_every_file_of_the_csv_spectrum_reads_as_its_json_says(shared: Path, name: str) -> None:
    folder = shared / "real" / "naughty" / "csv-spectrum"
    expected = json.loads((folder / "json" / f"{name}.json").read_text(encoding="utf-8"))
    content = (folder / "csvs" / f"{name}.csv").read_bytes()
    if name.endswith("_crlf") and b"\r" not in content:
        # The copy lost the carriage returns its name and its JSON speak of.
        content = content.replace(b"\n", b"\r\n")
    if name == "location_coordinates":
        # Its JSON is one object, made from the same row with another telephone number.
        expected = [{**expected, "Contact Phone Number": "2095257564"}]
    file = open_table(content)
    assert [dict(zip(file.header, row, strict=True)) for row in rows(file)] == expected


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_files_are_recognised_without_being_told(encoding: str) -> None:
    file = open_table("name,note\r\nSok,ok\r\nសុភា,ល្អ\r\n".encode(encoding))
    assert file.header == ("name", "note")
    assert rows(file) == [("Sok", "ok"), ("សុភា", "ល្អ")]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (THAI, "cp874"), (ARABIC, "cp1256"), (FRENCH, "cp1252"), (FRENCH.upper(), "cp1252"),
        (UKRAINIAN, "cp1251"), (UKRAINIAN.upper(), "cp1251"), (SIMPLIFIED, "gb18030"), (TRADITIONAL, "big5"),
    ],
)  # fmt: skip
def test_the_encoding_of_old_windows_files_is_guessed_and_the_guess_is_told(text: str, encoding: str) -> None:
    file = open_table(text.encode(encoding))
    assert file.encoding == Encoding(encoding, is_guess=True)
    assert rows(file)[0][0] == text.splitlines()[1].split(",")[0]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Ім’я\nОлена Шевченко\nКиїв\n".replace("’", ""), "koi8_u"), ("όνομα\nΓιώργος\nΑθήνα\n", "cp1253"),
        (ARABIC, "iso8859_6"), (FRENCH.replace("’", ""), "cp850"), ("名前\n山田太郎\n東京\n", "cp932"),
    ],
)  # fmt: skip
def test_words_that_are_spelled_well_in_no_guess_are_refused_rather_than_garbled(text: str, encoding: str) -> None:
    assert "Save the file as CSV UTF-8, or say its encoding." in message(text.encode(encoding))


def test_unicode_is_no_guess() -> None:
    assert open_table(THAI.encode()).encoding == Encoding("utf-8")


def test_damaged_utf8_is_refused_with_its_line_and_not_taken_for_another_encoding() -> None:
    lines = ["ชื่อ,เมือง", *["สมชาย ใจดี,เชียงใหม่"] * 50]
    content = "\n".join(lines).encode()
    broken = content[:-400] + b"\xff" + content[-400:]
    assert message(broken).startswith(f"line {content[:-400].count(10) + 1}: Line ")


def test_a_byte_that_the_stated_encoding_lacks_is_refused_with_its_line() -> None:
    assert message(b"name\nSok\nJos\xe9\n", encoding="utf-8").startswith("line 3: Line 3 holds the byte 0xE9")


def test_a_mark_is_no_part_of_the_header_also_where_the_encoding_is_stated() -> None:
    assert open_table('"name",age\nSok,3\n'.encode("utf-8-sig"), encoding="utf-8").header == ("name", "age")


@pytest.mark.parametrize("name", ["klingon", "hex", "zip"])
def test_an_encoding_that_does_not_exist_is_refused_with_those_that_do(name: str) -> None:
    assert "Use one of these: utf-8, utf-16, cp1252, cp874, cp1256, cp1251, gb18030, big5." in message(
        b"name\nSok\n", encoding=name
    )


def test_a_delimiter_that_is_none_is_refused() -> None:
    assert message(b"name\nSok\n", delimiter=";;").startswith("delimiter: Columns are parted by")


@pytest.mark.parametrize("beginning", [b"PK\x03\x04\x14\x00", b"\xd0\xcf\x11\xe0\xa1\xb1"])
def test_a_broken_workbook_is_not_taken_for_a_csv_file(beginning: bytes) -> None:
    assert message(beginning + bytes(100)).startswith((": The workbook is damaged", ": This is a file of Office"))


def test_a_cell_beyond_every_limit_is_refused_with_its_line() -> None:
    assert message(b'name\n"' + b"x" * 5_000_000 + b'"\n').startswith("line 2: A cell is longer")


def test_nul_is_refused_with_its_line() -> None:
    assert message(b"name,age\nSok,3\nDa\0ra,4\n") == (
        "line 3: Remove the NUL character in line 3. Files that hold any are not text."
    )


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_even_where_texts_hold_the_others(delimiter: str) -> None:
    lines = [["name", "note", "debt"], ["Sok", "a, b; c | d\te", "1,5"], ["Dara", "one, two, three, four", "2,5"]]
    content = "\n".join(delimiter.join(f'"{cell}"' if delimiter in cell else cell for cell in line) for line in lines)
    file = open_table(content.encode())
    assert file.delimiter == delimiter
    assert rows(file) == [tuple(line) for line in lines[1:]]


def test_one_column_needs_no_delimiter() -> None:
    file = open_table(b"name\nSok\nDara\n")
    assert (file.header, rows(file)) == (("name",), [("Sok",), ("Dara",)])


def test_a_line_break_inside_quotation_marks_is_part_of_the_cell() -> None:
    file = open_table(b'name,story\r\nSok,"one\r\ntwo\nthree"\r\nDara,x\r\n')
    assert rows(file) == [("Sok", "one\r\ntwo\nthree"), ("Dara", "x")]
    assert [row.number for row in file.rows()] == [2, 3]


def test_a_quotation_mark_that_is_never_closed_is_refused_with_its_line() -> None:
    assert "opened and never closed" in message(b'name,story\nSok,"one\nDara,two\n')


def test_duplicated_and_empty_headers_get_names_of_their_own() -> None:
    file = open_table(b"name,,name, ,name (2)\n1,2,3,4,5\n")
    assert file.header == ("name", "Column 2", "name (2)", "Column 4", "name (2) (2)")


def test_rows_that_are_too_short_or_too_long_are_reported_and_empty_ones_skipped() -> None:
    file = open_table(b"a,b\n1\n\n1,2,3\n,\n1,2,\n1,2\n")
    found = [(row.number, row.problem.params["cells"] if row.problem else None) for row in file.rows()]
    assert found == [(2, 1), (4, 3), (6, None), (7, None)]


def test_an_empty_file_is_refused() -> None:
    assert "The file is empty" in message(b"")
    assert "The file is empty" in message(b"\n\n")


def test_a_cell_as_long_as_the_longest_text_is_read_whole() -> None:
    story = "ក" * 131_072
    assert rows(open_table(f"name,story\nSok,{story}\n".encode())) == [("Sok", story)]


SCRAPS = st.text("ab\",;\t|\r\n\0'= ក\ufeff", max_size=60)


@given(st.one_of(st.binary(max_size=200), SCRAPS.map(str.encode), SCRAPS.map(lambda text: text.encode("utf-16"))))
def test_whatever_the_bytes_are_they_are_read_or_refused_with_a_reason(content: bytes) -> None:
    try:
        file = open_table(content)
        assert all(len(row.cells) == len(file.header) for row in file.rows())
    except InvalidAnswers as refusal:
        reasons = [problem.message for problem in refusal.problems]
    else:
        return
    assert all(reasons)
