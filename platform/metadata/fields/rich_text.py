"""Text of many lines with a little formatting."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any, ClassVar

from amparo.metadata.fields.base import Coercer, CoercionContext, Storage, TextFieldType, Value
from amparo.metadata.fields.text import sound_text, within_length
from amparo.metadata.model import FieldDefinition
from amparo.metadata.rich_text import canonical_html, plain_text


class RichText(TextFieldType):
    """Sanitised HTML of few tags; ``metadata.rich_text`` says which, and how people type it."""

    name = "rich_text"
    label = "Formatted text"
    summary = "Several lines of text with bold words, lists, headings, quotations and links, such as a support plan."
    accepts = (
        "Plain text, or HTML of which the tags p, br, strong, em, ul, ol, li, a, h3 and blockquote are kept. In plain "
        "text, lines that begin with - make a list and **words** are bold. It is searched without its tags, and "
        "exported without them where labels are."
    )
    storage = Storage.TEXT
    family = "long_text"
    sortable = False
    groupable = False
    searchable = True
    is_found_by_form = True
    can_be_unique = False
    options: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "max_length": {
            "type": "integer",
            "minimum": 20,
            "maximum": 131_072,
            "default": 32_000,
            "description": "The most characters it may have, its tags included.",
        }
    }

    def coercer(self, definition: FieldDefinition, context: CoercionContext) -> Coercer:
        maximum: int = self.option(definition, "max_length")

        def coerce(raw: Any) -> Value | None:
            # Cleaning takes time by the letter, and what it drops makes no text that fits out of one that is far off.
            text = within_length(sound_text(raw), 4 * maximum)
            return within_length(canonical_html(text), maximum) or None

        return coerce

    def stored_term(self, text: str) -> str:
        return escape(text, quote=False)

    def search_text(self, definition: FieldDefinition, value: Any) -> str:
        return plain_text(value)
