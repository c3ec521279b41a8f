"""The file key: it wraps what opens every organisation, and can be replaced while people work.

During a rotation its successor lies beside it (``file.key.next``). What is
wrapped meanwhile is wrapped by the successor; what is opened may be wrapped by
either, so every process looks at both files when its own key does not open
something. In the end the successor takes the name, and the old key stays as
``file.key.old-…`` until somebody destroys it.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from amparo.runtime.durability import sync_folder
from amparo.runtime.keys import KeyProblem, file_key, seal, unseal

_Opened = TypeVar("_Opened")


class FileKey:
    """Made on first use. Raises :class:`KeyProblem` for a file that holds no key."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._next = path.with_name(f"{path.name}.next")
        self._keys = self._read()

    def _read(self) -> tuple[bytes, ...]:
        """The key, then its successor where there is one."""
        paths = (self._path, self._next) if self._next.exists() else (self._path,)
        return tuple(file_key(path) for path in paths)

    @property
    def newest(self) -> bytes:
        """What wraps from now on."""
        return self._keys[-1]

    def seal(self, content: bytes, bound_to: bytes) -> bytes:
        return seal(self.newest, content, bound_to)

    def unseal(self, sealed: bytes, bound_to: bytes) -> bytes:
        """Raises :class:`KeyProblem`."""
        return self.opening(lambda key: unseal(key, sealed, bound_to))

    def opening(self, attempt: Callable[[bytes], _Opened]) -> _Opened:
        """What ``attempt`` gives with the key that opens it. Raises its :class:`KeyProblem` when none does."""
        try:
            return self._first_that_opens(attempt)
        except KeyProblem:
            # Another process may have begun or ended a rotation since this one read the files.
            self._keys = self._read()
            return self._first_that_opens(attempt)

    def _first_that_opens(self, attempt: Callable[[bytes], _Opened]) -> _Opened:
        *older, last = reversed(self._keys)
        for key in older:
            try:
                return attempt(key)
            except KeyProblem:
                continue
        return attempt(last)

    def begin_rotation(self) -> None:
        """Makes the successor; one that an interrupted rotation made stays."""
        file_key(self._next)
        self._keys = self._read()

    def end_rotation(self) -> Path:
        """The successor takes the name. Gives where the old key lies. Raises :class:`OSError`."""
        old = self._path.with_name(f"{self._path.name}.old-{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}")
        os.link(self._path, old)
        self._next.replace(self._path)
        sync_folder(self._path.parent)
        self._keys = self._read()
        return old
