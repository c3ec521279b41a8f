"""The house rules that no other tool knows: small files, and modules named after their subject."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

ROOMS = ("platform", "admin", "plugins", "src/amparo", "tests", "tools")
LONGEST_FILE = 400
NAMES_WITHOUT_SUBJECT = frozenset({"common", "helper", "helpers", "misc", "util", "utils"})
WATCHED = frozenset({".py", ".ts", ".css", ".html"})


def source_files(root: Path) -> Iterator[Path]:
    """The files that people write; what is built or reached through a link is left out."""
    for room in ROOMS:
        for path in sorted((root / room).rglob("*")):
            is_written = "dist" not in path.parts and "__pycache__" not in path.parts
            if path.suffix in WATCHED and is_written and path.is_file() and not path.is_symlink():
                yield path


def find_folders_without_package(root: Path) -> Iterator[Path]:
    """Folders of modules that lack ``__init__.py``: the import contracts do not see what lies in them."""
    for room in ("platform/metadata", "platform/runtime", "admin", "plugins"):
        folders = {path.parent for path in (root / room).rglob("*.py")}
        yield from sorted(folder for folder in folders if not (folder / "__init__.py").exists())


def find_faults(root: Path) -> Iterator[str]:
    for folder in find_folders_without_package(root):
        yield f"{folder.relative_to(root)} holds modules but no __init__.py, so the import contracts overlook it"
    for path in source_files(root):
        name = path.relative_to(root)
        length = len(path.read_text(encoding="utf-8").splitlines())
        if length > LONGEST_FILE:
            yield f"{name} has {length} lines; divide it by subject, {LONGEST_FILE} is the most"
        if path.stem in NAMES_WITHOUT_SUBJECT:
            yield f"{name} is named after a kind of help; name it after its subject"
    if (root / "platform" / "__init__.py").exists():
        yield "platform/__init__.py hides the standard library's module platform; remove it"


if __name__ == "__main__":
    findings = list(find_faults(Path(__file__).resolve().parent.parent))
    for finding in findings:
        print(finding)
    raise SystemExit(1 if findings else 0)
