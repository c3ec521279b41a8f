from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from amparo.metadata.canonical import document_hash
from amparo.metadata.checks import check_reading
from amparo.metadata.reading import read_folder, read_template, write_folder

SHELTER = Path(__file__).parent / "shelter"
#: The user of least rights, by custom of every system.
_NOBODY = 65534


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SHELTER, tmp_path / "shelter"))


def kinds_and_paths(folder: Path) -> list[tuple[str, str]]:
    return [(problem.kind, problem.path) for problem in read_folder(folder).problems]


def test_a_folder_becomes_one_document_in_the_order_of_names() -> None:
    reading = read_folder(SHELTER)
    assert reading.problems == []
    assert list(reading.document) == [
        *("format", "objects", "picklists", "layouts", "list_views", "reports", "translations", "application"),
    ]
    assert [each["name"] for each in reading.document["objects"]] == ["resident", "stay"]
    assert [each["name"] for each in reading.document["picklists"]] == ["language", "risk"]
    assert reading.places["picklists", 1] == "picklists/risk.json"
    assert reading.places["application", 0] == "application.json"


def test_the_link_to_the_schema_is_no_part_of_the_document() -> None:
    assert "$schema" in json.loads((SHELTER / "application.json").read_text("utf-8"))
    assert "$schema" not in read_folder(SHELTER).document["application"]


def test_the_kind_of_a_file_is_its_nearest_folder(folder: Path) -> None:
    deep = folder / "layouts" / "phone" / "reports" / "more"
    deep.mkdir(parents=True)
    (folder / "reports" / "owed.json").rename(deep / "owed.json")
    (folder / "application.json").rename(deep / "application.json")
    assert read_folder(folder).document == read_folder(SHELTER).document
    assert read_folder(folder).places["reports", 1] == "layouts/phone/reports/more/owed.json"


def test_a_file_whose_ending_is_written_in_capitals_is_read(folder: Path) -> None:
    document = read_folder(folder).document
    file = folder / "picklists" / "risk.json"
    file.rename(file.with_suffix(".JSON"))
    assert read_folder(folder).document == document


def test_key_order_and_white_space_make_no_difference(folder: Path) -> None:
    for file in folder.rglob("*.json"):
        content = json.loads(file.read_text("utf-8"))
        turned = json.dumps(dict(reversed(content.items())), indent=7, ensure_ascii=True)
        file.write_text(turned, "utf-8")
    assert document_hash(read_folder(folder).document) == document_hash(read_folder(SHELTER).document)


@pytest.mark.parametrize("source", [read_template, lambda: read_folder(SHELTER)], ids=["template", "shelter"])
def test_reading_what_was_written_gives_the_same_document(tmp_path: Path, source: Any) -> None:
    document = source().document
    write_folder(document, tmp_path / "copy")
    again = read_folder(tmp_path / "copy")
    assert again.problems == []
    assert again.document == document


def test_writing_twice_gives_the_same_bytes_and_removes_what_is_gone(tmp_path: Path, document: dict[str, Any]) -> None:
    write_folder(document, tmp_path)
    first = {file: file.read_bytes() for file in tmp_path.rglob("*.json")}
    with pytest.raises(FileExistsError):
        write_folder(document, tmp_path)
    write_folder(document, tmp_path, replace=True)
    assert {file: file.read_bytes() for file in tmp_path.rglob("*.json")} == first
    document["reports"] = document["reports"][:1]
    write_folder(document, tmp_path, replace=True)
    assert not (tmp_path / "reports" / "owed.json").exists()


def test_two_translations_of_one_language_are_written_apart(tmp_path: Path, document: dict[str, Any]) -> None:
    document["translations"].append({"id": "more", "language": "km", "labels": {}})
    write_folder(document, tmp_path)
    assert (tmp_path / "translations" / "km-more.json").exists()


