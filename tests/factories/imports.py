"""Files sent to the page of an import, and what came of them."""

from __future__ import annotations

import io

from werkzeug.test import TestResponse

from amparo.runtime.access import operator_actor
from amparo.runtime.planner.lists import count
from amparo.runtime.planner.queries import ListQuery
from amparo.runtime.stores.organisation import OrganisationStore
from factories.visitors import Visitor


def upload(visitor: Visitor, content: str) -> TestResponse:
    data = {"csrf_token": visitor.token, "file": (io.BytesIO(content.encode()), "people.csv")}
    return visitor.client.post(visitor.at("person/import"), data=data, content_type="multipart/form-data")


def number_of(store: OrganisationStore, mark: str) -> int:
    return count(store, operator_actor(), ListQuery("person", (), search=mark))
