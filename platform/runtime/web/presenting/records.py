"""A record's page: highlights, tabs, sections of facts, related lists."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext

from amparo.metadata.fields.registry import field_type, is_answerable
from amparo.metadata.model import FieldDefinition, ObjectDefinition, RelatedList, Sort
from amparo.runtime.access import Permission
from amparo.runtime.planner.days import end_of_day
from amparo.runtime.planner.lists import short_list
from amparo.runtime.planner.queries import ListQuery, Pointing
from amparo.runtime.serializer import Record
from amparo.runtime.web.addresses import edit_url, known_of_record, list_url, new_url, record_url
from amparo.runtime.web.presenting.answers import is_asked, show_held, show_named
from amparo.runtime.web.presenting.conditions import is_off_the_page
from amparo.runtime.web.presenting.files import with_links
from amparo.runtime.web.presenting.layouts import Arrangement, Related, Tab
from amparo.runtime.web.presenting.lengths import MOST_COUNTED, length_mark
from amparo.runtime.web.presenting.lists import heading_field, list_table, name_of
from amparo.runtime.web.presenting.questions import anchor_of
from amparo.runtime.web.visits import Visit
from amparo.runtime.web.widgets.registry import widget_of

#: Rows of a related list; the rest is a list of its own.
RELATED_ROWS = 10


@dataclass(frozen=True)
class RelatedTable:
    """``count`` is how many there are, in words, of which ``table`` may show the first."""

    label: str
    count: str
    table: Any
    more_url: str | None
    link: dict[str, str] | None


def edit_url_of(visit: Visit, record: Record, name: str) -> str:
    """The form, at the box of a field."""
    return f"{edit_url(visit, record.object, record.id)}#{anchor_of(name)}"


def can_change(visit: Visit, record: Record, as_of: dt.date | None) -> bool:
    return as_of is None and not record.deleted and visit.actor.may(Permission.RECORDS_UPDATE)


def highlight_items(visit: Visit, arrangement: Arrangement, record: Record) -> list[dict[str, Any]]:
    definition = visit.release.object(record.object).definition
    items = []
    for name in arrangement.highlights:
        shown = show_named(visit, record, name)
        if shown is not None:
            items.append({"label": visit.words.field_label(definition, name), "value": shown})
    return items


def gaps_of(
    visit: Visit, arrangement: Arrangement, record: Record, useless: Collection[str], *, changeable: bool
) -> dict[str, Any] | None:
    """How many fields that ask for an answer have none, and where the first one is."""
    asked = [
        each
        for each in arrangement.fields
        if is_asked(each) and each.name in record.answers and each.name not in useless
    ]
    missing = [each for each in asked if record.answers[each.name] is None]
    if not asked:
        return None
    url = edit_url_of(visit, record, missing[0].name) if missing and changeable else None
    return {"count": len(missing), "total": len(asked), "url": url}


def fact_sections(
    visit: Visit,
    tab: Tab,
    record: Record,
    useless: Collection[str],
    *,
    changeable: bool,
    today: Record | None = None,
) -> list[dict[str, Any]]:
    """``today`` is the record as it is now, beside one of the past: what differs is marked in words.

    What does not apply to the record, the ``useless`` fields, is left out, and so is a section that its condition
    takes off the page.
    """
    form_url = edit_url(visit, record.object, record.id) if changeable else None
    return [
        {
            "label": section.label,
            "columns": section.columns,
            "facts": [
                _fact(visit, record, field, form_url, today)
                for field in section.fields
                if field.name in record.answers and field.name not in useless
            ],
        }
        for section in tab.sections
        if not is_off_the_page(visit, record, section.condition)
        and any(field.name not in useless for field in section.fields)
    ]


def _fact(
    visit: Visit, record: Record, field: FieldDefinition, form_url: str | None, today: Record | None
) -> dict[str, Any]:
    url = f"{form_url}#{anchor_of(field.name)}" if form_url and is_answerable(field) else None
    answer = record.answers[field.name]
    shown = with_links(visit, record, field, answer, show_held(visit, record, field, url))
    is_changed = today is not None and today.answers.get(field.name) != answer
    return {
        "label": visit.words.field(field).label,
        "value": shown,
        "edit_url": url,
        "changed": gettext("Changed since") if is_changed else None,
        "is_wide": widget_of(field).is_wide,
    }


def related_tables(visit: Visit, related: Sequence[Related], record: Record, day: dt.date | None) -> list[RelatedTable]:
    """One query for each list, with its length."""
    return [_related_table(visit, each, record, day) for each in related]


def _related_table(visit: Visit, related: Related, record: Record, day: dt.date | None) -> RelatedTable:
    as_of = end_of_day(visit.release, day) if day else None
    listed = related.definition
    target = visit.release.object(listed.object).definition
    columns = tuple(name for name in listed.columns if name not in (listed.field, target.name_field))
    query = ListQuery(
        listed.object,
        columns,
        sort=listed.sort or (Sort("updated_at", descending=True),),
        limit=RELATED_ROWS,
        as_of=as_of,
        pointing_to=Pointing(listed.field, record.id),
        language=visit.language,
    )
    page = short_list(visit.store, visit.actor, query, counted_to=MOST_COUNTED, release=visit.release)
    is_now = as_of is None and not record.deleted
    may_add = is_now and visit.actor.may(Permission.RECORDS_CREATE)
    return RelatedTable(
        related.label,
        length_mark(page.length or 0, visit.language),
        list_table(visit, target, columns, page.records, caption=related.label),
        _more_url(visit, listed, record.id, day) if page.next and not record.deleted else None,
        _add_link(visit, target, listed.field, record.id) if may_add else None,
    )


def _add_link(visit: Visit, target: ObjectDefinition, field: str, record: uuid.UUID) -> dict[str, str]:
    """A new record that points here already."""
    url = new_url(visit, target.name, {field: str(record)})
    return {"url": url, "label": gettext("Add %(object)s", object=visit.words.object_inside(target))}


def _more_url(visit: Visit, listed: RelatedList, record: uuid.UUID, day: dt.date | None) -> str:
    arguments = {"f.0.field": listed.field, "f.0.operator": "equals", "f.0.value": str(record)}
    past = {"as_of": day.isoformat()} if day else {}
    return list_url(visit, listed.object, arguments | past)


def tab_links(
    visit: Visit, arrangement: Arrangement, record: Record, current: Tab | None, as_of: str | None
) -> list[Any]:
    """Tabs are links; the history is the last of them."""
    kept = {"as_of": as_of} if as_of else {}
    links = [
        {
            "url": record_url(visit, record.object, record.id, kept if place == 0 else {"tab": tab.name, **kept}),
            "label": tab.label,
            "is_current": current is not None and tab.name == current.name,
        }
        for place, tab in enumerate(arrangement.tabs)
    ]
    history = known_of_record(visit, "records.history", record.object, record.id)
    return [*links, {"url": history, "label": gettext("History"), "is_current": current is None}]


def title_words(visit: Visit, record: Record) -> str:
    """What stands in the title of the window: the kind and the number, never a name."""
    definition = visit.release.object(record.object).definition
    label = visit.words.record_type(definition, record.record_type) or visit.words.object(definition)
    number = record.number or (record.name if _is_number(visit, record) else None)
    return gettext("%(object)s %(number)s", object=label, number=number) if number else label


def _is_number(visit: Visit, record: Record) -> bool:
    """Whether the record's name is a number that the system gave."""
    definition = visit.release.object(record.object).definition
    return field_type(definition.by_name[definition.name_field].type).generated


def heading_words(visit: Visit, record: Record) -> tuple[str | None, str]:
    """What stands above the heading, and the heading: a number alone is said with the kind of record."""
    definition = visit.release.object(record.object).definition
    number = title_words(visit, record)
    name = name_of(record, definition, heading_field(visit.release, record.object))
    is_named = bool(name) and name not in (record.number, record.name if _is_number(visit, record) else None)
    return (number, name) if is_named else (None, number)
