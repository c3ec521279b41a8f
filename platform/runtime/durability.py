"""Files that are whole or not there, also after a power cut, and folders for them that nobody else may open."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

_FOLDER_MODE = 0o700


@contextmanager
def written_aside(path: Path) -> Iterator[BinaryIO]:
    """A file that has its name only when it is whole and on the disk; otherwise nothing stays. Its owner's alone."""
    aside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        aside.rename(path)
        sync_folder(path.parent)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise


def sync_folder(folder: Path) -> None:
    """A new name is on the disk only when its folder is."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def made_folder(folder: Path) -> Path:
    """Made with every folder above it that is missing, each of them on the disk before anything lies in it.

    They are their owner's alone, whatever the account lets others do with new folders: whoever could write into the
    home could put keys and compiled pages of their own there.
    """
    missing = [each for each in (folder, *folder.parents) if not each.is_dir()]
    for each in reversed(missing):
        each.mkdir(mode=_FOLDER_MODE, exist_ok=True)
        sync_folder(each.parent)
    return folder
