"""What the checker says: every error at once, where it is, what was expected, and the near name."""

from __future__ import annotations

from dataclasses import replace

import pytest

from amparo.metadata.formulas.checking import check_formula
from amparo.metadata.formulas.shapes import FieldShape, ObjectShape, Shapes, shapes_of
from amparo.metadata.formulas.tree import nodes
from amparo.metadata.formulas.value_types import ValueType
from amparo.metadata.model import Application
from metadata.formulas.conftest import Compute, Problems


@pytest.mark.parametrize(
    ("formula", "problem"),
    [
        ("ISBLANK(clsed_on)", "column 9: No field “clsed_on” on Case; did you mean “closed_on”? [unknown_field]"),
        ("ISBLANK(zzz)", "column 9: There is no field “zzz” on Case. [unknown_field]"),
        ("client.brith_date < TODAY()", "column 1: No field “brith_date” on Client; did you mean “birth_date”?"),
        ("age.name", "column 1: age is no lookup, so nothing can be read across it. [not_a_lookup]"),
        ("$Usr.id", "column 1: There is no $Usr, but $Organization, $RecordType, $User. [unknown_name]"),
        ("$User.Title", "column 1: $User has no Title, but id, name, email, language. [unknown_field]"),
        ("RecordType.DeveloperName", "column 1: The type of a record is $RecordType.name. [unknown_field]"),
        ("$Permission.Bypass", "column 1: Who may do what is set by permissions, not in formulas. $User.email is"),
        ("$Profile.Name", "column 1: Who may do what is set by permissions"),
        ("$Label.Closed", "column 1: Write the text itself in quotes."),
        ("$Setup.Limits__c.Most__c", "column 1: Write the value itself: there are no settings that formulas read."),
        ("$ObjectType.Zip.Fields.Name", "column 1: Here a formula searches no other records. Read across a lookup"),
        ("VLOOKUP(name, name, name)", "column 1: Here a formula searches no other records. Read across a lookup"),
        ("URLFOR(name)", "column 1: URLFOR is for Salesforce's own pages, and has no meaning here. [unknown_function]"),
        ("CONCATENATE(name, name)", "column 1: Write a & b instead of CONCATENATE. [unknown_function]"),
        ("edate(opened_on, 3)", "column 1: Write ADDMONTHS(…) instead of EDATE. [unknown_function]"),
        ("CASE($Profile.Name, 'a', 1, 2)", "column 6: Who may do what is set by permissions"),
        ('ISPICKVAL(PRIORVALUE(zzz), "open")', "column 22: There is no field “zzz” on Case. [unknown_field]"),
        ("age * name", "column 7: * expects number here, found text. [wrong_type]"),
        ("$User.nmae", "column 1: No field “nmae” on $User; did you mean “name”?"),
        ("$User", "column 1: Write a name behind it, as $User.name. [unknown_name]"),
        ("ISBLNK(age)", "column 1: There is no function ISBLNK; did you mean ISBLANK? [unknown_function]"),
        ("XLOOKUP9(age)", "column 1: There is no function XLOOKUP9. [unknown_function]"),
        ("LEN()", "column 1: LEN needs 1 or more arguments; given: 0. [too_few]"),
        ('ISPICKVAL(PRIORVALUE(), "open")', "column 11: PRIORVALUE needs 1 or more arguments; given: 0. [too_few]"),
        ("LEN(name, name)", "column 1: LEN takes 1 or fewer arguments; given: 2. [too_many]"),
        ("CASE(age, 1, 2, 3, 4)", "column 1: Give a result with every value, and one more for all other values."),
        ("IFS(TRUE, 1, FALSE, 2)", "column 1: Give a result with every condition, and one more for when none is true."),
        ("LEN(age)", "column 5: LEN expects text here, found number; TEXT(…) makes a text of it. [wrong_type]"),
        ("LEN(needs)", "column 5: LEN expects text here, found multi-select. [wrong_type]"),
        ("DATEVALUE(seen_at)", "expects date or date-time or text here, found time. [wrong_type]"),
        ("YEAR(updated_at)", "YEAR expects date here, found date-time; DATEVALUE(…) gives it. [wrong_type]"),
        ("HOUR(NOW())", "HOUR expects time here, found date-time; TIMEVALUE(…) gives it. [wrong_type]"),
        ("opened_on < today", "column 13: Write TODAY() instead of today. [unknown_field]"),
        ("ISBLANK && is_urgent", "column 1: Write ISBLANK(…) instead of ISBLANK. [unknown_field]"),
        ("LEN(status)", "LEN expects text here, found picklist; TEXT(…) makes a text of a picklist. [wrong_type]"),
        ("AND(age, TRUE)", "column 5: AND expects boolean here, found number. [wrong_type]"),
        ("age + name", "column 7: Expected a number, found text. [wrong_type]"),
        ("opened_on + closed_on", "column 13: Expected a number, found date. [wrong_type]"),
        ("is_urgent - 1", "column 1: Expected a number, a date, a date-time or a time, found boolean. [wrong_type]"),
        ("client.birth_date + 1", "column 1: Expected a number, a date, a date-time or a time, found partly-known"),
        ("age = name", "column 7: Expected number to compare with, found text. [wrong_type]"),
        ("opened_on < updated_at", "column 13: A date is compared with a date: DATEVALUE(…) gives the day of a"),
        ("ISCHANGED(client.name)", "column 11: ISCHANGED needs a field of the record itself. [not_a_field]"),
        ("opened_on < seen_at", "column 13: Expected date to compare with, found time. [wrong_type]"),
        ("is_urgent < TRUE", "column 1: A boolean cannot be compared this way. [wrong_type]"),
        ('status = "open"', "column 1: A picklist is compared with ISPICKVAL, or as a text with TEXT. [wrong_type]"),
        ('needs = "legal"', "column 1: A multi-select is compared with INCLUDES. [wrong_type]"),
        ('ISPICKVAL(status, "opne")', "column 19: status has no option opne; did you mean open? [unknown_option]"),
        ('INCLUDES(needs, "zzz")', "column 17: needs has no option zzz. [unknown_option]"),
        ('CASE(status, "opne", 1, 2)', "column 14: status has no option opne; did you mean open? [unknown_option]"),
        ('TEXT(status) = "Opne"', "column 16: status has no option Opne; did you mean open? [unknown_option]"),
        ('"zzz" <> TEXT(PRIORVALUE(status))', "column 1: status has no option zzz. [unknown_option]"),
        ('CASE(TEXT(status), "zzz", 1, 2)', "column 20: status has no option zzz. [unknown_option]"),
        ('IN(TEXT(status), "open", "zzz")', "column 26: status has no option zzz. [unknown_option]"),
        ("ISPICKVAL(status, name)", "column 19: ISPICKVAL needs a text in quotes here. [not_a_text]"),
        ("ISCHANGED(age + 1)", "column 11: ISCHANGED needs a field here. [not_a_field]"),
        ('IF(TRUE, 1, "a")', 'column 13: Expected number as before, found text. [wrong_type]'),
        ("CASE(is_urgent, 1, 2, 3)", "column 6: A boolean cannot be compared with a list of values. [wrong_type]"),
        ('REGEX(name, "(?<=a)b")', "column 13: A regular expression cannot look ahead or back here, as with (?="),
        ('REGEX(name, "(a)\\\\1")', "column 13: A regular expression cannot look ahead or back here, as with"),
        ('REGEX(name, "(a")', "column 13: This is no regular expression that can be used here. [wrong_type]"),
        ("FORMATDURATION(name)", "column 16: Expected seconds, a date-time or a time, found text. [wrong_type]"),
    ],
)  # fmt: skip
def test_a_mistake_is_told(problems: Problems, formula: str, problem: str) -> None:
    (told,) = problems(formula)
    assert told.startswith("line 1, ")
    assert problem in told


