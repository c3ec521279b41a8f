"""The organisation's places: seen as a tree, added, changed and closed one by one."""

from __future__ import annotations

from dataclasses import replace

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from amparo.metadata.places import Place
from amparo.metadata.problems import Problem
from amparo.metadata.wording import N_
from amparo.runtime.access import Permission
from amparo.runtime.errors import InvalidAnswers, NotFound
from amparo.runtime.places.changing import change_places
from amparo.runtime.places.files import export_places
from amparo.runtime.web.presenting.place_forms import (
    PlaceDraft,
    first_draft,
    place_of,
    place_questions,
    place_summary,
    seen_mark,
    typed_draft,
)
from amparo.runtime.web.presenting.places import (
    level_facts,
    place_facts,
    place_rows,
    place_url,
    uses_of,
    way_to,
)
from amparo.runtime.web.presenting.reports import figure_words
from amparo.runtime.web.routing import Pages
from amparo.runtime.web.shell import say_done
from amparo.runtime.web.visits import Visit
from amparo.runtime.web.whole_numbers import whole_number
from amparo.runtime.web.widgets.places import LONGEST_QUESTION

pages = Pages("places", __name__)

PLACES = "/o/<slug>/setup/places"
#: Lines of a list of places; there may be hundreds in one.
PAGE_SIZE = 100
MOST_FOUND = 50


@pages.route(PLACES, permission=Permission.PLACES_MANAGE)
def tree(visit: Visit) -> ResponseReturnValue:
    """One place with what lies in it; the top of the tree; or what a search finds anywhere in it."""
    place = _asked_place(visit)
    code = place.code if place else None
    question = request.args.get("q", "").strip()[:LONGEST_QUESTION]
    listed, is_cut = _found(visit, question) if question else (visit.release.places.lying_in(code), False)
    begin = _first_row()
    end = begin + PAGE_SIZE
    return render_template(
        "pages/places.html",
        place=place,
        question=question,
        way=way_to(visit, code)[:-1] if code else [],
        title=place.named(visit.language) if place else gettext("Places"),
        facts=place_facts(visit, place) if place else level_facts(visit),
        uses=uses_of(visit, code) if code and not question else [],
        rows=place_rows(visit, listed[begin:end], by_path=bool(question)),
        shown=figure_words(min(end, len(listed)), visit.language),
        total=figure_words(len(listed), visit.language),
        is_cut=is_cut,
        size=PAGE_SIZE,
        more_url=place_url(visit, code, q=question, after=str(end)) if end < len(listed) else None,
        **_addresses(visit, code),
    )


def _found(visit: Visit, question: str) -> tuple[list[Place], bool]:
    """The first places that a search finds, and whether there are more."""
    found = visit.release.places.matches(question, MOST_FOUND + 1, lambda _: True)
    return found[:MOST_FOUND], len(found) > MOST_FOUND


def _addresses(visit: Visit, code: str | None) -> dict[str, str]:
    return {
        "tree_url": place_url(visit),
        "new_url": url_for("places.new", slug=visit.slug, place=code),
        "change_url": url_for("places.change", slug=visit.slug, place=code),
        "close_url": url_for("places.close", slug=visit.slug),
        "import_url": url_for("place_imports.choose_file", slug=visit.slug),
        "export_url": url_for("places.table", slug=visit.slug),
    }


def _asked_place(visit: Visit) -> Place | None:
    """Raises :class:`NotFound` for a code that is none."""
    code = request.args.get("place", "")
    return _known_place(visit, code) if code else None


def _known_place(visit: Visit, code: str) -> Place:
    place = visit.release.places.by_code.get(code)
    if place is None:
        raise NotFound(N_("There is no such place in the list."))
    return place


def _first_row() -> int:
    return whole_number(request.args.get("after", ""), 8) or 0


@pages.route(f"{PLACES}/new", permission=Permission.PLACES_MANAGE)
def new(visit: Visit) -> ResponseReturnValue:
    return _form(visit, first_draft(visit, None, request.args.get("place")))


@pages.route(f"{PLACES}/new", permission=Permission.PLACES_MANAGE, methods=["POST"])
def create(visit: Visit) -> ResponseReturnValue:
    return _keep(visit, typed_draft(visit, None, request.form))


@pages.route(f"{PLACES}/change", permission=Permission.PLACES_MANAGE)
def change(visit: Visit) -> ResponseReturnValue:
    return _form(visit, first_draft(visit, _known_place(visit, request.args.get("place", "")), None))


@pages.route(f"{PLACES}/change", permission=Permission.PLACES_MANAGE, methods=["POST"])
def keep_change(visit: Visit) -> ResponseReturnValue:
    place = _known_place(visit, request.args.get("place", ""))
    draft = typed_draft(visit, place, request.form)
    if request.form.get("seen") != seen_mark(place):
        advice = N_("Somebody else changed this place meanwhile. Save again to put what stands here in its place.")
        draft.problems.append(Problem("changed_meanwhile", place.code, None, advice))
        return _form(visit, draft), 409
    return _keep(visit, draft)


def _keep(visit: Visit, draft: PlaceDraft) -> ResponseReturnValue:
    place = place_of(visit, draft)
    if place is None:
        return _form(visit, draft), 422
    try:
        changed = change_places(visit.store, visit.actor, [place], seen={place.code: draft.place})
    except InvalidAnswers as refusal:
        draft.problems += refusal.problems
        return _form(visit, draft), 422
    if draft.place is None:
        # Also where it was added already: the answer to that was lost.
        say_done(gettext("%(place)s added.", place=place.named(visit.language)))
    elif not changed.changes:
        say_done(gettext("Nothing was changed."))
    else:
        say_done(gettext("%(place)s changed.", place=place.named(visit.language)))
    return redirect(place_url(visit, place.code), 303)


def _form(visit: Visit, draft: PlaceDraft) -> str:
    place = draft.place
    wanted = request.args.get("place", "")
    above = place.code if place else wanted if wanted in visit.release.places.by_code else None
    return render_template(
        "pages/place_form.html",
        place=place,
        title=gettext("Change %(object)s", object=place.named(visit.language)) if place else gettext("New place"),
        way=way_to(visit, above),
        questions=place_questions(visit, draft),
        summary=place_summary(visit, draft),
        seen=seen_mark(place) if place else "",
        action=request.full_path.rstrip("?"),
        way_back=place_url(visit, above),
    )


@pages.route(f"{PLACES}/close", permission=Permission.PLACES_MANAGE, methods=["POST"])
def close(visit: Visit) -> ResponseReturnValue:
    """A closed place is chosen no more and stays in the records that have it; ``open`` takes that back."""
    place = _known_place(visit, request.form.get("place", ""))
    closes = request.form.get("open") != "1"
    change_places(visit.store, visit.actor, [replace(place, closed=closes)], seen={place.code: place})
    name = place.named(visit.language)
    undo = url_for("places.close", slug=visit.slug)
    if closes:
        say_done(gettext("%(place)s is closed.", place=name), undo, place=place.code, open="1")
    else:
        say_done(gettext("%(place)s is open again.", place=name), undo, place=place.code)
    return redirect(place_url(visit, place.code), 303)


@pages.route(f"{PLACES}/places.csv", permission=Permission.PLACES_MANAGE)
def table(visit: Visit) -> ResponseReturnValue:
    """The list as the import takes it."""
    response = Response(export_places(visit.store, visit.actor), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="places-{visit.today.isoformat()}.csv"'
    return response
