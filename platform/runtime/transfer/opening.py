"""A file opened for an object, and the mapping somebody starts from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

from amparo.metadata.fields.registry import field_type
from amparo.metadata.model import ObjectDefinition
from amparo.metadata.problems import Problem
from amparo.metadata.wording import N_
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.transfer.content_kinds import refusal
from amparo.runtime.transfer.guessing import guess_mapping
from amparo.runtime.transfer.mapping import ColumnMapping, ImportMapping, Match, WhenFound
from amparo.runtime.transfer.opened_table import TableChoice, TableFile
from amparo.runtime.transfer.record_finding import IDENTIFIER
from amparo.runtime.transfer.standard_sheet import contradicting_columns, standard_columns
from amparo.runtime.transfer.table_reading import open_table

#: Rows from which a mapping is guessed.
SAMPLE_ROWS = 1000


def open_file(
    store: OrganisationStore,
    object_name: str,
    source: Path | bytes,
    choice: TableChoice | None = None,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
) -> TableFile:
    """The table that was chosen, or of several sheets the one that fits the object best.

    Raises :class:`InvalidAnswers` for what cannot be read, :class:`NotFound` for an unknown object.
    """
    release = store.newest_release()
    release.object(object_name)

    def fields_found(file: TableFile) -> int:
        return len(guess_mapping(release, object_name, file.header, (), second_names=file.second_names).columns)

    file = open_table(source, choice, encoding=encoding, delimiter=delimiter, wanted=fields_found)
    return replace(file, notices=(*file.notices, *_contradictions(file)))


def is_standard_sheet(file: TableFile) -> bool:
    """Whether it is the case sheet of the data standard."""
    return bool(standard_columns(file.header, file.second_names))


def require_standard_sheet(file: TableFile) -> None:
    """Raises :class:`InvalidAnswers` for a table that is not the case sheet of the data standard."""
    if not is_standard_sheet(file):
        raise refusal("not_the_sheet", N_("These are not the columns of the case sheet. Name the object of its rows."))


def _contradictions(file: TableFile) -> Iterator[Problem]:
    """The case sheet of the data standard names some columns otherwise in its hidden row of codes."""
    if is_standard_sheet(file):
        headers = contradicting_columns(file.header, file.second_names)
        advice = N_("Two rows name these columns differently: {columns}. The second row counts, which people see.")
        if headers:
            yield Problem("names_differ", "", None, advice, {"columns": ", ".join(headers)})


def guess_from(
    store: OrganisationStore, object_name: str, file: TableFile, *, is_reviewed: bool = True
) -> ImportMapping:
    """The mapping a person starts from; with near names only where they will look at it. Raises :class:`NotFound`."""
    sample = [row.cells for row in islice(file.rows(), SAMPLE_ROWS)]
    guessed = guess_mapping(
        store.newest_release(),
        object_name,
        file.header,
        sample,
        second_names=file.second_names,
        is_reviewed=is_reviewed,
        holds_identifiers=_is_of_codes(file),
    )
    if _is_of_codes(file) and IDENTIFIER in guessed.ignore:
        guessed = _with_identity(guessed, store.newest_release().object(object_name).definition)
    return replace(guessed, table=file.choice)


def _is_of_codes(file: TableFile) -> bool:
    """An export of codes with the identifiers of its records; its lookups hold identifiers, too."""
    return file.is_own_export and IDENTIFIER in file.header


def _with_identity(guessed: ImportMapping, definition: ObjectDefinition) -> ImportMapping:
    """An export of codes names its records: elsewhere they are made under the same identifiers, here they are changed.

    Those that somebody changed since are left alone.
    """
    match = Match(IDENTIFIER, WhenFound.UPDATE_UNCHANGED)
    numbers = [each.name for each in definition.active_fields if field_type(each.type).generated]
    known = (IDENTIFIER, *(name for name in numbers if name in guessed.ignore))
    columns = {**guessed.columns, **{name: ColumnMapping(name) for name in known}}
    ignored = tuple(name for name in guessed.ignore if name not in known)
    return replace(guessed, columns=columns, ignore=ignored, match=guessed.match or match)
