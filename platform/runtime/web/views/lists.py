"""Lists of one object's records: views, filters, order, columns, search, and the list as a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from flask import Response, redirect, render_template, request, stream_with_context
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from amparo.metadata.model import ObjectDefinition
from amparo.runtime.access import Permission
from amparo.runtime.errors import InvalidAnswers
from amparo.runtime.planner.lists import ListPage
from amparo.runtime.planner.lists import list_page as read_list_page
from amparo.runtime.planner.queries import ListQuery
from amparo.runtime.transfer.exporting import export_csv
from amparo.runtime.web.addresses import known_url, list_url, new_url, with_arguments
from amparo.runtime.web.dates import day_words
from amparo.runtime.web.entries import Boxes
from amparo.runtime.web.list_requests import (
    PAGE_SIZE,
    ListRequest,
    is_sortable,
    read_list_request,
    sort_text,
    without_the_rest,
)
from amparo.runtime.web.presenting.filters import column_choices, filter_chips, filter_editor
from amparo.runtime.web.presenting.lengths import is_exact, length_mark, length_of, length_words
from amparo.runtime.web.presenting.lists import ALL, cell_columns, heading_field, list_table, view_links
from amparo.runtime.web.presenting.only_when import only_when_words
from amparo.runtime.web.problems import said
from amparo.runtime.web.routing import Pages
from amparo.runtime.web.typed_rows import box_in_hand
from amparo.runtime.web.visits import Visit
from amparo.runtime.web.widgets.base import Choice

pages = Pages("lists", __name__)


@dataclass(frozen=True)
class Answered:
    """A page of a list, how long the whole list is (see ``presenting.lengths``), and the column its rows begin with."""

    page: ListPage
    total: int
    heading: str


@pages.route("/o/<slug>/<object_name>/", permission=Permission.RECORDS_READ)
def list_page(visit: Visit, object_name: str) -> ResponseReturnValue:
    definition = visit.release.object(object_name).definition
    asked = read_list_request(visit, definition)
    answered = _answer(visit, asked)
    page = render_template(
        "pages/list.html",
        label=visit.words.object_inside(definition),
        plural=visit.words.plural(definition),
        help=visit.words.object_help(definition),
        only_when=only_when_words(visit, object_name, asked.query.only_when),
        asked=asked,
        tabs=view_links(
            visit,
            definition,
            list_url(visit, object_name, {"view": asked.view.name if asked.view else ALL}),
            length_mark(answered.total, visit.language),
        ),
        words_of_count=_count_words(visit, definition, asked, answered),
        size=PAGE_SIZE,
        **_rows_shown(visit, asked, answered),
        **_ways_to_change(visit, asked, answered),
        **_addresses(visit, asked),
        **_day(visit, asked, answered),
    )
    return page, 422 if asked.refusals else 200


@pages.route("/o/<slug>/<object_name>/", permission=Permission.RECORDS_READ, methods=["POST"])
def ask(visit: Visit, object_name: str) -> ResponseReturnValue:
    """A search or conditions as they were typed; goes on to the address that holds them sealed."""
    asked = read_list_request(visit, visit.release.object(object_name).definition)
    if asked.is_editing or any(row.query for row in asked.rows):
        box = box_in_hand(request.form, asked.rows)
        return redirect(list_url(visit, object_name, asked.arguments(refresh="1")) + f"#{box}", 303)
    return redirect(list_url(visit, object_name, asked.arguments()), 303)


def _rows_shown(visit: Visit, asked: ListRequest, answered: Answered) -> dict[str, Any]:
    definition = asked.definition
    table = list_table(
        visit,
        definition,
        asked.columns,
        answered.page.records,
        caption=visit.words.plural(definition),
        heading=answered.heading,
        heads=_heads(visit, definition, asked, answered.heading),
        arguments=_on_that_day(asked),
    )
    return {
        "table": table,
        "shown": len(answered.page.records),
        "total": length_words(answered.total, visit.language)
        if is_exact(answered.total) or answered.page.next
        else None,
        "more_url": _more_url(visit, asked, answered.page.next),
    }


def _day(visit: Visit, asked: ListRequest, answered: Answered) -> dict[str, Any]:
    """The day that is shown, in words where it is past, and how many records of it were erased since."""
    name = asked.definition.name
    return {
        "day": day_words(asked.day, visit.language) if asked.day else None,
        "asked_day": (asked.day or visit.today).isoformat(),
        "today": visit.today.isoformat(),
        "today_url": list_url(visit, name, asked.arguments(as_of=None)),
        "kept_for_day": _boxes(asked.arguments(as_of=None)),
        "erased": answered.page.erased,
    }


def _on_that_day(asked: ListRequest) -> dict[str, str] | None:
    return {"as_of": asked.day.isoformat()} if asked.day else None


def _ways_to_change(visit: Visit, asked: ListRequest, answered: Answered) -> dict[str, Any]:
    """Filters, order and columns; each form carries the rest of the address along."""
    rows, fields = filter_editor(visit, asked) if asked.is_editing else ([], [])
    return {
        "chips": filter_chips(visit, asked),
        "rows": rows,
        "fields": fields,
        "columns": column_choices(visit, asked),
        "sort_choices": _sort_choices(visit, asked.definition, asked, answered.heading),
        "sort_chosen": sort_text(asked.sort[0]) if asked.sort else "",
        "search_help": _search_words(visit, asked),
        "kept": _boxes(asked.arguments(search="")),
        "kept_for_sort": _boxes(asked.arguments(sort=None)),
        "kept_for_columns": _boxes(asked.arguments(columns=None)),
        "kept_for_filters": _boxes(asked.arguments(rows=(), match=None)),
    }


def _search_words(visit: Visit, asked: ListRequest) -> str:
    """What the search of this list looks in."""
    labels = [visit.words.field_label(asked.definition, name) for name in asked.search_names]
    if not labels:
        return gettext("Looks in the number and the texts of these records; not in encrypted answers.")
    names = gettext(", ").join(labels)
    return gettext(
        "Looks in the number and the texts of these records, and in the names under %(fields)s; not in encrypted ones.",
        fields=names,
    )


def _addresses(visit: Visit, asked: ListRequest) -> dict[str, Any]:
    name = asked.definition.name
    may_add = visit.actor.may(Permission.RECORDS_CREATE) and asked.day is None
    return {
        "own_url": list_url(visit, name),
        "all_url": list_url(visit, name, {"view": ALL}),
        "kept_url": list_url(visit, name, {"view": asked.view.name if asked.view else ALL}),
        "edit_url": list_url(visit, name, asked.arguments(edit="1", add="1")) + f"#f-{len(asked.rows)}-field",
        "export_url": _export_url(visit, asked),
        "import_url": _import_url(visit, name) if asked.day is None else None,
        "new_url": new_url(visit, name) if may_add else None,
    }


def _answer(visit: Visit, asked: ListRequest) -> Answered:
    """What cannot be asked is told, and the plain list stands in its place."""
    heading = heading_field(visit.release, asked.definition.name)
    if heading not in asked.columns:
        heading = asked.definition.name_field
    try:
        return _read(visit, asked.query, heading)
    except InvalidAnswers as refusal:
        asked.refusals.extend(said(problem) for problem in refusal.problems)
        return _read(visit, without_the_rest(asked), heading)


def _read(visit: Visit, query: ListQuery, heading: str) -> Answered:
    page = read_list_page(visit.store, visit.actor, query, release=visit.release)
    if query.after is None and page.next is None:
        return Answered(page, len(page.records), heading)
    return Answered(page, length_of(visit, query), heading)


def _heads(
    visit: Visit, definition: ObjectDefinition, asked: ListRequest, heading: str
) -> Mapping[str, Mapping[str, Any]]:
    """The order a column has, and the address that puts the list in its order, or turns it round."""
    current = asked.sort[0] if asked.sort else None
    heads: dict[str, Mapping[str, Any]] = {}
    for name in (heading, *cell_columns(definition, heading, asked.columns)):
        if not is_sortable(visit, definition, name):
            continue
        is_current = current is not None and current.field == name
        turned = f"-{name}" if is_current and current is not None and not current.descending else name
        heads[name] = {
            "sort_url": list_url(visit, definition.name, asked.arguments(sort=turned)),
            "sorted": ("descending" if current.descending else "ascending") if is_current and current else "",
        }
    return heads


def _sort_choices(visit: Visit, definition: ObjectDefinition, asked: ListRequest, heading: str) -> list[Choice]:
    """Each column that has an order, both ways round; for phones, where a list has no heads."""
    choices = []
    for name in (heading, *cell_columns(definition, heading, asked.columns)):
        if is_sortable(visit, definition, name):
            label = visit.words.field_label(definition, name)
            choices.append(Choice(name, label))
            choices.append(Choice(f"-{name}", gettext("%(field)s, last first", field=label)))
    chosen = sort_text(asked.sort[0]) if asked.sort else ""
    if all(choice.code != chosen for choice in choices):
        choices.insert(0, Choice("", gettext("Last activity, newest first")))
    return choices


def _more_url(visit: Visit, asked: ListRequest, following: str | None) -> str | None:
    return list_url(visit, asked.definition.name, asked.arguments(after=following)) if following else None


def _boxes(arguments: Mapping[str, str | Sequence[str]]) -> Boxes:
    """Hidden boxes that carry an address along in a form."""
    return Boxes(
        [(name, each) for name, value in arguments.items() for each in ((value,) if isinstance(value, str) else value)]
    )


def _count_words(visit: Visit, definition: ObjectDefinition, asked: ListRequest, answered: Answered) -> str:
    words = gettext(
        "%(objects)s: %(number)s",
        objects=visit.words.plural(definition),
        number=length_words(answered.total, visit.language),
    )
    if asked.is_changed and asked.view is not None:
        return gettext("%(count)s, changed from the list as it was kept.", count=words)
    return words


def _export_url(visit: Visit, asked: ListRequest) -> str | None:
    if not visit.actor.may(Permission.RECORDS_EXPORT) or asked.day is not None:
        return None
    url = known_url("exporting.ask_list", slug=visit.slug, object_name=asked.definition.name)
    return with_arguments(url, asked.arguments())


def _import_url(visit: Visit, object_name: str) -> str | None:
    if not visit.actor.may(Permission.RECORDS_IMPORT):
        return None
    return known_url("imports.choose_file", slug=visit.slug, object_name=object_name)


@pages.route("/o/<slug>/<object_name>/export.csv", permission=Permission.RECORDS_EXPORT)
def export(visit: Visit, object_name: str) -> ResponseReturnValue:
    """The whole list with the columns it shows, in its order; what cannot be asked is refused, not left out."""
    definition = visit.release.object(object_name).definition
    asked = read_list_request(visit, definition)
    if asked.refusals:
        return Response("\n".join(asked.refusals) + "\n", 422, content_type="text/plain; charset=utf-8")
    chunks: Iterator[bytes] = export_csv(visit.store, visit.actor, asked.query)
    # What the planner refuses it refuses at the first block: before an answer has begun.
    whole = chain([next(chunks)], chunks)
    response = Response(stream_with_context(whole), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{object_name}-{visit.today.isoformat()}.csv"'
    return response
