"""The XML of a workbook (ECMA-376, parts 1 and 2): its sheets' cells, and what an archive holds around them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from xml.sax.saxutils import escape, quoteattr

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_CONTENT = "application/vnd.openxmlformats-officedocument.spreadsheetml"

#: Styles of cells, by their places in the workbook's list of them.
PLAIN, BOLD, DAY, MOMENT, TIME, PERCENTAGE = range(6)
_NUMBER_FORMATS = ("yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss", "hh:mm:ss", "0.##########%")
#: The first number of a format that is a workbook's own.
_FIRST_FORMAT = 164

#: Characters that XML cannot hold are written by their numbers, and so is what looks like such a number.
_NOT_IN_XML = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff\ud800-\udfff]")
_LOOKS_WRITTEN_BY_NUMBER = re.compile("_(?=x[0-9a-fA-F]{4}_)")
_OUTER_SPACE = re.compile(r"\A\s|\s\Z")

SHEET_END = "</sheetData></worksheet>"


def sheet_path(number: int) -> str:
    """``number`` counts from 1."""
    return f"xl/worksheets/sheet{number}.xml"


def sheet_beginning(widths: Sequence[int], *, is_first: bool, right_to_left: bool) -> str:
    """Up to the first row, which stays in sight. ``widths`` are in characters, by column."""
    direction = ' rightToLeft="1"' if right_to_left else ""
    chosen = ' tabSelected="1"' if is_first else ""
    columns = "".join(
        f'<col min="{at}" max="{at}" width="{_stored_width(width)}" customWidth="1"/>'
        for at, width in enumerate(widths, 1)
    )
    return (
        f'{_HEAD}<worksheet xmlns="{_SPREADSHEET}"><sheetViews><sheetView{direction}{chosen} workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/><selection pane="bottomLeft"/>'
        '</sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/>'
        f"{f'<cols>{columns}</cols>' if columns else ''}<sheetData>"
    )


def _stored_width(characters: int) -> float:
    """With the margins, in 256ths of a character that is seven pixels wide (part 1, 18.3.1.13)."""
    return int((characters * 7 + 5) / 7 * 256) / 256


def place_of(row: int, column: int) -> str:
    """As ``B3``; both count from 0."""
    return f"{_letters(column)}{row + 1}"


@lru_cache(maxsize=1 << 14)
def _letters(column: int) -> str:
    before, letter = divmod(column, 26)
    return (_letters(before - 1) if before else "") + chr(ord("A") + letter)


def text_cell(place: str, text: str, style: int) -> str:
    kept = ' xml:space="preserve"' if _OUTER_SPACE.search(text) else ""
    return f'<c r="{place}"{_styled(style)} t="inlineStr"><is><t{kept}>{_written(text)}</t></is></c>'


def truth_cell(place: str, value: bool) -> str:
    return f'<c r="{place}" t="b"><v>{int(value)}</v></c>'


def number_cell(place: str, number: float, style: int) -> str:
    return f'<c r="{place}"{_styled(style)}><v>{number:.16G}</v></c>'


def _styled(style: int) -> str:
    return f' s="{style}"' if style else ""


def _written(text: str) -> str:
    safe = _LOOKS_WRITTEN_BY_NUMBER.sub("_x005F_", text)
    return escape(_NOT_IN_XML.sub(lambda found: f"_x{ord(found[0]):04X}_", safe))


def parts_around(names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Paths and contents of all parts of a workbook with sheets of these names, but the sheets."""
    numbers = range(1, len(names) + 1)
    sheets = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{number}" r:id="rId{number}"/>'
        for number, name in zip(numbers, names, strict=True)
    )
    yield (
        "xl/workbook.xml",
        f'{_HEAD}<workbook xmlns="{_SPREADSHEET}" xmlns:r="{_RELATIONS}"><sheets>{sheets}</sheets></workbook>',
    )
    own = [(f"rId{number}", "worksheet", f"worksheets/sheet{number}.xml") for number in numbers]
    yield "xl/_rels/workbook.xml.rels", _relations([*own, ("rIdStyles", "styles", "styles.xml")])
    yield "xl/styles.xml", _styles()
    yield "_rels/.rels", _relations([("rId1", "officeDocument", "xl/workbook.xml")])
    types = "".join(_content_type(sheet_path(number), "worksheet") for number in numbers)
    yield (
        "[Content_Types].xml",
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f"{_content_type('xl/workbook.xml', 'sheet.main')}{_content_type('xl/styles.xml', 'styles')}{types}</Types>",
    )


def _relations(told: Sequence[tuple[str, str, str]]) -> str:
    each = "".join(f'<Relationship Id="{own}" Type="{_RELATIONS}/{kind}" Target="{path}"/>' for own, kind, path in told)
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{each}</Relationships>'


def _content_type(path: str, kind: str) -> str:
    return f'<Override PartName="/{path}" ContentType="{_CONTENT}.{kind}+xml"/>'


def _styles() -> str:
    """Two fonts, and the formats of numbers; what no cell of ours uses has to be there all the same."""
    formats = "".join(
        f'<numFmt numFmtId="{_FIRST_FORMAT + at}" formatCode={quoteattr(code)}/>'
        for at, code in enumerate(_NUMBER_FORMATS)
    )
    font = '<sz val="11"/><name val="Calibri"/><family val="2"/>'
    bare = 'fillId="0" borderId="0"'
    cells = [
        f'<xf numFmtId="0" fontId="0" {bare} xfId="0"/>',
        f'<xf numFmtId="0" fontId="1" {bare} xfId="0" applyFont="1"/>',
    ]
    cells += [
        f'<xf numFmtId="{_FIRST_FORMAT + at}" fontId="0" {bare} xfId="0" applyNumberFormat="1"/>'
        for at in range(len(_NUMBER_FORMATS))
    ]
    return (
        f'{_HEAD}<styleSheet xmlns="{_SPREADSHEET}"><numFmts count="{len(_NUMBER_FORMATS)}">{formats}</numFmts>'
        f'<fonts count="2"><font>{font}</font><font><b/>{font}</font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills>'
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        f'<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" {bare}/></cellStyleXfs>'
        f'<cellXfs count="{len(cells)}">{"".join(cells)}</cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    )
