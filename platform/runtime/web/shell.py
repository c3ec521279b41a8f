"""What stands around every page: navigation, search, person, Leave, languages, what was just done."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, flash, g, get_flashed_messages, request, session, url_for
from flask_babel import gettext, pgettext
from werkzeug.local import LocalProxy

from amparo.runtime.access import Permission
from amparo.runtime.web.addresses import known_url
from amparo.runtime.web.asked_words import asked_question
from amparo.runtime.web.dates import moment_words
from amparo.runtime.web.languages import OWN_NAMES, direction_of, interface_languages, reader_language
from amparo.runtime.web.manifest import asset
from amparo.runtime.web.sent_again import mark_of
from amparo.runtime.web.visits import Visit, current_visit

SAVED_DRAFTS = "saved_drafts"
#: How many of an organisation's objects the phone's bottom line has room for, beside home and reports.
PHONE_OBJECTS = 3
ICONS = {"case": "folder", "person": "people", "service": "service"}


@dataclass(frozen=True)
class Word:
    """One word of the navigation."""

    label: str
    url: str
    icon: str
    is_current: bool


@dataclass(frozen=True)
class Toast:
    """Something that was just done. ``undo_url`` takes a POST with ``fields``."""

    text: str
    undo_url: str | None = None
    fields: dict[str, str] = field(default_factory=dict)


@dataclass
class Shell:
    """What ``base.html`` asks for (docs/developers/front-end.md)."""

    language: str
    direction: str
    home_url: str
    navigation: list[Word]
    phone_navigation: list[Word]
    organisation: str | None
    person: dict[str, str] | None
    leave: dict[str, str]
    find_url: str | None
    suggest_url: str | None
    query: str
    languages: list[dict[str, Any]]
    toasts: list[Toast]
    notices: list[dict[str, Any]]
    theme: str | None = None
    print_note: str | None = None


def say_done(text: str, undo_url: str | None = None, **fields: str) -> None:
    """Said once on the next page, with a way back where there is one."""
    flash([text, undo_url, fields], "done")  # type: ignore[arg-type]


def forget_draft(key: str) -> None:
    """The next page tells the browser to drop what it kept of this form."""
    session[SAVED_DRAFTS] = [*session.get(SAVED_DRAFTS, []), key][-8:]


def taken_drafts() -> list[str]:
    drafts: list[str] = session.pop(SAVED_DRAFTS, [])
    return drafts


def language_links() -> list[dict[str, Any]]:
    back = request.full_path.rstrip("?") if request.method == "GET" else None
    current = reader_language()
    return [
        {
            "code": code,
            "label": OWN_NAMES[code],
            "url": url_for("signing_in.language", to=code, next=back),
            "is_current": code == current,
        }
        for code in interface_languages()
    ]


def make_shell() -> Shell:
    visit = current_visit()
    language = reader_language()
    words = _navigation(visit) if visit else []
    return Shell(
        language=language,
        direction=direction_of(language),
        home_url=known_url("homes.home", slug=visit.slug) if visit else "/",
        navigation=words,
        phone_navigation=_phone_words(words),
        organisation=visit.organisation if visit else None,
        person=_person(visit) if visit else None,
        leave={"url": known_url("signing_in.leave"), "away_url": known_url("signing_in.away")},
        find_url=known_url("searching.search", slug=visit.slug) if visit else None,
        suggest_url=known_url("searching.suggest", slug=visit.slug) if visit else None,
        query=asked_question(visit) if visit and request.endpoint == "searching.search" else "",
        languages=language_links(),
        toasts=[Toast(*said) for said in get_flashed_messages(category_filter=["done"])],
        notices=[],
        print_note=_print_note(visit) if visit else None,
    )


def _navigation(visit: Visit) -> list[Word]:
    current = (request.view_args or {}).get("object_name")
    words = [Word(gettext("Home"), known_url("homes.home", slug=visit.slug), "home", request.endpoint == "homes.home")]
    for name in visit.release.application.navigation:
        definition = visit.release.application.objects[name]
        url = known_url("lists.list_page", slug=visit.slug, object_name=name)
        words.append(Word(visit.words.plural(definition), url, ICONS.get(name, "folder"), name == current))
    application = visit.release.application
    if len(application.objects) > len(application.navigation) > 0:
        is_current = current is not None and current not in application.navigation
        more = f"{known_url('homes.home', slug=visit.slug)}#more"
        words.append(Word(pgettext("lists", "More"), more, "dots", is_current))
    if visit.actor.may(Permission.REPORTS_RUN):
        is_current = request.blueprint == "reports"
        words.append(Word(gettext("Reports"), known_url("reports.report_list", slug=visit.slug), "chart", is_current))
    return words


def _phone_words(words: list[Word]) -> list[Word]:
    """Home, the first objects and the last word: what fits at the foot of a phone."""
    if len(words) <= PHONE_OBJECTS + 2:
        return words
    return [*words[: PHONE_OBJECTS + 1], words[-1]]


def _print_note(visit: Visit) -> str:
    """Stands on each printed sheet: whose it is, who printed it and when; no name of a survivor."""
    when = moment_words(visit.now, visit.release.time_zone, visit.language)
    return gettext(
        "%(organisation)s. Printed by %(name)s on %(when)s.",
        organisation=visit.organisation,
        name=visit.actor.name,
        when=when,
    )


def _person(visit: Visit) -> dict[str, str]:
    parts = visit.actor.name.split()
    initials = "".join(part[0] for part in (parts[:1] + parts[-1:] if len(parts) > 1 else parts[:1]))
    return {
        "name": visit.actor.name,
        "initials": initials,
        "url": known_url("accounts.account", slug=visit.slug),
        # Whose are forms that the tab keeps.
        "mark": mark_of(visit.person),
    }


def new_request_key() -> str:
    """Makes a form's save happen once, however often it is sent."""
    return uuid.uuid4().hex


def add_shell(app: Flask) -> None:
    @app.context_processor
    def around_every_page() -> dict[str, Any]:
        return {"shell": LocalProxy(_shell_of_this_request), "asset": asset, "taken_drafts": taken_drafts}


def _shell_of_this_request() -> Shell:
    shell: Shell | None = g.get("shell")
    if shell is None:
        shell = g.shell = make_shell()
    return shell
