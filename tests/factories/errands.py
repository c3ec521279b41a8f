"""The office with errands: each may be about a person or a visit."""

from __future__ import annotations

import copy
import itertools
import uuid
from dataclasses import dataclass
from typing import Any

from amparo.metadata.model import FilterRow
from amparo.runtime.access import Actor, Role, operator_actor
from amparo.runtime.planner.lists import list_page
from amparo.runtime.planner.queries import ListQuery
from amparo.runtime.records import service
from amparo.runtime.serializer import Record, display
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations
from factories.clinic import Json
from factories.office import office_document
from factories.organisations import make_organisation

_numbers = itertools.count(1)

_ERRAND: Json = {
    "id": "errand",
    "name": "errand",
    "label": "Errand",
    "plural": "Errands",
    "name_field": "title",
    "fields": [
        {"id": "errand.title", "name": "title", "type": "text", "label": "Title", "required": True, "unique": True},
        {
            "id": "errand.about",
            "name": "about",
            "type": "lookup",
            "objects": ["person", "visit"],
            "label": "About",
            "missing_reasons": ["unknown"],
        },
    ],
}
_VIEW: Json = {
    "id": "view.errands",
    "name": "errands",
    "object": "errand",
    "label": "Errands",
    "columns": ["title", "about"],
}


def errands_document() -> Json:
    """A person's page lists the errands about the person."""
    document = office_document()
    document["objects"].append(copy.deepcopy(_ERRAND))
    document["list_views"].append(copy.deepcopy(_VIEW))
    (layout,) = document["layouts"]
    first, *others = layout["tabs"]
    errands = {"object": "errand", "field": "about", "label": "Errands", "columns": ["title"]}
    document["layouts"] = [
        {**layout, "tabs": [{**first, "related_lists": [*first["related_lists"], errands]}, *others]}
    ]
    return document


def make_errands(organisations: Organisations) -> OrganisationStore:
    """An organisation with errands, and members who can sign in; tests that share it make the records they look at."""
    slug = f"errands-{next(_numbers)}"
    return make_organisation(organisations, slug, errands_document(), Role.CASEWORKER, Role.SUPERVISOR)


@dataclass(frozen=True)
class Lotus:
    """A person and a visit that have ``word`` in their names, which no other record has."""

    word: str
    person: uuid.UUID
    visit: uuid.UUID

    @property
    def both(self) -> tuple[uuid.UUID, uuid.UUID]:
        return self.person, self.visit


def make_lotus(errands: OrganisationStore) -> Lotus:
    word = f"Lotus {uuid.uuid4().hex[:6]}"
    person = service.create(errands, operator_actor(), "person", {"name": word}).record
    visit = service.create(errands, operator_actor(), "visit", {"title": f"{word} visit", "person": str(person)})
    return Lotus(word, person, visit.record)


@dataclass(frozen=True)
class Errands:
    """Errands about Borey, about a visit to her, of which the subject is unknown, and about nothing."""

    store: OrganisationStore
    actor: Actor
    borey: uuid.UUID
    visit: uuid.UUID

    def create(self, object_name: str, **values: Any) -> uuid.UUID:
        return service.create(self.store, self.actor, object_name, values).record

    def page(self, *rows: FilterRow, **asked: Any) -> tuple[Record, ...]:
        query = ListQuery("errand", ("title", "about"), rows, limit=100, **asked)
        return list_page(self.store, self.actor, query).records

    def titles(self, *rows: FilterRow, **asked: Any) -> list[str]:
        return [record.name for record in self.page(*rows, **asked)]

    def shown(self, **asked: Any) -> dict[str, str]:
        release = self.store.newest_release()
        field = release.object("errand").definition.by_name["about"]
        return {
            record.name: display(record.answers["about"], field, release, "en", record.labels)
            for record in self.page(**asked)
        }
