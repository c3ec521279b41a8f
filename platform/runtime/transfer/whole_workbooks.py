"""A workbook with a sheet for each of several objects: parents, their children, a whole organisation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from amparo.metadata.model import Application, ObjectDefinition
from amparo.metadata.wording import N_
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.transfer.content_kinds import refusal
from amparo.runtime.transfer.mapping import ImportMapping
from amparo.runtime.transfer.opening import guess_from
from amparo.runtime.transfer.option_texts import comparable
from amparo.runtime.transfer.table_reading import TableFile, open_sheets


def sheets_by_object(store: OrganisationStore, source: Path | bytes) -> list[tuple[str, TableFile]]:
    """Objects with their sheets, each after those its lookups point to; sheets of no object are left out.

    Raises :class:`InvalidAnswers` for what is no workbook, and for one without a sheet named as an object.
    """
    application = store.newest_release().application
    objects = dict(_names(application))
    sheets: dict[str, TableFile] = {}
    for file in open_sheets(source):
        name = objects.get(comparable(file.sheet or ""))
        if name is not None:
            sheets.setdefault(name, file)
    if not sheets:
        advice = N_("No sheet has the name of an object. Say of which object the rows of a sheet are.")
        raise refusal("no_object_named", advice)
    return [(name, sheets[name]) for name in in_order_of_lookups(application, sheets)]


def _names(application: Application) -> Iterator[tuple[str, str]]:
    """Comparable text -> object: its labels in every language, then what comes before them, its name."""
    for definition in application.objects.values():
        for text in _labels(application, definition):
            yield comparable(text), definition.name
    for name in application.objects:
        yield comparable(name), name


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


def mapping_of_sheet(
    store: OrganisationStore, object_name: str, file: TableFile, *, with_owners: bool = True
) -> ImportMapping:
    """What is beyond doubt; without owners, records belong to whoever imports them."""
    guessed = guess_from(store, object_name, file, is_reviewed=False)
    header = guessed.header_of("owner")
    if with_owners or header is None:
        return guessed
    columns = {name: column for name, column in guessed.columns.items() if name != header}
    return replace(guessed, columns=columns, ignore=(*guessed.ignore, header))
