"""A signature: drawn, photographed, or typed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from amparo.metadata.fields.file import MEGABYTE, File
from amparo.metadata.model import FieldDefinition

#: A typed name is kept as text. It is what somebody can give who can neither draw nor send a picture.
TYPED = "text/plain"
_MOST_MEGABYTES = 5


class Signature(File):
    """A drawn one is a PNG. A typed one is a text file whose content and name are the name that was typed."""

    name = "signature"
    label = "Signature"
    summary = "A signature drawn on the screen, a picture of one, or the full name typed in its place."
    accepts = "What is drawn in the box, a picture (JPEG or PNG), or a typed name."
    is_picture = True
    options: ClassVar[Mapping[str, Mapping[str, Any]]] = {}

    def takes(self, definition: FieldDefinition) -> tuple[str, ...]:
        return (*self.uploads(definition), TYPED)

    def uploads(self, definition: FieldDefinition) -> tuple[str, ...]:
        return ("image/png", "image/jpeg")

    def most_bytes(self, definition: FieldDefinition) -> int:
        return _MOST_MEGABYTES * MEGABYTE

    def strips_metadata(self, definition: FieldDefinition) -> bool:
        return True
