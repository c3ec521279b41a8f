"""What an import asks about the whole file: where its table lies, and which records its rows speak of."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext

from amparo.metadata.model import ObjectDefinition
from amparo.metadata.wording import N_
from amparo.runtime.transfer.mapping import ImportMapping, WhenFound, WhenMissing
from amparo.runtime.transfer.record_finding import IDENTIFIER, identifying_fields
from amparo.runtime.transfer.table_reading import TableFile
from amparo.runtime.web.visits import Visit
from amparo.runtime.web.widgets.base import Choice, Question


def table_questions(file: TableFile) -> list[Question]:
    """Where the table lies in the file: of a workbook its sheet, and the row that names the columns."""
    header_row = Question(
        "table.header_row",
        "table-header-row",
        gettext("Row that names the columns"),
        "integer",
        value=str(file.header_row),
        required=True,
    )
    if len(file.sheets) < 2:
        return [header_row]
    sheet = Question(
        "table.sheet",
        "table-sheet",
        gettext("Sheet"),
        "code",
        required=True,
        value=file.sheet or "",
        options=[Choice(each.name, each.name) for each in file.sheets if each.rows],
        as_select=True,
        no_empty=True,
    )
    return [sheet, header_row]


def match_questions(visit: Visit, definition: ObjectDefinition, mapping: ImportMapping) -> list[Question]:
    """Whether rows speak of records that are there, and what they do then. Only what a column holds can find them."""
    held = {column.field for column in mapping.columns.values()}
    fields = [each for each in identifying_fields(definition) if each.name in held]
    choices = [Choice(each.name, visit.words.field(each).label) for each in fields]
    if mapping.match is not None and mapping.match.field == IDENTIFIER:
        choices.append(Choice(IDENTIFIER, gettext("Identifier")))
    if not choices:
        return []
    match = mapping.match
    field = Question(
        "match.field",
        "match-field",
        gettext("A record is the same when this is"),
        "code",
        required=True,
        value=match.field if match else "",
        options=choices,
        as_select=True,
        empty_label=gettext("Nothing: every row is a new record"),
    )
    if match is None:
        return [field]
    found = _choice_question("match.when_found", gettext("A row whose record is there"), match.when_found, WHEN_FOUND)
    missing = _choice_question(
        "match.when_missing", gettext("A row whose record is not there"), match.when_missing, WHEN_MISSING
    )
    blank = _choice_question(
        "match.blank", gettext("An empty cell"), "clears" if match.blank_clears else "keeps", WHEN_BLANK
    )
    return [field, found, missing, blank]


WHEN_FOUND: Mapping[str, str] = {
    WhenFound.UPDATE: N_("Changes it"),
    WhenFound.SKIP: N_("Is passed over"),
    WhenFound.REFUSE: N_("Is refused"),
}
WHEN_MISSING: Mapping[str, str] = {
    WhenMissing.CREATE: N_("Becomes a new record"),
    WhenMissing.SKIP: N_("Is passed over"),
    WhenMissing.REFUSE: N_("Is refused"),
}
WHEN_BLANK: Mapping[str, str] = {
    "keeps": N_("Leaves the answer as it is"),
    "clears": N_("Empties the answer"),
}


def _choice_question(name: str, label: str, value: str, choices: Mapping[str, str]) -> Question:
    return Question(
        name,
        name.replace(".", "-"),
        label,
        "code",
        required=True,
        value=value,
        options=[Choice(code, gettext(words)) for code, words in choices.items()],
        as_select=True,
        no_empty=True,
    )
