"""An organisation's first page."""

from __future__ import annotations

from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from amparo.metadata.filters import ME
from amparo.metadata.model import FilterRow, ObjectDefinition, Sort
from amparo.runtime.access import Permission
from amparo.runtime.collation.keys import sort_key
from amparo.runtime.planner.completeness import blank_answers
from amparo.runtime.planner.lists import list_page
from amparo.runtime.planner.queries import ListQuery
from amparo.runtime.serializer import Record
from amparo.runtime.web.addresses import list_url, new_url, record_url
from amparo.runtime.web.dates import activity_words, weekday_words
from amparo.runtime.web.presenting.answers import is_asked
from amparo.runtime.web.presenting.layouts import may_see
from amparo.runtime.web.presenting.lengths import length_mark, length_of
from amparo.runtime.web.presenting.lists import (
    cell_columns,
    heading_field,
    list_table,
    name_of,
    ordered_views,
    plain_columns,
)
from amparo.runtime.web.presenting.records import title_words
from amparo.runtime.web.routing import Pages
from amparo.runtime.web.typed_rows import TypedRow, row_arguments
from amparo.runtime.web.visits import Visit

pages = Pages("homes", __name__)

CASELOAD_ROWS = 10
#: Of each list that stands before it.
DUE_ROWS = 5
RECENT_ROWS = 6
#: Fields whose gaps are counted, and how many of the worst are shown.
MOST_GAP_FIELDS = 40
GAPS_SHOWN = 4
#: Columns of the caseload beside the name and the last activity.
CASELOAD_COLUMNS = 3
LAST_ACTIVITY = (Sort("updated_at", descending=True),)


@pages.route("/o/<slug>/", permission=Permission.RECORDS_READ)
def home(visit: Visit) -> ResponseReturnValue:
    """What is due, what is mine, where I was last, what is missing. The navigation's first object is the caseload."""
    navigation = visit.release.application.navigation
    day = weekday_words(visit.today, visit.language)
    if not navigation:
        return render_template("pages/home.html", visit=visit, day=day, object_name=None, new_url=None)
    definition = visit.release.object(navigation[0]).definition
    return render_template(
        "pages/home.html", visit=visit, day=day, object_name=definition.name, **_caseload(visit, definition),
        due=_due(visit), recent=_recent(visit), gaps=_gaps(visit, definition), more=_more(visit),
    )  # fmt: skip


def _due(visit: Visit) -> list[dict[str, Any]]:
    """The lists that the organisation put on its first page; one that is empty has nothing to say."""
    found = []
    for view in visit.release.application.home_views:
        definition = visit.release.object(view.object).definition
        heading = heading_field(visit.release, definition.name)
        columns = (heading, *cell_columns(definition, heading, view.columns)[:CASELOAD_COLUMNS])
        query = ListQuery(
            definition.name,
            columns,
            view.filters,
            view.match,
            view.sort,
            limit=DUE_ROWS,
            language=visit.language,
            only_when=view.only_when,
        )
        url = list_url(visit, definition.name, {"view": view.name})
        beginning = _beginning(visit, query, visit.words.view(view), heading, url)
        if beginning["list"].rows:
            found.append(beginning)
    return found


def _beginning(visit: Visit, query: ListQuery, label: str, heading: str, url: str) -> dict[str, Any]:
    """The first rows of a list under its label, how many it has, and the way to the whole where there are more."""
    definition = visit.release.object(query.object).definition
    page = list_page(visit.store, visit.actor, query, release=visit.release)
    total = length_of(visit, query) if page.next else len(page.records)
    return {
        "label": label,
        "count": length_mark(total, visit.language),
        "link": {"url": url, "label": gettext("See all")} if page.next else None,
        "list": list_table(visit, definition, query.columns, page.records, caption=label, heading=heading),
    }


