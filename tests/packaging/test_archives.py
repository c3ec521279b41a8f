"""What is published is whole: it holds every file of the rooms and runs without a checkout."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import urllib.request
import venv
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
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


@pytest.fixture(scope="module")
def amparo(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command of a fresh environment. Dependencies are lent; Amparo itself comes from the wheel alone."""
    fresh = tmp_path_factory.mktemp("fresh")
    venv.create(fresh, symlinks=True)
    python = str(fresh / "bin" / "python")
    install = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*install, str(wheel)], check=True)
    packages = next(fresh.glob("lib/*/site-packages"))
    (packages / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return fresh / "bin" / "amparo"


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "AMPARO_HOME": str(tmp_path / "home")}


def test_an_installed_wheel_is_not_the_checkout(amparo: Path, tmp_path: Path, environment: dict[str, str]) -> None:
    ask = [str(amparo.with_name("python")), "-c", "import amparo.metadata; print(amparo.metadata.__file__)"]
    answer = subprocess.run(ask, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    assert amparo.parents[1] in Path(answer.stdout.strip()).parents


def test_an_installed_wheel_serves_pages_with_their_style(
    amparo: Path, tmp_path: Path, environment: dict[str, str]
) -> None:
    subprocess.run([amparo, "org", "create", "shelter"], cwd=tmp_path, env=environment, check=True)
    with serving([str(amparo), "serve", "--port", "0"], tmp_path, environment) as address:
        page = read(f"{address}/")
        style = re.search(r'href="(/static/dist/app-[^"]+\.css)"', page)
        assert style, page
        assert "{" in read(address + style.group(1))


@contextmanager
def serving(command: list[str], folder: Path, environment: dict[str, str]) -> Iterator[str]:
    """Start the server and give its address, which it prints when it is ready."""
    with subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            said = next(line for line in server.stdout if "http://" in line)
            yield said[said.index("http://") :].strip()
        finally:
            server.terminate()


def read(address: str) -> str:
    with urllib.request.urlopen(address, timeout=30) as answer:
        return str(answer.read().decode())
