"""What a widget is: how answers of one family of field types are asked, typed and shown on pages.

``registry.py`` finds the widget of a field. The words of an answer outside a
page (files, history as text, labels of a report) come from the serializer.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from werkzeug.datastructures import MultiDict

from amparo.metadata.fields.base import Answer
from amparo.metadata.model import FieldDefinition
from amparo.metadata.problems import Problem
from amparo.runtime.serializer import display
from amparo.runtime.web.problems import said
from amparo.runtime.web.visits import Visit
from amparo.runtime.web.words import OptionWords

Form = MultiDict[str, str]


@dataclass(frozen=True, slots=True)
class Entry:
    """What stands in the boxes of a question, letter by letter, also what is no answer yet.

    ``value`` of one box, ``codes`` of a list of boxes, ``parts`` of a date or an address; ``query`` is what a lookup
    was asked.
    """

    value: str = ""
    codes: tuple[str, ...] = ()
    parts: Mapping[str, str] = field(default_factory=dict)
    query: str = ""
    missing: str = ""
    #: Of a place chosen step by step: a lower step does not lie in the one above it any more.
    is_parted: bool = False

    @property
    def is_empty(self) -> bool:
        return not (self.value.strip() or self.codes or any(self.parts.values()) or self.missing)

    @property
    def content(self) -> bytes:
        """Equal where the boxes are; a lookup's question is no answer and does not count."""
        content = repr((self.value, sorted(self.codes), sorted(self.parts.items()), self.missing))
        return content.encode("utf-8", "surrogatepass")


@dataclass(frozen=True)
class Choice:
    """One answer to choose: of a picklist, of members, of kinds."""

    code: str
    label: str
    help: str = ""
    group: str = ""


@dataclass(frozen=True)
class Match:
    """A record found for a lookup. ``detail`` tells two of the same name apart."""

    id: str
    name: str
    detail: str = ""
    lang: str | None = None


@dataclass(frozen=True)
class Step:
    """One list of a choice from the top down: what lies in ``place``, which is empty at the top."""

    place: str
    label: str
    chosen: str
    options: Sequence[Choice]


@dataclass(frozen=True)
class KeptFile:
    """A file that stands in a box: what it is called, and what it is and how large."""

    name: str
    words: str


@dataclass
class Question:
    """``name`` is the name of its boxes; ``id`` the anchor the summary of problems links to."""

    name: str
    id: str
    label: str
    widget: str
    help: str = ""
    required: bool = False
    is_sensitive: bool = False
    value: str | Sequence[str] = ""
    parts: Mapping[str, str] = field(default_factory=dict)
    part_order: tuple[str, ...] = ()
    months: Sequence[Choice] = ()
    zone: str = ""
    age_on: str = ""
    options: Sequence[Choice | OptionWords] = ()
    as_select: bool = False
    no_empty: bool = False
    reasons: Sequence[Mapping[str, str]] = ()
    missing: str = ""
    errors: Sequence[str] = ()
    #: What is unusual about the answer, and saved all the same once somebody says so.
    warnings: Sequence[str] = ()
    #: What it held before it did not apply any more, in words.
    earlier: str = ""
    width: str = ""
    input_type: str = ""
    autocomplete: str = ""
    rows: int = 4
    unit: str = ""
    hint: str = ""
    decimals: int = 0
    accept: str = ""
    file: KeptFile | None = None
    takes: str = ""
    takes_photos: bool = False
    takes_typing: bool = False
    most_bytes: int = 0
    upload_url: str = ""
    query: str = ""
    source: str = ""
    #: What a new record would be, and where it is added.
    additions: Sequence[tuple[str, str]] = ()
    #: Of a lookup; more than one only where it takes several.
    chosen: Sequence[Match] = ()
    takes_several: bool = False
    matches: Sequence[Match] = ()
    #: Whether its own button brought the form back, so that focus goes there.
    is_sought: bool = False
    #: Of a place: the lists to choose it from step by step, and where a script asks for them.
    steps: Sequence[Step] = ()
    steps_url: str = ""
    shows_steps: bool = False
    because: str = ""
    #: Whether it belongs to the question above it, and is set in below that.
    is_below: bool = False
    kept: str = ""
    empty_label: str = ""
    #: Of a dependent picklist: the boxes that control it, and its codes by the controlling code.
    control: str = ""
    allowed: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def is_of_somebody(self) -> bool:
        """Whether anything stands in it that belongs to a record, or that somebody typed, chose or did."""
        typed = self.value or self.missing or self.query or any(self.parts.values())
        told = self.errors or self.warnings or self.earlier or self.kept
        return bool(typed or told or self.chosen or self.matches or self.steps or self.file or self.upload_url)


@dataclass(frozen=True, slots=True)
class Shown:
    """One answer on a page. ``kind`` decides how ``macros/values.html`` draws it."""

    kind: str
    text: str = ""
    url: str | None = None
    state: str | None = None
    lang: str | None = None
    note: str | None = None
    #: What does in a cell of a list, where the whole text would take too much room.
    brief: str = ""
    #: Of a file that can be drawn: the small picture, and where the whole one is.
    picture: str | None = None
    picture_url: str | None = None


class Widget:
    """One box of text, which does for every family that has nothing better. Others change what differs."""

    #: The family it serves, or one field type of it; ``macros/widgets.html`` draws its control by this name.
    name: ClassVar[str]
    #: How a value is drawn; see :class:`Shown`.
    kind: ClassVar[str] = "text"
    #: In lists it stands at the end of its column, as figures do.
    is_figure: ClassVar[bool] = False
    #: On a record's page it takes the whole line.
    is_wide: ClassVar[bool] = False
    #: It is short enough to be a column of a list.
    is_column: ClassVar[bool] = True

    def typed(self, form: Form, name: str) -> Entry:
        """What a form holds in the boxes called ``name``, without the reason for a missing answer."""
        return Entry(form.get(name, ""))

    def input(self, definition: FieldDefinition, entry: Entry) -> Any:
        """What the save pipeline gets for an entry without a reason; ``None`` for nothing."""
        return entry.value or None

    def entry(self, definition: FieldDefinition, value: Any, zone: ZoneInfo) -> Entry:
        """The boxes as a value fills them, so that an answer nobody touches stays as it is."""
        return Entry(str(value))

    def dress(self, question: Question, visit: Visit, definition: FieldDefinition, entry: Entry) -> None:
        """Gives a question what its control needs beside the entry's value."""

    def shown(
        self,
        visit: Visit,
        definition: FieldDefinition,
        value: Answer,
        labels: Mapping[uuid.UUID, str],
        beside: Mapping[str, Answer],
    ) -> Shown:
        """A value on a page; ``labels`` names records it may refer to, ``beside`` are the record's other answers."""
        words = display(value, definition, visit.release, visit.language, labels, beside=beside)
        return Shown(self.kind, words)

    def refusal(self, problem: Problem, entry: Entry, language: str) -> str:
        """What is wrong with what was typed, as a sentence about its boxes."""
        return said(problem)

    def filter_choices(self, visit: Visit, definition: FieldDefinition) -> list[Choice]:
        """What a condition may compare with, where that is a short list; else a person types it."""
        return []

    def operand_words(self, visit: Visit, definition: FieldDefinition, text: str) -> str:
        """One value of a condition as people read it."""
        return text
