"""What concerns the application as a whole: navigation, languages, time zone, translations, size."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from amparo.metadata.checks.scope import NO_DEFINITION, NO_LIST_VIEW, NO_OBJECT, Definition, Scope, unknown_name
from amparo.metadata.kinds import APPLICATION_KIND, KIND_OF_FOLDER
from amparo.metadata.limits import (
    MOST_LAYOUTS,
    MOST_LIST_VIEWS,
    MOST_OBJECTS,
    MOST_PICKLISTS,
    MOST_REPORTS,
)
from amparo.metadata.problems import Path, Problem
from amparo.metadata.wording import N_

_MOST = {
    "objects": MOST_OBJECTS,
    "picklists": MOST_PICKLISTS,
    "layouts": MOST_LAYOUTS,
    "list_views": MOST_LIST_VIEWS,
    "reports": MOST_REPORTS,
}
_NO_ZONE = N_("There is no time zone “{name}”. Write it like Asia/Phnom_Penh.")


def check_application(scope: Scope) -> Iterator[Problem]:
    if not any(each.kind is APPLICATION_KIND for each in scope.definitions):
        advice = N_("Add the file application.json with the application's id and name.")
        yield Problem("application_missing", "application.json", None, advice)
    for definition in scope.readable("application"):
        yield from _named(scope, definition, "navigation", "object", NO_OBJECT)
        yield from _named(scope, definition, "home", "list_view", NO_LIST_VIEW)
        yield from _languages(definition)
        yield from _time_zone(definition)
    yield from _translated_ids(scope)
    yield from _sizes(scope)


def _named(scope: Scope, definition: Definition, key: str, kind: str, what: str) -> Iterator[Problem]:
    """Each name that the application's list ``key`` gives of a definition that is not there."""
    for index, name in enumerate(definition.content.get(key, ())):
        if name not in scope.names[kind]:
            yield unknown_name(definition.path / key / index, what, name, scope.names[kind])


def _languages(definition: Definition) -> Iterator[Problem]:
    languages = definition.content.get("languages", ["en"])
    default = definition.content.get("default_language", languages[0])
    if default not in languages:
        advice = N_("Choose one of the languages: {languages}.")
        place = str(definition.path / "default_language")
        yield Problem("not_a_choice", place, default, advice, {"languages": ", ".join(languages)})


def _time_zone(definition: Definition) -> Iterator[Problem]:
    name = definition.content.get("time_zone", "UTC")
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        yield unknown_name(definition.path / "time_zone", _NO_ZONE, name, available_timezones())


def _translated_ids(scope: Scope) -> Iterator[Problem]:
    """Texts for what is not there are most often slips. Only asked when every definition could be read."""
    if not all(each.sound for each in scope.definitions):
        return
    known = set(_definition_ids(scope))
    for definition in scope.readable("translation"):
        for identifier in definition.content["labels"]:
            if identifier not in known:
                place = definition.path / "labels" / identifier
                yield unknown_name(place, NO_DEFINITION, identifier, known)


def _definition_ids(scope: Scope) -> Iterator[str]:
    for definition in scope.definitions:
        content = definition.content
        yield content["id"]
        if definition.kind.name == "object":
            for inner in ("fields", "record_types", "validation_rules"):
                yield from (each["id"] for each in content.get(inner, ()))
        if definition.kind.name == "picklist":
            yield from (f"{content['id']}:{option['code']}" for option in content["options"])
        if definition.kind.name == "layout":
            yield from (f"{content['id']}:{part}" for part in _layout_parts(content["tabs"]))


def _layout_parts(tabs: list[dict[str, Any]]) -> Iterator[str]:
    """Tabs, sections and related lists have no identifier of their own: they go by the layout's and their names."""
    for tab in tabs:
        yield tab["name"]
        yield from (section["name"] for section in tab.get("sections", ()))
        yield from (f"{related['object']}.{related['field']}" for related in tab.get("related_lists", ()))


def _sizes(scope: Scope) -> Iterator[Problem]:
    for folder, most in _MOST.items():
        kind = KIND_OF_FOLDER[folder]
        count = sum(each.kind is kind for each in scope.definitions)
        if count > most:
            advice = N_("Keep at most {maximum} of these; there are {count}.")
            yield Problem("limit", str(Path(folder)), count, advice, {"maximum": most, "count": count})
