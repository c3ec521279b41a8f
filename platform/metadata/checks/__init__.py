"""Every problem of an application, all at once, in a stable order.

Parts with a broken shape are reported and left out of the further checks, so
that one slip does not hide the others or bring up a crowd of false ones. Nothing here raises for what a document holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from typing import Any

from amparo.metadata.canonical import NotCanonical, canonical_bytes
from amparo.metadata.checks.application import check_application
from amparo.metadata.checks.asking import check_asked_objects, check_list_views, check_reports
from amparo.metadata.checks.formulas import check_formulas
from amparo.metadata.checks.names import check_names
from amparo.metadata.checks.objects import check_objects
from amparo.metadata.checks.pages import check_layouts
from amparo.metadata.checks.ratchet import check_against
from amparo.metadata.checks.roll_ups import check_roll_ups
from amparo.metadata.checks.scope import Scope, scope_of
from amparo.metadata.json_text import DEEPEST_NESTING
from amparo.metadata.kinds import KINDS
from amparo.metadata.model import FORMAT
from amparo.metadata.problems import Problem, near_name, sort_problems
from amparo.metadata.reading import Places, Reading
from amparo.metadata.wording import N_

_CHECKS: tuple[Callable[[Scope], Iterator[Problem]], ...] = (
    check_application,
    check_names,
    check_objects,
    check_formulas,
    check_roll_ups,
    check_layouts,
    check_asked_objects,
    check_list_views,
    check_reports,
)


def check(document: Any, places: Places | None = None, previous: Mapping[str, Any] | None = None) -> list[Problem]:
    """The problems of a document.

    ``places`` names the files the definitions came from; without it they are
    named as they would be written. ``previous`` is the document in force, when
    there is one: what its records need must stay.
    """
    whole = list(_whole_problems(document))
    if not isinstance(document, dict) or any(problem.kind == "not_json" for problem in whole):
        return whole
    scope = scope_of(document, places, previous)
    shapes = chain.from_iterable(each.problems for each in scope.definitions)
    found = chain.from_iterable(rule(scope) for rule in _CHECKS)
    further = (problem for problem in found if not scope.leads_to_what_is_lost(problem))
    against = () if previous is None else check_against(scope, previous)
    return sort_problems(chain(whole, shapes, further, against))


def check_reading(reading: Reading, previous: Mapping[str, Any] | None = None) -> list[Problem]:
    """The problems of a folder: those of its files, and those of the document they make.

    While a file cannot be read, what leads nowhere may lead into that file, so
    it is not reported until the file is mended.
    """
    problems = check(reading.document, reading.places, previous)
    if reading.problems:
        problems = [problem for problem in problems if problem.kind not in _MAY_LIE_IN_A_BROKEN_FILE]
    return sort_problems([*reading.problems, *problems])


_MAY_LIE_IN_A_BROKEN_FILE = frozenset({"unknown_name", "unknown_field", "vanished", "application_missing"})


def _whole_problems(document: Any) -> Iterator[Problem]:
    """Whether the document is JSON with the lists that belong in it."""
    if _depth(document, DEEPEST_NESTING + 1) > DEEPEST_NESTING:
        advice = N_("Nest at most {depth} levels deep.")
        yield Problem("not_json", "document", None, advice, {"depth": DEEPEST_NESTING})
        return
    try:
        canonical_bytes(document)
    except NotCanonical as error:
        yield Problem("not_json", "document", None, N_("This is no JSON: {reason}"), {"reason": str(error)})
        return
    if not isinstance(document, dict):
        yield Problem("wrong_type", "document", document, N_("Write entries in curly brackets."))
        return
    if document.get("format") != FORMAT:
        advice = N_("Set “format” to {format}, the form of documents this version reads.")
        yield Problem("wrong_format", "document: format", document.get("format"), advice, {"format": FORMAT})
    known = ["format", "application", *(kind.folder for kind in KINDS)]
    for key, value in document.items():
        if key not in known:
            advice = N_("Remove “{name}”. Known here: {choices}.")
            params = {"name": key, "choices": near_name(key, known) or ", ".join(known)}
            yield Problem("unknown_entry", f"document: {key}", None, advice, params)
        elif key not in ("format", "application") and not isinstance(value, list):
            yield Problem("wrong_type", f"document: {key}", value, N_("Write a list, in square brackets."))


def _depth(value: Any, enough: int) -> int:
    """How deep lists and objects are nested, counted no further than ``enough``."""
    level = [value]
    depth = 0
    while level and depth < enough:
        level = [
            inner
            for each in level
            if isinstance(each, (dict, list, tuple))
            for inner in (each.values() if isinstance(each, dict) else each)
        ]
        depth += 1
    return depth
