"""Deleted records as lines of a page.

While a record is deleted nothing in it changes, so its last change is its
deletion, and the details that went with it carry the same version.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext, ngettext

from amparo.metadata.model import FilterRow, ObjectDefinition, Sort
from amparo.runtime.planner.lists import list_page
from amparo.runtime.planner.queries import LARGEST_PAGE, ListQuery
from amparo.runtime.serializer import Record
from amparo.runtime.web.addresses import record_url
from amparo.runtime.web.dates import moment_words
from amparo.runtime.web.list_requests import PAGE_SIZE
from amparo.runtime.web.presenting.lists import heading_field, name_of
from amparo.runtime.web.visits import Visit

#: Details that are named under their master; the others are counted.
_NAMED_DETAILS = 3


def deleted_query(visit: Visit, definition: ObjectDefinition, after: str | None) -> ListQuery:
    columns = [heading_field(visit.release, definition.name), "updated_by"]
    if definition.master is not None:
        columns.append(definition.master.name)
    last_first = (Sort("updated_at", descending=True),)
    return ListQuery(definition.name, tuple(columns), sort=last_first, limit=PAGE_SIZE, after=after, deleted=True)


def deleted_items(visit: Visit, definition: ObjectDefinition, records: Sequence[Record]) -> list[dict[str, Any]]:
    """``restore_url`` is missing where the record comes back with its master alone."""
    details = _details_of(visit, definition, records)
    masters = _deleted_masters(visit, definition, records)
    return [_item(visit, definition, record, details[record.id], masters) for record in records]


def _item(
    visit: Visit, definition: ObjectDefinition, record: Record, details: Sequence[str], masters: Mapping[uuid.UUID, str]
) -> dict[str, Any]:
    name = name_of(record, definition, heading_field(visit.release, definition.name))
    number = record.number or record.name
    master = record.answers.get(definition.master.name) if definition.master else None
    bound_to = master if isinstance(master, uuid.UUID) and master in masters else None
    place: dict[str, Any] = {"slug": visit.slug, "object_name": definition.name, "record_id": record.id}
    return {
        "url": record_url(visit, definition.name, record.id),
        "name": name or number or visit.words.object(definition),
        "number": number if number != name else "",
        "when": moment_words(record.updated_at, visit.release.time_zone, visit.language),
        "who": _who(record),
        "details": details,
        "master": {"url": masters[bound_to], "name": record.labels.get(bound_to)} if bound_to else None,
        "restore_url": None if bound_to else url_for("records.undelete", **place),
    }


def _who(record: Record) -> str:
    if record.updated_by is None:
        return gettext("the operator")
    return record.labels.get(record.updated_by) or gettext("Somebody who left")


def _details_of(visit: Visit, definition: ObjectDefinition, records: Sequence[Record]) -> Mapping[uuid.UUID, list[str]]:
    """For each record a line for each object of which details went with it: one query for each such object."""
    lines: dict[uuid.UUID, list[str]] = defaultdict(list)
    versions = {record.id: record.version for record in records}
    for detail, field in visit.release.application.details_of(definition.name) if records else ():
        among = (FilterRow(field.name, "one_of", [str(each) for each in versions]),)
        query = ListQuery(detail.name, (field.name,), among, limit=LARGEST_PAGE, deleted=True)
        gone: dict[uuid.UUID, list[Record]] = defaultdict(list)
        for record in list_page(visit.store, visit.actor, query, release=visit.release).records:
            master = record.answers[field.name]
            if isinstance(master, uuid.UUID) and record.version == versions[master]:
                gone[master].append(record)
        for master, found in gone.items():
            lines[master].append(_detail_words(visit, detail, found))
    return lines


def _detail_words(visit: Visit, detail: ObjectDefinition, found: Sequence[Record]) -> str:
    names = [record.name or record.number or visit.words.object(detail) for record in found[:_NAMED_DETAILS]]
    more = len(found) - len(names)
    if more:
        names.append(ngettext("%(num)s more", "%(num)s more", more))
    return gettext("%(objects)s: %(names)s", objects=visit.words.plural(detail), names=gettext(", ").join(names))


def _deleted_masters(visit: Visit, definition: ObjectDefinition, records: Sequence[Record]) -> Mapping[uuid.UUID, str]:
    """The pages of those masters of the records that are deleted too: one query."""
    if definition.master is None or not records:
        return {}
    masters = {record.answers.get(definition.master.name) for record in records}
    identifiers = [str(each) for each in masters if isinstance(each, uuid.UUID)]
    (target,) = definition.master.targets
    among = (FilterRow("id", "one_of", identifiers),)
    query = ListQuery(target, (), among, limit=LARGEST_PAGE, deleted=True)
    found = list_page(visit.store, visit.actor, query, release=visit.release).records
    return {record.id: record_url(visit, target, record.id) for record in found}
