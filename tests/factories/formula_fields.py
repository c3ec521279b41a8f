"""Formula fields of the people of the population, of every type a formula computes, and what they hold."""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from amparo.metadata.missing import Missing
from factories.clinic import Json
from factories.population import population_document

FORMULAS: tuple[Json, ...] = (
    {"name": "days_known", "type": "integer", "formula": "TODAY() - DATEVALUE(met_at)"},
    {"name": "debt_each", "type": "decimal", "decimals": 3, "formula": "debt / children"},
    {"name": "debt_in_all", "type": "decimal", "decimals": 2, "formula": "debt + children * 10", "blanks": "as_zero"},
    {"name": "share", "type": "percent", "decimals": 1, "formula": "IF(children > 0, 1 / children, NULL)"},
    {"name": "called", "type": "text", "formula": 'IF(safe, "Safe: ", "At risk: ") & nickname'},
    {"name": "is_young", "type": "checkbox", "formula": "born > DATE(2025, 1, 1)"},
    {"name": "review_on", "type": "date", "formula": "born + 30"},
    {"name": "half_a_day_later", "type": "date_time", "formula": "met_at + 0.5"},
    {"name": "friend_called", "type": "text", "formula": "friend.called"},
    {"name": "friend_of_friend", "type": "text", "formula": "friend.friend.nickname"},
    {"name": "twice_known", "type": "integer", "formula": "days_known * 2 + friend.children"},
    {"name": "kind", "type": "text", "formula": "$RecordType.name"},
    {"name": "friends_kind", "type": "text", "formula": "friend.kind"},
    {"name": "why_no_gender", "type": "text", "formula": "MISSINGREASON(gender)"},
    {"name": "size", "type": "integer", "formula": 'LEN(story) * IF(ISPICKVAL(gender, "female"), 1, -1)'},
)
NAMES = tuple(each["name"] for each in FORMULAS)
#: Those that a database does not compute.
SHOWN_ONLY: Json = {"name": "has_digit", "type": "checkbox", "formula": 'REGEX(nickname, ".*[0-9].*")'}


def formula_document(*more: Json, time_zone: str = "Asia/Kathmandu") -> Json:
    """The population's document with these fields."""
    document = copy.deepcopy(population_document(time_zone))
    person = next(each for each in document["objects"] if each["name"] == "person")
    for each in (*FORMULAS, SHOWN_ONLY, *more):
        label = each["name"].replace("_", " ").capitalize()
        person["fields"].append({"id": f"person.{each['name']}", "label": label, **each})
    return document


def expected(
    answers: Mapping[str, Any], people: Mapping[Any, Mapping[str, Any]], today: dt.date, zone: dt.tzinfo
) -> dict[str, Any]:
    """What the fields hold, worked out without formulas."""
    friend = people.get(answers.get("friend"), {})
    beyond = people.get(friend.get("friend"), {})
    debt, children, born, met = (value_of(answers, name) for name in ("debt", "children", "born", "met_at"))
    known = None if met is None else (today - met.astimezone(zone).date()).days
    other_children = value_of(friend, "children")
    return {
        "days_known": known,
        "debt_each": None if debt is None or not children else rounded(debt / children, 3),
        "debt_in_all": rounded((debt or Decimal(0)) + (children or 0) * 10, 2),
        "share": rounded(Decimal(100) / children, 1) if children and children > 0 else None,
        "called": called(answers),
        "is_young": born is not None and born > dt.date(2025, 1, 1),
        "review_on": None if born is None else born + dt.timedelta(days=30),
        "half_a_day_later": None if met is None else met + dt.timedelta(hours=12),
        "friend_called": called(friend),
        "friend_of_friend": beyond.get("nickname"),
        "twice_known": None if known is None or other_children is None else known * 2 + other_children,
        "kind": answers.get("record_type"),
        "friends_kind": friend.get("record_type"),
        "why_no_gender": answers["gender"].value if isinstance(answers.get("gender"), Missing) else None,
        "size": len(answers["story"]) * (1 if answers.get("gender") == "female" else -1) if answers.get("story") else 0,
    }


def called(answers: Mapping[str, Any]) -> str:
    return ("Safe: " if answers.get("safe") else "At risk: ") + (answers.get("nickname") or "")


def value_of(answers: Mapping[str, Any], name: str) -> Any:
    value = answers.get(name)
    return None if isinstance(value, Missing) else value


def rounded(number: Decimal, decimals: int) -> Decimal:
    return number.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
