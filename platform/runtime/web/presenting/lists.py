"""Records as rows of a list."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple

from flask_babel import gettext, pgettext

from amparo.metadata.fields.registry import field_type
from amparo.metadata.filters import ME
from amparo.metadata.model import SYSTEM_FIELDS, ListView, ObjectDefinition
from amparo.runtime.access import Permission
from amparo.runtime.releases.live import LiveRelease
from amparo.runtime.serializer import Record
from amparo.runtime.web.addresses import Arguments, known_url, list_url, record_url
from amparo.runtime.web.presenting.answers import BLANK, show_held, show_system
from amparo.runtime.web.visits import Visit
from amparo.runtime.web.widgets.base import Shown
from amparo.runtime.web.widgets.registry import widget_of

#: The name in addresses of the list that holds everything.
ALL = "all"
#: Columns of a list that no view describes, beside the name.
_PLAIN_COLUMNS = 4


@dataclass(frozen=True)
class Column:
    """``sorted`` is ``ascending``, ``descending`` or empty."""

    label: str
    sort_url: str | None = None
    sorted: str = ""
    is_figure: bool = False


class Cell(NamedTuple):
    """``classes`` and ``label`` are for the card that a row becomes on a narrow screen; a list draws hundreds."""

    value: Shown
    classes: str
    label: str
    note: str | None


@dataclass(frozen=True)
class Row:
    id: str
    url: str
    name: str
    number: str
    cells: Sequence[Cell]
    lang: str | None = None
    is_restricted: bool = False
    #: Whether the name is one that the system gave.
    is_number: bool = False


@dataclass(frozen=True)
class Table:
    caption: str
    columns: Sequence[Column]
    rows: Sequence[Row] = field(default_factory=tuple)


@lru_cache(maxsize=512)
def heading_field(release: LiveRelease, object_name: str) -> str:
    """The field people know a record by.

    Where the name of a record is only a number that the system gave, that is
    the record it is about: the first lookup that the object's lists begin with.
    """
    definition = release.object(object_name).definition
    if not field_type(definition.by_name[definition.name_field].type).generated:
        return definition.name_field
    for view in release.application.views_of(object_name):
        first = definition.by_name.get(view.columns[0]) if view.columns else None
        if first is not None and first.type in ("lookup", "master_detail") and not first.retired:
            return first.name
    return definition.name_field


def ordered_views(release: LiveRelease, object_name: str) -> tuple[ListView, ...]:
    """What is mine comes first; the rest keeps its order."""
    views = release.application.views_of(object_name)
    return tuple(sorted(views, key=lambda view: not any(row.value == ME for row in view.filters)))


def view_links(visit: Visit, definition: ObjectDefinition, current: str, total: str) -> list[dict[str, Any]]:
    """The first view, the whole, the other views, what was deleted; the count stands at the current one.

    Where a view holds the whole already, that does, until conditions are made on the whole.
    """
    views = ordered_views(visit.release, definition.name)
    places = [(visit.words.view(view), list_url(visit, definition.name, {"view": view.name})) for view in views]
    whole = list_url(visit, definition.name, {"view": ALL})
    if current == whole or all(view.filters for view in views):
        places.insert(1, (gettext("All"), whole))
    if visit.actor.may(Permission.RECORDS_DELETE):
        url = known_url("deleted.deleted_list", slug=visit.slug, object_name=definition.name)
        places.append((pgettext("list", "Deleted"), url))
    return [
        {"label": label, "url": url, "is_current": url == current, "count": total if url == current else None}
        for label, url in places
    ]


def plain_columns(definition: ObjectDefinition) -> tuple[str, ...]:
    """The columns of an object that has no list view."""
    names = (
        each.name
        for each in definition.active_fields
        if not each.sensitive and widget_of(each).is_column and each.name != definition.name_field
    )
    return (definition.name_field, *islice(names, _PLAIN_COLUMNS), "updated_at")


def cell_columns(definition: ObjectDefinition, heading: str, columns: Sequence[str]) -> list[str]:
    """The columns beside the heading, which already holds the name and the number."""
    said = {heading, definition.name_field, definition.number_field}
    return [name for name in dict.fromkeys(columns) if name not in said]


def list_table(
    visit: Visit,
    definition: ObjectDefinition,
    columns: Sequence[str],
    records: Sequence[Record],
    *,
    caption: str,
    heading: str | None = None,
    heads: Mapping[str, Mapping[str, Any]] | None = None,
    arguments: Arguments | None = None,
) -> Table:
    """``heads`` holds what else is known of a column, such as the address that sorts by it.

    ``arguments`` go with the address of each record, such as the day to show.
    """
    heading = heading or definition.name_field
    names = cell_columns(definition, heading, columns)
    heads = heads or {}
    headed = [_column(visit, definition, name, heads.get(name, {})) for name in (heading, *names)]
    rows = []
    for record in records:
        shown = [_shown(visit, definition, record, name) for name in names]
        rows.append(_row(visit, definition, heading, record, _cells(headed[1:], shown), arguments))
    return Table(caption, headed, rows)


def _column(visit: Visit, definition: ObjectDefinition, name: str, head: Mapping[str, Any]) -> Column:
    known = definition.by_name.get(name)
    is_figure = known is not None and widget_of(known).is_figure
    return Column(visit.words.field_label(definition, name), is_figure=is_figure, **head)


def _row(
    visit: Visit,
    definition: ObjectDefinition,
    heading: str,
    record: Record,
    cells: Sequence[Cell],
    arguments: Arguments | None,
) -> Row:
    name = name_of(record, definition, heading)
    number = record.number or record.name
    return Row(
        str(record.id),
        record_url(visit, record.object, record.id, arguments),
        name or str(record.id),
        number if number != name else "",
        cells,
        is_number=field_type(definition.by_name[heading].type).generated,
    )


def _cells(columns: Sequence[Column], shown: Sequence[Shown]) -> list[Cell]:
    """As a card, states lead up to the first other answer; all from there on is small, with its label."""
    cells = []
    has_lead = is_small = False
    for column, value in zip(columns, shown, strict=True):
        is_lead = value.kind == "status" and not is_small
        figure = " figure" if column.is_figure else ""
        first = " first-meta" if not is_lead and has_lead and not is_small else ""
        has_lead |= is_lead
        is_small |= not is_lead
        # A file says what it is beside its name.
        note = value.note if value.kind != "file" else None
        classes = f"{'lead' if is_lead else 'meta'}-cell{figure}{first}"
        cells.append(Cell(value, classes, "" if is_lead else column.label, note))
    return cells


def name_of(record: Record, definition: ObjectDefinition, heading: str) -> str:
    """The name of the record, or of the record that its heading field points to."""
    if heading != definition.name_field:
        answer = record.answers.get(heading)
        if isinstance(answer, uuid.UUID) and record.labels.get(answer):
            return record.labels[answer]
    return record.name


def _shown(visit: Visit, definition: ObjectDefinition, record: Record, name: str) -> Shown:
    if name in SYSTEM_FIELDS:
        return show_system(visit, record, name)
    known = definition.by_name[name]
    if name not in record.answers:
        return BLANK
    shown = show_held(visit, record, known)
    return replace(shown, text=shown.brief) if shown.brief else shown
