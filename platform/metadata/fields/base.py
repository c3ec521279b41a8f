"""What a field type is.

A type answers four questions about a value: which options shape it, how input
becomes a value, what its canonical text is, and how that text becomes a value
again. Where it is stored and how it is shown follow from its *storage* and
*family*; only a type for which that is not enough has a second file in
``runtime/fields``.
"""

from __future__ import annotations

import datetime as dt
import uuid
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from amparo.metadata.addresses import Address
from amparo.metadata.file_references import FileReference
from amparo.metadata.geolocations import Geolocation
from amparo.metadata.missing import Missing
from amparo.metadata.model import Application, FieldDefinition, Picklist
from amparo.metadata.partial_dates import PartialDate
from amparo.metadata.places import PlaceTree
from amparo.metadata.problems import Path, Problem

Value = (
    str
    | int
    | Decimal
    | bool
    | dt.date
    | dt.datetime
    | PartialDate
    | tuple[str, ...]
    | uuid.UUID
    | Address
    | Geolocation
    | FileReference
)
#: What a field of a record may hold: a value, a reason for its absence, or nothing.
Answer = Value | Missing | None


class Storage(StrEnum):
    """How the projection keeps a value. Fixed for the life of a field."""

    TEXT = "text"  # text by code point
    INTEGER = "integer"  # 64 bit
    DECIMAL = "decimal"  # numeric; scaled 64-bit integer on SQLite
    BOOLEAN = "boolean"
    DATE = "date"
    INSTANT = "instant"  # UTC, microseconds
    CODES = "codes"  # "|a|b|", sorted
    REFERENCE = "reference"  # identifier of another record
    FILE = "file"  # which file it is; the content lies outside
    DAYS = "days"  # a date that may be known in part: its text, with its first and last day beside it
    STRUCTURED = "structured"  # a value of several parts, such as an address: its text

    # Remembered: it is asked for every answer of every row that is read.
    @cached_property
    def is_kept_as_text(self) -> bool:
        """The column holds the canonical text of a value that is something else in Python."""
        return self in _KEPT_AS_TEXT

    @property
    def is_searchable(self) -> bool:
        """A normalised companion can stand beside the column."""
        return self in (Storage.TEXT, Storage.STRUCTURED, Storage.FILE)


_KEPT_AS_TEXT = frozenset({Storage.CODES, Storage.FILE, Storage.DAYS, Storage.STRUCTURED})


class Rejected(Exception):
    """Input that a field cannot take. Becomes a Problem at the field's path."""

    def __init__(self, kind: str, advice: str, **params: Any) -> None:
        super().__init__(advice.format(**params) if params else advice)
        self.kind = kind
        self.advice = advice
        self.params = params

    def at(self, path: str, value: Any) -> Problem:
        return Problem(self.kind, path, value, self.advice, self.params)


@dataclass(frozen=True, slots=True)
class CoercionContext:
    """What coercion may know beside the field: definitions, the zone and the places. No clock, no store.

    Without ``places`` nobody knows which there are, as where definitions are checked that no organisation has yet.
    """

    application: Application
    time_zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    places: PlaceTree | None = None


Coercer = Callable[[Any], Value | None]


class FieldType(ABC):
    """A kind of field. One instance per type, kept in ``metadata.fields.registry``."""

    name: ClassVar[str]
    #: Shown to implementation staff, in their words.
    label: ClassVar[str]
    summary: ClassVar[str]
    #: What people may write, in a form or in a file that is imported.
    accepts: ClassVar[str]
    storage: ClassVar[Storage]
    #: The family decides operators, widgets and grouping: text, long_text, integer, decimal,
    #: boolean, date, time, instant, days, code, codes, phone, reference, address,
    #: geolocation, place, file, gone.
    family: ClassVar[str]
    #: JSON Schemas of the options only this type has, by option name.
    options: ClassVar[Mapping[str, Mapping[str, Any]]] = {}
    required_options: ClassVar[tuple[str, ...]] = ()
    #: A JSON Schema of the field where its options depend on each other.
    options_together: ClassVar[Mapping[str, Any]] = {}
    #: Options that say what stored values mean, and so stay as they were first published.
    fixed_options: ClassVar[tuple[str, ...]] = ()
    sortable: ClassVar[bool] = True
    groupable: ClassVar[bool] = True
    searchable: ClassVar[bool] = False
    #: Texts are looked for in another form than the canonical one, so that form is always kept beside it.
    is_found_by_form: ClassVar[bool] = False
    #: The value is made by the system when the record is created; people cannot set it.
    generated: ClassVar[bool] = False
    #: The field may be declared unique.
    can_be_unique: ClassVar[bool] = True
    #: The value may be kept encrypted (then only equality can be asked of it).
    can_be_sensitive: ClassVar[bool] = True
    #: Words that may stand as ``default`` in place of a value, such as ``today``.
    default_words: ClassVar[tuple[str, ...]] = ()

    @property
    def is_answerable(self) -> bool:
        """People give the answer."""
        return not self.generated

    @property
    def is_importable(self) -> bool:
        """A table that is imported can carry the value."""
        return self.is_answerable

    def option(self, definition: FieldDefinition, name: str) -> Any:
        """An option as written, else the default its schema states, else ``None``."""
        return definition.options.get(name, self.options[name].get("default"))

    def check(self, definition: FieldDefinition, application: Application, path: Path) -> Iterator[Problem]:
        """Problems of this field's options beyond what its JSON Schema says."""
        return iter(())

    def choices(self, definition: FieldDefinition, application: Application) -> Picklist | None:
        """The codes that a value is made of, in their order; ``None`` where values are no codes."""
        return application.picklists.get(str(definition.options.get("picklist")))

    def beside(self, definition: FieldDefinition) -> tuple[str, ...]:
        """Other fields of the record without whose answers a value does not say all it means."""
        return ()

    @abstractmethod
    def coercer(self, definition: FieldDefinition, context: CoercionContext) -> Coercer:
        """A function from input to value, compiled once per field so that imports are fast.

        The function gets anything a page, a JSON body or a CSV cell may hold.
        It never gets ``None`` or a ``Missing``: ``fields.answers`` handles those.
        It returns ``None`` for blank and raises :class:`Rejected` with what, where and what would do.
        A value that is already right comes back unchanged.
        """

    @abstractmethod
    def to_text(self, definition: FieldDefinition, value: Any) -> str:
        """The canonical text of a value. Equal values have equal texts."""

    @abstractmethod
    def from_text(self, definition: FieldDefinition, text: str) -> Value:
        """The value of a canonical text written under any earlier options of this field."""

    def search_text(self, definition: FieldDefinition, value: Any) -> str:
        """What a search looks into, before it is normalised; the canonical text unless people write it otherwise."""
        return self.to_text(definition, value)

    def search_term(self, text: str) -> str:
        """What a person looks for in values of this type, written as :meth:`search_text` has it."""
        return text

    def stored_term(self, text: str) -> str:
        """The same as it would stand in a canonical text, which is looked into where its search form ends."""
        return text


class TextFieldType(FieldType):
    """A type whose values are texts, each its own canonical text."""

    def to_text(self, definition: FieldDefinition, value: Any) -> str:
        return str(value)

    def from_text(self, definition: FieldDefinition, text: str) -> Value:
        return text
