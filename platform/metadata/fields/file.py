"""A file: a letter, a court decision, a recording."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar

from amparo.metadata.content_types import CONTENT_TYPES, KINDS, endings_of
from amparo.metadata.fields.base import Coercer, CoercionContext, FieldType, Rejected, Storage, Value
from amparo.metadata.file_references import FileReference, NotAReference
from amparo.metadata.model import Application, FieldDefinition
from amparo.metadata.problems import Path, Problem
from amparo.metadata.wording import N_

MEGABYTE = 1024 * 1024

#: An option of every type whose files may be large.
MEGABYTES: Mapping[str, Any] = {
    "type": "integer",
    "minimum": 1,
    "maximum": 1000,
    "default": 20,
    "description": "The largest file it takes, in megabytes. The installation's own limit counts as well.",
}


class File(FieldType):
    """The value says which file; whether its content is there, and who may add it, is for ``runtime/files`` to say."""

    name = "file"
    label = "File"
    summary = "One file, such as a letter or a recording; it is encrypted, and its type is found in its content."
    accepts = "A file chosen on a page or taken with a phone's camera. A table that is imported cannot carry it."
    storage = Storage.FILE
    family = "file"
    groupable = False
    searchable = True
    is_importable = False
    can_be_unique = False
    #: Only what can be drawn is taken; in other fields a broken picture is a file like another.
    is_picture: ClassVar[bool] = False
    options: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "kinds": {
            "type": "array",
            "items": {"enum": list(KINDS)},
            "minItems": 1,
            "uniqueItems": True,
            "default": list(KINDS),
            "description": "The kinds of file it takes. Programs, scripts and web pages are never taken.",
        },
        "megabytes": MEGABYTES,
    }

    def most_bytes(self, definition: FieldDefinition) -> int:
        return int(self.option(definition, "megabytes")) * MEGABYTE

    def takes(self, definition: FieldDefinition) -> tuple[str, ...]:
        """The media types the field takes."""
        return tuple(each.name for each in CONTENT_TYPES.values() if each.kind in self.option(definition, "kinds"))

    def uploads(self, definition: FieldDefinition) -> tuple[str, ...]:
        """The media types of files that people may send for it."""
        return self.takes(definition)

    def strips_metadata(self, definition: FieldDefinition) -> bool:
        """Whether pictures lose what cameras write into them (place, time, device) before they are kept."""
        return False

    def check(self, definition: FieldDefinition, application: Application, path: Path) -> Iterator[Problem]:
        if definition.default is not None:
            advice = N_("Remove the default: a file cannot be the same for every record.")
            yield Problem("default_not_allowed", str(path / "default"), definition.default, advice)

    def coercer(self, definition: FieldDefinition, context: CoercionContext) -> Coercer:
        """Takes a :class:`FileReference` or its canonical text."""
        types, most = self.takes(definition), self.most_bytes(definition)

        def coerce(raw: Any) -> Value | None:
            if isinstance(raw, str) and not raw.strip():
                return None
            reference = _reference(raw)
            if reference.type not in types:
                raise refused_type(types)
            require_size(reference.size, most)
            return reference

        return coerce

    def to_text(self, definition: FieldDefinition, value: Any) -> str:
        reference: FileReference = value
        return reference.text

    def search_text(self, definition: FieldDefinition, value: Any) -> str:
        reference: FileReference = value
        return reference.name

    def from_text(self, definition: FieldDefinition, text: str) -> Value:
        return FileReference.from_text(text)


def _reference(raw: Any) -> FileReference:
    if isinstance(raw, FileReference):
        return raw
    try:
        return FileReference.from_text(raw if isinstance(raw, str) else "")
    except NotAReference:
        advice = N_("Add the file on the record's page: a text or a table cannot carry it.")
        raise Rejected("not_a_file", advice) from None


def refused_type(types: Iterable[str]) -> Rejected:
    """For a content that the field does not take, or that nothing takes."""
    advice = N_("Choose another file: this one is not of a kind that is taken here ({endings}).")
    return Rejected("not_a_kind", advice, endings=endings_of(types))


def require_size(size: int, most: int) -> None:
    """Raises :class:`Rejected`."""
    if size > most:
        advice = N_("Choose a smaller file: at most {maximum} MB. This one has {size} MB.")
        raise Rejected("too_large", advice, maximum=most // MEGABYTE, size=-(-size // MEGABYTE))
