"""A picture."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from amparo.metadata.fields.file import MEGABYTES, File
from amparo.metadata.model import FieldDefinition

#: Pictures whose metadata can be taken out without touching the picture itself.
_STRIPPABLE = ("image/jpeg", "image/png", "image/gif", "image/webp")


class Image(File):
    """Shown small on the record's page. The small picture never has metadata."""

    name = "image"
    label = "Picture"
    summary = "One picture, shown small on the record's page; place and device are taken out of it."
    accepts = "A picture (JPEG, PNG, GIF or WebP), chosen on a page or taken with a phone's camera."
    is_picture = True
    options: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "megabytes": MEGABYTES,
        "strip_metadata": {
            "type": "boolean",
            "default": True,
            "description": "Take out what cameras write into pictures, such as the place and the device, before the "
            "picture is kept. Without it HEIC pictures are taken too, and everything is kept as it came.",
        },
    }

    def takes(self, definition: FieldDefinition) -> tuple[str, ...]:
        return _STRIPPABLE if self.strips_metadata(definition) else (*_STRIPPABLE, "image/heic")

    def strips_metadata(self, definition: FieldDefinition) -> bool:
        return bool(self.option(definition, "strip_metadata"))
