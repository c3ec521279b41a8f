"""The type of a file is found in its content."""

from __future__ import annotations

import io
import random
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amparo.metadata.content_types import CONTENT_TYPES, fitting_name
from amparo.runtime.files.names import LONGEST_NAME, clean_name, disposition
from amparo.runtime.files.recognising import recognise
from factories import files

_OOXML = "application/vnd.openxmlformats-officedocument"
TAKEN = [
    ("a.pdf", files.PDF, "application/pdf"),
    ("a.jpg", files.jpeg(), "image/jpeg"),
    ("a.png", files.png(), "image/png"),
    ("a.gif", files.gif(), "image/gif"),
    ("a.webp", files.webp(), "image/webp"),
    ("a.heic", files.heic(), "image/heic"),
    ("a.docx", files.docx(), f"{_OOXML}.wordprocessingml.document"),
    ("a.xlsx", files.archive({"[Content_Types].xml": "", "xl/workbook.xml": ""}), f"{_OOXML}.spreadsheetml.sheet"),
    (
        "a.pptx",
        files.archive({"[Content_Types].xml": "", "ppt/presentation.xml": ""}),
        f"{_OOXML}.presentationml.presentation",
    ),
    ("a.odt", files.odt(), "application/vnd.oasis.opendocument.text"),
    ("a.ods", files.archive({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}), None),
    ("a.txt", "ខ្មែរ, العربية, naïve\r\n\tmore".encode(), "text/plain"),
    ("a.txt", "Caf\xe9 in an old encoding".encode("latin-1"), "text/plain"),
    ("A.CSV", b"\xef\xbb\xbfname;age\n\x0c", "text/csv"),
    ("a.mp3", b"ID3\x04" + bytes(100), "audio/mpeg"),
    ("a.mp3", b"\xff\xfb\x90\x64" + bytes(100), "audio/mpeg"),
    ("a.m4a", b"\0\0\0\x20ftypM4A \0\0\0\0", "audio/mp4"),
    ("a.m4a", b"\0\0\0\x20ftypmp42\0\0\0\0", "audio/mp4"),
    ("a.mp4", b"\0\0\0\x20ftypmp42\0\0\0\0", "video/mp4"),
    ("a.mov", b"\0\0\0\x14ftypqt  \0\0\0\0", "video/quicktime"),
    ("a.3gp", b"\0\0\0\x18ftyp3gp4\0\0\0\0", "video/3gpp"),
    ("a.ogg", b"OggS\0\x02" + bytes(50), "audio/ogg"),
    ("a.amr", b"#!AMR\n" + bytes(50), "audio/amr"),
    ("photo.exe", files.jpeg(), "image/jpeg"),
]
REFUSED = [
    ("a.exe", b"MZ\x90\0" + bytes(100)),
    ("a.txt", b"MZ\x90\0" + bytes(100)),
    ("a.sh", b"echo hello\n"),
    ("a.txt", b"#!/bin/sh\necho\n"),
    ("a.html", b"<html><script>alert(1)</script></html>"),
    ("a.txt", b"\n  <script>alert(1)</script>"),
    ("a.csv", b"\xef\xbb\xbf<svg xmlns='http://www.w3.org/2000/svg'/>"),
    ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
    ("a.js", b"alert(1)\n"),
    ("a.txt", b"text" * 100_000 + b"\0"),
    ("a.zip", files.archive({"a.txt": "a"})),
    ("a.docx", files.archive({"word/document.xml": ""})),
    ("a.docx", files.docx(**{"word/vbaProject.bin": "macro"})),
    ("a.docx", files.docx()[:-30]),
    ("a.xlsx", b"PK\x03\x04"),
    ("a.avi", b"RIFF\0\0\0\0AVI LIST"),
    ("a.mp3", b"\xff\xe1\0\0"),
    ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
    ("a", b""),
]


@pytest.mark.parametrize(("name", "content", "media_type"), TAKEN)
def test_what_people_keep_is_recognised_by_its_content(name: str, content: bytes, media_type: str | None) -> None:
    expected = media_type or "application/vnd.oasis.opendocument.spreadsheet"
    assert recognise(io.BytesIO(content), name) == expected
    assert expected in CONTENT_TYPES


@pytest.mark.parametrize(("name", "content"), REFUSED)
def test_programs_scripts_pages_and_archives_are_not_whatever_they_are_called(name: str, content: bytes) -> None:
    assert recognise(io.BytesIO(content), name) is None


def test_a_real_workbook_is_a_spreadsheet_and_a_broken_one_is_nothing(shared: Path) -> None:
    for path in sorted((shared / "real" / "naughty" / "workbooks").glob("*.xlsx")):
        with path.open("rb") as content:
            found = recognise(content, path.name)
        assert (found == f"{_OOXML}.spreadsheetml.sheet") == zipfile.is_zipfile(path), path.name


@given(content=st.binary(max_size=5000), ending=st.sampled_from(["", ".txt", ".csv", ".m4a", ".docx"]))
def test_any_bytes_are_recognised_or_not_and_never_break(content: bytes, ending: str) -> None:
    found = recognise(io.BytesIO(content), f"a{ending}")
    assert found is None or found in CONTENT_TYPES


def test_a_document_cut_or_changed_anywhere_never_breaks() -> None:
    whole, chance = files.docx(), random.Random(5)
    for length in range(0, len(whole), 7):
        recognise(io.BytesIO(whole[:length]), "a.docx")
    for _ in range(300):
        changed = bytearray(whole)
        changed[chance.randrange(len(changed))] = chance.randrange(256)
        recognise(io.BytesIO(bytes(changed)), "a.docx")


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("C:\\Users\\x\\letter.pdf", "letter.pdf"),
        ("/tmp/../letter.pdf", "letter.pdf"),
        ("  សំបុត្រ\n ខ្មែរ.pdf ", "សំបុត្រ ខ្មែរ.pdf"),
        ("letter\u202efdp.exe", "letterfdp.exe"),
        ("ન\u200dમ.pdf", "ન\u200dમ.pdf"),
        ("...", "paper"),
        ("\0\1", "paper"),
        ("", "paper"),
    ],
)
def test_names_are_kept_as_people_write_them_without_what_cannot_be_seen(written: str, kept: str) -> None:
    assert clean_name(written, "paper") == kept


def test_a_name_that_is_too_long_keeps_its_ending() -> None:
    name = clean_name("x" * 400 + ".pdf", "paper")
    assert len(name) <= LONGEST_NAME
    assert name.endswith("x.pdf")


def test_a_file_is_sent_under_an_ending_of_its_type() -> None:
    assert fitting_name("photo.exe", "image/jpeg") == "photo.exe.jpg"
    assert fitting_name("photo.JPEG", "image/jpeg") == "photo.JPEG"
    assert fitting_name("old", "application/x-gone") == "old.bin"


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("letter.pdf", "attachment; filename=\"letter.pdf\"; filename*=UTF-8''letter.pdf"),
        ('a"b;c\\.pdf', "attachment; filename=\"abc.pdf\"; filename*=UTF-8''a%22b%3Bc%5C.pdf"),
        ("ស.pdf", "attachment; filename=\"file.pdf\"; filename*=UTF-8''%E1%9E%9F.pdf"),
        ("é x.pdf", "attachment; filename=\"e x.pdf\"; filename*=UTF-8''%C3%A9%20x.pdf"),
    ],
)
def test_the_name_of_a_download_is_safe_for_every_program(name: str, header: str) -> None:
    assert disposition(name, "application/pdf") == header