def _more(visit: Visit) -> list[dict[str, Any]]:
    """The lists of the objects that the navigation has no room for, by what they are called."""
    application = visit.release.application
    others = [each for name, each in application.objects.items() if name not in application.navigation]
    links = [{"label": visit.words.plural(each), "url": list_url(visit, each.name, {})} for each in others]
    return sorted(links, key=lambda link: sort_key(link["label"], visit.alphabet))


def _caseload(visit: Visit, definition: ObjectDefinition) -> dict[str, Any]:
    heading = heading_field(visit.release, definition.name)
    columns = (heading, *_caseload_columns(visit, definition, heading), "updated_at")
    mine = (FilterRow("owner", "equals", ME),)
    query = ListQuery(definition.name, columns, mine, sort=LAST_ACTIVITY, limit=CASELOAD_ROWS)
    plural = visit.words.plural(definition)
    url = list_url(visit, definition.name, {"f.0.field": "owner", "f.0.operator": "equals", "f.0.value": ME})
    may_add = visit.actor.may(Permission.RECORDS_CREATE)
    return {
        "label": visit.words.object_inside(definition),
        "plural": plural,
        "mine": _beginning(visit, query, plural, heading, url),
        "all_url": list_url(visit, definition.name, {"view": "all"}),
        "new_url": new_url(visit, definition.name) if may_add else None,
    }


def _caseload_columns(visit: Visit, definition: ObjectDefinition, heading: str) -> list[str]:
    """The first columns of the object's first list; of its fields where it has none."""
    views = ordered_views(visit.release, definition.name)
    columns = cell_columns(definition, heading, views[0].columns if views else plain_columns(definition))
    return [name for name in columns if name not in ("owner", "updated_at")][:CASELOAD_COLUMNS]


def _gaps(visit: Visit, definition: ObjectDefinition) -> list[dict[str, Any]]:
    """The fields that most of what is mine has no answer to, with the way to those records."""
    asked = [field.name for field in definition.active_fields if is_asked(field) and may_see(visit, field)]
    if not asked or not visit.actor.may(Permission.REPORTS_RUN):
        return []
    mine = (FilterRow("owner", "equals", ME),)
    blank = blank_answers(
        visit.store, visit.actor, definition.name, asked[:MOST_GAP_FIELDS], filters=mine, release=visit.release
    )
    missing = sorted((name for name, records in blank.items() if records), key=lambda name: -blank[name])
    return [_gap_item(visit, definition, name, blank[name]) for name in missing[:GAPS_SHOWN]]


def _gap_item(visit: Visit, definition: ObjectDefinition, field: str, records: int) -> dict[str, Any]:
    rows = (TypedRow("owner", "equals", ME), TypedRow(field, "is_blank", ""))
    arguments = {"view": "all"}
    for number, row in enumerate(rows):
        arguments |= row_arguments(number, row)
    label = visit.words.field_label(definition, field)
    return {
        "figure": records,
        "text": gettext("without “%(field)s”", field=label),
        "url": list_url(visit, definition.name, arguments),
    }


def _recent(visit: Visit) -> list[dict[str, Any]]:
    """The records I changed last, of every object in the navigation."""
    mine = (FilterRow("updated_by", "equals", ME),)
    touched: list[Record] = []
    for name in visit.release.application.navigation:
        heading = heading_field(visit.release, name)
        query = ListQuery(name, (heading,), mine, sort=LAST_ACTIVITY, limit=RECENT_ROWS)
        touched.extend(list_page(visit.store, visit.actor, query, release=visit.release).records)
    touched.sort(key=lambda record: record.updated_at, reverse=True)
    return [_recent_item(visit, record) for record in touched[:RECENT_ROWS]]


def _recent_item(visit: Visit, record: Record) -> dict[str, Any]:
    definition = visit.release.object(record.object).definition
    name = name_of(record, definition, heading_field(visit.release, record.object))
    when = activity_words(record.updated_at, visit.release.time_zone, visit.language, visit.today)
    note = gettext("%(object)s, %(when)s", object=title_words(visit, record), when=when)
    return {
        "text": name or visit.words.object(definition),
        "url": record_url(visit, record.object, record.id),
        "note": note,
    }
