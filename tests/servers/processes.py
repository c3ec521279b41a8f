"""Server processes that never outlive the tests that started them."""

from __future__ import annotations

import ctypes
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

#: The account without rights that PostgreSQL runs under when the tests run as root, which it refuses.
NOBODY = 65534
#: What a slow and busy machine may need for what others do in a second; a wait ends with what is waited for.
PATIENCE_SECONDS = 180.0
STOP_LIMIT = 15.0
#: Linux's folder in memory. What a server in tests keeps goes there where there is room: a table is several files,
#: and a disk makes them at half the speed.
MEMORY = Path("/dev/shm")
_ROOM_IN_MEMORY = 4 * 1024**3


class ServerDidNotStartError(RuntimeError):
    """A server ended, or stayed silent, before it answered. The message ends with its log."""


def make_server_folder(name: str, parent: Path | None = None) -> Path:
    """A new folder with a short path (a socket's path may hold 107 bytes) that any account may enter."""
    remove_abandoned_folders()
    folder = Path(tempfile.mkdtemp(prefix=f"amparo-{os.getpid()}-{name}-", dir=parent))
    folder.chmod(0o755)
    if os.geteuid() == 0:
        os.chown(folder, NOBODY, NOBODY)
    return folder


def remove_abandoned_folders() -> None:
    """Remove what test processes left that were killed before they could tidy up."""
    for parent in (Path(tempfile.gettempdir()), MEMORY):
        for folder in parent.glob("amparo-*-*"):
            owner = folder.name.split("-")[1]
            if owner.isdecimal() and not is_running(int(owner)):
                remove_server_folder(folder)


def memory_folder() -> Path | None:
    """Where files may lie in memory; None where there is no such place, or little room."""
    if not os.access(MEMORY, os.W_OK):
        return None
    place = os.statvfs(MEMORY)
    return MEMORY if place.f_bavail * place.f_frsize > _ROOM_IN_MEMORY else None


def is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def remove_server_folder(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)


def account_without_root() -> dict[str, Any]:
    """Arguments for ``subprocess`` that give up root's rights; empty for anybody else."""
    if os.geteuid() != 0:
        return {}
    return {"user": NOBODY, "group": NOBODY, "extra_groups": []}


def end_with_parent() -> None:
    """Ask Linux to end this process when the tests die without a chance to stop it."""
    if sys.platform == "linux":
        # The signal would write a core file first, which takes seconds on a busy disk.
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        # A shell lets what it runs in the background ignore this signal, and its children with it.
        signal.signal(signal.SIGQUIT, signal.SIG_DFL)
        set_parent_death_signal = 1
        ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGQUIT)


class ServerProcess:
    """One server, its folder and its log."""

    def __init__(self, command: Sequence[str], folder: Path, *, keeps_root: bool = False) -> None:
        self.log = folder / "server.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command,
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={"PATH": os.environ["PATH"], "LANG": "C"},
                preexec_fn=end_with_parent,  # noqa: PLW1509 (the tests start servers from one thread)
                **({} if keeps_root else account_without_root()),
            )

    def wait_until(self, is_ready: Callable[[], bool]) -> None:
        """Poll ``is_ready``; raise ServerDidNotStartError when the process ends or the limit passes."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not is_ready():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise ServerDidNotStartError(self.log.read_text(errors="replace")[-4000:])
            time.sleep(0.03)

    def stop(self) -> None:
        """Ask for an orderly end, and insist when it does not come."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(STOP_LIMIT)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
