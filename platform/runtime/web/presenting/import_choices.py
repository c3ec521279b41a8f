"""What an import asks about the whole file: where its table lies, and which records its rows speak of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from flask_babel import gettext

from amparo.metadata.model import ObjectDefinition
from amparo.metadata.wording import N_
from amparo.runtime.transfer.line_guessing import objects_beside
from amparo.runtime.transfer.line_parts import field_at, object_and_field
from amparo.runtime.transfer.mapping import ImportMapping, Match, WhenFound, WhenMissing
from amparo.runtime.transfer.opened_table import TableFile
from amparo.runtime.transfer.record_finding import IDENTIFIER, identifying_fields
from amparo.runtime.web.visits import Visit
from amparo.runtime.web.widgets.base import Choice, Question


def file_question(words: str, errors: Sequence[str]) -> Question:
    """The file with a table that an import begins with."""
    return Question(
        "file",
        "f-file",
        gettext("File"),
        "file",
        help=words,
        required=True,
        accept=".xlsx,.xlsm,.xlsb,.xls,.ods,.csv,text/csv",
        errors=errors,
    )


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


def object_questions(visit: Visit, definition: ObjectDefinition, mapping: ImportMapping) -> list[Question]:
    """Of which other objects the rows hold records, too; their fields can be chosen for columns then."""
    beside = objects_beside(visit.release.application, definition)
    if not beside:
        return []
    options = [Choice(each.name, visit.words.object(each)) for each in beside]
    label = gettext("Each row also holds")
    chosen = tuple(mapping.others)
    objects = Question("objects", "objects", label, "codes", required=True, value=chosen, options=options)
    return [objects, *_joined_questions(visit, definition, mapping)]


def _joined_questions(visit: Visit, definition: ObjectDefinition, mapping: ImportMapping) -> Iterator[Question]:
    for number, (path, headers) in enumerate(mapping.joined.items()):
        field = field_at(visit.release.application, definition, path)
        if field is None:
            continue
        joined = gettext("Put together from %(columns)s", columns=gettext(", ").join(headers))
        yield Question(
            f"joined.{number}",
            f"joined-{number}",
            path_words(visit, definition, path),
            "code",
            required=True,
            value="joined",
            options=[Choice("joined", joined), Choice("apart", gettext("Not filled"))],
            as_select=True,
            no_empty=True,
            because=gettext("Asked because no column holds all of it."),
        )


def kind_questions(visit: Visit, definition: ObjectDefinition, mapping: ImportMapping) -> list[Question]:
    """Of which kind new records are, where no column says so."""
    said = [("", definition, mapping.record_type)]
    said += [(name, visit.release.object(name).definition, each.record_type) for name, each in mapping.others.items()]
    filled = {column.field for column in mapping.columns.values()}
    return [
        _kind_question(visit, other, each, chosen)
        for other, each, chosen in said
        if each.record_types and (f"{other}.record_type" if other else "record_type") not in filled
    ]


def kind_box(other: str) -> str:
    """The name of the box; ``other`` is empty for the import's own object."""
    return f"record_type.{other}" if other else "record_type"


def _kind_question(visit: Visit, other: str, definition: ObjectDefinition, chosen: str | None) -> Question:
    label = path_words(visit, definition, f"{other}.record_type" if other else "record_type")
    return Question(
        kind_box(other),
        kind_box(other).replace(".", "-"),
        label,
        "code",
        value=chosen or "",
        options=[
            Choice(kind.name, visit.words.record_type(definition, kind.name))
            for kind in definition.record_types
            if kind.active
        ],
        as_select=True,
        empty_label=gettext("None"),
    )


def path_words(visit: Visit, definition: ObjectDefinition, path: str) -> str:
    """A field as it is called, of another object with its name before it."""
    before, name = object_and_field(path)
    if not before:
        return visit.words.field_label(definition, name)
    other = visit.release.object(before).definition
    label = visit.words.field_label(other, name)
    return gettext("%(object)s: %(field)s", object=visit.words.object(other), field=label)


def match_questions(visit: Visit, definition: ObjectDefinition, mapping: ImportMapping) -> list[Question]:
    """Whether rows speak of records that are there, and what they do then, object by object."""
    found = _match_questions(visit, definition, mapping, "")
    for name in mapping.others:
        found += _match_questions(visit, visit.release.object(name).definition, mapping, name)
    return found


def _match_questions(visit: Visit, definition: ObjectDefinition, mapping: ImportMapping, other: str) -> list[Question]:
    """By what the records of an object are found, and what is done with a row then; none where no column can tell."""
    match = mapping.others[other].match if other else mapping.match
    choices = _match_choices(visit, definition, mapping, other)
    if match is not None and match.field == IDENTIFIER:
        choices.append(Choice(IDENTIFIER, gettext("Identifier")))
    if not choices:
        return []
    prefix = f"match.{other}" if other else "match"
    nothing = gettext("Nothing: every row is a new record")
    if other:
        nothing = gettext("Nothing: rows below each other that say the same are one record")
    field = Question(
        f"{prefix}.field",
        f"{prefix}.field".replace(".", "-"),
        gettext("A record is the same when this is"),
        "code",
        required=True,
        value=match.field if match else "",
        options=choices,
        as_select=True,
        empty_label=nothing,
    )
    asked = [field, *(_rules_of_match(match, prefix) if match is not None else ())]
    if mapping.others:
        for question in asked:
            question.label = gettext(
                "%(object)s: %(field)s", object=visit.words.object(definition), field=question.label
            )
    return asked


def _match_choices(visit: Visit, definition: ObjectDefinition, mapping: ImportMapping, other: str) -> list[Choice]:
    """Only what a column holds can find records."""
    paths = (object_and_field(column.field) for column in mapping.columns.values())
    held = {name for before, name in paths if before == other}
    return [
        Choice(each.name, visit.words.field(each).label) for each in identifying_fields(definition) if each.name in held
    ]


def _rules_of_match(match: Match, prefix: str) -> list[Question]:
    return [
        _choice_question(
            f"{prefix}.when_found", gettext("A row whose record is there"), match.when_found, _when_found(match)
        ),
        _choice_question(
            f"{prefix}.when_missing", gettext("A row whose record is not there"), match.when_missing, WHEN_MISSING
        ),
        _choice_question(
            f"{prefix}.blank", gettext("An empty cell"), "clears" if match.blank_clears else "keeps", WHEN_BLANK
        ),
    ]


def _when_found(match: Match) -> Mapping[str, str]:
    """Only an export of codes says at which version it wrote a record."""
    is_of_export = match.field == IDENTIFIER or match.when_found is WhenFound.UPDATE_UNCHANGED
    return {code: words for code, words in WHEN_FOUND.items() if is_of_export or code != WhenFound.UPDATE_UNCHANGED}


WHEN_FOUND: Mapping[str, str] = {
    WhenFound.UPDATE: N_("Changes it"),
    WhenFound.UPDATE_UNCHANGED: N_("Changes it, unless it was changed since the file was made"),
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
