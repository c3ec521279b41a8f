"""Text of one line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, ClassVar

from amparo.metadata.fields.base import Coercer, CoercionContext, Rejected, Storage, TextFieldType, Value
from amparo.metadata.model import FieldDefinition
from amparo.metadata.wording import N_

_NOT_CHARACTERS = re.compile("[\0\ud800-\udfff]")
#: Everything that any common program shows as a new line, so that one line stays one line in every export:
#: LF, VT, FF, CR, FS, GS, RS, NEL, line separator, paragraph separator.
_LINE_BREAKS = re.compile("[\n\v\f\r\x1c\x1d\x1e\x85\u2028\u2029]")


def sound_text(raw: Any) -> str:
    """The text as it is; raises :class:`Rejected` for what is not text or cannot be stored."""
    if not isinstance(raw, str):
        raise Rejected("not_text", N_("Write text."))
    if found := _NOT_CHARACTERS.search(raw):
        position = found.start() + 1
        if found.group() == "\0":
            raise Rejected("bad_character", N_("Remove the NUL character at position {position}."), position=position)
        advice = N_("Remove the broken character (half a surrogate pair) at position {position}.")
        raise Rejected("bad_character", advice, position=position)
    return str(raw)


def within_length(text: str, maximum: int) -> str:
    if len(text) > maximum:
        advice = N_("Write at most {maximum} characters; this has {length}.")
        raise Rejected("too_long", advice, maximum=maximum, length=len(text))
    return text


class Text(TextFieldType):
    """Kept exactly as given: no trimming, no normalisation."""

    name = "text"
    label = "Text"
    summary = "One line of text, such as a name or a number that is not calculated with."
    accepts = (
        "Any characters in one line, kept exactly as written, spaces too. Line breaks of any kind"
        " are refused: long text takes them."
    )
    storage = Storage.TEXT
    family = "text"
    searchable = True
    options: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "max_length": {
            "type": "integer",
            "minimum": 1,
            "maximum": 4000,
            "default": 255,
            "description": "The most characters a person may write.",
        }
    }

    def coercer(self, definition: FieldDefinition, context: CoercionContext) -> Coercer:
        maximum: int = self.option(definition, "max_length")

        def coerce(raw: Any) -> Value | None:
            # Printable text holds no NUL, surrogate or line break, and asking costs next to nothing.
            if type(raw) is str and raw.isprintable() and len(raw) <= maximum:
                return raw or None
            return one_line(raw, maximum) or None

        return coerce


def one_line(raw: Any, maximum: int) -> str:
    """The text without line breaks of any kind; raises :class:`Rejected`."""
    text = within_length(sound_text(raw), maximum)
    if found := _LINE_BREAKS.search(text):
        advice = N_("Write one line: position {position} is a line break, which only long text may have.")
        raise Rejected("line_break", advice, position=found.start() + 1)
    return text
