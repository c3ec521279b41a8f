"""Puts on this machine what the tests need and says what it did: ``python -m servers.provision``.

Run from the root of the repository, with ``tests`` on the path.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from servers.programs import (
    FETCHED,
    HEADLESS_CHROMIUM,
    Program,
    find_chromium,
    find_fonts,
    find_postgres,
    find_redis,
)
from tools.build_assets import node_commands

#: A Chromium for machines where nobody may install packages. It brings the libraries it needs.
CHROMIUM_PACKAGE = "@sparticuz/chromium@^147"
UNPACK_CHROMIUM = """
import chromium from '@sparticuz/chromium';
console.log(await chromium.executablePath());
"""


def main() -> None:
    install_debian_packages()
    if find_chromium() is None:
        fetch_chromium()
        find_chromium.cache_clear()
    programs: dict[str, Callable[[], Program | None]] = {
        "PostgreSQL": lambda: find_postgres(18),
        "Redis": find_redis,
        "Chromium": find_chromium,
        "fonts": find_fonts,
    }
    for name, find in programs.items():
        if find() is None:
            print(f"{name}: not found on this machine, and not to be had; tests that need it are skipped")


def install_debian_packages() -> None:
    """Install the browser and the fonts, where apt is there and may be used."""
    missing = [HEADLESS_CHROMIUM] if shutil.which(HEADLESS_CHROMIUM) is None else []
    missing += ["fonts-noto-core"] if find_fonts() is None else []
    if not missing or os.geteuid() != 0 or shutil.which("apt-get") is None:
        return
    print(f"Installing {' and '.join(missing)} with apt", flush=True)
    run_apt("update")
    for package in missing:
        # One by one, because apt installs nothing of a list of which it does not know one.
        run_apt("install", "--yes", "--no-install-recommends", package)
    find_chromium.cache_clear()
    find_fonts.cache_clear()


def run_apt(*arguments: str) -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "-qq", *arguments], env=environment, stdout=subprocess.DEVNULL, check=False)


def fetch_chromium() -> None:
    """Fetch a Chromium from npm into the cache of this checkout, with the libraries it brings."""
    node, npm = node_commands()
    folder = FETCHED / "chromium"
    print(f"Fetching Chromium from npm into {folder}", flush=True)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "package.json").write_text('{"private": true, "type": "module"}\n')
    install = [*npm, "install", "--ignore-scripts", "--no-audit", "--no-fund", CHROMIUM_PACKAGE]
    subprocess.run(install, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    # Only under a name of this kind does the package unpack its libraries too.
    environment = {**os.environ, "TMPDIR": str(folder), "AWS_EXECUTION_ENV": "AWS_Lambda_nodejs22.x"}
    unpack = [*node, "--input-type=module", "--eval", UNPACK_CHROMIUM]
    subprocess.run(unpack, cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL)
    write_launcher(folder)


def write_launcher(folder: Path) -> None:
    """A command that starts the browser with the libraries it brings, which a bare machine lacks."""
    launcher = folder / "chrome"
    launcher.write_text(f'#!/bin/sh\nLD_LIBRARY_PATH="{folder}/al2023/lib" exec "{folder}/chromium" "$@"\n')
    launcher.chmod(0o755)


if __name__ == "__main__":
    main()