@pytest.mark.parametrize("name", ["../outside", "a/b", "", ".hidden"])
def test_a_name_that_is_no_file_name_is_never_written(tmp_path: Path, document: dict[str, Any], name: str) -> None:
    document["objects"][0]["name"] = name
    with pytest.raises(ValueError, match="no name for one file"):
        write_folder(document, tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


@pytest.mark.parametrize(
    ("text", "kind", "place"),
    [
        (b'{"id": 1,\n "id": 2}', "duplicate_key", "line 2, column 2"),
        (b'{"id": NaN}', "not_a_number", "line 1, column 8"),
        (b"\xef\xbb\xbf{}", "byte_order_mark", "line 1, column 1"),
        (b'{"id": "\xff"}', "not_utf8", "line 1, column 9"),
        (b"[" * 50 + b"]" * 50, "too_deep", "line 1, column 41"),
        (b'{"id": ', "not_json", "line 1, column 8"),
    ],
)
def test_broken_json_is_told_with_file_line_and_column(folder: Path, text: bytes, kind: str, place: str) -> None:
    (folder / "objects" / "stay.json").write_bytes(text)
    assert kinds_and_paths(folder) == [(kind, f"objects/stay.json: {place}")]


def test_a_file_that_is_no_object_is_told(folder: Path) -> None:
    (folder / "objects" / "stay.json").write_text("[]", "utf-8")
    assert kinds_and_paths(folder) == [("wrong_type", "objects/stay.json")]


def test_a_file_in_no_known_folder_is_told_and_other_files_are_left_alone(folder: Path) -> None:
    (folder / "stray.json").write_text("{}", "utf-8")
    (folder / "README.md").write_text("read me", "utf-8")
    (folder / ".cache").mkdir()
    (folder / ".cache" / "x.json").write_text("broken", "utf-8")
    assert kinds_and_paths(folder) == [("unknown_place", "stray.json")]


def test_a_second_application_file_is_told(folder: Path) -> None:
    shutil.copy(folder / "application.json", folder / "objects" / "application.json")
    assert kinds_and_paths(folder) == [("duplicate_file", "application.json")]


def test_links_are_not_followed(folder: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.json"
    secret.write_text('{"id": "secret"}', "utf-8")
    (folder / "objects" / "secret.json").symlink_to(secret)
    (folder / "objects" / "round").symlink_to(folder)
    assert kinds_and_paths(folder) == [("link", "objects/round"), ("link", "objects/secret.json")]
    assert "secret" not in json.dumps(read_folder(folder).document)


@contextmanager
def as_somebody_else() -> Iterator[None]:
    """Root may open everything, so it is somebody else for a moment."""
    before = os.geteuid()
    if before == 0:
        os.seteuid(_NOBODY)
    try:
        yield
    finally:
        os.seteuid(before)


@pytest.mark.parametrize("place", ["objects/stay.json", "objects"])
def test_a_file_or_folder_that_cannot_be_opened_is_told(
    folder: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    # From inside it: the folders above are closed to others.
    monkeypatch.chdir(folder)
    for each in (Path(), *Path().rglob("*")):
        each.chmod(0o755)
    Path(place).chmod(0)
    with as_somebody_else():
        assert kinds_and_paths(Path()) == [("unreadable", place)]
    Path(place).chmod(0o700)


def test_a_pipe_is_told_and_not_waited_for(folder: Path) -> None:
    os.mkfifo(folder / "objects" / "pipe.json")
    assert kinds_and_paths(folder) == [("unreadable", "objects/pipe.json")]


def test_a_file_that_bears_the_name_of_a_folder_of_definitions_is_told(folder: Path) -> None:
    """As a link is written where a system knows none."""
    shutil.rmtree(folder / "reports", ignore_errors=True)
    (folder / "reports").write_text("../reports", "utf-8")
    assert kinds_and_paths(folder) == [("no_folder", "reports")]


def test_a_file_whose_name_is_no_utf8_can_be_named(folder: Path) -> None:
    (folder / "objects" / os.fsdecode(b"caf\xe9.json")).write_text("[]", "utf-8")
    (problem,) = read_folder(folder).problems
    assert str(problem).encode("utf-8").startswith(rb"objects/caf\xe9.json: ")


def test_no_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(NotADirectoryError):
        read_folder(tmp_path / "none")


def test_an_empty_folder_lacks_an_application(tmp_path: Path) -> None:
    problems = check_reading(read_folder(tmp_path))
    assert [(problem.kind, problem.path) for problem in problems] == [("application_missing", "application.json")]


def test_what_refers_to_a_broken_file_is_not_told_twice(folder: Path) -> None:
    (folder / "objects" / "stay.json").write_text("{", "utf-8")
    (folder / "picklists" / "risk.json").write_text("{", "utf-8")
    (folder / "application.json").write_text("{", "utf-8")
    problems = check_reading(read_folder(folder))
    assert [problem.path.partition(": ")[0] for problem in problems] == [
        "application.json",
        "objects/stay.json",
        "picklists/risk.json",
    ]


def test_the_shipped_template_has_no_problem() -> None:
    reading = read_template()
    assert len(reading.document["objects"]) >= 3
    assert [str(problem) for problem in check_reading(reading)] == []
