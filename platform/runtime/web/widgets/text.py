"""Text in one line or in many."""

from __future__ import annotations

from amparo.metadata.model import FieldDefinition
from amparo.runtime.web.visits import Visit
from amparo.runtime.web.widgets.base import Entry, Form, Question, Widget

#: Texts longer than this get the whole line, shorter ones a box that shows their length.
_LONG_LINE = 60


class TextWidget(Widget):
    name = "text"

    def dress(self, question: Question, visit: Visit, definition: FieldDefinition, entry: Entry) -> None:
        longest = int(definition.options.get("max_length", 255))
        question.width = "full" if longest > _LONG_LINE else "medium"


class GoneWidget(Widget):
    """Of a type that is not installed here: shown, never asked."""

    name = "gone"


class LongTextWidget(Widget):
    name = "long_text"
    kind = "long_text"
    is_wide = True
    is_column = False

    def typed(self, form: Form, name: str) -> Entry:
        # Browsers send every line break as CR LF, whatever stood in the box.
        return Entry(form.get(name, "").replace("\r\n", "\n"))
