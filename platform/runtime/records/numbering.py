"""Automatic numbers for new records: random codes made beforehand, running numbers under the head."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from sqlalchemy import Connection, insert, select, update

from amparo.metadata.numbering import is_code_of, numbered, uses_sequence
from amparo.runtime.records.checking import StoreChecks
from amparo.runtime.records.prepared import Prepared
from amparo.runtime.releases.live import LiveObject
from amparo.runtime.stores.tables import OrganisationTables


def has_sequence(live: LiveObject) -> bool:
    return any(uses_sequence(place.field.options["format"]) for place in live.automatic_numbers)


def give_codes(live: LiveObject, prepared: Sequence[Prepared]) -> None:
    """Random codes, before the head is taken; :func:`settle_codes` replaces those that are taken."""
    for place in live.automatic_numbers:
        style, name = place.field.options["format"], place.field.name
        if not uses_sequence(style):
            for each in prepared:
                brought = each.change.numbers.get(name, "")
                is_kept = is_code_of(style, brought)
                each.answers[name] = brought if is_kept else numbered(style, None, secrets.randbelow)


def settle_codes(checks: StoreChecks, live: LiveObject, prepared: Sequence[Prepared]) -> bool:
    """Under the head: gives another code where one is taken; tells whether any was.

    Among 200,000 records some 30 of the random codes meet one that was given before.
    """
    renumbered = False
    for place in live.automatic_numbers:
        style = place.field.options["format"]
        name = place.field.name
        while not uses_sequence(style):
            taken = checks.clashing(place, [(change.record, change.answers[name]) for change in prepared])
            if not taken:
                break
            renumbered = True
            for change in prepared:
                if change.record in taken:
                    change.answers[name] = numbered(style, None, secrets.randbelow)
    return renumbered


def give_running_numbers(
    connection: Connection, tables: OrganisationTables, live: LiveObject, prepared: Sequence[Prepared]
) -> None:
    """Under the head, so that numbers follow the order of saving and none is given twice."""
    for place in live.automatic_numbers:
        style = place.field.options["format"]
        if uses_sequence(style) and prepared:
            last = _advance(connection, tables, place.number, len(prepared))
            for number, change in enumerate(prepared, start=last - len(prepared) + 1):
                change.answers[place.field.name] = numbered(style, number, secrets.randbelow)


def _advance(connection: Connection, tables: OrganisationTables, field: int, count: int) -> int:
    counter = tables.counter
    last = connection.scalar(select(counter.c.last).where(counter.c.field == field))
    if last is None:
        connection.execute(insert(counter), {"field": field, "last": count})
        return count
    connection.execute(update(counter).where(counter.c.field == field).values(last=last + count))
    return int(last + count)
