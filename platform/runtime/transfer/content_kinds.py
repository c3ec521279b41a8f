"""What a file is, by its content: names lie, and people rename files to make a program take them."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from enum import StrEnum

from amparo.metadata.problems import Problem
from amparo.metadata.wording import N_
from amparo.runtime.errors import InvalidAnswers


class FileFormat(StrEnum):
    """A kind of table that can be read; the value is how its files are named."""

    CSV = "csv"
    XLSX = "xlsx"
    XLSB = "xlsb"
    XLS = "xls"
    ODS = "ods"

    @property
    def is_workbook(self) -> bool:
        return self is not FileFormat.CSV


_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
#: A part that only this kind of packed file has.
_PARTS: Mapping[str, FileFormat] = {"xl/workbook.xml": FileFormat.XLSX, "xl/workbook.bin": FileFormat.XLSB}
#: Names in the directory of an OLE file, as it writes them.
_ENCRYPTED, _WORKBOOK, _BOOK = (name.encode("utf-16-le") for name in ("EncryptedPackage", "Workbook", "Book"))
_DOCUMENT = N_("This is a text document. Copy its table into a spreadsheet and save that.")
_PACKED = N_("This is a packed file. Unpack it and choose the table in it.")
_OF_A_PROGRAM = N_(
    "This is a file of the kind {format}. Export the table from the program that made it, as XLSX or CSV."
)
#: How files begin that are no tables. A bitmap is known by more than its two letters: a column may be called BMI.
_OTHERS: Mapping[re.Pattern[bytes], str] = {
    re.compile(beginning, re.DOTALL): advice
    for beginning, advice in (
        (
            rb"\x89PNG|\xff\xd8\xff|GIF8[79]a|II\*\0|MM\0\*|BM.{4}\0{4}|RIFF.{4}WEBP|.{4}ftyp(?:hei|mif1)",
            N_("This is a picture. Type its table into a spreadsheet and save that."),
        ),
        (rb"\{\\rtf", _DOCUMENT),
        (rb"PK\x05\x06|\x1f\x8b|BZh[1-9]1AY|\xfd7zXZ|7z\xbc\xaf|Rar!\x1a|.{257}ustar", _PACKED),
    )
}
#: The same of files that a program made. The name of a column may begin with a bracket, but no other one follows it.
_OF_PROGRAMS: Mapping[str, re.Pattern[bytes]] = {
    "PDF": re.compile(rb"%pdf"),
    "XML": re.compile(rb"<\?xml|<svg[ >]"),
    "JSON": re.compile(rb"[\[{]\s*[\[{\"]"),
}
_WEB_PAGE = N_("This is a web page that is named like a workbook. Open it in a spreadsheet and save it as XLSX.")
_OLD_WORKBOOK = N_("This is a workbook in the old XML form. Open it in a spreadsheet and save it as XLSX.")
_DAMAGED = N_("The workbook is damaged: a part of it is missing. Open it in a spreadsheet and save it again.")


def find_format(content: bytes) -> FileFormat:
    """Raises :class:`InvalidAnswers` for what is no table, saying what it is."""
    if content.startswith(_ZIP):
        return _packed(content)
    if content.startswith(_OLE):
        return _compound(content)
    for beginning, advice in _OTHERS.items():
        if beginning.match(content):
            raise refusal("not_a_table", advice)
    _refuse_what_is_no_csv(content[:2048].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower())
    return FileFormat.CSV


def _refuse_what_is_no_csv(start: bytes) -> None:
    """``start`` is in small letters, of UTF-16 without its zeros."""
    if start.startswith((b"<html", b"<!doctype html", b"<table")):
        raise refusal("not_a_table", _WEB_PAGE)
    if start.startswith(b"<?xml") and b"office:spreadsheet" in start:
        raise refusal("not_a_table", _OLD_WORKBOOK)
    for name, beginning in _OF_PROGRAMS.items():
        if beginning.match(start):
            raise refusal("not_a_table", _OF_A_PROGRAM, format=name)


def refusal(kind: str, advice: str, **params: object) -> InvalidAnswers:
    """A whole file refused for one reason."""
    return InvalidAnswers([Problem(kind, "", None, advice, params)])


def damaged() -> InvalidAnswers:
    return refusal("damaged", _DAMAGED)


def _packed(content: bytes) -> FileFormat:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            names = set(packed.namelist())
            kind = packed.read("mimetype")[:200].decode("ascii", "replace") if "mimetype" in names else ""
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError):
        raise damaged() from None
    for part, found in _PARTS.items():
        if part in names:
            return found
    if "opendocument.spreadsheet" in kind:
        return FileFormat.ODS
    if "word/document.xml" in names or "opendocument.text" in kind:
        raise refusal("not_a_table", _DOCUMENT)
    raise refusal("not_a_table", _PACKED)


def _compound(content: bytes) -> FileFormat:
    if _ENCRYPTED in content:
        raise protected()
    if _WORKBOOK in content or _BOOK in content:
        return FileFormat.XLS
    raise refusal("not_a_table", N_("This is a file of Office, but no workbook. Save its table as XLSX or CSV."))


def protected() -> InvalidAnswers:
    advice = N_("The workbook is protected by a password. Take the password away in its program and save it again.")
    return refusal("protected", advice)
