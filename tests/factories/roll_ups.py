"""The clinic with figures rolled up to a person from its visits and from the people whose friend it is."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from amparo.metadata.missing import Missing
from factories.clinic import Json
from factories.population import population_document

_VISITS = {"object": "visit", "field": "person"}
_FRIENDS = {"object": "person", "field": "friend"}
_LONG = [{"field": "hours", "operator": "greater_than", "value": 2}]

ROLL_UPS: tuple[Json, ...] = (
    {"name": "visits", "type": "integer", "roll_up": {**_VISITS, "function": "count"}},
    {"name": "long_visits", "type": "integer", "roll_up": {**_VISITS, "function": "count", "filters": _LONG}},
    {"name": "hours_in_all", "type": "decimal", "decimals": 1,
     "roll_up": {**_VISITS, "function": "sum", "of": "hours"}},
    {"name": "hours_each", "type": "decimal", "decimals": 3,
     "roll_up": {**_VISITS, "function": "average", "of": "hours"}},
    {"name": "hours_about", "type": "decimal", "decimals": 0,
     "roll_up": {**_VISITS, "function": "average", "of": "hours"}},
    {"name": "first_visit", "type": "date", "roll_up": {**_VISITS, "function": "minimum", "of": "held_on"}},
    {"name": "last_long_visit", "type": "date",
     "roll_up": {**_VISITS, "function": "maximum", "of": "held_on", "filters": _LONG}},
    {"name": "friends", "type": "integer", "roll_up": {**_FRIENDS, "function": "count"}},
    {"name": "friends_in_need", "type": "integer", "roll_up": {
        **_FRIENDS, "function": "count", "match": "any", "filters": [
            {"field": "debt", "operator": "less_than", "value": 0},
            {"field": "gender", "operator": "has_reason", "value": ["refused"]},
        ]}},
    {"name": "unknown_friends", "type": "integer", "roll_up": {
        **_FRIENDS, "function": "count", "filters": [
            {"field": "gender", "operator": "is_blank"}, {"field": "record_type", "operator": "is_blank"}]}},
    {"name": "friends_debt", "type": "decimal", "decimals": 2,
     "roll_up": {**_FRIENDS, "function": "sum", "of": "debt"}},
    {"name": "friends_children", "type": "integer",
     "roll_up": {**_FRIENDS, "function": "sum", "of": "children"}},
    {"name": "friend_met_last", "type": "date_time",
     "roll_up": {**_FRIENDS, "function": "maximum", "of": "met_at"}},
)  # fmt: skip
#: One that reads roll-ups, its own and those of a friend.
FORMULA: Json = {
    "name": "days_since_visit", "type": "integer", "formula": "TODAY() - first_visit + friend.visits * 1000",
}  # fmt: skip
NAMES = tuple(each["name"] for each in ROLL_UPS)
Answers = Mapping[str, Any]
People = Mapping[uuid.UUID, Answers]


def roll_up_document(*fields: Json) -> Json:
    """The population's document with these fields of people, or all of them."""
    document = population_document()
    person = next(each for each in document["objects"] if each["name"] == "person")
    for each in fields or (*ROLL_UPS, FORMULA):
        label = each["name"].replace("_", " ").capitalize()
        person["fields"].append({"id": f"person.{each['name']}", "label": label, **each})
    return document


def counted(person: uuid.UUID, people: People, visits: People) -> dict[str, Any]:
    """What the roll-ups of a person hold, counted by hand; ``people`` and ``visits`` are those that are there."""
    own = [each for each in visits.values() if each.get("person") == person]
    long = [each for each in own if (each.get("hours") or 0) > 2]
    hours = [each["hours"] for each in own if each.get("hours") is not None]
    friends = [each for each in people.values() if each.get("friend") == person]
    debts, children, met = (held(friends, name) for name in ("debt", "children", "met_at"))
    in_need = [f for f in friends if (value(f, "debt") or 0) < 0 or f.get("gender") is Missing.REFUSED]
    unknown = [f for f in friends if f.get("gender") is None and f.get("record_type") is None]
    days = held(own, "held_on")
    return {
        "visits": len(own),
        "long_visits": len(long),
        "hours_in_all": sum(hours, Decimal("0.0")),
        "hours_each": average(hours, 3),
        "hours_about": average(hours, 0),
        "first_visit": min(days, default=None),
        "last_long_visit": max(held(long, "held_on"), default=None),
        "friends": len(friends),
        "friends_in_need": len(in_need),
        "unknown_friends": len(unknown),
        "friends_debt": sum(debts, Decimal("0.00")),
        "friends_children": sum(children),
        "friend_met_last": max(met, default=None),
    }


def days_since_visit(held: Answers, friends_visits: int | None, today: dt.date) -> int | None:
    if held["first_visit"] is None or friends_visits is None:
        return None
    first: dt.date = held["first_visit"]
    return (today - first).days + friends_visits * 1000


def average(numbers: list[Decimal], decimals: int) -> Decimal | None:
    if not numbers:
        return None
    return (sum(numbers, Decimal(0)) / len(numbers)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def held(records: list[Answers], name: str) -> list[Any]:
    return [found for each in records if (found := value(each, name)) is not None]


def value(answers: Answers, name: str) -> Any:
    found = answers.get(name)
    return None if isinstance(found, Missing) else found
