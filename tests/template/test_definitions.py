"""The standard template keeps its own rules."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from amparo.metadata.canonical import dump_pretty
from amparo.metadata.checks import check_reading
from amparo.metadata.formulas.formula_fields import FormulaFields
from amparo.metadata.formulas.shapes import shapes_of
from amparo.metadata.kinds import KEY_ORDER
from amparo.metadata.model import Application
from amparo.metadata.reading import read_template
from amparo.metadata.rules.compiling import compile_rules
from amparo.metadata.rules.definitions import Existing, Severity
from servers.programs import ROOT

#: Words that belong to no page a caseworker or a survivor may see.
UNKIND = re.compile(r"\b(please|oops|victim|subject|illegal immigrant|prostitute)\b|!", re.IGNORECASE)


def test_the_template_is_free_of_problems() -> None:
    assert [str(problem) for problem in check_reading(read_template())] == []


def test_every_file_is_written_as_the_program_would_write_it() -> None:
    files = sorted([*(ROOT / "objects").rglob("*.json"), *(ROOT / "layouts").rglob("*.json")])
    assert len(files) > 50
    changed = []
    for file in files:
        text = file.read_text(encoding="utf-8")
        if text != dump_pretty(json.loads(text), KEY_ORDER):
            changed.append(file.name)
    assert changed == []


def test_every_field_that_people_fill_stands_on_a_page_of_its_object(template: Application) -> None:
    for name, definition in template.objects.items():
        shown = {field for layout in template.layouts if layout.object == name for field in layout.field_names}
        assert {field.name for field in definition.active_fields} - shown == set()


def test_no_page_shows_a_field_twice(template: Application) -> None:
    for layout in template.layouts:
        twice = [name for name, count in Counter(layout.field_names).items() if count > 1]
        assert twice == [], layout.name


def test_supervisors_can_reach_every_answer_that_caseworkers_can(template: Application) -> None:
    for name, definition in template.objects.items():
        for kind in (None, *(each.name for each in definition.record_types)):
            caseworkers = template.layout_for(name, kind, "caseworker")
            supervisors = template.layout_for(name, kind, "supervisor")
            assert caseworkers is not None
            assert supervisors is not None
            assert set(supervisors.field_names) == set(caseworkers.field_names)


def test_a_case_begins_with_what_its_way_of_coming_asks_for_and_keeps_every_question(template: Application) -> None:
    kinds = [each.name for each in template.objects["case"].record_types]
    assert kinds == ["referred", "self_referred", "outreach"]
    for role in ("caseworker", "supervisor"):
        layouts = [template.layout_for("case", kind, role) for kind in kinds]
        found = [layout for layout in layouts if layout is not None]
        assert len({layout.id for layout in found}) == 3
        assert len({tuple(section.name for section in layout.tabs[0].sections) for layout in found}) == 3


def test_every_page_of_a_case_asks_the_same_and_lists_the_same_records(template: Application) -> None:
    pages = [layout for layout in template.layouts if layout.object == "case"]
    assert len(pages) == 6
    asked = {layout.name: set(layout.field_names) for layout in pages}
    everywhere = set.union(*asked.values())
    assert {name: everywhere - fields for name, fields in asked.items() if fields != everywhere} == {}
    lists = {
        frozenset((each.object, each.field) for tab in layout.tabs for each in tab.related_lists) for layout in pages
    }
    assert len(lists) == 1


def test_every_field_says_how_much_it_tells_about_a_person(template: Application) -> None:
    for definition in template.objects.values():
        assert [field.id for field in definition.fields if field.personal is None] == []


def test_what_could_endanger_somebody_is_encrypted(template: Application) -> None:
    sensitive = {field.id for each in template.objects.values() for field in each.fields if field.sensitive}
    assert sensitive >= {
        "person.id_document_number",
        "person.mobile_phone",
        "person.home_phone",
        "person.email",
        "person.mailing_street",
        "person.contact_notes",
        "person.health_needs",
        "person.role_details",
        "case.safety_notes",
    }


def test_a_survivor_may_leave_every_question_about_what_happened_unanswered(template: Application) -> None:
    layout = next(each for each in template.layouts if each.name == "case")
    fields = template.objects["case"].by_name
    asked = [
        name
        for tab in layout.tabs
        for section in tab.sections
        if section.name in ("exploitation", "beginning")
        for name in section.fields
    ]
    assert len(asked) > 15
    assert [name for name in asked if fields[name].required] == []
    assert [name for name in asked if "unknown" not in fields[name].missing_reasons] == []


def test_every_picklist_is_used_and_every_object_can_be_opened(template: Application) -> None:
    used = {
        field.options["picklist"]
        for each in template.objects.values()
        for field in each.fields
        if "picklist" in field.options
    }
    assert set(template.picklists) == used
    for name in template.objects:
        assert template.views_of(name)
        assert template.reports_of(name) or name == "person"


def test_help_is_one_sentence_and_no_word_shames_anybody(document: dict[str, Any]) -> None:
    helps = [text for key, text in _texts(document) if key == "help"]
    assert len(helps) > 100
    assert [text for text in helps if not text.endswith(".")] == []
    assert [text for text in helps if len(text) > 130] == []
    assert [text for _, text in _texts(document) if UNKIND.search(text)] == []


def test_every_rule_is_about_its_object_and_stands_at_a_field_that_it_reads(template: Application) -> None:
    fields = FormulaFields(template, shapes_of(template))
    for definition in template.objects.values():
        compiled = compile_rules(definition, lambda: fields).rules
        assert len(compiled) == len(definition.validation_rules)
        for each in compiled:
            reached = {each.rule.completion.field} if each.rule.completion else set()
            assert each.rule.field in each.condition.own | reached, each.rule.id


def test_there_are_rules_for_all_that_is_written_down_about_a_case(template: Application) -> None:
    rules = {each.name: len(each.validation_rules) for each in template.objects.values()}
    assert sum(rules.values()) >= 50
    # Nothing about a partner, a paper or a task would be wrong with another answer of its own.
    assert {name for name, count in rules.items() if not count} == {"document", "organisation", "task"}


def test_every_rule_has_examples_that_break_it_and_examples_that_keep_it(template: Application) -> None:
    rules = [rule for each in template.objects.values() for rule in each.validation_rules]
    assert [rule.id for rule in rules if {each.is_broken for each in rule.examples} != {True, False}] == []
    assert [rule.id for rule in rules if not 2 <= len(rule.examples) <= 4] == []


def test_conditions_of_fields_show_ask_for_and_close_them(template: Application) -> None:
    fields = [field for each in template.objects.values() for field in each.active_fields]
    assert {field.id for field in fields if field.visible_when} == {
        "consent.shared_with",
        "consent.withdrawn_on",
        "legal_proceeding.next_hearing",
        "referral.answered_on",
        "service.outcome",
        "stay.reason_left",
    }
    assert {field.id for field in fields if field.required_when} == {"legal_proceeding.outcome_date"}
    assert {field.id for field in fields if field.read_only_when} == {"referral.organisation"}


def test_what_is_wrong_already_keeps_nobody_from_changing_something_else(template: Application) -> None:
    rules = [rule for each in template.objects.values() for rule in each.validation_rules]
    asked = [
        rule for rule in rules if rule.severity is not Severity.ON_COMPLETION and "ISCHANGED" not in rule.condition
    ]
    assert [rule.id for rule in asked if rule.existing is not Existing.LEAVE] == []


def _texts(document: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """(key, text) of every English text that people read."""
    stack: list[Any] = [part for name, part in document.items() if name != "translations"]
    while stack:
        part = stack.pop()
        if isinstance(part, list):
            stack.extend(part)
        elif isinstance(part, dict):
            yield from ((key, part[key]) for key in ("label", "plural", "help", "message") if part.get(key))
            stack.extend(part.values())
