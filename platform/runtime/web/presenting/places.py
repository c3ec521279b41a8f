"""The organisation's places on a page: one place with what lies in it, and what an import of places changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext, ngettext

from amparo.metadata.fields.registry import field_type
from amparo.metadata.filters import operators_for
from amparo.metadata.model import FieldDefinition, FilterRow, ObjectDefinition
from amparo.metadata.places import Place
from amparo.metadata.wording import N_
from amparo.runtime.fields.standard_names import language_name
from amparo.runtime.planner.queries import ListQuery
from amparo.runtime.web.addresses import list_url, with_arguments
from amparo.runtime.web.directions import isolated
from amparo.runtime.web.presenting.layouts import may_see
from amparo.runtime.web.presenting.lengths import length_mark, length_of
from amparo.runtime.web.presenting.reports import figure_words
from amparo.runtime.web.problems import said_of
from amparo.runtime.web.typed_rows import TypedRow, row_arguments
from amparo.runtime.web.visits import Visit
from amparo.runtime.web.widgets.base import Shown

_IN_ROW = "row "
#: What may differ between a place before and after, beside its names in languages and whether it is closed.
_PARTS: Mapping[str, str] = {"name": N_("Name"), "level": N_("Level"), "parent": N_("Lies in")}


def place_url(visit: Visit, code: str | None = None, **more: str) -> str:
    """The page of a place; of the whole tree where none is named."""
    return with_arguments(url_for("places.tree", slug=visit.slug), {**({"place": code} if code else {}), **more})


def way_to(visit: Visit, code: str | None) -> list[dict[str, str]]:
    """Links from the whole tree down to a place."""
    line = visit.release.places.line(code) if code else []
    links = [{"url": place_url(visit, each.code), "label": each.named(visit.language)} for each in reversed(line)]
    return [{"url": place_url(visit), "label": gettext("Places")}, *links]


def place_rows(visit: Visit, places: Sequence[Place], *, by_path: bool = False) -> list[dict[str, Any]]:
    """Places as short lines, each with how much lies in it."""
    tree = visit.release.places
    return [
        {
            "url": place_url(visit, each.code),
            "text": tree.path(each.code, visit.language) if by_path else each.named(visit.language),
            "note": _about(each),
            "end": _size_words(visit, tree.size(each.code)),
        }
        for each in places
    ]


def _about(place: Place) -> str:
    if place.closed:
        return gettext("%(level)s, code %(code)s, closed", level=place.level, code=place.code)
    return gettext("%(level)s, code %(code)s", level=place.level, code=place.code)


def _size_words(visit: Visit, size: int) -> str:
    if not size:
        return ""
    return ngettext(
        "%(number)s place in it", "%(number)s places in it", size, number=figure_words(size, visit.language)
    )


def place_facts(visit: Visit, place: Place) -> list[dict[str, Any]]:
    names = [
        {"label": name_label(language, visit.language), "value": Shown("text", name, lang=language)}
        for language, name in sorted(place.names.items())
    ]
    return [
        {"label": gettext("Code"), "value": Shown("text", place.code)},
        {"label": gettext("Level"), "value": Shown("text", place.level)},
        {"label": gettext("Name"), "value": Shown("text", place.name)},
        *names,
    ]


def name_label(language: str, reader: str) -> str:
    """What the name of a place in a language is called for a reader of another."""
    return gettext("Name in %(language)s", language=language_name(language, reader))


def level_facts(visit: Visit) -> list[dict[str, Any]]:
    """How many places each level has, from the top down."""
    return [
        {"label": level, "value": Shown("text", figure_words(number, visit.language))}
        for level, number in visit.release.places.level_sizes.items()
    ]


def uses_of(visit: Visit, code: str) -> list[dict[str, Any]]:
    """How many records say, in each field that can be asked, that it was in the place or in what lies there."""
    return [
        item
        for definition in visit.release.application.objects.values()
        for field in definition.active_fields
        if _can_be_asked(visit, field)
        if (item := _use(visit, definition, field, code)) is not None
    ]


def _can_be_asked(visit: Visit, field: FieldDefinition) -> bool:
    is_place = field_type(field.type).family == "place" and may_see(visit, field)
    return is_place and any(each.name == "in_place" for each in operators_for(field))


def _use(visit: Visit, definition: ObjectDefinition, field: FieldDefinition, code: str) -> dict[str, Any] | None:
    query = ListQuery(definition.name, (field.name,), (FilterRow(field.name, "in_place", code),))
    number = length_of(visit, query)
    if not number:
        return None
    arguments = {"view": "all", **row_arguments(0, TypedRow(field.name, "in_place", code))}
    return {
        "url": list_url(visit, definition.name, arguments),
        "text": visit.words.plural(definition),
        "note": visit.words.field(field).label,
        "end": length_mark(number, visit.language),
    }


def changes_listed(visit: Visit, report: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """The first changes of a report by kind, as short lines."""
    return {
        kind: [_change_item(visit, each["old"], Place(**each["new"])) for each in changes]
        for kind, changes in report.get("listed", {}).items()
    }


def _change_item(visit: Visit, old: Mapping[str, Any] | None, new: Place) -> dict[str, Any]:
    if old is None or (new.closed and not old["closed"]):
        return {"text": new.named(visit.language), "note": _about(new)}
    return {"text": new.named(visit.language), "note": gettext(", ").join(_differences(visit, Place(**old), new))}


def _differences(visit: Visit, old: Place, new: Place) -> Iterator[str]:
    before, after = old.document(), new.document()
    for part, label in _PARTS.items():
        if before[part] != after[part]:
            yield _became(gettext(label), before[part] or "", after[part] or "")
    for language in sorted({*old.names, *new.names}):
        if old.names.get(language) != new.names.get(language):
            label = name_label(language, visit.language)
            yield _became(label, old.names.get(language, ""), new.names.get(language, ""))
    if old.closed and not new.closed:
        yield gettext("open again")


def _became(what: str, old: str, new: str) -> str:
    # Isolated, or a name would take the direction of what stands around it.
    told = {side: isolated(text or "–") for side, text in (("new", new), ("old", old))}
    return gettext("%(what)s: “%(new)s” in place of “%(old)s”", what=what, **told)


def problems_listed(report: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The problems of a report as short lines, with the row of each."""
    return [{"sentence": said_of(each), "end": _row_words(each["path"])} for each in report["problems"]]


def _row_words(path: str) -> str:
    row = path.removeprefix(_IN_ROW)
    return gettext("Row %(row)s", row=row) if row != path else path
