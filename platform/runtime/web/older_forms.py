"""Forms that were opened under an earlier release: their boxes get the names that their fields have today.

A field may be renamed while somebody types. What was typed then goes where it was typed for, also where another field
has the old name meanwhile.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import request
from werkzeug.datastructures import ImmutableMultiDict

from amparo.metadata.model import Application
from amparo.runtime.releases.live import read_document
from amparo.runtime.web.entries import box_name
from amparo.runtime.web.visits import Visit
from amparo.runtime.web.whole_numbers import whole_number

#: The box that says under which release a form was made.
RELEASE = "release_"
#: Boxes that name a box or a list of rows, and those that name fields, one after the other.
_NAMING_A_BOX = frozenset({"find", "add_row"})
_NAMING_FIELDS = frozenset({"asked_", "bring_back", "mine_"})
_SHOWN = "shown_"
_ROW = "+"


def take_names_of_today(visit: Visit, object_name: str) -> None:
    """Renames the boxes of the form of this request, and of its files, where it was made under an earlier release."""
    number = whole_number(request.form.get(RELEASE, ""), 9) or 0
    if not 0 < number < visit.release.number:
        return
    with visit.store.asking() as connection:
        document = read_document(connection, visit.store.tables, number)
    names = _Names(document, visit.release.application, object_name)
    pairs = [
        (names.box(box), str(visit.release.number) if box == RELEASE else names.value(box, value))
        for box, value in request.form.items(multi=True)
    ]
    request.form = ImmutableMultiDict(pairs)
    request.files = ImmutableMultiDict([(names.box(box), file) for box, file in request.files.items(multi=True)])


class _Names:
    """What boxes were called in a form of ``object_name``, and what they are called today."""

    def __init__(self, document: Mapping[str, Any], application: Application, object_name: str) -> None:
        now = {each.id: each for each in application.objects.values()}
        kept = [each for each in document["objects"] if each["id"] in now]
        self._objects = {each["name"]: now[each["id"]].name for each in kept}
        self._fields: dict[str, dict[str, str]] = {}
        for each in kept:
            fields = {field.id: field.name for field in now[each["id"]].fields}
            self._fields[each["name"]] = {
                field["name"]: fields[field["id"]] for field in each["fields"] if field["id"] in fields
            }
        #: Of a name that the form needs for itself the box has an underscore after it.
        self._boxes = {
            name: {box_name(then): box_name(today) for then, today in fields.items()}
            for name, fields in self._fields.items()
        }
        self._own = next((then for then, today in self._objects.items() if today == object_name), "")

    def box(self, box: str) -> str:
        if not box.startswith(_ROW):
            return self._renamed(self._own, box)
        # "+object.lookup.number.field…", of which a list's own name is the beginning.
        group = box.removeprefix(_ROW).split(".", 3)
        if len(group) < 2:
            return box
        then = group[0]
        group[0] = self._objects.get(then, then)
        group[1] = self._field(then, group[1])
        group[3:] = [self._renamed(then, each) for each in group[3:]]
        return _ROW + ".".join(group)

    def value(self, box: str, value: str) -> str:
        """What a box holds, where that is names."""
        own = box.rpartition(".")[2] if box.startswith(_ROW) else box
        if own in _NAMING_A_BOX:
            return self.box(value)
        of = box.removeprefix(_ROW).partition(".")[0] if box.startswith(_ROW) else self._own
        if own == _SHOWN:
            pairs = (pair.partition(":") for pair in value.split())
            return " ".join(f"{self._field(of, name)}:{digest}" for name, _, digest in pairs)
        if own in _NAMING_FIELDS:
            return " ".join(self._field(of, name) for name in value.split())
        return value

    def _field(self, of: str, name: str) -> str:
        return self._fields.get(of, {}).get(name, name)

    def _renamed(self, of: str, box: str) -> str:
        name, dot, part = box.partition(".")
        return f"{self._boxes.get(of, {}).get(name, name)}{dot}{part}"
