"""What is published is whole: it holds every file of the rooms and runs without a checkout."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

from servers.programs import ROOT

pytestmark = pytest.mark.slow

ROOMS = ("platform", "admin", "plugins", "objects", "layouts")


@pytest.fixture(scope="module")
def source_archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("archive")
    build(ROOT, "sdist", folder)
    return next(folder.glob("*.tar.gz"))


@pytest.fixture(scope="module")
def wheel(source_archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from the source archive alone, on a machine that has no Node."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run([sys.executable, "-m", "tarfile", "--extract", str(source_archive), str(folder)], check=True)
    build(next(folder.glob("amparo-*")), "wheel", folder, path="")
    return next(folder.glob("*.whl"))


def build(project: Path, target: str, folder: Path, path: str = os.environ["PATH"]) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "--target", target, "--directory", str(folder)]
    subprocess.run(command, cwd=project, check=True, env={**os.environ, "PATH": path}, stdout=subprocess.DEVNULL)


def tracked_files() -> set[str]:
    """The rooms' files in git, by their names in the import view."""
    if not (ROOT / ".git").exists() or shutil.which("git") is None:
        pytest.skip("this is no git checkout, so there is no list of tracked files")
    listing = subprocess.run(
        ["git", "ls-files", "-z", *ROOMS], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    present = [name for name in listing.split("\0") if name and (ROOT / name).exists()]
    return {f"amparo/{name.removeprefix('platform/')}" for name in present}


def built_files() -> set[str]:
    """What git does not hold: compiled catalogues and the bundled front end."""
    runtime = ROOT / "platform" / "runtime"
    paths = [*runtime.glob("translations/*/LC_MESSAGES/*.po"), *runtime.glob("web/static/dist/*")]
    names = [path.relative_to(ROOT / "platform") for path in paths]
    return {f"amparo/{name.with_suffix('.mo') if name.suffix == '.po' else name}" for name in names}


def test_the_source_archive_holds_every_file_of_the_rooms(source_archive: Path) -> None:
    with tarfile.open(source_archive) as archive:
        held = {name.partition("/src/")[2] for name in archive.getnames()}
    assert tracked_files() | built_files() <= held


def test_a_wheel_made_without_node_holds_every_file_of_the_rooms(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        held = set(archive.namelist())
    assert tracked_files() | built_files() <= held
    assert "amparo/runtime/web/static/dist/manifest.json" in held
    assert "amparo/py.typed" in held


def test_an_installed_wheel_runs_with_no_checkout(wheel: Path, tmp_path: Path) -> None:
    """The dependencies are lent by this environment; Amparo itself comes from the wheel alone."""
    fresh = tmp_path / "fresh"
    venv.create(fresh, symlinks=True)
    python = fresh / "bin" / "python"
    install = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*install, str(wheel)], check=True)
    packages = next(fresh.glob("lib/*/site-packages"))
    (packages / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n")
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    where = subprocess.run(
        [python, "-c", "import amparo.metadata; print(amparo.metadata.__file__)"],
        cwd=tmp_path, env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert fresh in Path(where.stdout.strip()).parents
    answer = subprocess.run(
        [fresh / "bin" / "amparo", "--help"], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert answer.returncode == 0, answer.stderr
    assert "Usage: amparo" in answer.stdout
