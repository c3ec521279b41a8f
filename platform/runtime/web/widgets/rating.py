"""Ratings: the numbers of the scale side by side, with words at its ends."""

from __future__ import annotations

from flask_babel import gettext

from amparo.metadata.fields.registry import field_type
from amparo.metadata.model import FieldDefinition
from amparo.runtime.locales import figure_words
from amparo.runtime.web.visits import Visit
from amparo.runtime.web.widgets.base import Choice, Entry, Question
from amparo.runtime.web.widgets.numbers import IntegerWidget


class RatingWidget(IntegerWidget):
    """A number beyond the scale, of an earlier one, is shown where it is the answer."""

    name = "rating"

    def dress(self, question: Question, visit: Visit, definition: FieldDefinition, entry: Entry) -> None:
        highest = int(field_type("rating").option(definition, "maximum"))
        ends = {1: "lowest_label", highest: "highest_label"}
        choices = [_choice(visit, definition, number, ends.get(number)) for number in range(1, highest + 1)]
        if entry.value and all(choice.code != entry.value for choice in choices):
            choices.append(Choice(entry.value, entry.value))
        question.options = choices

    def filter_choices(self, visit: Visit, definition: FieldDefinition) -> list[Choice]:
        highest = int(field_type("rating").option(definition, "maximum"))
        return [_choice(visit, definition, number, None) for number in range(1, highest + 1)]


def _choice(visit: Visit, definition: FieldDefinition, number: int, end: str | None) -> Choice:
    figure = figure_words(number, visit.language)
    meaning = visit.words.end_of_scale(definition, end) if end else ""
    label = gettext("%(number)s: %(meaning)s", number=figure, meaning=meaning) if meaning else figure
    return Choice(str(number), label)
