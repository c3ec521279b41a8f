"""What is offered while a formula is typed."""

from __future__ import annotations

import pytest

from amparo.metadata.building import application_from
from amparo.metadata.formulas.completing import MOST_SUGGESTIONS, signature, suggestions
from amparo.metadata.formulas.functions.registry import FUNCTIONS
from amparo.metadata.formulas.shapes import shapes_of
from amparo.metadata.reading import read_template

TEMPLATE = application_from(read_template().document)
SHAPES = shapes_of(TEMPLATE)


def label(owner: str, name: str, code: str) -> str:
    field = TEMPLATE.objects[owner].by_name.get(name) if owner in TEMPLATE.objects else None
    if field is None or not code:
        return field.label if field else name
    return TEMPLATE.picklists[field.options["picklist"]].by_code[code].label


def offered(before: str, object_name: str = "case") -> list[str]:
    return [each.text for each in suggestions(before, SHAPES, object_name, label)]


@pytest.mark.parametrize(
    ("before", "first"),
    [
        ("closing_d", "closing_date"),
        ("ISBL", "ISBLANK("),
        ("AND(isbl", "ISBLANK("),
        ("TOD", "TODAY()"),
        ("AND(ISBLANK(closing_date), stat", "status"),
        ("person.birth", "birth_date"),
        ("$Us", "$User.id"),
        ("$User.na", "name"),
        ('ISPICKVAL(status, "clo', "closed"),
        ("ISPICKVAL(status, 'clo", "closed"),
        ('ISPICKVAL(PRIORVALUE(status), "clo', "closed"),
        ('INCLUDES(consent_sharing, "emb', "embassy"),
        ('/* what "quotes" do */ CONTAINS("a\\"b", stat', "status"),
    ],
)
def test_names_that_fit_are_offered_those_that_begin_so_first(before: str, first: str) -> None:
    assert offered(before)[0] == first


def test_a_field_is_found_by_its_label_and_an_option_by_its_own() -> None:
    assert "exploitation_end_date" in offered("ISBLANK(ended")
    assert "closing_reason" in offered("closing")
    assert "died" in offered('ISPICKVAL(closing_reason, "person')


@pytest.mark.parametrize("before", ["", "1 + ", "status = ", '"clos', 'CONTAINS(notes, "stat', "/* stat", "nobody.na"])
def test_nothing_is_offered_where_no_name_is_being_typed(before: str) -> None:
    assert offered(before) == []


def test_what_was_typed_of_a_name_gives_way_to_the_name() -> None:
    before = "AND(person.birth"
    (first, *_) = suggestions(before, SHAPES, "case", label)
    assert before[: first.start] + first.text == "AND(person.birth_date"


def test_no_more_is_offered_than_people_read() -> None:
    assert len(offered("re")) == MOST_SUGGESTIONS


def test_functions_say_what_they_take() -> None:
    assert signature(FUNCTIONS["ISPICKVAL"]) == "ISPICKVAL(picklist, code)"
    assert signature(FUNCTIONS["AND"]) == "AND(condition, …)"
    assert signature(FUNCTIONS["SUBSTR"]) == "SUBSTR(text, start, [count])"
    assert signature(FUNCTIONS["TODAY"]) == "TODAY()"
