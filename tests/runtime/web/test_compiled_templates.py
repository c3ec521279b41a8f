"""Templates that were compiled before are taken from the home, and never at the cost of a page."""

from __future__ import annotations

from pathlib import Path

import pytest
from jinja2 import BytecodeCache

from amparo.app import create_app
from amparo.runtime.settings import Settings
from amparo.runtime.stores.organisations import Organisations
from amparo.runtime.web import compiled_templates


@pytest.fixture(autouse=True)
def as_in_production(monkeypatch: pytest.MonkeyPatch, production_templates: type[BytecodeCache]) -> None:
    monkeypatch.setattr(compiled_templates, "CompiledTemplates", production_templates)


def signing_in(home: Path) -> str:
    """The page as a new process's first one."""
    settings = Settings(home=home)
    organisations = Organisations(settings)
    organisations.migrate()
    organisations.close()
    answer = create_app(settings).test_client().get("/sign-in")
    assert answer.status_code == 200
    return answer.text


def compiled(home: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in (home / "cache" / "templates").iterdir()}


def test_the_next_start_takes_what_was_compiled(tmp_path: Path) -> None:
    signing_in(tmp_path)
    first = compiled(tmp_path)
    times = {file: file.stat().st_mtime_ns for file in (tmp_path / "cache" / "templates").iterdir()}
    assert 'name="password"' in signing_in(tmp_path)
    assert first
    assert compiled(tmp_path) == first
    assert {file: file.stat().st_mtime_ns for file in times} == times


def test_no_other_account_reads_or_writes_them(tmp_path: Path) -> None:
    signing_in(tmp_path)
    folder = tmp_path / "cache" / "templates"
    assert [path for path in (folder, *folder.iterdir()) if path.stat().st_mode & 0o077] == []


def test_damaged_ones_are_compiled_again(tmp_path: Path) -> None:
    signing_in(tmp_path)
    whole = compiled(tmp_path)
    for number, (name, content) in enumerate(sorted(whole.items())):
        (tmp_path / "cache" / "templates" / name).write_bytes(content[: len(content) * (number % 3) // 3])
    assert 'name="password"' in signing_in(tmp_path)
    assert compiled(tmp_path) == whole


def test_a_home_that_takes_none_serves_its_pages(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("no folder")
    assert 'name="password"' in signing_in(tmp_path)
    (tmp_path / "cache").unlink()
    folder = tmp_path / "cache" / "templates"
    folder.mkdir(parents=True)
    signing_in(tmp_path)
    for name in compiled(tmp_path):
        # Nothing can be written over a folder.
        (folder / name).unlink()
        (folder / name).mkdir()
    assert 'name="password"' in signing_in(tmp_path)
