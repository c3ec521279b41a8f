"""A workbook with a sheet for each of several objects: parents, their children, a whole organisation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from amparo.metadata.model import Application, ObjectDefinition
from amparo.metadata.problems import Problem
from amparo.metadata.wording import N_
from amparo.runtime.errors import InvalidAnswers
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.transfer.comparable_texts import comparable
from amparo.runtime.transfer.content_kinds import refusal
from amparo.runtime.transfer.mapping import ImportMapping, WhenFound
from amparo.runtime.transfer.mapping_checks import check_mapping
from amparo.runtime.transfer.opened_table import TableFile
from amparo.runtime.transfer.opening import guess_from
from amparo.runtime.transfer.table_reading import open_sheets
from amparo.runtime.transfer.workbook_writing import fitting_name


@dataclass(frozen=True, slots=True)
class WholeWorkbook:
    """Objects with their sheets, each after those its lookups point to. ``notices`` name the sheets passed over."""

    sheets: Sequence[tuple[str, TableFile]]
    notices: Sequence[Problem]


def open_whole_workbook(store: OrganisationStore, source: Path | bytes) -> WholeWorkbook:
    """Raises :class:`InvalidAnswers` for what is no workbook, for one without a sheet named as an object, and where
    two sheets are of one object.
    """
    application = store.newest_release().application
    objects = _objects_by_name(application)
    sheets: dict[str, TableFile] = {}
    others: list[str] = []
    for file in (tables := open_sheets(source)):
        name = objects.get(comparable(file.sheet or ""))
        if name in sheets:
            advice = N_("The sheets “{first}” and “{second}” are both of “{object}”. Put their rows together in one.")
            params = {"first": sheets[name].sheet, "second": file.sheet, "object": application.objects[name].label}
            raise refusal("two_sheets", advice, **params)
        if name is None:
            others.append(file.sheet or "")
        else:
            sheets[name] = file
    if not sheets:
        advice = N_("No sheet has the name of an object. Say of which object the rows of a sheet are.")
        raise refusal("no_object_named", advice)
    hidden = [each.name for each in tables[0].sheets if each.rows and not each.is_visible]
    ordered = [(name, sheets[name]) for name in in_order_of_lookups(application, sheets)]
    return WholeWorkbook(ordered, tuple(_passed_over(others, hidden)))


def _passed_over(others: Sequence[str], hidden: Sequence[str]) -> Iterator[Problem]:
    if others:
        advice = N_("These sheets have not the name of an object and were passed over: {sheets}.")
        yield Problem("sheets_passed_over", "", None, advice, {"sheets": ", ".join(others)})
    if hidden:
        advice = N_("These sheets are hidden and were passed over: {sheets}.")
        yield Problem("hidden_sheets", "", None, advice, {"sheets": ", ".join(hidden)})


def _objects_by_name(application: Application) -> dict[str, str]:
    """Comparable text -> object: its labels in every language, then what comes before them, its name.

    The names of sheets are shorter than names may be, so each counts as it is cut, too, where one object has it.
    """
    names = [*_names(application)]
    cut: dict[str, set[str]] = defaultdict(set)
    for text, name in names:
        cut[comparable(fitting_name(text))].add(name)
    return {text: found.pop() for text, found in cut.items() if len(found) == 1} | {
        comparable(text): name for text, name in names
    }


def _names(application: Application) -> Iterator[tuple[str, str]]:
    for definition in application.objects.values():
        for text in _labels(application, definition):
            yield text, definition.name
    for name in application.objects:
        yield name, name


def _labels(application: Application, definition: ObjectDefinition) -> Iterator[str]:
    yield from (definition.label, definition.plural)
    for texts in application.translations.values():
        said: Mapping[str, str] = texts.get(definition.id, {})
        yield from (said[key] for key in ("label", "plural") if said.get(key))


def in_order_of_lookups(application: Application, names: Iterable[str]) -> list[str]:
    """Objects after those they point to; in a circle, the first of them comes first."""
    waiting = sorted(names)
    targets = {name: _targets(application.objects[name]) & set(waiting) - {name} for name in waiting}
    order: list[str] = []
    while waiting:
        free = [name for name in waiting if targets[name] <= set(order)] or waiting[:1]
        order += free
        waiting = [name for name in waiting if name not in free]
    return order


def _targets(definition: ObjectDefinition) -> set[str]:
    return {target for each in definition.active_fields for target in each.targets}


def checked_mappings(
    store: OrganisationStore,
    sheets: Sequence[tuple[str, TableFile]],
    *,
    with_owners: bool = True,
    overwrites: bool = False,
) -> list[ImportMapping]:
    """Those of all sheets, before a row of any is saved.

    Raises :class:`InvalidAnswers` with the problems of every sheet, which begin with its name.
    """
    release = store.newest_release()
    mappings: list[ImportMapping] = []
    problems: list[Problem] = []
    for name, file in sheets:
        mapping = mapping_of_sheet(store, name, file, with_owners=with_owners, overwrites=overwrites)
        found = check_mapping(release, name, mapping, file.header)
        problems += (replace(each, path=f"{file.sheet}: {each.path}") for each in found)
        mappings.append(mapping)
    if problems:
        raise InvalidAnswers(problems)
    return mappings


def mapping_of_sheet(
    store: OrganisationStore, object_name: str, file: TableFile, *, with_owners: bool = True, overwrites: bool = False
) -> ImportMapping:
    """What is beyond doubt.

    Without owners those in the file are left out: new records get the member who imports them (none where an operator
    does), changed ones keep theirs. ``overwrites``: rows of an export of codes change records
    that somebody changed since, too.
    """
    guessed = guess_from(store, object_name, file, is_reviewed=False)
    if overwrites and guessed.match is not None:
        guessed = replace(guessed, match=replace(guessed.match, when_found=WhenFound.UPDATE))
    header = guessed.header_of("owner")
    if with_owners or header is None:
        return guessed
    columns = {name: column for name, column in guessed.columns.items() if name != header}
    return replace(guessed, columns=columns, ignore=(*guessed.ignore, header))
