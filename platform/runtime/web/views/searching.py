"""The search over all objects: its page, and what it shows while somebody types."""

from __future__ import annotations

from flask import jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from amparo.runtime.access import Permission
from amparo.runtime.errors import InvalidAnswers
from amparo.runtime.web.addresses import with_arguments
from amparo.runtime.web.asked_words import QUESTION, asked_arguments, asked_question, sealed
from amparo.runtime.web.presenting.discoveries import Group, discoveries, suggestions
from amparo.runtime.web.presenting.matches import LONGEST_QUESTION
from amparo.runtime.web.problems import said
from amparo.runtime.web.routing import Pages
from amparo.runtime.web.visits import Visit

pages = Pages("searching", __name__)


@pages.route("/o/<slug>/search", permission=Permission.RECORDS_READ, methods=["POST"])
def ask(visit: Visit) -> ResponseReturnValue:
    """What was typed in a search box; goes on to the address that holds it sealed, as far as it is looked for."""
    url = url_for("searching.search", slug=visit.slug)
    question = asked_question(visit)[:LONGEST_QUESTION]
    return redirect(with_arguments(url, sealed(visit, {QUESTION: question})), 303)


@pages.route("/o/<slug>/search/find", permission=Permission.RECORDS_READ, methods=["POST"])
def suggest(visit: Visit) -> ResponseReturnValue:
    """The likeliest records for a box in which somebody types: posted, so that no address holds a name."""
    return jsonify({"matches": suggestions(visit, request.form.get(QUESTION, ""))})


@pages.route("/o/<slug>/search", permission=Permission.RECORDS_READ)
def search(visit: Visit) -> ResponseReturnValue:
    arguments, forgotten = asked_arguments(visit)
    query = arguments.get(QUESTION, "").strip()
    groups: list[Group] = []
    refusals: list[str] = [forgotten] if forgotten else []
    if query:
        try:
            groups = discoveries(visit, query)
        except InvalidAnswers as refusal:
            refusals = [said(problem) for problem in refusal.problems]
    page = render_template("pages/search.html", query=query, groups=groups, refusals=refusals)
    return page, 422 if refusals else 200
