"""Texts in eight scripts pass through every field type that takes text: kept, listed, found, exported, imported."""

from __future__ import annotations

import csv
import itertools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from amparo.metadata.addresses import Address
from amparo.metadata.fields.base import Answer
from amparo.metadata.rich_text import plain_text
from amparo.runtime.access import operator_actor
from amparo.runtime.planner.lists import list_page
from amparo.runtime.planner.queries import ListQuery
from amparo.runtime.projections.comparing import check_projections
from amparo.runtime.records import service
from amparo.runtime.records.changes import Batch, Change
from amparo.runtime.releases.publishing import publish
from amparo.runtime.serializer import Record
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations
from amparo.runtime.transfer.export_columns import ExportForm
from amparo.runtime.transfer.exporting import export_csv
from amparo.runtime.transfer.importing import import_file
from factories.multiscript import declarations, strings
from runtime.fields.store import document

Json = dict[str, Any]

#: The longest that each type takes here; a longer text goes through the others.
LONGEST = {"text": 255, "external_id": 100, "long_text": 32_000, "rich_text": 32_000, "address": 1000}
#: Names and places are short: as many as fit are kept together.
TOGETHER = 95
PAGE = 200
EVERY = 25
#: Stands in patterns for names and addresses, which are no texts.
_PATTERN = frozenset("{#")


def names_and_places(shared: Path) -> Iterator[str]:
    folder = shared / "real" / "multiscript"
    for path in sorted([*folder.glob("names/*.json"), *folder.glob("places/*/*.json")]):
        yield from strings(json.loads(path.read_text(encoding="utf-8")))
    for path in sorted(folder.glob("places/*/*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            yield from itertools.chain.from_iterable(csv.reader(file))


def together(texts: Iterator[str]) -> Iterator[str]:
    """Several texts in one, apart by commas."""
    held = ""
    for text in texts:
        if held and len(held) + len(text) > TOGETHER:
            yield held
            held = ""
        held = f"{held}, {text}" if held else text
    yield held


@pytest.fixture(scope="module")
def texts(shared: Path) -> list[str]:
    told = [*itertools.chain.from_iterable(declarations(shared, ["title", "para"]))]
    assert len(told) > 500
    sound = (" ".join(text.split()) for text in (*names_and_places(shared), *told))
    short: list[str] = []
    long: list[str] = []
    for text in dict.fromkeys(text for text in sound if text and not _PATTERN.intersection(text)):
        (short if len(text) <= TOGETHER else long).append(text)
    return [*together(iter(short)), *long]


@pytest.fixture(scope="module")
def written(organisations: Organisations, texts: list[str]) -> OrganisationStore:
    store = organisations.create("scripts", "Scripts")
    publish(store, operator_actor(), document())
    changes = [Change({"name": str(number), **answers(text)}) for number, text in enumerate(texts)]
    for start in range(0, len(changes), PAGE):
        service.save_together(store, operator_actor(), [Batch("thing", changes[start : start + PAGE])])
    return store


def answers(text: str) -> Json:
    fitting = {name: text for name, longest in LONGEST.items() if len(text) <= longest}
    if text.count("*") > 1:
        # Two of them make what stands between slanted.
        del fitting["rich_text"]
    if "address" in fitting:
        fitting["address"] = json.dumps({"lines": text})
    return fitting


def plain(record: Record) -> dict[str, str]:
    """The answers as people read them."""
    return {name: read(record.answers[name]) for name in LONGEST if record.answers[name] is not None}


def read(answer: Answer) -> str:
    if isinstance(answer, Address):
        return answer.lines or ""
    return plain_text(str(answer)) if str(answer).startswith("<") else str(answer)


def everything(store: OrganisationStore) -> dict[str, Record]:
    found: dict[str, Record] = {}
    cursor = None
    while True:
        page = list_page(store, operator_actor(), ListQuery("thing", tuple(LONGEST), limit=PAGE, after=cursor))
        found |= {record.name: record for record in page.records}
        cursor = page.next
        if cursor is None:
            return found


def test_every_text_is_listed_as_it_was_written(written: OrganisationStore, texts: list[str]) -> None:
    found = everything(written)
    assert len(found) == len(texts)
    for number, text in enumerate(texts):
        assert plain(found[str(number)]) == dict.fromkeys(answers(text), text), text


def test_texts_of_every_script_are_found_by_what_they_say(written: OrganisationStore, texts: list[str]) -> None:
    for number in range(0, len(texts), EVERY):
        words = " ".join(texts[number].split()[:4])
        query = ListQuery("thing", ("name",), search=words, limit=PAGE)
        assert str(number) in {record.name for record in list_page(written, operator_actor(), query).records}, words


@pytest.mark.slow
def test_every_text_comes_back_from_a_file_unchanged(written: OrganisationStore, organisations: Organisations) -> None:
    query = ListQuery("thing", ("name", *LONGEST))
    content = b"".join(export_csv(written, operator_actor(), query, form=ExportForm.CODES, language="en"))
    again = organisations.create("scripts-again", "Scripts again")
    publish(again, operator_actor(), document())
    outcome = import_file(again, operator_actor(), "thing", content)
    assert [problem.problems for problem in outcome.problems] == []
    before = {name: plain(record) for name, record in everything(written).items()}
    assert {name: plain(record) for name, record in everything(again).items()} == before
    assert check_projections(again).differences == 0
