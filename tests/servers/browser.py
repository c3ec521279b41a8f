"""How the tests start Chromium, and Playwright's driver on a machine that lacks a library of it."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path

from servers.processes import memory_folder
from servers.programs import read_version
from tools.build_assets import node_commands

#: Without a sandbox, which root has not; and without calls to hosts that are not this machine.
CHROMIUM_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def unwanted_arguments() -> list[str]:
    """Of those that Playwright gives: what Chromium's processes share may lie in memory where there is room, which
    spares two to four hundredths of what a browser takes; a small container has too little of it for any page.
    """
    return ["--disable-dev-shm-usage"] if memory_folder() is not None else []


def lend_node_to_playwright() -> None:
    """Where the Node inside Playwright does not start (a bare Debian lacks libatomic), name another."""
    package = importlib.util.find_spec("playwright")
    if package is None or package.origin is None or "PLAYWRIGHT_NODEJS_PATH" in os.environ:
        return
    if not read_version(Path(package.origin).parent / "driver" / "node"):
        os.environ["PLAYWRIGHT_NODEJS_PATH"] = node_commands()[0][0]
