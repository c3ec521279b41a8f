"""Problems with answers, said in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext

from amparo.metadata.problems import Problem


def said(problem: Problem) -> str:
    """The advice translated, then its slots filled."""
    return _filled(gettext(problem.advice), problem.params)


def _filled(text: str, params: Mapping[str, Any]) -> str:
    return text.format(**params) if params else text


def said_of(problem: Mapping[str, Any]) -> str:
    """The sentence of a problem as a report of a job keeps it: ``advice`` and ``params``."""
    advice = problem["advice"]
    return _filled(gettext(advice), problem["params"]) if advice else ""


def by_field(problems: Iterable[Problem]) -> dict[str, list[str]]:
    """Sentences by the field they are about."""
    sentences: dict[str, list[str]] = {}
    for problem in problems:
        sentences.setdefault(problem.path, []).append(said(problem))
    return sentences
