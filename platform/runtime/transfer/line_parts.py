"""The objects of which one line of a table holds records, and the lookups that join them.

A table for one object has lines of one part; nothing else knows the difference.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from amparo.metadata.fields.registry import field_type
from amparo.metadata.model import Application, FieldDefinition, ObjectDefinition
from amparo.metadata.problems import Problem, near_name
from amparo.metadata.wording import N_
from amparo.runtime.errors import InvalidAnswers
from amparo.runtime.releases.live import LiveObject, LiveRelease
from amparo.runtime.transfer.mapping import ImportMapping, OtherObject


@dataclass(frozen=True, slots=True)
class LinePart:
    """One object of a line.

    ``mapping`` is of this object alone, with its fields' own names. ``links``
    gives for a lookup the object of the line it points to. ``is_master``:
    another part points here, so several lines may speak of one record.
    ``path`` is where a mapping speaks of it, empty of its own object.
    ``acknowledged`` is as :class:`Change` has it.
    """

    live: LiveObject
    mapping: ImportMapping
    links: Mapping[str, str]
    is_master: bool
    path: str
    acknowledged: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        return self.live.name

    def headers(self) -> list[str]:
        """The columns that say something of this object, each once."""
        joined = (header for headers in self.mapping.joined.values() for header in headers)
        return list(dict.fromkeys((*self.mapping.columns, *joined)))


def line_parts(release: LiveRelease, object_name: str, mapping: ImportMapping) -> tuple[LinePart, ...]:
    """Objects stand before those that point to them.

    Raises :class:`NotFound` for an unknown object of its own, :class:`InvalidAnswers` where others are not to be
    found, or not joined.
    """
    own = release.object(object_name)
    others = {name: mapping.others.get(name, OtherObject()) for name in _other_names(release, own.name, mapping)}
    unknown = [_unknown_object(release, name) for name in others if name not in release.application.objects]
    if unknown:
        raise InvalidAnswers(unknown)
    said = {own.name: OtherObject(mapping.match, mapping.links, mapping.record_type)} | others
    mappings = {name: _of_object(name, tuple(said), mapping, each) for name, each in said.items()}
    lives = {name: release.object(name) for name in mappings}
    linking = _Linking(lives, mappings)
    links = linking.links()
    problems = [*linking.problems, *_unjoined(lives, links, own.name)]
    order = _in_order(links)
    if not problems and len(order) < len(lives):
        advice = N_("The objects of a row point to each other in a circle. Say under “links” which lookup counts.")
        problems = [Problem("links_in_circle", "links", None, advice)]
    if problems:
        raise InvalidAnswers(problems)
    masters = {target for found in links.values() for target in found.values()}
    return tuple(
        LinePart(
            lives[name], mappings[name], links[name], name in masters, "" if name == own.name else f"objects.{name}."
        )
        for name in order
    )


def object_and_field(path: str) -> tuple[str, str]:
    """``person.name`` names an object and its field, ``name`` a field of the mapping's own object."""
    before, dot, after = path.partition(".")
    return (before, after) if dot else ("", path)


def field_at(application: Application, definition: ObjectDefinition, path: str) -> FieldDefinition | None:
    """The field that a path names, seen from a mapping's own object; None for ``owner`` and what there is not."""
    before, name = object_and_field(path)
    held = application.objects.get(before) if before else definition
    return held.by_name.get(name) if held else None


def _other_names(release: LiveRelease, own: str, mapping: ImportMapping) -> list[str]:
    paths = (*(column.field for column in mapping.columns.values()), *mapping.joined)
    named = [object_and_field(path)[0] for path in paths]
    used = (name for name in named if name in release.application.objects)
    return [name for name in dict.fromkeys((*mapping.others, *used)) if name != own]


def _of_object(name: str, names: Sequence[str], mapping: ImportMapping, said: OtherObject) -> ImportMapping:
    """What a mapping says of one object; the first of ``names`` is its own, which gets what names none of them."""

    def own_field(path: str) -> str | None:
        before, field = object_and_field(path)
        if before in names:
            return field if before == name else None
        return path if name == names[0] else None

    columns = {
        header: replace(column, field=field)
        for header, column in mapping.columns.items()
        if (field := own_field(column.field)) is not None
    }
    joined = {field: headers for path, headers in mapping.joined.items() if (field := own_field(path)) is not None}
    return ImportMapping(columns, match=said.match, links=said.links, joined=joined, record_type=said.record_type)


