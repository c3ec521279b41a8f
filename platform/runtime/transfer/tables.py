"""A table of labels and figures as CSV, safe in a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from amparo.runtime.serializer import export_text
from amparo.runtime.transfer.cells import protected
from amparo.runtime.transfer.problem_file import CsvLines


def table_csv(rows: Iterable[Sequence[Any]]) -> bytes:
    """UTF-8 with its mark, CR LF. Texts are protected; figures, days and times are written as they are kept."""
    lines = CsvLines()
    written = bytearray("\ufeff".encode())
    for row in rows:
        written += lines.line([protected(cell) if isinstance(cell, str) else export_text(cell) for cell in row])
    return bytes(written)
