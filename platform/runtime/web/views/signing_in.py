"""Coming in and going out: sign-in, sign-out, Leave, the choice of language."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import replace
from urllib.parse import urlsplit

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from amparo.runtime.errors import SignInRefused
from amparo.runtime.members import memberships_of
from amparo.runtime.people import Person, set_language
from amparo.runtime.people import sign_in as check_sign_in
from amparo.runtime.web.dates import month_and_year, weekday_names
from amparo.runtime.web.languages import choose_language, direction_of, reader_language
from amparo.runtime.web.routing import Pages
from amparo.runtime.web.sent_again import TYPED, opened_form, with_new_token
from amparo.runtime.web.sessions import asking_address, begin_session, go_away, organisations, signed_in_person
from amparo.runtime.web.sign_in_pages import sign_in_page

pages = Pages("signing_in", __name__)


@pages.route("/", public=True)
def start() -> ResponseReturnValue:
    """To the one organisation of the person who is signed in, or to a choice of several."""
    person = signed_in_person()
    if person is None:
        return redirect(url_for("signing_in.sign_in"))
    places = memberships_of(organisations(), person.id)
    if len(places) == 1:
        return redirect(url_for("homes.home", slug=places[0].slug))
    links = [
        {"text": place.name, "url": url_for("homes.home", slug=place.slug), "icon": "building"} for place in places
    ]
    return render_template("pages/organisations.html", places=links)


@pages.route("/sign-in", public=True)
def sign_in() -> ResponseReturnValue:
    if signed_in_person() is not None:
        return redirect(safe_way_back(request.args.get("next")))
    return sign_in_page()


@pages.route("/sign-in", public=True, methods=["POST"])
def check() -> ResponseReturnValue:
    try:
        person = check_sign_in(
            organisations(), request.form.get("login", ""), request.form.get("password", ""), asking_address()
        )
    except SignInRefused as refusal:
        login, typed = request.form.get("login", ""), request.form.get(TYPED, "")
        return sign_in_page(gettext(str(refusal)), login, typed), 422
    begin_session(person)
    return _go_on_with(person, request.form.get(TYPED, "")) or redirect(safe_way_back(request.args.get("next")))


def _go_on_with(person: Person, typed: str) -> ResponseReturnValue | None:
    """What was sent when nobody was signed in any more, if this person typed it."""
    form = opened_form(typed, person) if typed else None
    if form is None:
        return None
    again = replace(form, pairs=with_new_token(form.pairs))
    return render_template("pages/send_again.html", again=again, detail=None)


def safe_way_back(text: str | None) -> str:
    """An address of this site, never another's; the first page for anything else."""
    if not text or not text.startswith("/") or "\\" in text or any(char < " " for char in text):
        return "/"
    parts = urlsplit(text)
    return text if not parts.scheme and not parts.netloc and not text.startswith("//") else "/"


#: Ends a session whatever the page was that asks for it: one left open since an earlier sign-in holds an old token, and
#: must still be able to lock the present session. Another site cannot ask: the cookie does not travel with its forms.
WITHOUT_TOKEN = (f"{__name__}.sign_out", f"{__name__}.leave")


@pages.route("/sign-out", public=True, methods=["POST"])
def sign_out() -> ResponseReturnValue:
    return go_away(url_for("signing_in.sign_in"))


@pages.route("/leave", public=True, methods=["POST"])
def leave() -> ResponseReturnValue:
    """Ends the session at once; what follows is a page that says nothing about where somebody was."""
    return go_away(url_for("signing_in.away"))


@pages.route("/calendar", public=True)
def away() -> ResponseReturnValue:
    """A month. It looks alike for everybody, whoever was signed in."""
    language = reader_language()
    today = dt.datetime.now(dt.UTC).date()
    return render_template(
        "away.html",
        language=language,
        direction=direction_of(language),
        month=month_and_year(today.replace(day=1), language),
        weekdays=weekday_names(language),
        weeks=calendar.Calendar().monthdayscalendar(today.year, today.month),
        today=today.day,
    )


@pages.route("/language", public=True)
def language() -> ResponseReturnValue:
    return _to_language(request.args.get("to", ""))


@pages.route("/language", public=True, methods=["POST"])
def choose() -> ResponseReturnValue:
    return _to_language(request.form.get("to", ""))


def _to_language(code: str) -> ResponseReturnValue:
    """The choice holds for this session, and for the person on every device when one is signed in."""
    person = signed_in_person()
    if choose_language(code) and person is not None:
        set_language(organisations(), person.id, code)
    return redirect(safe_way_back(request.values.get("next")))
