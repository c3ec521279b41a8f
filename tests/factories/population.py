"""Two hundred invented people with every kind of answer, and what each holds, for tests that compare."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import insert

from amparo.metadata.missing import Missing
from amparo.runtime.access import Actor, Role
from amparo.runtime.identifiers import new_identifier
from amparo.runtime.planner.lists import stream
from amparo.runtime.planner.queries import ListQuery
from amparo.runtime.records import service
from amparo.runtime.records.changes import Change
from amparo.runtime.stores.organisation import OrganisationStore
from factories.clinic import Json, clinic_document, field_of, with_field

#: Texts that are easily mistaken for something else.
TEXTS = (
    "Sara", "sara", "Särä", "سارة", "ساره", "សុភា", "Suphea %", "50%_off", "back\\slash", "' OR 1=1 --",
    '"; DROP TABLE person; --', "|km|", "a;b", "  spaced  ", "Ünïcödé", "ÉCOLE", "école", "😀 smile", "zebra", "\u200b",
    "Line", "naïve", "NULL", "%", "_", "$me", "{slot}", "दिल्ली", "Zoë Ærø",
)  # fmt: skip
LONG_TEXTS = ("x" * 600 + " behind the kept part", "Short story\nwith a second line", "É" * 510 + "end")
LANGUAGES = ("am", "ar", "en", "km", "my", "ne", "th")
BLANK_SHARE = 0.25


def population_document(time_zone: str = "Asia/Kathmandu") -> Json:
    """The clinic's people with a searchable story, a nickname that is not searchable, and more reasons."""
    document = clinic_document()
    document["application"]["time_zone"] = time_zone
    field_of(document, "person", "story")["searchable"] = True
    field_of(document, "person", "born")["missing_reasons"] = ["unknown"]
    field_of(document, "person", "languages")["missing_reasons"] = ["refused", "not_asked"]
    nickname = {"id": "person.nickname", "name": "nickname", "type": "text", "label": "Nickname"}
    return with_field(document, "person", nickname)


def add_members(store: OrganisationStore, count: int = 3) -> list[Actor]:
    """Caseworkers of an organisation."""
    actors = [Actor(new_identifier(), f"Worker {number}", Role.CASEWORKER, "page") for number in range(count)]
    rows = [
        {"id": a.member, "login": a.name, "name": a.name, "role": a.role.value, "active": True, "language": None}
        for a in actors
    ]
    with store.engine.begin() as connection:
        connection.execute(insert(store.tables.member), rows)
    return actors


def random_answers(chance: random.Random, members: list[Actor], people: list[uuid.UUID]) -> dict[str, Any]:
    """Answers as the store keeps them; fields left out are blank."""
    made: dict[str, Any] = {
        "name": chance.choice(TEXTS),
        "nickname": chance.choice(TEXTS),
        "gender": chance.choice(["female", "male", "other", Missing.UNKNOWN, Missing.REFUSED]),
        "languages": chance.choice([Missing.REFUSED, *[some_languages(chance) for _ in range(4)]]),
        "passport": chance.choice([Missing.UNKNOWN, *[f"N{chance.randrange(10**9)}" for _ in range(3)]]),
        "debt": Decimal(chance.randrange(-2000, 2000)).scaleb(-2),
        "children": chance.choice([Missing.NOT_ASKED, *range(-2, 5)]),
        "born": chance.choice([Missing.UNKNOWN, *[some_day(chance) for _ in range(4)]]),
        "met_at": some_instant(chance),
        "safe": chance.choice([True, False]),
        "story": chance.choice(LONG_TEXTS),
        "friend": chance.choice(people) if people else None,
        "owner": chance.choice(members).member,
        "record_type": chance.choice(["client", "witness"]),
    }
    kept = {name: value for name, value in made.items() if name == "name" or chance.random() > BLANK_SHARE}
    return {"owner": None, "record_type": None, "safe": None, **kept}


def some_languages(chance: random.Random) -> tuple[str, ...]:
    return tuple(sorted(chance.sample(LANGUAGES, chance.randrange(1, 4))))


def some_day(chance: random.Random) -> dt.date:
    return dt.date(2024, 11, 20) + dt.timedelta(days=chance.randrange(150))


def some_instant(chance: random.Random) -> dt.datetime:
    start = dt.datetime(2024, 11, 20, tzinfo=dt.UTC)
    return start + dt.timedelta(minutes=15 * chance.randrange(150 * 96), microseconds=chance.choice([0, 0, 1, 999999]))


@dataclass(frozen=True)
class Population:
    """An organisation's people: identifier -> answers by field name, system fields too; blanks as None."""

    store: OrganisationStore
    members: list[Actor]
    people: dict[uuid.UUID, dict[str, Any]]

    def ids_where(self, holds: Any) -> set[uuid.UUID]:
        return {identifier for identifier, answers in self.people.items() if holds(answers)}


def populate(store: OrganisationStore, operator: Actor, seed: int = 7, count: int = 200) -> Population:
    """Saves them in two batches, so that the second can be friends with the first."""
    chance = random.Random(seed)
    members = add_members(store)
    people: dict[uuid.UUID, dict[str, Any]] = {}
    for _ in range(2):
        batch = [random_answers(chance, members, list(people)) for _ in range(count // 2)]
        result = service.save(store, operator, "person", [Change(each) for each in batch])
        people |= {saved.record: batch[position] for position, saved in result.saved.items()}
    names = tuple(field.name for field in store.known_release().object("person").definition.fields)
    for record in stream(store, operator, ListQuery("person", names)):
        answers = people[record.id]
        answers |= {name: answers.get(name) for name in names if name != "number"}
        answers |= {"number": record.number, "id": record.id}
        answers |= {name: getattr(record, name) for name in ("created_at", "created_by", "updated_at", "updated_by")}
    return Population(store, members, people)
