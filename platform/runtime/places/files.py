"""Places as tables: ``code, parent, level, name, name:<language>, closed``, one place a row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from amparo.metadata.naming import LANGUAGE_PATTERN
from amparo.metadata.places import Place, PlaceTree
from amparo.metadata.problems import Problem, near_name
from amparo.metadata.wording import N_
from amparo.runtime.access import Actor, Permission
from amparo.runtime.errors import InvalidAnswers
from amparo.runtime.places.changing import MOST_PLACES, PlacesChanged, change_places, too_many
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.transfer.cells import MARKER, plain_text
from amparo.runtime.transfer.importing import Progress
from amparo.runtime.transfer.opened_table import TableFile, TableRow
from amparo.runtime.transfer.table_reading import open_table
from amparo.runtime.transfer.tables import table_csv

_COLUMNS = ("code", "parent", "level", "name", "closed")
_NEEDED = ("code", "level", "name")
_NAME_IN = "name:"
#: The kind of problem of a file that was tried on other places than there are now.
STALE = "changed_since_trial"
_YES, _NO = frozenset({"yes", "true", "1"}), frozenset({"", "no", "false", "0"})


def open_places(source: Path | bytes) -> TableFile:
    """A table of places, its columns looked at. Raises :class:`InvalidAnswers` for one that cannot be read as that."""
    file = open_table(source)
    problems = [*_header_problems(file.header)]
    if file.row_count > MOST_PLACES:
        problems.append(too_many(file.row_count))
    if problems:
        raise InvalidAnswers(problems)
    return file


def import_places(
    store: OrganisationStore,
    actor: Actor,
    source: Path | bytes,
    *,
    dry_run: bool = False,
    tried_on: int | None = None,
    progress: Progress | None = None,
) -> PlacesChanged:
    """Adds and changes the places of a CSV file or a workbook: all of them, or none where a row is refused.

    A column that is not there leaves what is known as it is; an empty cell
    empties it. Places that are not in the file stay. ``tried_on`` is the version of the places of a trial that
    somebody saw: a file that changes anything is refused where they are others now. ``progress`` is told of each row
    read and may raise to stop. Raises :class:`NotPermitted`, and :class:`InvalidAnswers` with the row
    of each problem.
    """
    actor.require(Permission.PLACES_MANAGE)
    file = open_places(source)
    known = store.newest_release().places
    reader = _Reader(known, file)
    rows = {}
    for done, row in enumerate(file.rows(), start=1):
        rows[row.number] = reader.place(row)
        if progress:
            progress(done, file.row_count)
    if reader.problems:
        raise InvalidAnswers(reader.problems)
    seen = {place.code: known.by_code.get(place.code) for place in rows.values()}
    if tried_on not in (None, known.version) and any(seen[place.code] != place for place in rows.values()):
        raise InvalidAnswers([_stale()])
    try:
        return change_places(store, actor, list(rows.values()), dry_run=dry_run, seen=seen)
    except InvalidAnswers as refusal:
        numbers = {place.code: number for number, place in rows.items()}
        raise InvalidAnswers([_in_row(each, numbers) for each in refusal.problems]) from None


def _stale() -> Problem:
    advice = N_(
        "The places were changed since the file was tried, so nothing of it was imported. Try it again to see what "
        "it would change now."
    )
    return Problem(STALE, "", None, advice)


def _in_row(problem: Problem, numbers: Mapping[str, int]) -> Problem:
    return replace(problem, path=f"row {numbers[problem.path]}") if problem.path in numbers else problem


def _header_problems(header: Sequence[str]) -> Iterator[Problem]:
    for name in _NEEDED:
        if name not in header:
            yield Problem("missing_column", "row 1", name, N_("Add the column “{name}”."), {"name": name})
    for name in header:
        if name in _COLUMNS or (name.startswith(_NAME_IN) and _is_language(name.removeprefix(_NAME_IN))):
            continue
        advice = N_("Leave out the column “{name}”, or call it one of these: {columns}, name:km.")
        params = {"name": name, "columns": ", ".join(_COLUMNS)}
        if near := near_name(name, _COLUMNS):
            advice, params = N_("“{name}” is no column here. Did you mean “{near}”?"), {"name": name, "near": near}
        elif _is_language(name):
            advice = N_(
                "If the column “{name}” holds names in that language, call it “{near}”. Otherwise leave it out."
            )
            params = {"name": name, "near": f"{_NAME_IN}{name}"}
        yield Problem("unknown_column", "row 1", name, advice, params)


def _is_language(text: str) -> bool:
    return re.fullmatch(LANGUAGE_PATTERN, text) is not None


class _Reader:
    """Makes rows into places, over what is known of each."""

    def __init__(self, known: PlaceTree, file: TableFile) -> None:
        self._known = known
        self._header = file.header
        self.problems: list[Problem] = []

    def place(self, row: TableRow) -> Place:
        cells = {name: plain_text(cell).strip() for name, cell in zip(self._header, row.cells, strict=False)}
        if row.problem is not None:
            self.problems.append(replace(row.problem, path=f"row {row.number}"))
        known = self._known.by_code.get(cells["code"], Place(cells["code"], None, "", ""))
        given = {name.removeprefix(_NAME_IN): text for name, text in cells.items() if name.startswith(_NAME_IN)}
        names = {language: text for language, text in ({**known.names} | given).items() if text}
        return replace(
            known,
            parent=(cells["parent"] or None) if "parent" in cells else known.parent,
            level=cells["level"],
            name=cells["name"],
            names=names,
            closed=self._closed(row.number, cells["closed"]) if "closed" in cells else known.closed,
        )

    def _closed(self, number: int, text: str) -> bool:
        if text.lower() not in _YES | _NO:
            self.problems.append(Problem("not_yes_or_no", f"row {number}", text, N_("Write yes or no as “closed”.")))
        return text.lower() in _YES


def export_places(store: OrganisationStore, actor: Actor) -> bytes:
    """Every place as CSV that :func:`import_places` takes, from the top down. Raises :class:`NotPermitted`."""
    actor.require(Permission.RECORDS_READ)
    tree = store.newest_release().places
    languages = sorted({language for place in tree.by_code.values() for language in place.names})
    header = ["code", "parent", "level", "name", *(f"{_NAME_IN}{each}" for each in languages), "closed", MARKER]
    return table_csv([header, *(_cells(tree.by_code[code], languages) for code in tree.in_order)])


def _cells(place: Place, languages: Sequence[str]) -> list[str]:
    names = [place.names.get(language, "") for language in languages]
    return [place.code, place.parent or "", place.level, place.name, *names, "yes" if place.closed else "no", ""]
