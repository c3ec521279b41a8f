"""A folder of definition files made into one document, and back.

The only module of ``metadata`` that reads files. Reading never raises for
what is in the folder: whatever is wrong comes back as problems that name the
real file, with line and column where the text itself is broken.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from amparo.metadata.canonical import dump_pretty
from amparo.metadata.json_text import BrokenJson, parse_json
from amparo.metadata.kinds import APPLICATION_KIND, KEY_ORDER, KIND_OF_FOLDER, KINDS, Kind
from amparo.metadata.model import FORMAT
from amparo.metadata.problems import Problem, sort_problems
from amparo.metadata.wording import N_

#: (key in the document, index in its list) -> file, as named in problems. The application is ("application", 0).
Places = Mapping[tuple[str, int], str]


_FILE_STEM = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a folder holds. ``document`` leaves out the files that have problems."""

    document: dict[str, Any]
    problems: list[Problem]
    places: Places


@dataclass(frozen=True, slots=True)
class DefinitionFile:
    """One file as read: its kind, its path within the folder, and its content."""

    kind: Kind
    path: str
    content: dict[str, Any]


def read_folder(folder: Path) -> Reading:
    """Every ``.json`` file below ``folder``, in capitals too, but schemas (``.schema.json``) and hidden ones.

    Raises :class:`NotADirectoryError` when there is no such folder.
    """
    if not folder.is_dir():
        raise NotADirectoryError(folder)
    return _read([("", folder)])


def read_template() -> Reading:
    """The standard template that is shipped with the package."""
    package = files("amparo")
    return _read([("objects", package / "objects"), ("layouts", package / "layouts")])


def _read(roots: Iterable[tuple[str, Traversable]]) -> Reading:
    problems: list[Problem] = []
    found: list[DefinitionFile] = []
    for prefix, root in roots:
        for path, file in _json_files(root, prefix, problems):
            definition = _read_file(path, file, problems)
            if definition is not None:
                found.append(definition)
    document, places = application_document(found)
    problems.extend(_application_problems(found))
    return Reading(document, sort_problems(problems), places)


def application_document(found: Iterable[DefinitionFile]) -> tuple[dict[str, Any], Places]:
    """The one document of many files, each list in the order of name (translations: language), then identifier."""
    ordered = sorted(found, key=_order)
    document: dict[str, Any] = {"format": FORMAT}
    document.update({kind.folder: [] for kind in KINDS})
    places: dict[tuple[str, int], str] = {}
    for each in ordered:
        if each.kind is APPLICATION_KIND:
            document["application"] = each.content
            places["application", 0] = each.path
        else:
            entries = document[each.kind.folder]
            places[each.kind.folder, len(entries)] = each.path
            entries.append(each.content)
    return document, places


def _order(each: DefinitionFile) -> tuple[str, str, str]:
    return str(each.content.get(each.kind.key)), str(each.content.get("id")), each.path


def _json_files(folder: Traversable, prefix: str, problems: list[Problem]) -> Iterator[tuple[str, Traversable]]:
    for entry in _entries(folder, prefix, problems):
        name = _shown(entry.name)
        path = f"{prefix}/{name}" if prefix else name
        if entry.name.startswith((".", "__")):
            continue
        if isinstance(entry, Path) and entry.is_symlink():
            advice = N_("Put a copy here instead of a link: links are not followed.")
            problems.append(Problem("link", path, None, advice))
        elif entry.is_dir():
            yield from _json_files(entry, path, problems)
        elif name in KIND_OF_FOLDER:
            # As a link is written where a system knows none; all that is defined there would be missing without a word.
            advice = N_("Make this a folder that holds a file for each definition.")
            problems.append(Problem("no_folder", path, None, advice))
        elif not name.lower().endswith(".json") or name.lower().endswith(".schema.json"):
            continue
        elif entry.is_file():
            yield path, entry
        else:
            # A pipe would be waited for without end.
            problems.append(_unreadable(path))


def _entries(folder: Traversable, path: str, problems: list[Problem]) -> list[Traversable]:
    try:
        return sorted(folder.iterdir(), key=lambda each: each.name)
    except OSError:
        problems.append(_unreadable(path or folder.name))
        return []


def _shown(name: str) -> str:
    """Bytes in a file's name that are no UTF-8 as ``\\xe9``: as they are no terminal and no page could write them."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _unreadable(path: str) -> Problem:
    return Problem("unreadable", path, None, N_("Make the file readable."))


def _read_file(path: str, file: Traversable, problems: list[Problem]) -> DefinitionFile | None:
    kind = _kind_of(path)
    if kind is None:
        advice = N_("Move the file into one of these folders: {folders}.")
        params = {"folders": ", ".join(KIND_OF_FOLDER)}
        problems.append(Problem("unknown_place", path, None, advice, params))
        return None
    try:
        content = parse_json(file.read_bytes())
    except BrokenJson as fault:
        place = f"{path}: line {fault.line}, column {fault.column}"
        problems.append(Problem(fault.kind, place, None, fault.advice, fault.params))
        return None
    except OSError:
        problems.append(_unreadable(path))
        return None
    if not isinstance(content, dict):
        problems.append(Problem("wrong_type", path, None, N_("Write one JSON object, in curly brackets.")))
        return None
    # The link to the schema serves the editor; it is no part of what is defined.
    content.pop("$schema", None)
    return DefinitionFile(kind, path, content)


def _kind_of(path: str) -> Kind | None:
    *folders, file = path.split("/")
    if file == "application.json":
        return APPLICATION_KIND
    return next((KIND_OF_FOLDER[name] for name in reversed(folders) if name in KIND_OF_FOLDER), None)


def _application_problems(found: Iterable[DefinitionFile]) -> Iterator[Problem]:
    paths = [each.path for each in found if each.kind is APPLICATION_KIND]
    for path in paths[:-1]:
        advice = N_("Keep only one application.json: there is another, {other}.")
        yield Problem("duplicate_file", path, None, advice, {"other": paths[-1]})


def write_folder(document: Mapping[str, Any], folder: Path, *, replace: bool = False) -> None:
    """Write a document as a folder of files, one per definition; reading it again gives the same document.

    Raises :class:`FileExistsError` when the folder already holds ``.json``
    files, unless ``replace`` says to remove those; :class:`ValueError` for a
    document whose names make no file names, which the checks would refuse.
    """
    texts = _file_texts(document)
    old = [Path(str(file)) for _, file in _json_files(folder, "", [])] if folder.exists() else []
    if old and not replace:
        raise FileExistsError(folder)
    for file in old:
        file.unlink()
    for path, text in texts.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="\n")


def _file_texts(document: Mapping[str, Any]) -> dict[str, str]:
    """Path within the folder -> text."""
    texts = {"application.json": dump_pretty(document["application"], KEY_ORDER)}
    for kind in KINDS:
        for entry in document.get(kind.folder, ()):
            stem = str(entry[kind.key])
            if f"{kind.folder}/{stem}.json" in texts:
                stem = f"{stem}-{entry['id']}"
            path = f"{kind.folder}/{stem}.json"
            if not _FILE_STEM.fullmatch(stem) or path in texts:
                raise ValueError(f"{stem!r} is no name for one file in {kind.folder}.")
            texts[path] = dump_pretty(entry, KEY_ORDER)
    return texts
