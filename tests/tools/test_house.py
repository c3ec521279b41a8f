"""The house rules are noticed when they are broken."""

from __future__ import annotations

from pathlib import Path

from tools.house import find_faults


def test_a_file_as_long_as_a_book_is_reported(tmp_path: Path) -> None:
    (tmp_path / "admin").mkdir()
    (tmp_path / "admin" / "__init__.py").touch()
    (tmp_path / "admin" / "book.py").write_text("x = 1\n" * 401)
    (tmp_path / "admin" / "page.py").write_text("x = 1\n" * 400)
    assert [fault.split()[:3] for fault in find_faults(tmp_path)] == [["admin/book.py", "has", "401"]]


def test_a_module_named_after_a_kind_of_help_is_reported(tmp_path: Path) -> None:
    (tmp_path / "plugins").mkdir()
    (tmp_path / "plugins" / "__init__.py").touch()
    (tmp_path / "plugins" / "utils.py").write_text("")
    assert len(list(find_faults(tmp_path))) == 1


def test_a_platform_package_is_reported(tmp_path: Path) -> None:
    (tmp_path / "platform").mkdir()
    (tmp_path / "platform" / "__init__.py").write_text("")
    assert "hides the standard library" in next(find_faults(tmp_path))


def test_a_folder_of_modules_that_is_no_package_is_reported(tmp_path: Path) -> None:
    (tmp_path / "admin" / "commands").mkdir(parents=True)
    (tmp_path / "admin" / "__init__.py").touch()
    (tmp_path / "admin" / "commands" / "serve.py").touch()
    assert [fault.split()[0] for fault in find_faults(tmp_path)] == ["admin/commands"]
