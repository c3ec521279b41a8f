"""Cells of a row that say what its record holds already, though nobody could answer so any more.

An option was retired, a limit narrowed, a text became a picklist: the answer
stays. A row of an export that was corrected elsewhere says it again, which
changes nothing and so is no fault of the row. Forms do likewise: they send
what somebody changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from amparo.metadata.fields.base import Answer
from amparo.metadata.fields.registry import field_type
from amparo.metadata.missing import Missing
from amparo.metadata.model import FieldDefinition
from amparo.runtime.releases.live import LiveObject
from amparo.runtime.transfer.cells import plain_text
from amparo.runtime.transfer.record_finding import RecordFinder
from amparo.runtime.transfer.translating import TranslatedRow


def leave_what_is_held(live: LiveObject, finder: RecordFinder, rows: Sequence[TranslatedRow]) -> None:
    """Takes out of rows that change a record what would be refused, where the record holds just that.

    Answers that are sensitive are not read for it.
    """
    refused = [(row, names) for row in rows if row.version is not None and (names := _refused(live, row))]
    if not refused:
        return
    columns = sorted({name for _, names in refused for name in names})
    records = {each.id: each for each in finder.identified([row.record for row, _ in refused if row.record], columns)}
    for row, names in refused:
        record = records.get(row.record) if row.record else None
        for name in names if record else ():
            if record and _is_same(live.definition.by_name[name], row.values[name], record.answers.get(name)):
                del row.values[name]


def _refused(live: LiveObject, row: TranslatedRow) -> list[str]:
    _, problems = live.coercer.coerce(row.values)
    fields = (live.definition.by_name.get(problem.path) for problem in problems)
    return [field.name for field in fields if field is not None and not field.sensitive and not field.retired]


def _is_same(field: FieldDefinition, given: Any, held: Answer) -> bool:
    if isinstance(given, Missing) or isinstance(held, Missing) or held is None:
        return type(given) is type(held) and given == held
    if isinstance(held, tuple):
        return isinstance(given, list) and {*given} == {*held}
    text = plain_text(given).strip()
    if isinstance(held, (int, Decimal)) and not isinstance(held, bool):
        try:
            return Decimal(text) == held
        except InvalidOperation:
            return False
    return text == field_type(field.type).to_text(field, held).strip()