class _Linking:
    """Finds for each object of a line the lookups that point to others of them."""

    def __init__(self, lives: Mapping[str, LiveObject], mappings: Mapping[str, ImportMapping]) -> None:
        self._lives = lives
        self._mappings = mappings
        self.problems: list[Problem] = []

    def links(self) -> dict[str, dict[str, str]]:
        found = {name: self._found(name) for name in self._lives}
        for name, links in found.items():
            # Of two objects that point to each other, the one that must comes below.
            for field, target in list(links.items()):
                back = next((field for field, each in found[target].items() if each == name), None)
                if back is not None and self._must(name, field) and not self._must(target, back):
                    del found[target][back]
        return {name: self._said(name) | found[name] for name in self._lives}

    def _must(self, name: str, field: str) -> bool:
        definition = self._lives[name].definition.by_name[field]
        return definition.required or definition.type == "master_detail"

    def _lookups(self, name: str, target: str) -> list[FieldDefinition]:
        """Lookups of an object to another one that no column fills."""
        filled = {column.field for column in self._mappings[name].columns.values()}
        return [
            each
            for each in self._lives[name].definition.active_fields
            if field_type(each.type).family == "reference"
            and target in each.targets
            and target != name
            and each.name not in filled
        ]

    def _said(self, name: str) -> dict[str, str]:
        found: dict[str, str] = {}
        for field, target in self._mappings[name].links.items():
            if target in self._lives and field in [each.name for each in self._lookups(name, target)]:
                found[field] = target
            else:
                advice = N_("“{object}” has no free lookup “{field}” to “{target}”, or the rows hold no such object.")
                params = {"object": name, "field": field, "target": target}
                self.problems.append(Problem("unknown_link", f"links.{field}", target, advice, params))
        return found

    def _found(self, name: str) -> dict[str, str]:
        """Lookups that need not be said: there is one to this object alone, or one of them makes the master."""
        found: dict[str, str] = {}
        for target in self._lives:
            if target in self._mappings[name].links.values() or name in self._mappings[target].links.values():
                continue
            lookups = [each for each in self._lookups(name, target) if len(each.targets) == 1]
            sure = [each for each in lookups if each.type == "master_detail"]
            sure = sure or [each for each in lookups if each.required] or lookups
            if len(sure) > 1:
                advice = N_(
                    "“{object}” points to “{target}” by several lookups. Name one of them under “links”: {names}."
                )
                params = {"object": name, "target": target, "names": ", ".join(each.name for each in sure)}
                self.problems.append(Problem("several_links", "links", target, advice, params))
            elif sure:
                found[sure[0].name] = target
        return found


def _unjoined(lives: Mapping[str, LiveObject], links: Mapping[str, Mapping[str, str]], own: str) -> Iterator[Problem]:
    reached, before = {own}, set[str]()
    while reached != before:
        before = set(reached)
        reached |= {target for name in before for target in links[name].values()}
        reached |= {name for name, found in links.items() if before & set(found.values())}
    for name, live in lives.items():
        if name not in reached:
            advice = N_(
                "Nothing joins “{object}” with the other records of a row. "
                "Choose also the record that lies between them, such as a case, or leave it out."
            )
            params = {"object": live.definition.label, "object_id": live.definition.id}
            yield Problem("not_joined", f"objects.{name}", name, advice, params)


def _in_order(links: Mapping[str, Mapping[str, str]]) -> list[str]:
    """Masters first; those that stand in a circle are left out."""
    order: list[str] = []
    while free := [name for name in links if name not in order and set(links[name].values()) <= set(order)]:
        order += free
    return order


def _unknown_object(release: LiveRelease, name: str) -> Problem:
    near = near_name(name, list(release.application.objects))
    advice = N_("There is no object “{name}”. Did you mean “{near}”?") if near else N_("There is no object “{name}”.")
    return Problem("unknown_name", f"objects.{name}", name, advice, {"name": name, "near": near})
