"""Which century is meant, asked of a column whose years have two digits, with what each answer makes of its days."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext

from amparo.runtime.transfer.mapping import ColumnMapping
from amparo.runtime.transfer.two_digit_years import days_without_century, earliest_and_latest, ends_to_choose
from amparo.runtime.web.dates import day_words
from amparo.runtime.web.directions import isolated
from amparo.runtime.web.visits import Visit
from amparo.runtime.web.widgets.base import Choice, Question


def century_questions(visit: Visit, number: int, column: ColumnMapping, samples: Sequence[str]) -> list[Question]:
    """None where every year has four digits; what was said before is asked still."""
    texts = days_without_century(samples, column)
    chosen = column.two_digit_years_until
    if not texts and chosen is None:
        return []
    words = gettext("Asked because years of this column have two digits.")
    if chosen is None:
        words = gettext("Choose: the years of this column have two digits, and nobody guesses the century.")
    unsaid = Choice("", gettext("Not said yet: such rows are left out"))
    ends = ends_to_choose(column, visit.today)
    return [
        Question(
            century_box(number),
            f"c-{number}-two-digit-years",
            gettext("Years with two digits"),
            "code",
            required=True,
            value=str(chosen or ""),
            options=[*(_choice(visit, column, texts, end) for end in ends), unsaid],
            because=words,
        )
    ]


def century_box(number: int) -> str:
    """The name of the box of a column."""
    return f"c.{number}.two_digit_years"


def _choice(visit: Visit, column: ColumnMapping, texts: Sequence[str], end: int) -> Choice:
    examples = [
        gettext("“%(text)s” becomes %(day)s", text=isolated(text), day=day_words(day, visit.language))
        for text, day in earliest_and_latest(texts, column, end)
    ]
    return Choice(
        str(end),
        gettext("From %(first)s to %(last)s", first=end - 99, last=end),
        gettext(", ").join(dict.fromkeys(examples)),
    )
