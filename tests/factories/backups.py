"""Backups opened and written again, and installations that they come back into."""

from __future__ import annotations

import base64
import uuid
from collections.abc import Callable
from pathlib import Path

from amparo.runtime.backups.content import ContentWriter, Line, read_lines
from amparo.runtime.backups.sealed_file import SealedReader, SealingWriter
from amparo.runtime.keys import OrganisationKeys
from amparo.runtime.stores.organisations import Organisations

PASSPHRASE = "four words of rain"

#: Makes an empty installation on a kind of database.
NewInstallation = Callable[[str], Organisations]


def lines_of(path: Path) -> list[Line]:
    with path.open("rb") as file:
        return list(read_lines(SealedReader(file, PASSPHRASE)))


def rewritten(old: Path, new: Path, change: Callable[[list[Line]], list[Line]]) -> Path:
    """The same backup with other lines, sealed anew."""
    with old.open("rb") as file:
        reader = SealedReader(file, PASSPHRASE)
        lines = list(read_lines(reader))
    with new.open("wb") as file:
        sealed = SealingWriter(file, PASSPHRASE)
        manifest = lines[0].content
        identifier = uuid.UUID(manifest["id"])
        wrapped = {int(number): base64.b64decode(text) for number, text in manifest["keys"].items()}
        keys = OrganisationKeys.unwrapped(reader.keys.wrapping, identifier, wrapped)
        again = keys.wrapped_by(sealed.keys.wrapping, identifier)
        manifest["keys"] = {str(number): base64.b64encode(content).decode() for number, content in again.items()}
        writer = ContentWriter(sealed)
        for line in change(lines):
            writer.write(line.kind, line.content)
        writer.finish()
    return new