@pytest.mark.parametrize(
    "formula", ['TEXT(status) = ""', 'TEXT(status) = "open"', 'TEXT(status) < "m"', 'TEXT(age) = "7"', 'name = "zzz"']
)
def test_a_text_that_may_equal_another_is_no_mistake(problems: Problems, formula: str) -> None:
    assert problems(formula) == []


def test_all_mistakes_are_told_at_once_in_the_order_of_the_text(problems: Problems) -> None:
    told = problems('IF(ISBLNK(clsed_on), LEN(age),\n  "a" & agge)')
    assert [each.partition(": ")[0] for each in told] == [
        "line 1, column 4", "line 1, column 11", "line 1, column 26", "line 2, column 9",
    ]  # fmt: skip


def test_one_mistake_is_told_once(problems: Problems) -> None:
    assert len(problems("1 + LEN(nmae) * 2 > 3 && ISBLANK(age)")) == 1


def test_a_problem_has_the_definition_s_path_and_the_part_of_the_text(shapes: Shapes) -> None:
    (problem,) = check_formula("ISBLANK(clsed_on)", shapes, "case", "objects/case.json: validation_rules[2]").problems
    assert problem.path == "objects/case.json: validation_rules[2]: line 1, column 9"
    assert (problem.value, problem.params["start"], problem.params["end"]) == ("clsed_on", 8, 16)


def test_the_value_s_type_is_the_one_that_is_wanted(shapes: Shapes) -> None:
    wanted = frozenset({ValueType.BOOLEAN})
    (problem,) = check_formula("age + 1", shapes, "case", wanted=wanted).problems
    assert problem.message == "The formula yields number; boolean is wanted here."
    assert check_formula("age > 1", shapes, "case", wanted=wanted).problems == ()


def test_every_part_of_a_checked_formula_has_a_type(shapes: Shapes) -> None:
    checked = check_formula('IF(age > 17, client.name, "?") & BR()', shapes, "case")
    assert checked.tree is not None
    assert checked.type is ValueType.TEXT
    assert all(node.type is not None for node, _ in nodes(checked.tree))


def test_names_are_the_same_in_large_and_small_letters(shapes: Shapes) -> None:
    checked = check_formula("Client.NAME = $USER.Name", shapes, "case")
    assert checked.tree == check_formula("client.name = $User.name", shapes, "case").tree


