"""Answers as text for people, files and JSON."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from amparo.metadata.building import application_from
from amparo.metadata.fields.base import Answer, CoercionContext
from amparo.metadata.missing import Missing
from amparo.runtime.releases.live import LiveRelease
from amparo.runtime.serializer import display, export_text, json_form
from factories.population import population_document

SOMEBODY = uuid.UUID("01a20331-5f2d-788c-a08d-2bcf07292c89")
NOON = dt.datetime(2026, 3, 31, 12, 0, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def release() -> LiveRelease:
    document = population_document("Asia/Kathmandu")
    labels = {"list.gender:female": {"label": "ស្រី"}, "list.language:km": {"label": "ខ្មែរ"}}
    document["translations"] = [{"id": "translation.km", "language": "km", "labels": labels}]
    application = application_from(document)
    return LiveRelease(1, application, {}, CoercionContext(application, ZoneInfo(application.time_zone)))


@pytest.mark.parametrize(
    ("field", "answer", "language", "text"),
    [
        ("name", None, "en", ""),
        ("name", "Sara", "en", "Sara"),
        ("gender", "female", "en", "Female"),
        ("gender", "female", "km", "ស្រី"),
        ("gender", "male", "km", "Male"),
        ("gender", "gone", "en", "gone"),
        ("gender", Missing.REFUSED, "en", "Refused"),
        ("languages", ("en", "km"), "en", "EN, KM"),
        ("languages", ("km", "xx"), "km", "ខ្មែរ, xx"),
        ("languages", ("km", "xx"), "ar", "KM، xx"),
        ("safe", True, "en", "Yes"),
        ("safe", False, "en", "No"),
        ("children", -1250, "en", "-1,250"),
        ("debt", Decimal("1250.50"), "en", "1,250.50"),
        ("debt", Decimal("9999999999999999.99"), "en", "9,999,999,999,999,999.99"),
        ("debt", Decimal("0.00"), "en", "0.00"),
        ("born", dt.date(2026, 3, 31), "en", "31 Mar 2026"),
        ("born", dt.date(2026, 3, 31), "ar", "31 مارس 2026"),
        ("friend", SOMEBODY, "en", "Zoë"),
        ("friend", uuid.UUID(int=0), "en", "Erased record"),
        ("name", "Sara", "xx-unknown", "Sara"),
        ("born", dt.date(1, 1, 1), "not a language", "Jan 1, 1"),
    ],
)
def test_an_answer_reads_as_people_write_it(
    release: LiveRelease, field: str, answer: Answer, language: str, text: str
) -> None:
    definition = release.application.objects["person"].by_name[field]
    assert display(answer, definition, release, language, {SOMEBODY: "Zoë"}) == text


def test_an_instant_is_shown_in_the_organisations_zone(release: LiveRelease) -> None:
    definition = release.application.objects["person"].by_name["met_at"]
    assert display(NOON, definition, release, "en", {}) == "31 Mar 2026 17:45"


def test_an_answer_whose_picklist_is_gone_shows_its_code(release: LiveRelease) -> None:
    document = population_document()
    document["picklists"] = []
    application = application_from(document)
    bare = LiveRelease(1, application, {}, release.context)
    person = application.objects["person"].by_name
    assert display("female", person["gender"], bare, "en", {}) == "female"
    assert display(("en", "km"), person["languages"], bare, "en", {}) == "en, km"


@pytest.mark.parametrize(
    ("answer", "text", "written"),
    [
        (None, "", None),
        ("a\r\nb", "a\r\nb", "a\r\nb"),
        (True, "true", True),
        (-7, "-7", -7),
        (Decimal("0.000000001"), "0.000000001", "0.000000001"),
        (dt.date(2026, 3, 31), "2026-03-31", "2026-03-31"),
        (NOON, "2026-03-31T12:00:00Z", "2026-03-31T12:00:00Z"),
        (NOON.replace(microsecond=5), "2026-03-31T12:00:00.000005Z", "2026-03-31T12:00:00.000005Z"),
        (("en", "km"), "en;km", ["en", "km"]),
        (SOMEBODY, str(SOMEBODY), str(SOMEBODY)),
        (Missing.REFUSED, "refused", {"missing": "refused"}),
    ],
)
def test_files_and_json_lose_nothing(answer: Answer, text: str, written: Any) -> None:
    assert export_text(answer) == text
    assert json.loads(json.dumps(json_form(answer))) == written
