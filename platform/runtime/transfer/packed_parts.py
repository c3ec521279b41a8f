"""What the packed files of a workbook say before they are laid out in memory, and what the library leaves out.

A workbook may be made to take minutes: every pattern here takes time in
proportion to what it reads, whatever the XML is, and whatever is too much is
counted while it is unpacked, before the library that lays it out begins.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from itertools import islice
from typing import Any
from xml.etree import ElementTree

#: The most cells of all sheets together, empty ones inside a sheet's used area counted.
MOST_CELLS = 8_000_000
#: The most that the parts of a workbook may come to when they are unpacked.
MOST_UNPACKED_BYTES = 1 << 30
#: The most bytes between the ends of two rows, or of two tags.
_MOST_PIECE_BYTES = MOST_UNPACKED_BYTES // 4
#: Longest beginning of a sheet's XML in which its used area is declared.
_BEGINNING_BYTES = 65_536
_BLOCK_BYTES = 1 << 20

_DIMENSION = re.compile(rb'<(?:\w+:)?dimension[^<>]*\bref="([A-Z]+[0-9]+):([A-Z]+)([0-9]+)"')
#: A cell that holds something: its place, its attributes.
_FULL_CELL = re.compile(rb"<(?:\w+:)?c\b([^<>]*[^<>/])>\s*<(?:\w+:)?(?:v|is|f)\b")
#: A row, a merged area, the end of what a cell holds; a text of the table that cells share.
_HELD = re.compile(rb"<(?:\w+:)?(?:row|mergeCell)\b|</(?:\w+:)?(?:v|is)\b")
_TEXT = re.compile(rb"<(?:\w+:)?si\b")
#: The most of these in one part: so many cells may be, in the rows that a sheet has at most.
_MOST_COUNTED = MOST_CELLS + (1 << 20)
#: A part with fewer bytes cannot hold more of them.
_LEAST_BYTES_OF_TOO_MANY = _MOST_COUNTED * len(b"<si/>")
_PLACE = re.compile(rb'\br="([A-Z]+)([0-9]+)"')
#: A cell in error, and what it shows: behind its formula, if it has one.
_ERROR_CELL = re.compile(
    rb'<(?:\w+:)?c\b(?=[^<>]*\bt="e")[^<>]*+>\s*+'
    rb"(?:<(?:\w+:)?f\b[^<>]*+>\s*+(?:[^<]*+</(?:\w+:)?f>\s*+)?)?<(?:\w+:)?v>([^<]*+)<"
)
#: A cell of one of these formats.
_STYLED_CELL = rb'<(?:\w+:)?c\b(?=[^<>]*\bs="(%b)")[^<>]*+>'
#: How a cell shows its number: as a percentage, or else with so many digits, zeros before it.
PERCENTAGE = 0
#: Formats that every workbook has: 0% and 0.00%. Of others what stands in quotes or behind a bar is text.
_PERCENT_FORMATS, _QUOTED = {"9": PERCENTAGE, "10": PERCENTAGE}, re.compile(r'"[^"]*"|\\.|_.')
#: A format of nothing but digits that are always shown, as numbers of cases and postal codes have it.
_PADDED = re.compile("0{2,18}")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"

Place = tuple[int, int]


class Unreadable(Exception):
    """Why a workbook is refused: a kind, and what its sentence names."""

    def __init__(self, kind: str, **params: Any) -> None:
        super().__init__(kind)
        self.kind = kind
        self.params = params


class PackedParts:
    """The packed files of an Office workbook or an OpenDocument sheet."""

    def __init__(self, content: bytes) -> None:
        self._zip = zipfile.ZipFile(io.BytesIO(content))
        unpacked = sum(each.file_size for each in self._zip.infolist())
        if unpacked > MOST_UNPACKED_BYTES:
            raise Unreadable("unpacks_too_large", megabytes=unpacked >> 20, most=MOST_UNPACKED_BYTES >> 20)
        names = self._zip.namelist()
        if "xl/sharedStrings.xml" in names:
            self._require_countable("xl/sharedStrings.xml", _TEXT)
        self._paths = self._sheet_paths() if "xl/workbook.xml" in names else {}
        self._styles = self._styles_that_show() if self._paths and "xl/styles.xml" in names else {}

    def _sheet_paths(self) -> dict[str, str]:
        """Sheet name -> path of its XML."""
        relations = ElementTree.fromstring(self._zip.read("xl/_rels/workbook.xml.rels"))  # noqa: S314 - limited.
        targets = {each.get("Id"): each.get("Target", "") for each in relations}
        paths: dict[str, str] = {}
        described = ElementTree.fromstring(self._zip.read("xl/workbook.xml"))  # noqa: S314 - limited.
        for element in described.iter():
            if element.tag.endswith("}sheet"):
                target = targets.get(element.get(_RELATION), "")
                path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
                paths[element.get("name", "")] = path
        return paths

    def _styles_that_show(self) -> dict[bytes, int]:
        """Numbers of the cell formats that show a number otherwise than it is kept, and how."""
        styles = ElementTree.fromstring(self._zip.read("xl/styles.xml"))  # noqa: S314 - limited.
        shown = dict(_PERCENT_FORMATS)
        for each in styles.iter():
            if each.tag.endswith("}numFmt") and (how := _shown_by(each.get("formatCode", ""))) is not None:
                shown[each.get("numFmtId", "")] = how
        formats = next((each for each in styles.iter() if each.tag.endswith("}cellXfs")), ())
        used = ((at, each.get("numFmtId", "")) for at, each in enumerate(formats))
        return {str(at).encode(): shown[number] for at, number in used if number in shown}

    def shown(self, name: str) -> Iterator[tuple[Place, int]]:
        """Cells that show another number than calamine gives, row after row, and how they show it."""
        path = self._paths.get(name)
        if path is None or not self._styles:
            return
        wanted = re.compile(_STYLED_CELL % b"|".join(self._styles))
        for block in self._blocks(path):
            for cell in wanted.finditer(block):
                if place := _PLACE.search(cell[0]):
                    yield (int(place[2]) - 1, _column(place[1]) - 1), self._styles[cell[1]]

    def require_reasonable(self, name: str) -> None:
        """Before the sheet is laid out in memory: raises :class:`Unreadable` when its used area is too large, or
        when it holds too much.

        A declared area may be empty but for its formats; what is declared too
        large is therefore measured by the cells that hold anything.
        """
        path = self._paths.get(name)
        if path is None:
            return
        self._require_countable(path, _HELD)
        with self._zip.open(path) as file:
            declared = _DIMENSION.search(file.read(_BEGINNING_BYTES))
        if declared is None or _area(declared[2], declared[3]) <= MOST_CELLS:
            return
        last_row, last_column = self._extent(path)
        if last_row * last_column > MOST_CELLS:
            raise Unreadable("too_many_cells", sheet=name, rows=last_row, columns=last_column)

    def _require_countable(self, path: str, counted: re.Pattern[bytes]) -> None:
        """Raises :class:`Unreadable` as soon as there is more of what is counted than a sheet may hold."""
        if self._zip.getinfo(path).file_size < _LEAST_BYTES_OF_TOO_MANY:
            return
        found = (each for block in self._blocks(path, b">") for each in counted.finditer(block))
        if next(islice(found, _MOST_COUNTED, None), None) is not None:
            raise Unreadable("too_large")

    def _extent(self, path: str) -> Place:
        rows = columns = 0
        for block in self._blocks(path):
            for cell in _FULL_CELL.finditer(block):
                if place := _PLACE.search(cell[1]):
                    rows, columns = max(rows, int(place[2])), max(columns, _column(place[1]))
        return rows, columns

    def errors(self, name: str) -> dict[Place, str]:
        """Cells that show an error such as ``#N/A``, which calamine gives as blank."""
        path = self._paths.get(name)
        found: dict[Place, str] = {}
        for block in self._blocks(path) if path else ():
            if b't="e"' in block:
                for cell in _ERROR_CELL.finditer(block):
                    if place := _PLACE.search(cell[0]):
                        found[int(place[2]) - 1, _column(place[1]) - 1] = cell[1].decode("utf-8", "replace")
        return found

    def _blocks(self, path: str, mark: bytes = b"</row>") -> Iterator[bytes]:
        """The XML in pieces that end before a ``mark``, such as the end of a row."""
        rest = bytearray()
        with self._zip.open(path) as file:
            while block := file.read(_BLOCK_BYTES):
                # What was looked through before is not looked through again, nor copied.
                unseen = max(0, len(rest) - len(mark) + 1)
                rest += block
                if (end := rest.rfind(mark, unseen)) >= 0:
                    yield bytes(rest[:end])
                    del rest[: end + len(mark)]
                elif len(rest) > _MOST_PIECE_BYTES:
                    raise Unreadable("damaged")
        yield bytes(rest)


def _shown_by(code: str) -> int | None:
    """How a format's code shows a number; ``None`` for as it is."""
    if "%" in _QUOTED.sub("", code):
        return PERCENTAGE
    return len(code) if _PADDED.fullmatch(code) else None


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _area(column: bytes, row: bytes) -> int:
    return _column(column) * int(row)
