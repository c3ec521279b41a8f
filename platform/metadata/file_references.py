"""What a record keeps of a file: which it is, what it is called, and the hash of its content.

The content itself lies outside the database (``runtime/files``).
"""

from __future__ import annotations

import json
import re
import uuid
from dataclasses import asdict, dataclass

from amparo.metadata.canonical import canonical_bytes

_HASH = re.compile("[0-9a-f]{64}")
_KEYS = {"id", "name", "type", "size", "hash"}


class NotAReference(ValueError):
    """A text that does not stand for a file."""


@dataclass(frozen=True, slots=True)
class FileReference:
    """``type`` is the media type found in the content; ``size`` is in bytes; ``hash`` is SHA-256 in hexadecimal."""

    id: uuid.UUID
    name: str
    type: str
    size: int
    hash: str

    @property
    def text(self) -> str:
        """Canonical JSON: what the ledger keeps."""
        return canonical_bytes({**asdict(self), "id": str(self.id)}).decode()

    @property
    def content_is(self) -> tuple[str, str, int, str]:
        """Everything but the identifier: equal for one file that was sent twice."""
        return self.name, self.type, self.size, self.hash

    @classmethod
    def from_text(cls, text: str) -> FileReference:
        """Raises :class:`NotAReference` for anything but what :attr:`text` writes."""
        try:
            written = json.loads(text)
            made = cls(
                uuid.UUID(written["id"]), written["name"], written["type"], int(written["size"]), written["hash"]
            )
            is_text = isinstance(made.name, str) and isinstance(made.type, str) and made.size >= 0
            is_sound = is_text and set(written) == _KEYS and bool(_HASH.fullmatch(made.hash)) and made.text == text
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            is_sound = False
        if not is_sound:
            raise NotAReference("The text is not the reference of a file.")
        return made
