from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from amparo.metadata.fields.answers import coerce_answer, compile_object, is_blank
from amparo.metadata.fields.base import CoercionContext, Rejected
from amparo.metadata.fields.defaults import default_value
from amparo.metadata.missing import Missing
from amparo.metadata.model import Application


def test_all_answers_and_all_problems_come_at_once(shelter: Application, context: CoercionContext) -> None:
    coercer = compile_object(shelter.objects["resident"], context)
    answers, problems = coercer.coerce(
        {
            "full_name": "Srey Neang",
            "children": {"missing": "refused"},
            "owed": "1,250.5",
            "risk": "hihg",
            "born_on": "1.2.2003",
            "mother": None,
            "story": "",
        }
    )
    assert answers == {
        "full_name": "Srey Neang",
        "children": Missing.REFUSED,
        "owed": Decimal("1250.50"),
        "mother": None,
        "story": None,
    }
    assert [(problem.path, problem.kind) for problem in problems] == [
        ("risk", "not_an_option"),
        ("born_on", "not_a_date"),
    ]
    assert problems[0].value == "hihg"
    assert problems[0].message == "“hihg” is not an option. Did you mean “high”?"


@pytest.mark.parametrize(
    ("name", "kind", "near"),
    [
        ("ful_name", "unknown_name", "full_name"),
        ("zzz", "unknown_name", None),
        ("record_type", "unknown_name", None),
        ("bed", "retired", None),
        ("number", "generated", None),
    ],
)
@pytest.mark.parametrize("raw", ["x", None, {"missing": "unknown"}, Missing.UNKNOWN])
def test_fields_that_take_no_answer_are_refused_whatever_is_given(
    shelter: Application, context: CoercionContext, name: str, kind: str, near: str | None, raw: object
) -> None:
    answers, problems = compile_object(shelter.objects["resident"], context).coerce({name: raw})
    assert answers == {}
    assert [(problem.path, problem.kind, problem.params.get("near")) for problem in problems] == [(name, kind, near)]


@pytest.mark.parametrize(
    ("name", "raw", "kind"),
    [
        ("children", {"missing": "not_asked"}, "reason_not_allowed"),
        ("children", {"missing": 5}, "reason_not_allowed"),
        ("children", {}, "not_a_value"),
        ("children", {"missing": "refused", "more": 1}, "not_a_value"),
        ("full_name", Missing.UNKNOWN, "reason_not_allowed"),
        ("full_name", {"missing": "unknown"}, "reason_not_allowed"),
    ],
)
def test_a_reason_is_taken_only_where_the_field_allows_it(
    shelter: Application, context: CoercionContext, name: str, raw: object, kind: str
) -> None:
    definition = shelter.objects["resident"].by_name[name]
    with pytest.raises(Rejected) as caught:
        coerce_answer(definition, context, raw)
    assert caught.value.kind == kind


def test_a_reason_is_an_answer_and_the_word_of_a_reason_is_text(shelter: Application, context: CoercionContext) -> None:
    fields = shelter.objects["resident"].by_name
    assert coerce_answer(fields["children"], context, Missing.UNKNOWN) is Missing.UNKNOWN
    name = coerce_answer(fields["full_name"], context, "unknown")
    assert name == "unknown"
    assert type(name) is str


def test_required_wants_an_answer_that_can_be_seen(shelter: Application, context: CoercionContext) -> None:
    coercer = compile_object(shelter.objects["resident"], context)
    arrived = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    for blank in (None, "", " \t", "\u3000"):
        problems = coercer.missing_required({"full_name": blank, "arrived": arrived})
        assert [problem.path for problem in problems] == ["full_name"]
    assert [problem.path for problem in coercer.missing_required({})] == ["full_name", "arrived"]
    assert coercer.missing_required({"full_name": Missing.REFUSED, "arrived": arrived}) == []


@pytest.mark.parametrize("answer", [0, False, Decimal(0), "x", ("a",), Missing.UNKNOWN, uuid.uuid4()])
def test_an_answer_that_is_small_is_still_no_blank(answer: object) -> None:
    assert not is_blank(answer)


def test_today_and_now_follow_the_clock_and_the_organisations_zone(shelter: Application) -> None:
    context = CoercionContext(shelter, ZoneInfo("Asia/Phnom_Penh"))
    now = dt.datetime(2026, 11, 22, 20, 30, tzinfo=dt.UTC)
    first_night = shelter.objects["stay"].by_name["first_night"]
    fields = shelter.objects["resident"].by_name
    assert default_value(first_night, context, now) == dt.date(2026, 11, 23)
    assert default_value(fields["arrived"], context, now) == now
    assert default_value(fields["risk"], context, now) == "low"
    assert default_value(fields["agreed"], context, now) is False
    assert default_value(fields["full_name"], context, now) is None
