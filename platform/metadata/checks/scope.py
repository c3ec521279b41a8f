"""What the checks look at: the definitions of a document, those with a sound shape ready to ask."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from amparo.metadata.building import application_from
from amparo.metadata.canonical import canonical_bytes
from amparo.metadata.checks.shape import shape_problems
from amparo.metadata.checks.sound_parts import PathAsWritten, sound_part
from amparo.metadata.kinds import APPLICATION_KIND, KINDS, Kind
from amparo.metadata.model import SYSTEM_FIELDS, Application, FieldDefinition, ObjectDefinition
from amparo.metadata.problems import Path, Problem, near_name
from amparo.metadata.reading import Places
from amparo.metadata.wording import N_

_LEADING_NOWHERE = frozenset({"unknown_name", "unknown_field"})


@dataclass(frozen=True, slots=True)
class Definition:
    """One entry of the document, with the problems of its shape.

    ``content`` is what is left without the parts that have such problems, and ``lost`` are the texts in these. Where
    nothing is left it is not ``readable``, and the content is what is written.
    """

    kind: Kind
    path: Path
    content: Any
    problems: tuple[Problem, ...] = ()
    readable: bool = True
    lost: frozenset[str] = frozenset()

    @property
    def sound(self) -> bool:
        return not self.problems


@dataclass(frozen=True, slots=True)
class Scope:
    """All definitions, and the application made of what can be read of them, so that every check can run at once.

    ``names`` holds the names of all definitions by kind, also of those that cannot be read:
    what refers to those is not reported a second time. ``lost`` are the texts in all parts that have problems of
    their own.
    """

    definitions: tuple[Definition, ...]
    application: Application
    names: Mapping[str, frozenset[str]]
    lost: frozenset[str]

    def readable(self, kind: str) -> Iterator[Definition]:
        return (each for each in self.definitions if each.kind.name == kind and each.readable)

    def leads_to_what_is_lost(self, problem: Problem) -> bool:
        """Whether a name leads nowhere because the part that bears it has a problem of its own."""
        if problem.kind not in _LEADING_NOWHERE:
            return False
        names = {each for each in (problem.value, problem.params.get("name")) if isinstance(each, str)}
        return bool(names & self.lost)

    def object_named(self, name: str) -> ObjectDefinition | None:
        """The object, when it is there and can be read."""
        return self.application.objects.get(name)


def scope_of(
    document: Mapping[str, Any], places: Places | None = None, previous: Mapping[str, Any] | None = None
) -> Scope:
    """Shape every definition of ``document``, whatever it holds.

    A definition that stands unchanged in ``previous``, a document in force, is
    taken as sound: new rules bind new and changed definitions only.
    """
    in_force = frozenset(_in_force(previous or {}))
    definitions = tuple(
        Definition(kind, path, content)
        if in_force and (kind.name, canonical_bytes(content)) in in_force
        else _shaped(kind, path, content)
        for kind, path, content in _entries(document, places or {})
    )
    readable: dict[str, Any] = {
        "application": next(
            (each.content for each in definitions if each.kind is APPLICATION_KIND and each.readable),
            {"id": "application", "name": "application"},
        )
    }
    for kind in KINDS:
        readable[kind.folder] = [each.content for each in definitions if each.kind is kind and each.readable]
    names = {
        kind.name: frozenset(
            each.content["name"]
            for each in definitions
            if each.kind is kind and isinstance(each.content, dict) and isinstance(each.content.get("name"), str)
        )
        for kind in KINDS
    }
    lost = frozenset().union(*(each.lost for each in definitions))
    return Scope(definitions, application_from(readable), names, lost)


def _shaped(kind: Kind, path: Path, content: Any) -> Definition:
    problems = tuple(shape_problems(kind, content, path))
    if not problems:
        return Definition(kind, path, content)
    part = sound_part(kind, content)
    if part is None:
        return Definition(kind, path, content, problems, readable=False)
    as_written = PathAsWritten(path.file, path.steps, part.numbers)
    return Definition(kind, as_written, part.content, problems, lost=part.lost)


def _entries(document: Mapping[str, Any], places: Places) -> Iterator[tuple[Kind, Path, Any]]:
    if "application" in document:
        path = Path(places.get(("application", 0), "application.json"))
        yield APPLICATION_KIND, path, document["application"]
    for kind in KINDS:
        entries = document.get(kind.folder, [])
        for index, content in enumerate(entries if isinstance(entries, list) else []):
            place = places.get((kind.folder, index)) or _usual_place(kind, index, content)
            yield kind, Path(place), content


def _in_force(previous: Mapping[str, Any]) -> Iterator[tuple[str, bytes]]:
    return ((kind.name, canonical_bytes(content)) for kind, _, content in _entries(previous, {}))


def _usual_place(kind: Kind, index: int, content: Any) -> str:
    """Where the definition would lie as a file."""
    key = content.get(kind.key) if isinstance(content, dict) else None
    return f"{kind.folder}/{key}.json" if isinstance(key, str) else f"{kind.folder}[{index}]"


def field_named(owner: ObjectDefinition, name: str) -> FieldDefinition | str | None:
    """The field or the name of the system field; ``None`` when the object has neither."""
    return owner.by_name.get(name) or (name if name in SYSTEM_FIELDS else None)


def unknown_name(path: Path, what: str, name: str, known: Iterable[str]) -> Problem:
    """A name that leads nowhere, with the nearest one that does. ``what`` is one of the sentences below."""
    near = near_name(name, known)
    if near is None:
        return Problem("unknown_name", str(path), name, what, {"name": name})
    advice = N_("“{name}” is not known here. Did you mean “{near}”?")
    return Problem("unknown_name", str(path), name, advice, {"name": name, "near": near})


NO_OBJECT = N_("There is no object “{name}”. Add the file objects/{name}.json.")
NO_LIST_VIEW = N_("There is no list view “{name}”. Add the file layouts/list_views/{name}.json.")
NO_FIELD = N_("There is no field “{name}” on this object.")
NO_RECORD_TYPE = N_("There is no record type “{name}” on this object.")
NO_PERIOD = N_("Dates are grouped by month, quarter or year.")
NO_DEFINITION = N_("There is no definition with the identifier “{name}”.")
