"""The published case sheet of the data standard, filled as a person fills it: cell by cell, the rest as it was."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

Cell = str | bool | dt.date | None

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_SHEET = "xl/worksheets/sheet1.xml"
_FIRST_ROW = 3
_DAY_ZERO = dt.date(1899, 12, 30)
#: The style of the sheet's own columns of days.
_DAY_STYLE = "9"


def filled_sheet(published: Path, rows: Sequence[Sequence[Cell]]) -> bytes:
    """``rows`` begin with the second column: the first numbers the rows already."""
    target = io.BytesIO()
    with zipfile.ZipFile(published) as book, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name in book.namelist():
            content = book.read(name)
            made.writestr(name, _filled(content, rows) if name == _SHEET else content)
    return target.getvalue()


def _filled(content: bytes, rows: Sequence[Sequence[Cell]]) -> bytes:
    root = ElementTree.fromstring(content)  # noqa: S314 - our own copy.
    by_number = {row.get("r"): row for row in root.iter(f"{_MAIN}row")}
    for number, cells in enumerate(rows, start=_FIRST_ROW):
        row = by_number[str(number)]
        kept = [cell for cell in row if cell.get("r") == f"A{number}"]
        row[:] = [*kept, *(_cell(f"{_letters(at)}{number}", value) for at, value in enumerate(cells, 2) if value != "")]
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))


def _cell(place: str, value: Cell) -> ElementTree.Element:
    cell = ElementTree.Element(f"{_MAIN}c", {"r": place})
    if isinstance(value, bool):
        cell.set("t", "b")
        ElementTree.SubElement(cell, f"{_MAIN}v").text = str(int(value))
    elif isinstance(value, dt.date):
        cell.set("s", _DAY_STYLE)
        ElementTree.SubElement(cell, f"{_MAIN}v").text = str((value - _DAY_ZERO).days)
    elif value is not None:
        cell.set("t", "inlineStr")
        text = ElementTree.SubElement(ElementTree.SubElement(cell, f"{_MAIN}is"), f"{_MAIN}t")
        text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        text.text = value
    return cell


def _letters(place: int) -> str:
    letters = ""
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
