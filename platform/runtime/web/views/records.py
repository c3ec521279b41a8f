"""A record: its page, its page as of a day, its history, and taking it away and back."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from amparo.runtime.access import Permission
from amparo.runtime.errors import InvalidAnswers, NotPossible, NotThereYet
from amparo.runtime.planner.days import end_of_day
from amparo.runtime.planner.records import read_record, record_history
from amparo.runtime.records import service
from amparo.runtime.serializer import Record
from amparo.runtime.web.addresses import known_of_record, list_url, record_url, with_arguments
from amparo.runtime.web.dates import day_words
from amparo.runtime.web.days_asked import read_past_day
from amparo.runtime.web.drafting import number_typed
from amparo.runtime.web.presenting.conditions import without_use
from amparo.runtime.web.presenting.histories import timeline_days
from amparo.runtime.web.presenting.layouts import Arrangement, Tab, arrangement_of
from amparo.runtime.web.presenting.records import (
    can_change,
    fact_sections,
    gaps_of,
    heading_words,
    highlight_items,
    related_tables,
    tab_links,
    title_words,
)
from amparo.runtime.web.presenting.storylines import (
    FIRST_ENTRIES,
    neighbouring_changes,
    path_of,
    storyline_of,
    timeline_beside,
)
from amparo.runtime.web.routing import Pages
from amparo.runtime.web.shell import say_done
from amparo.runtime.web.visits import Visit
from amparo.runtime.web.whole_numbers import MOST_DIGITS, whole_number

pages = Pages("records", __name__)

HISTORY_PAGE = 50


@pages.route("/o/<slug>/<object_name>/<uuid:record_id>", permission=Permission.RECORDS_READ)
def record(visit: Visit, object_name: str, record_id: uuid.UUID) -> ResponseReturnValue:
    """``as_of`` is a day; the page then shows its end, and changes nothing."""
    asked = request.args.get("as_of", "")
    day, refusal = read_past_day(asked, visit.today)
    instant = end_of_day(visit.release, day) if day else None
    try:
        found = read_record(
            visit.store, visit.actor, object_name, record_id, instant, deleted=day is None, release=visit.release
        )
    except NotThereYet as absence:
        return _not_there_yet(visit, object_name, record_id, day or visit.today, absence.began), 404
    arrangement = arrangement_of(visit, visit.release.object(object_name).definition, found.record_type)
    tab = chosen_tab(arrangement, request.args.get("tab"))
    kept = {"tab": tab.name} if tab != arrangement.tabs[0] else {}
    page = render_template(
        "pages/record.html",
        **_head(visit, found),
        **_choices(visit, found, day),
        **_answers(visit, arrangement, tab, found, day),
        **_story(visit, arrangement, found, day, kept | ({"as_of": asked} if day else {})),
        tabs=tab_links(visit, arrangement, found, tab, asked if day else None),
        asked_day=asked if day else visit.today.isoformat(),
        refusal=refusal,
        kept=kept,
    )
    return page, 422 if refusal else 200


def _answers(visit: Visit, arrangement: Arrangement, tab: Tab, found: Record, day: dt.date | None) -> dict[str, Any]:
    """What the record holds, as the chosen tab shows it, and what is missing."""
    changeable = can_change(visit, found, day)
    useless = without_use(visit, found)
    today = _of_today(visit, found, day)
    return {
        "highlights": highlight_items(visit, arrangement, found),
        "gaps": gaps_of(visit, arrangement, found, useless, changeable=changeable),
        "sections": fact_sections(visit, tab, found, useless, changeable=changeable, today=today),
        "related": related_tables(visit, tab.related, found, day),
    }


def _story(
    visit: Visit, arrangement: Arrangement, found: Record, day: dt.date | None, arguments: Mapping[str, str]
) -> dict[str, Any]:
    """What happened to the record: its path, its timeline, its changes. ``arguments`` stay in the addresses."""
    shown = number_asked("shown") or FIRST_ENTRIES
    story = storyline_of(visit, arrangement, found, request.args.get("only", ""), shown, day)
    return {
        "path": path_of(visit, arrangement, found, story, changeable=can_change(visit, found, day)),
        "timeline": timeline_beside(visit, arrangement, found, story, arguments),
        "changes": neighbouring_changes(visit, found, story, day),
    }


def _not_there_yet(visit: Visit, object_name: str, record_id: uuid.UUID, day: dt.date, began: dt.datetime) -> str:
    """Of a day before the record was added: when that was, and the ways on."""
    definition = visit.release.object(object_name).definition
    first = began.astimezone(visit.release.time_zone).date()
    arguments = {"as_of": first.isoformat()}
    return render_template(
        "pages/not_there_yet.html",
        object_label=visit.words.object(definition),
        plural=visit.words.plural(definition),
        list_url=list_url(visit, object_name),
        own_url=record_url(visit, object_name, record_id),
        began_url=record_url(visit, object_name, record_id, arguments) if first < visit.today else None,
        began=day_words(first, visit.language),
        day=day_words(day, visit.language),
        asked_day=day.isoformat(),
        today=visit.today.isoformat(),
    )


def _of_today(visit: Visit, found: Record, day: dt.date | None) -> Record | None:
    """Beside a past day the record as it is now, to tell what changed since."""
    if day is None:
        return None
    return read_record(visit.store, visit.actor, found.object, found.id, deleted=True, release=visit.release)


def _head(visit: Visit, found: Record) -> dict[str, Any]:
    """What stands at the top of every page of a record."""
    definition = visit.release.object(found.object).definition
    above, who = heading_words(visit, found)
    return {
        "record": found,
        "object_label": visit.words.object(definition),
        "plural": visit.words.plural(definition),
        "title": title_words(visit, found),
        "above": above,
        "who": who,
        "list_url": list_url(visit, found.object),
    }


def _export_url(visit: Visit, day: dt.date | None, place: tuple[str, uuid.UUID]) -> str | None:
    may_export = day is None and visit.actor.may(Permission.RECORDS_EXPORT)
    return known_of_record(visit, "exporting.ask_record", *place) if may_export else None


def _choices(visit: Visit, found: Record, day: dt.date | None) -> dict[str, Any]:
    """What the reader may do with the record: nothing on a past day."""
    place = (found.object, found.id)
    may_delete = day is None and visit.actor.may(Permission.RECORDS_DELETE)
    may_erase = day is None and visit.actor.may(Permission.RECORDS_ERASE)
    return {
        "changeable": can_change(visit, found, day),
        "may_delete": may_delete and not found.deleted,
        "may_undelete": may_delete and found.deleted,
        "day": day_words(day, visit.language) if day else None,
        "today": visit.today.isoformat(),
        "own_url": record_url(visit, found.object, found.id),
        "edit_url": known_of_record(visit, "forms.edit", *place),
        "delete_url": known_of_record(visit, "records.delete", *place),
        "export_url": _export_url(visit, day, place),
        "erase_url": known_of_record(visit, "erasing.ask", *place) if may_erase else None,
        "undelete_url": known_of_record(visit, "records.undelete", *place),
    }


def chosen_tab(arrangement: Arrangement, name: str | None) -> Tab:
    """The first tab for a name that is none."""
    return next((tab for tab in arrangement.tabs if tab.name == name), arrangement.tabs[0])


@pages.route("/o/<slug>/<object_name>/<uuid:record_id>/history", permission=Permission.RECORDS_READ)
def history(visit: Visit, object_name: str, record_id: uuid.UUID) -> ResponseReturnValue:
    found = read_record(visit.store, visit.actor, object_name, record_id, deleted=True, release=visit.release)
    before = number_asked("before")
    entries = record_history(
        visit.store, visit.actor, object_name, record_id, HISTORY_PAGE + 1, before, release=visit.release
    )
    definition = visit.release.object(object_name).definition
    shown = entries[:HISTORY_PAGE]
    arrangement = arrangement_of(visit, definition, found.record_type)
    own_url = url_for("records.history", slug=visit.slug, object_name=object_name, record_id=record_id)
    earlier = None
    if len(entries) > HISTORY_PAGE:
        url = with_arguments(own_url, {"before": str(shown[-1].tx)})
        earlier = {"url": url, "label": gettext("Show earlier changes")}
    return render_template(
        "pages/history.html",
        **_head(visit, found),
        tabs=tab_links(visit, arrangement, found, None, None),
        days=timeline_days(visit, definition, shown, found.answers if before is None else {}),
        earlier=earlier,
        is_later=before is not None,
        own_url=own_url,
    )


def number_asked(name: str) -> int | None:
    """A whole number out of the address; nothing where something else stands."""
    return whole_number(request.args.get(name, ""), MOST_DIGITS)


@pages.route("/o/<slug>/<object_name>/<uuid:record_id>/delete", permission=Permission.RECORDS_DELETE, methods=["POST"])
def delete(visit: Visit, object_name: str, record_id: uuid.UUID) -> ResponseReturnValue:
    version = number_typed("version") if "version" in request.form else None
    deleted = service.delete(visit.store, visit.actor, object_name, record_id, version)
    way_back = url_for("records.undelete", slug=visit.slug, object_name=object_name, record_id=record_id)
    label = visit.words.object(visit.release.object(object_name).definition)
    others = deleted.records - 1
    if others:
        said = ngettext(
            "%(object)s deleted, with %(num)s that belongs to it.",
            "%(object)s deleted, with %(num)s that belong to it.",
            others,
            object=label,
        )
    else:
        said = gettext("%(object)s deleted.", object=label)
    say_done(said, way_back)
    return redirect(list_url(visit, object_name))


@pages.route(
    "/o/<slug>/<object_name>/<uuid:record_id>/undelete", permission=Permission.RECORDS_DELETE, methods=["POST"]
)
def undelete(visit: Visit, object_name: str, record_id: uuid.UUID) -> ResponseReturnValue:
    try:
        service.undelete(visit.store, visit.actor, object_name, record_id)
    except InvalidAnswers as refusal:
        raise NotPossible(_taken_meanwhile(visit, refusal)) from None
    label = visit.words.object(visit.release.object(object_name).definition)
    say_done(gettext("%(object)s is back.", object=label))
    return redirect(record_url(visit, object_name, record_id))


def _taken_meanwhile(visit: Visit, refusal: InvalidAnswers) -> str:
    """A deleted record cannot be changed: what stands in its way is in another one."""
    fields = [
        visit.words.field_label(visit.release.object(each.params["object"]).definition, each.path)
        for each in refusal.problems
    ]
    return gettext(
        "Another record has the same answer now: %(fields)s. Change it there, then bring this back.",
        fields=gettext(", ").join(dict.fromkeys(fields)),
    )
