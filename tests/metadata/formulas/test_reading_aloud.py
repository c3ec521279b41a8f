"""Formulas in plain words: what each reads as, that all can be read, and that the template's rules make sense."""

from __future__ import annotations

import pytest
from hypothesis import given

from amparo.metadata.building import application_from
from amparo.metadata.formulas.checking import check_formula
from amparo.metadata.formulas.functions.registry import FUNCTIONS
from amparo.metadata.formulas.phrases import CLAIMS
from amparo.metadata.formulas.reading_aloud import read_aloud, read_in_one_line
from amparo.metadata.formulas.shapes import Shapes, shapes_of
from amparo.metadata.formulas.signatures import Function
from amparo.metadata.formulas.tree import Node
from amparo.metadata.formulas.value_types import ValueType
from amparo.metadata.model import Application
from amparo.metadata.reading import read_template
from amparo.runtime.serializer.readings import MarkedReadingWords, ReadingWords
from factories.formulas import SHAPES, formulas

TEMPLATE = application_from(read_template().document)
TEMPLATE_SHAPES = shapes_of(TEMPLATE)


class PlainNames(ReadingWords):
    """Of objects of which no application is there: names stand for labels."""

    def field(self, owners: object, name: str) -> str:
        return name

    def option(self, owners: object, name: str, code: str) -> str:
        return code


def tree_of(text: str, shapes: Shapes, object_name: str) -> Node:
    checked = check_formula(text, shapes, object_name)
    assert checked.tree is not None, checked.problems
    return checked.tree


def read(object_name: str, text: str, language: str = "en") -> list[str]:
    tree = tree_of(text, TEMPLATE_SHAPES, object_name)
    return list(read_aloud(tree, TEMPLATE_SHAPES, object_name, ReadingWords(TEMPLATE, language)).lines())


def condition_of(application: Application, object_name: str, rule: str) -> str:
    rules = application.objects[object_name].validation_rules
    return next(each.condition for each in rules if each.name == rule)


#: A good sample of the template's rules, as somebody would say them.
RULES = {
    ("assessment", "assessed_in_past"): ["Date is after today"],
    ("case", "closed_case_has_date"): ["The record is not new and Date closed is blank"],
    ("case", "open_case_has_no_closing_date"): ["Status is not Closed and Date closed is not blank"],
    ("case", "closed_by_death"): ["Reason for closing is The person has died and Has died of Person is not Yes"],
    ("case", "next_contact_ahead"): ["Next contact was changed and Next contact is before today"],
    ("case", "referred_after_birth"): ["Date of referral is before Date of birth or age of Person"],
    ("case", "group_fits_age"): [
        "At least one of these holds:",
        "- All of these hold:",
        "  - Age and gender group is one of Girl, Boy, Child of another gender",
        "  - Date of birth or age of Person is not after 18 years before Date of referral",
        "- All of these hold:",
        "  - Age and gender group is one of Woman, Man, Adult of another gender",
        "  - Date of birth or age of Person is after 18 years before Date of referral",
    ],
    ("case", "money_has_currency"): [
        "All of these hold:",
        "- Wages owed is more than 0 or Debt claimed from the person is more than 0",
        "- Currency is blank",
        "- No reason is given why Currency has no answer",
    ],
    ("connection", "two_people_differ"): ["Person is the same as Other person"],
    ("event", "ends_after_it_starts"): ["Ends is before Begins"],
    ("legal_proceeding", "paid_within_awarded"): ["Compensation paid is more than Compensation awarded"],
    ("person", "birth_date_plausible"): ["Date of birth or age is before 1 Jan 1900"],
    ("referral", "sent_with_agreement"): [
        "Agreement to keep this information of Case is none of Agrees, A guardian agrees"
    ],
    ("referral", "answered_with_agreement"): [
        "All of these hold:",
        "- The record is new or Status before this change is Draft",
        "- Status is one of Accepted, Declined, Completed",
        "- Agreement to keep this information of Case is none of Agrees, A guardian agrees",
    ],
    ("service", "follow_up_after_service"): ["Follow up on is before Date"],
    ("trafficking_event", "happened_after_birth"): ["When is before Date of birth or age of Person of Case"],
}