@pytest.mark.parametrize(
    ("formula", "type_"),
    [
        ("IF(TRUE, NULL, opened_on)", ValueType.DATE),
        ("IF(TRUE, age, costs)", ValueType.NUMBER),
        ("BLANKVALUE(client, name)", ValueType.TEXT),
        ("opened_on + age", ValueType.DATE),
        ("closed_on - opened_on", ValueType.NUMBER),
        ("NULL + opened_on", ValueType.DATE),
        ("ADDMONTHS(updated_at, 1)", ValueType.DATE_TIME),
        ("PRIORVALUE(status)", ValueType.PICKLIST),
        ("NULL", ValueType.BLANK),
    ],
)
def test_a_value_s_type_follows_from_the_parts(shapes: Shapes, formula: str, type_: ValueType) -> None:
    assert check_formula(formula, shapes, "case").type is type_


def test_a_reference_crosses_at_most_five_lookups(problems: Problems) -> None:
    five = "client.last_case.client.last_case.client.name"
    assert problems(f'{five} = ""') == []
    (told,) = problems('client.last_case.client.last_case.client.last_case.name = ""')
    assert "A reference crosses at most 5 lookups; this one crosses 6. [too_many_levels]" in told


def test_an_application_s_fields_can_be_named(shelter: Application) -> None:
    shapes = shapes_of(shelter)
    for each in shelter.objects.values():
        for name, shape in shapes.objects[each.name].fields.items():
            checked = check_formula(f"ISBLANK({name})", shapes, each.name)
            assert checked.problems == ()
            assert shape.type is not ValueType.BLANK
    assert check_formula("created_at < NOW()", shapes, "resident").problems == ()


_PERSON = ObjectShape(
    "Person",
    {
        "code": FieldShape(ValueType.TEXT),
        "age": FieldShape(ValueType.NUMBER, is_computed=True, has_formula=True),
        "status": FieldShape(ValueType.PICKLIST, (), ("known",)),
        "costs": FieldShape(ValueType.CURRENCY, decimals=2),
        "friend": FieldShape(ValueType.LOOKUP, ("person",)),
    },
)
_VISIT = ObjectShape(
    "Visit",
    {
        "code": FieldShape(ValueType.NUMBER),
        "status": FieldShape(ValueType.PICKLIST, (), ("planned",)),
        "costs": FieldShape(ValueType.CURRENCY, decimals=4),
        "friend": FieldShape(ValueType.LOOKUP, ("visit",)),
        "length": FieldShape(ValueType.NUMBER),
    },
)
_ERRAND = ObjectShape(
    "Errand",
    {
        "about": FieldShape(ValueType.LOOKUP, ("person", "visit")),
        "client": FieldShape(ValueType.LOOKUP, ("person",)),
    },
)
_ERRANDS = Shapes({"person": _PERSON, "visit": _VISIT, "errand": _ERRAND})


@pytest.mark.parametrize(
    ("formula", "kind"),
    [
        ("about.age > 17", "several_meanings"),
        ('about.code = "A"', "several_meanings"),
        ("about.costs > 1", "several_meanings"),
        ("about.friend.age > 17", "several_meanings"),
        ('ISPICKVAL(about.status, "gone")', "unknown_option"),
    ],
)
def test_across_a_lookup_to_several_objects_a_name_means_one_thing_or_is_refused(formula: str, kind: str) -> None:
    assert [problem.kind for problem in check_formula(formula, _ERRANDS, "errand").problems] == [kind]


@pytest.mark.parametrize(
    "formula",
    [
        "client.age > 17",
        "client.costs > 1",
        "about.length > 1",
        'ISPICKVAL(about.status, "known")',
        'ISPICKVAL(about.status, "planned")',
        "about.friend.length > 1",
        'about.friend.friend.id = "x"',
    ],
)
def test_across_a_lookup_to_several_objects_what_one_of_them_has_can_be_read(formula: str) -> None:
    shapes = Shapes({name: _with_identifier(each) for name, each in _ERRANDS.objects.items()})
    assert [str(problem) for problem in check_formula(formula, shapes, "errand").problems] == []


def _with_identifier(shape: ObjectShape) -> ObjectShape:
    return replace(shape, fields={**shape.fields, "id": FieldShape(ValueType.TEXT)})


@pytest.mark.parametrize(
    ("formula", "status", "value"),
    [
        ('OR(TEXT(status) = "Closed", age < 0)', "open", True),
        ('OR(TEXT(status) = "Closed", age < 0)', "closed", True),
        ('NOT(ISPICKVAL(status, "Closed"))', "closed", True),
        ('CASE(TEXT(status), "Closed", 1, "open", 2, 3) = 2', "open", True),
        ('IN(TEXT(PRIORVALUE(status)), "zzz", "open")', "open", True),
    ],
)
def test_a_formula_that_was_published_before_codes_were_checked_goes_on(
    compute: Compute, problems: Problems, formula: str, status: str, value: bool
) -> None:
    assert len(problems(formula)) == 1
    assert compute(formula, {"status": status, "age": -1}) is value
