"""Questions as they look before anybody answers them: the same for everybody, and half of what a form takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

from flask_babel import get_locale
from markupsafe import Markup

from amparo.runtime.web.widgets.base import Question

#: Draws a question: the macro ``field`` of ``macros/forms.html``.
Draw = Callable[[Question], Markup]


@dataclass(frozen=True)
class _Asked:
    """Equal where the same is asked in the same language: a question is all that its macro looks at beside that."""

    language: str
    content: str
    question: Question = field(compare=False)
    draw: Draw = field(compare=False)


def draw_question(draw: Draw, question: Question) -> Markup:
    """What ``draw`` makes of it, remembered for the next form where nothing in it is of a record or of a person."""
    if question.is_of_somebody:
        return draw(question)
    return _drawn(_Asked(str(get_locale()), repr(question), question, draw))


@lru_cache(maxsize=1000)
def _drawn(asked: _Asked) -> Markup:
    return asked.draw(asked.question)
