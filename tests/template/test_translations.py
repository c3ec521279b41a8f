"""Everything people read in the template can be read in Arabic and Khmer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from amparo.runtime.serializer.wording import translated

SCRIPTS = {"ar": re.compile("[\u0600-\u06ff]"), "km": re.compile("[\u1780-\u17ff]")}
#: Names of apps that Khmer writes in Latin letters.
_LATIN_NAMES = {"picklist.platform:qq", "picklist.platform:qzone", "picklist.platform:4sale"}
_KEYS = ("label", "plural", "help", "message")


@pytest.mark.parametrize("language", SCRIPTS)
def test_every_text_of_the_template_is_translated(document: dict[str, Any], language: str) -> None:
    labels = _labels(document, language)
    missing = [
        f"{identifier} {key}"
        for identifier, texts in _translatable(document)
        for key in texts
        if not labels.get(identifier, {}).get(key)
    ]
    assert missing == []


@pytest.mark.parametrize("language", SCRIPTS)
def test_no_translation_is_left_over(document: dict[str, Any], language: str) -> None:
    wanted = {(identifier, key) for identifier, texts in _translatable(document) for key in texts}
    given = {(identifier, key) for identifier, texts in _labels(document, language).items() for key in texts}
    assert given - wanted == set()


@pytest.mark.parametrize("language", SCRIPTS)
def test_translations_are_written_in_the_script_of_their_language(document: dict[str, Any], language: str) -> None:
    foreign = [
        identifier
        for identifier, texts in _labels(document, language).items()
        for text in texts.values()
        if not SCRIPTS[language].search(text) and identifier not in _LATIN_NAMES
    ]
    assert foreign == []


@pytest.mark.parametrize("language", SCRIPTS)
def test_no_two_answers_of_a_picklist_read_the_same(document: dict[str, Any], language: str) -> None:
    labels = _labels(document, language)
    for picklist in document["picklists"]:
        read = [labels[f"{picklist['id']}:{option['code']}"]["label"] for option in picklist["options"]]
        assert sorted(read) == sorted(set(read)), picklist["name"]


@pytest.mark.parametrize("language", SCRIPTS)
def test_no_two_parts_of_a_page_are_called_the_same(document: dict[str, Any], language: str) -> None:
    """The history of a record stands among the parts of its page, under a word of the interface."""
    labels = _labels(document, language)
    for layout in document["layouts"]:
        read = [labels[f"{layout['id']}:{tab['name']}"]["label"] for tab in layout["tabs"]]
        read.append(translated("History", language))
        assert sorted(read) == sorted(set(read)), layout["name"]


def _labels(document: Mapping[str, Any], language: str) -> Mapping[str, Mapping[str, str]]:
    found: dict[str, Mapping[str, str]] = {}
    for translation in document["translations"]:
        if translation["language"] == language:
            found |= translation["labels"]
    return found


def _translatable(document: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Identifier and texts of all that people read. Parts without an identifier: ``id:name`` of their definition."""
    yield _own(document["application"])
    for defined in document["objects"]:
        yield _own(defined)
        for part in ("fields", "record_types", "validation_rules"):
            yield from (_own(each) for each in defined[part])
    for picklist in document["picklists"]:
        yield _own(picklist)
        yield from ((f"{picklist['id']}:{each['code']}", _texts(each)) for each in picklist["options"])
    for layout in document["layouts"]:
        yield _own(layout)
        yield from _layout_parts(layout)
    for kind in ("list_views", "reports"):
        yield from (_own(each) for each in document[kind])


def _layout_parts(layout: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, str]]]:
    for tab in layout["tabs"]:
        yield f"{layout['id']}:{tab['name']}", _texts(tab)
        for section in tab["sections"]:
            yield f"{layout['id']}:{section['name']}", _texts(section)
        for related in tab.get("related_lists", ()):
            yield f"{layout['id']}:{related['object']}.{related['field']}", _texts(related)


def _own(definition: Mapping[str, Any]) -> tuple[str, Mapping[str, str]]:
    return definition["id"], _texts(definition)


def _texts(definition: Mapping[str, Any]) -> Mapping[str, str]:
    return {key: definition[key] for key in _KEYS if definition.get(key)}
