"""An organisation with one object that has a field of every type."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from amparo.metadata.fields.registry import FIELD_TYPES
from amparo.metadata.model import FilterRow
from amparo.runtime.access import operator_actor
from amparo.runtime.places.changing import change_places
from amparo.runtime.planner.lists import list_page
from amparo.runtime.planner.queries import ListQuery
from amparo.runtime.records import service
from amparo.runtime.releases.publishing import publish
from amparo.runtime.serializer import Record
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations
from factories.places import SMALL
from runtime.fields.kept import KEPT, PICKLISTS, Json

JUNE, JULY = dt.datetime(2026, 6, 15, tzinfo=dt.UTC), dt.datetime(2026, 7, 15, tzinfo=dt.UTC)
#: The records' names: three with answers, one with a reason, one blank.
NAMES = ("0", "1", "2", "reason", "blank")


class Clock:
    """The store's clock: first the tenth of June, then the twentieth, both of 2026."""

    day = 10

    def __call__(self) -> int:
        return int(dt.datetime(2026, 6, self.day, tzinfo=dt.UTC).timestamp()) * 1_000_000


def fields() -> list[Json]:
    """``<type>`` for every type, and ``<type>_secret`` where it may be sensitive."""
    made: list[Json] = [{"id": "name", "name": "name", "type": "text", "label": "Name"}]
    for name, kept in KEPT.items():
        kind = FIELD_TYPES[name]
        plain = {"id": name, "name": name, "type": name, "label": f"The {name}", **kept.options}
        plain["missing_reasons"] = ["unknown"]
        if kind.searchable:
            plain["searchable"] = True
        made.append(plain)
        if kind.can_be_sensitive:
            secret = {"id": f"{name}_secret", "name": f"{name}_secret", "type": name, "label": f"Secret {name}"}
            made.append({**secret, "sensitive": True, "unique": False, **kept.options})
    return made


def document() -> Json:
    thing = {"id": "thing", "name": "thing", "label": "Thing", "plural": "Things", "name_field": "name"}
    return {
        "format": 1,
        "application": {
            "id": "app",
            "name": "things",
            "label": "Things",
            "languages": ["en", "km"],
            "default_language": "en",
            "time_zone": "Asia/Phnom_Penh",
            "navigation": ["thing"],
        },
        "objects": [{**thing, "fields": fields()}],
        "picklists": PICKLISTS,
        "layouts": [],
        "list_views": [],
        "reports": [],
        "translations": [],
    }


@dataclass(frozen=True)
class Things:
    """Until the twentieth of June the records hold the answers as typed; after it each holds the next one's."""

    store: OrganisationStore

    def page(self, *rows: FilterRow, as_of: dt.datetime | None = None, **query: Any) -> list[Record]:
        asked = ListQuery("thing", tuple(KEPT), rows, limit=100, as_of=as_of, **query)
        return list(list_page(self.store, operator_actor(), asked, now=JULY).records)

    def found(self, *rows: FilterRow, as_of: dt.datetime | None = None, **query: Any) -> list[str]:
        return [record.name for record in self.page(*rows, as_of=as_of, **query)]


def names_now(numbers: set[int]) -> set[str]:
    """The records that hold, since the twentieth, what those of these numbers held before."""
    return {str((number - 1) % 3) for number in numbers}


def store_for_things(organisations: Organisations, name: str, clock: Clock | None = None) -> OrganisationStore:
    """An organisation without things yet; it has its places."""
    store = organisations.create(name, "Things", clock=clock)
    publish(store, operator_actor(), document())
    change_places(store, operator_actor(), SMALL)
    return store


def make_things(organisations: Organisations, name: str) -> Things:
    clock = Clock()
    store = store_for_things(organisations, name, clock)
    saved = [_create(store, number) for number in range(3)]
    _create_rest(store)
    clock.day = 20
    # Unique answers have to be given up before another record takes them.
    emptied = [_update(store, each.record, each.version, {"external_id": None}) for each in saved]
    for number, each in enumerate(emptied):
        _update(store, each.record, each.version, _answers((number + 1) % 3))
    return Things(store)


def _answers(number: int) -> Json:
    answers = {name: kept.typed[number] for name, kept in KEPT.items()}
    secrets = {f"{name}_secret": value for name, value in answers.items() if FIELD_TYPES[name].can_be_sensitive}
    return {**answers, **secrets}


def _create(store: OrganisationStore, number: int) -> Any:
    return service.create(store, operator_actor(), "thing", {"name": str(number), **_answers(number)})


def _create_rest(store: OrganisationStore) -> None:
    unknown = {name: {"missing": "unknown"} for name in KEPT}
    service.create(store, operator_actor(), "thing", {"name": "reason", **unknown})
    service.create(store, operator_actor(), "thing", {"name": "blank"})


def _update(store: OrganisationStore, record: Any, version: int, values: Json) -> Any:
    return service.update(store, operator_actor(), "thing", record, version, values)
