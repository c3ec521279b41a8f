"""Files that a command writes where somebody asked for them."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import BinaryIO

from amparo.runtime.durability import written_aside


def written_file(path: Path) -> AbstractContextManager[BinaryIO]:
    """It has its name only when it is whole: half of an export could be taken for all of it. Its owner's alone.

    What is there and no file, such as /dev/stdout, is written as it is.
    """
    if path.exists() and not path.is_file():
        return path.open("wb")
    return written_aside(path)
