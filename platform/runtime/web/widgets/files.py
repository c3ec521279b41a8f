"""Files, pictures and signatures: sent beside the form's boxes, and kept until the form is saved.

The box of a file holds the canonical text of which file it is. Beside it stand
``<name>.file`` and ``<name>.camera`` (what is sent), ``<name>.typed`` (a name in
place of a signature) and ``<name>.remove``; ``web.uploads`` takes them.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any, cast
from zoneinfo import ZoneInfo

from babel.numbers import format_decimal
from flask_babel import gettext

from amparo.metadata.content_types import CONTENT_TYPES, endings_of
from amparo.metadata.fields.base import Answer
from amparo.metadata.fields.file import MEGABYTE, File
from amparo.metadata.fields.registry import field_type
from amparo.metadata.fields.signature import TYPED, Signature
from amparo.metadata.file_references import FileReference, NotAReference
from amparo.metadata.model import FieldDefinition
from amparo.runtime.locales import locale_of
from amparo.runtime.web.directions import isolated
from amparo.runtime.web.sessions import organisations
from amparo.runtime.web.visits import Visit
from amparo.runtime.web.widgets.base import Entry, Form, KeptFile, Question, Shown, Widget

_KILOBYTE = 1024


class FileWidget(Widget):
    name = "file"
    kind = "file"
    is_wide = True

    def typed(self, form: Form, name: str) -> Entry:
        return Entry("" if form.get(f"{name}.remove") else form.get(name, ""))

    def input(self, definition: FieldDefinition, entry: Entry) -> Any:
        return file_in(entry) or entry.value or None

    def entry(self, definition: FieldDefinition, value: Any, zone: ZoneInfo) -> Entry:
        return Entry(value.text)

    def dress(self, question: Question, visit: Visit, definition: FieldDefinition, entry: Entry) -> None:
        kind = cast(File, field_type(definition.type))
        reference = file_in(entry)
        types = kind.uploads(definition)
        most = min(kind.most_bytes(definition), organisations().settings.upload_limit)
        question.file = KeptFile(reference.name, file_words(reference, visit.language)) if reference else None
        question.accept = ",".join([*types, *(ending for each in types for ending in CONTENT_TYPES[each].endings)])
        question.takes_photos = any(each.startswith("image/") for each in types)
        question.takes_typing = isinstance(kind, Signature)
        question.most_bytes = most
        question.takes = gettext(
            "At most %(size)s: %(endings)s.", size=size_words(most, visit.language), endings=endings_of(types)
        )
        if kind.strips_metadata(definition) and not question.takes_typing:
            question.takes += " " + gettext("Where and with what a picture was taken is removed before it is kept.")

    def shown(
        self,
        visit: Visit,
        definition: FieldDefinition,
        value: Answer,
        labels: Mapping[uuid.UUID, str],
        beside: Mapping[str, Answer],
    ) -> Shown:
        if not isinstance(value, FileReference):
            return super().shown(visit, definition, value, labels, beside)
        return Shown(self.kind, value.name, note=file_words(value, visit.language))


def file_in(entry: Entry) -> FileReference | None:
    try:
        return FileReference.from_text(entry.value)
    except NotAReference:
        return None


def file_words(reference: FileReference, language: str) -> str:
    """What it is and how large."""
    if reference.type == TYPED and not reference.name.lower().endswith(CONTENT_TYPES[TYPED].endings):
        return gettext("Typed name")
    known = CONTENT_TYPES.get(reference.type)
    label = gettext(known.label) if known else gettext("File")
    # Isolated, or the size would join a Latin word of the other direction.
    return gettext("%(kind)s, %(size)s", kind=isolated(label), size=size_words(reference.size, language))


def size_words(size: int, language: str) -> str:
    """In the largest unit that does not make it less than one; never nothing."""
    locale = locale_of(language)
    if size >= MEGABYTE:
        return gettext("%(number)s MB", number=format_decimal(round(size / MEGABYTE, 1), locale=locale))
    return gettext("%(number)s KB", number=format_decimal(max(1, round(size / _KILOBYTE)), locale=locale))
