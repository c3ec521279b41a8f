"""A disk that is soon full: a small file system where root may mount one, else a limit on the size of each file."""

from __future__ import annotations

import os
import resource
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_BALLAST = "ballast"
_PIECE = bytes(256 * 1024)
#: What a file may hold where nothing can be mounted: less than a store and its log.
_FILE_LIMIT = 300_000


class SmallDisk:
    """A folder; inside :meth:`full` nothing more fits into it."""

    def __init__(self, folder: Path, megabytes: int = 64) -> None:
        self.folder = folder
        mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)]
        may_mount = os.geteuid() == 0
        self.is_mounted = may_mount and subprocess.run(mount, capture_output=True, check=False).returncode == 0

    @contextmanager
    def full(self) -> Iterator[None]:
        if self.is_mounted:
            with self._filled():
                yield
            return
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (_FILE_LIMIT, before[1]))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)

    @contextmanager
    def _filled(self) -> Iterator[None]:
        ballast = self.folder / _BALLAST
        with suppress(OSError), ballast.open("wb", buffering=0) as file:
            while file.write(_PIECE):
                pass
        try:
            yield
        finally:
            ballast.unlink()

    def remove(self) -> None:
        if self.is_mounted:
            # What still lies open in it goes with its last user.
            subprocess.run(["umount", "--lazy", str(self.folder)], check=True)
