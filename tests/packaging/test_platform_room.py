"""The room ``platform/`` shares its name with a module of the standard library and must never hide it."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from servers.programs import ROOT

STANDARD_LIBRARY = Path(sysconfig.get_path("stdlib")).resolve()
ASK = "import platform; platform.machine(); print(platform.__file__)"


def run_python(*arguments: str, path: str = "") -> str:
    environment = {**os.environ, "PYTHONPATH": path}
    command = [sys.executable, *arguments]
    answer = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    return answer.stdout.strip()


def test_platform_is_a_folder_and_not_a_package() -> None:
    assert (ROOT / "platform").is_dir()
    assert not (ROOT / "platform" / "__init__.py").exists()


@pytest.mark.parametrize("path", ["", str(ROOT), f"{ROOT / 'src'}{os.pathsep}{ROOT}"])
def test_the_standard_platform_module_is_the_one_imported(path: str) -> None:
    assert STANDARD_LIBRARY in Path(run_python("-c", ASK, path=path)).resolve().parents


def test_pytest_starts_as_a_module_from_the_root() -> None:
    assert run_python("-m", "pytest", "--version", path=str(ROOT)).startswith("pytest ")


def test_every_room_is_linked_into_the_import_view_by_a_relative_link() -> None:
    rooms = {
        "metadata": "platform/metadata",
        "runtime": "platform/runtime",
        "admin": "admin",
        "plugins": "plugins",
        "objects": "objects",
        "layouts": "layouts",
    }
    for name, room in rooms.items():
        link = ROOT / "src" / "amparo" / name
        assert link.is_symlink(), name
        assert str(link.readlink()) == f"../../{room}"
