"""Problems with answers, said in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from babel.lists import format_list
from flask_babel import get_locale, gettext

from amparo.metadata.problems import Problem
from amparo.metadata.wording import BETWEEN_LABELS, DefinedLabels, Words
from amparo.runtime.web.visits import current_visit


def said(problem: Problem) -> str:
    """The advice translated, then its slots filled; of a validation rule its message in the organisation's words."""
    return _said(problem.advice, problem.params, problem.definition)


def _said(advice: str, params: Mapping[str, Any], definition: str) -> str:
    visit = current_visit() if definition else None
    if visit is not None:
        return visit.words.rule_message(definition, advice)
    return _filled(gettext(advice), params)


def _filled(text: str, params: Mapping[str, Any]) -> str:
    """Labels of definitions stand in the reader's language, too; their ids are beside them."""
    if not params:
        return text
    params = {slot: _told(value) for slot, value in params.items()}
    named = [slot for slot in params if f"{slot}_id" in params]
    visit = current_visit() if named else None
    if visit is None:
        return text.format(**params)
    labels = {slot: visit.words.label(params[f"{slot}_id"], params[slot]) for slot in named}
    return text.format(**{**params, **labels})


def _told(value: Any) -> Any:
    """Words are one or the other, as the reader's language tells it."""
    if isinstance(value, Words):
        return format_list([gettext(message) for message in value.messages], "or", get_locale())
    if isinstance(value, DefinedLabels) and (visit := current_visit()) is not None:
        return BETWEEN_LABELS.join(visit.words.label(definition, label) for definition, label in value.named)
    return value


def said_of(problem: Mapping[str, Any]) -> str:
    """The sentence of a problem as a report of a job keeps it: ``advice``, ``params`` and ``definition``."""
    advice = problem["advice"]
    # Reports of earlier versions know no definition.
    return _said(advice, problem["params"], problem.get("definition", "")) if advice else ""


def by_field(problems: Iterable[Problem]) -> dict[str, list[str]]:
    """Sentences by the field they are about."""
    sentences: dict[str, list[str]] = {}
    for problem in problems:
        sentences.setdefault(problem.path, []).append(said(problem))
    return sentences
