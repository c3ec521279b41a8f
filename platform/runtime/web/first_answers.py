"""What a form of a new record begins with."""

from __future__ import annotations

import datetime as dt

from amparo.metadata.fields.base import Answer
from amparo.metadata.fields.defaults import default_value
from amparo.metadata.model import ObjectDefinition
from amparo.runtime.records.ruling import Ruling
from amparo.runtime.web.visits import Visit


def first_answers(visit: Visit, definition: ObjectDefinition, record_type: str | None) -> dict[str, Answer]:
    """The defaults of its fields, those that formulas give too."""
    now = dt.datetime.now(dt.UTC)
    live = visit.release.object(definition.name)
    answers: dict[str, Answer] = {each.name: default_value(each, visit.release.context, now) for each in live.defaulted}
    return answers | Ruling(visit.release, live, visit.actor, now).default_answers(answers, record_type)
