"""Workbooks for tests."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping, Sequence
from typing import Any

import xlsxwriter


def workbook(
    rows: Sequence[Sequence[Any]] = (),
    *,
    sheets: Mapping[str, Sequence[Sequence[Any]]] | None = None,
    merged: Sequence[tuple[int, int, int, int, Any]] = (),
    hidden: Sequence[str] = (),
) -> bytes:
    """An XLSX file of one sheet with these rows, or of several by name. ``merged`` counts from 0 in the first sheet."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    formats = {
        dt.datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
        dt.date: book.add_format({"num_format": "dd/mm/yyyy"}),
        dt.time: book.add_format({"num_format": "hh:mm:ss"}),
    }
    for name, held in (sheets or {"Sheet1": rows}).items():
        sheet = book.add_worksheet(name)
        if name in hidden:
            sheet.hide()
        for at, row in enumerate(held):
            for place, value in enumerate(row):
                if type(value) in formats:
                    sheet.write_datetime(at, place, value, formats[type(value)])
                elif isinstance(value, str) and value:
                    sheet.write_string(at, place, value)
                elif value != "":
                    sheet.write(at, place, value)
    for area in merged:
        book.worksheets()[0].merge_range(*area)
    book.close()
    return target.getvalue()
