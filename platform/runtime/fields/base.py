"""The words of one field type's values, where those of its storage do not do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from amparo.metadata.fields.base import Answer
from amparo.metadata.model import FieldDefinition
from amparo.runtime.releases.live import LiveRelease


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom words are made: under which release, in which language, and what stands beside the answer.

    ``answers`` are those of the same record, by field name, as far as they are at hand.
    """

    release: LiveRelease
    language: str
    answers: Mapping[str, Answer] = field(default_factory=dict)


class Words:
    """One per type, found through ``registry.py``."""

    #: The field type.
    name: ClassVar[str]

    def display(self, value: Any, definition: FieldDefinition, reader: Reader) -> str:
        """A value for people. It may have been written when the field had another type of the same storage."""
        raise NotImplementedError

    def exported(self, value: Any, definition: FieldDefinition, reader: Reader) -> str:
        """A text in a file for people to read; a spreadsheet has to understand it."""
        return self.display(value, definition, reader)
