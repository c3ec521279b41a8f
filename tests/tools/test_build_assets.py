"""The front end is bundled under names with content hashes, and only when its sources changed."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from servers.absence import report_absence
from servers.programs import ROOT

DIST = Path("src/amparo/runtime/web/static/dist")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A small project with one script, one style sheet and one catalogue."""
    if not (ROOT / "node_modules" / "esbuild").is_dir():
        report_absence("esbuild (run: make assets)")
    (tmp_path / "tools").mkdir()
    for name in ("tools/build_assets.py", "package.json", "package-lock.json"):
        shutil.copy2(ROOT / name, tmp_path / name)
    (tmp_path / "node_modules").symlink_to(ROOT / "node_modules")
    runtime = tmp_path / "src" / "amparo" / "runtime"
    assets = runtime / "web" / "assets"
    (assets / "parts").mkdir(parents=True)
    (assets / "app.ts").write_text('import { greet } from "./parts/greet";\ngreet("shelter");\n')
    (assets / "parts" / "greet.ts").write_text("export const greet = (name: string): void => console.log(name);\n")
    (assets / "app.css").write_text("main { & p { margin: 0 } }\n")
    catalogue = runtime / "translations" / "ar" / "LC_MESSAGES"
    catalogue.mkdir(parents=True)
    (catalogue / "messages.po").write_text('msgid ""\nmsgstr ""\n\nmsgid "Case"\nmsgstr "حالة"\n', encoding="utf-8")
    return tmp_path


def build(checkout: Path) -> dict[str, str]:
    subprocess.run([sys.executable, "tools/build_assets.py"], cwd=checkout, check=True)
    names: dict[str, str] = json.loads((checkout / DIST / "manifest.json").read_text())
    return names


def test_each_entry_is_bundled_under_a_name_with_its_hash(checkout: Path) -> None:
    names = build(checkout)
    assert set(names) == {"app.css", "app.js"}
    script = (checkout / DIST / names["app.js"]).read_text()
    assert "shelter" in script
    assert "import" not in script
    assert names["app.js"].startswith("app-")


def test_what_a_script_imports_while_it_runs_is_a_file_of_its_own_and_no_entry(checkout: Path) -> None:
    entry = checkout / "src/amparo/runtime/web/assets/app.ts"
    entry.write_text('void import("./parts/greet").then(({ greet }) => greet("shelter"));\n')
    names = build(checkout)
    assert set(names) == {"app.css", "app.js"}
    assert "console" not in (checkout / DIST / names["app.js"]).read_text()
    assert [path.name[:6] for path in (checkout / DIST).glob("*.js") if path.name != names["app.js"]] == ["greet-"]


def test_a_changed_part_gives_a_new_name_and_the_old_file_goes(checkout: Path) -> None:
    before = build(checkout)
    part = checkout / "src/amparo/runtime/web/assets/parts/greet.ts"
    part.write_text(part.read_text().replace("console.log", "console.warn"))
    after = build(checkout)
    assert after["app.js"] != before["app.js"]
    assert after["app.css"] == before["app.css"]
    assert not (checkout / DIST / before["app.js"]).exists()


def test_a_front_end_built_from_the_same_sources_is_left_alone(checkout: Path) -> None:
    build(checkout)
    marker = checkout / DIST / "marker"
    marker.touch()
    build(checkout)
    assert marker.exists()


def test_every_catalogue_is_compiled(checkout: Path) -> None:
    build(checkout)
    compiled = checkout / "src/amparo/runtime/translations/ar/LC_MESSAGES/messages.mo"
    assert "حالة".encode() in compiled.read_bytes()