@pytest.mark.parametrize(("object_name", "rule"), RULES)
def test_rules_of_the_template_read_as_somebody_would_say_them(object_name: str, rule: str) -> None:
    assert read(object_name, condition_of(TEMPLATE, object_name, rule)) == RULES[object_name, rule]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("service_date + 7", "7 days after Date"),
        ("service_date - 1", "1 day before Date"),
        ("TODAY() - service_date", "The days from Date to today"),
        ("ADDMONTHS(TODAY(), -6)", "6 months before today"),
        ("ADDMONTHS(service_date, hours)", "Date plus Hours months"),
        ("hours * 2 + cost / 3", "Hours times 2 plus Cost to the organisation divided by 3"),
        ("IF(hours > 1, 1, 0)", "1 if Hours is more than 1, otherwise 0"),
        (
            'CASE(status, "given", 1, "missed", 2, 0)',
            "1 if Status is Given, 2 if Status is Did not take place, otherwise 0",
        ),
        ("MAX(hours, 1)", "The largest of Hours, 1"),
        ("MFLOOR(hours)", "MFLOOR of Hours"),
        ("$User.name", "The name of whoever saves"),
        ("DATE(2026, 2, 30)", "DATE of 2026, 2, 30"),
        ("interpreter_present", "With an interpreter is Yes"),
        ("NOT(interpreter_present)", "With an interpreter is not Yes"),
        ("NOT(NOT(hours > 2))", "Hours is more than 2"),
        ("NOT(AND(hours > 2, ISNEW()))", "Hours is not more than 2 or the record is not new"),
        ('TEXT(status) = "given"', "Status is Given"),
        ('NOT(TEXT(status) <> "given")', "Status is Given"),
        ('IN(TEXT(status), "given", "missed")', "Status is one of Given, Did not take place"),
        ('MISSINGREASON(hours) = "not_asked"', "The reason why Hours has no answer is Not asked"),
        ('ISPICKVAL(status, "")', "Status is blank"),
        ("provider_name = NULL", "Name of the provider is blank"),
        ('CONTAINS(notes, "school")', "Notes contains “school”"),
        ("IF(ISNEW(), TRUE, hours > 2)", "(Yes if the record is new, otherwise Hours is more than 2) holds"),
        ("TRUE", "Always"),
    ],
)
def test_every_kind_of_formula_reads_in_words(text: str, words: str) -> None:
    assert read("service", text) == [words]


def test_a_formula_reads_in_the_language_and_with_the_labels_of_who_reads() -> None:
    text = condition_of(TEMPLATE, "case", "closed_case_has_date")
    assert read("case", text, "ar") == ["السجل ليس جديدًا وتاريخ الإغلاق فارغ"]
    assert read("case", text, "km") == ["កំណត់ត្រានេះមិនមែនថ្មីទេ និង ថ្ងៃបិទ ទទេ"]
    assert read("service", "service_date + 2", "ar") == ["يومان بعد التاريخ"]


def test_what_belongs_together_stands_in_parentheses_on_one_line() -> None:
    text = condition_of(TEMPLATE, "connection", "perpetrator_is_not_the_client")
    tree = tree_of(text, TEMPLATE_SHAPES, "connection")
    assert read_in_one_line(tree, TEMPLATE_SHAPES, "connection", ReadingWords(TEMPLATE, "en")) == (
        "Relationship is Alleged perpetrator and (Other person is the same as Person of Case or "
        "(Other person is blank and Partner organisation is blank and Person is the same as Person of Case))"
    )


def test_labels_stand_out_in_a_page_and_markup_in_a_formula_is_text() -> None:
    tree = tree_of('CONTAINS(notes, "<script>")', TEMPLATE_SHAPES, "service")
    spoken = read_aloud(tree, TEMPLATE_SHAPES, "service", MarkedReadingWords(TEMPLATE, "en"))
    assert str(spoken.text) == "<b><bdi>Notes</bdi></b> contains “&lt;script&gt;”"


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=lambda each: each.name)
def test_the_example_of_every_function_can_be_read(function: Function) -> None:
    tree = tree_of(function.example, SHAPES, "case")
    assert read_aloud(tree, SHAPES, "case", PlainNames(TEMPLATE, "en")).text


def test_every_function_that_is_true_or_false_has_a_sentence() -> None:
    by_itself = {"AND", "OR", "NOT", "IN", "ISBLANK", "ISNULL", "ISPICKVAL", "=", "<>", "<", "<=", ">", ">="}
    booleans = {each.name for each in FUNCTIONS.values() if each.result is ValueType.BOOLEAN}
    assert booleans - by_itself == CLAIMS.keys()


@given(formulas())
def test_whatever_passes_the_checker_can_be_read(tree: Node) -> None:
    words = PlainNames(TEMPLATE, "en")
    lines = list(read_aloud(tree, SHAPES, "case", words).lines())
    assert all(line.strip() for line in lines)
    assert read_in_one_line(tree, SHAPES, "case", words)
