"""The generated form of a record: its questions in sections, and the problems with what was typed."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import url_for
from flask_babel import gettext

from amparo.metadata.fields.base import Answer
from amparo.metadata.fields.registry import is_answerable
from amparo.metadata.model import FieldDefinition, ObjectDefinition
from amparo.metadata.problems import Problem
from amparo.metadata.rules.judging import WARNING
from amparo.runtime.collation.keys import sort_key
from amparo.runtime.members import list_members
from amparo.runtime.records.preparing import SYSTEM_INPUTS
from amparo.runtime.serializer.wording import SYSTEM_LABELS
from amparo.runtime.web.entries import ACKNOWLEDGE, identifier_of, shown_digests
from amparo.runtime.web.presenting.conditions import Earlier, note_of
from amparo.runtime.web.presenting.dependents import depend
from amparo.runtime.web.presenting.layouts import arrangement_of
from amparo.runtime.web.presenting.matches import find_matches
from amparo.runtime.web.presenting.questions import anchor_of, closed_question, question_of
from amparo.runtime.web.problems import by_field, said
from amparo.runtime.web.rows import RowGroup
from amparo.runtime.web.visits import Visit
from amparo.runtime.web.widgets.base import Choice, Entry, Match, Question
from amparo.runtime.web.widgets.places import PlaceWidget, chosen_place, find_places
from amparo.runtime.web.widgets.reference import FoundWidget, object_words
from amparo.runtime.web.widgets.registry import widget_of


@dataclass
class Draft:
    """A form in the making: what stands in its boxes and what belongs to it."""

    definition: ObjectDefinition
    entries: dict[str, Entry]
    record_type: str | None = None
    owner: str = ""
    record: uuid.UUID | None = None
    version: int | None = None
    #: Of a new record: what the address of its form brought along, behind the question mark.
    brought: str = ""
    #: The boxes as they were first shown; see ``entries.changed_entries``.
    shown: str = ""
    #: Owner and kind as they were first shown, of a change; None before that.
    owner_shown: str | None = None
    kind_shown: str | None = None
    request_key: str = ""
    problems: Sequence[Problem] = ()
    #: Names of the records that lookups already point to.
    labels: Mapping[uuid.UUID, str] = field(default_factory=dict)
    #: What is shown and not asked, in words: numbers that the system gave, answers that a condition closes.
    given: Mapping[str, str] = field(default_factory=dict)
    #: Files that came with the form and are kept, by the name of their box.
    uploaded: dict[str, str] = field(default_factory=dict)
    #: Problems with what came along and cannot be kept: files, answers to what is not asked any more.
    refused: list[Problem] = field(default_factory=list)
    #: The lookup whose “Find” was pressed.
    finding: str = ""
    #: Records that belong to this one and are saved with it.
    groups: Sequence[RowGroup] = ()
    rows_saved: int = 0
    #: Names of validation rules whose warning somebody ticked as right all the same.
    acknowledged: frozenset[str] = frozenset()
    #: What the record holds now, None of a new one.
    held: Mapping[str, Answer] | None = None
    #: Fields that a condition closes, which are shown and not asked.
    closed: frozenset[str] = frozenset()
    #: What fields held before they did not apply any more.
    earlier: Mapping[str, Earlier] = field(default_factory=dict)

    @property
    def is_unfinished(self) -> bool:
        """The form came to find a record, or for another row, and not to be saved."""
        return bool(self.finding) or any(row.finding for group in self.groups for row in group.rows)


@dataclass(frozen=True)
class Told:
    """What is said beside a question: why the form is not saved, and what only warns."""

    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class FormSection:
    anchor: str
    label: str
    questions: Sequence[Question]
    figure: str | None
    has_problem: bool


@dataclass(frozen=True)
class SummaryLine:
    """``rule`` is the name of the validation rule that only warns, and ``box`` that of the box which passes it over."""

    label: str
    message: str
    anchor: str | None
    rule: str = ""
    box: str = ""


def fields_of_form(visit: Visit, definition: ObjectDefinition, record_type: str | None) -> tuple[FieldDefinition, ...]:
    return arrangement_of(visit, definition, record_type).fields


def answerable(fields: Sequence[FieldDefinition]) -> list[FieldDefinition]:
    return [each for each in fields if is_answerable(each)]


def form_sections(visit: Visit, draft: Draft) -> list[FormSection]:
    """A field that stands in two sections is asked in the first; one that is computed is not told as it was before."""
    told = told_by_field(visit, draft, draft.problems)
    asked: set[str] = set()
    sections = []
    arrangement = arrangement_of(visit, draft.definition, draft.record_type)
    for place, section in enumerate(arrangement.sections):
        questions = []
        for definition in section.fields:
            if definition.name not in asked and not definition.is_computed:
                asked.add(definition.name)
                questions.append(question_in(visit, draft, definition, told[definition.name]))
        if questions:
            sections.append(_section(f"part-{place + 1}", section.label, questions, draft))
    return sections


def told_by_field(visit: Visit, draft: Draft, problems: Sequence[Problem]) -> Mapping[str, Told]:
    """Problems as sentences about the boxes of a draft, by the field they are about."""
    told: Mapping[str, Told] = defaultdict(Told)
    for problem in problems:
        sentences = told[problem.path].warnings if rule_warning(problem) else told[problem.path].errors
        sentences.append(sentence_about(visit, draft, problem))
    return told


def sentence_about(visit: Visit, draft: Draft, problem: Problem) -> str:
    field = draft.definition.by_name.get(problem.path)
    if field is None:
        return said(problem)
    return widget_of(field).refusal(problem, draft.entries.get(field.name, Entry()), visit.language)


def _section(anchor: str, label: str, questions: list[Question], draft: Draft) -> FormSection:
    boxes = [question for question in questions if question.widget != "generated"]
    names = {anchor_of(name): entry for name, entry in draft.entries.items()}
    answered = sum(not names[question.id].is_empty for question in boxes if question.id in names)
    figure = gettext("%(answered)s/%(asked)s", answered=answered, asked=len(boxes)) if boxes else None
    return FormSection(anchor, label, questions, figure, any(question.errors for question in questions))


def question_in(visit: Visit, draft: Draft, definition: FieldDefinition, told: Told) -> Question:
    """One question of a draft, with the matches of a lookup whose “Find” was pressed."""
    question = _question_in(visit, draft, definition, told.errors)
    question.warnings = told.warnings
    earlier = draft.earlier.get(definition.name)
    is_blank = draft.entries.get(definition.name, Entry()).is_empty
    question.earlier = earlier.words if earlier is not None and is_blank else ""
    return question


def _question_in(visit: Visit, draft: Draft, definition: FieldDefinition, errors: Sequence[str]) -> Question:
    entry = draft.entries.get(definition.name, Entry())
    given = draft.given.get(definition.name, "")
    if definition.name in draft.closed:
        return closed_question(visit, definition, given)
    if not isinstance(widget_of(definition), FoundWidget):
        question = question_of(visit, definition, entry, errors=errors, given=given)
        question.because = note_of(visit, draft.definition, definition)
        depend(visit, question, draft.definition, definition)
        question.upload_url = _upload_url(visit, draft, definition) if question.widget == "file" else ""
        return question
    chosen = _chosen(visit, draft, definition, entry)
    wants_matches = bool(entry.query.strip()) and (draft.finding == definition.name or (errors and not entry.value))
    matches = _matches(visit, definition, entry, chosen) if wants_matches else []
    question = question_of(visit, definition, entry, errors=errors, chosen=chosen, matches=matches)
    question.because = note_of(visit, draft.definition, definition)
    question.is_sought = draft.finding == definition.name
    question.shows_steps = entry.is_parted or (draft.finding == definition.name and not entry.query.strip())
    return question


def _upload_url(visit: Visit, draft: Draft, field: FieldDefinition) -> str:
    """Where a script sends a file before the form is saved."""
    place: dict[str, Any] = {"slug": visit.slug, "object_name": draft.definition.name, "field_name": field.name}
    if draft.record is None:
        return url_for("files.take_for_new", **place)
    return url_for("files.take", **place, record_id=draft.record)


def _chosen(visit: Visit, draft: Draft, definition: FieldDefinition, entry: Entry) -> Match | None:
    if isinstance(widget_of(definition), PlaceWidget):
        return chosen_place(visit, entry.value) if entry.value else None
    identifier = identifier_of(entry.value)
    if identifier is None:
        return None
    name = draft.labels.get(identifier)
    detail = object_words(visit, definition, name) if name else ""
    return Match(entry.value, name or entry.query or gettext("The chosen record"), detail)


def _matches(visit: Visit, definition: FieldDefinition, entry: Entry, chosen: Match | None) -> list[Match]:
    if isinstance(widget_of(definition), PlaceWidget):
        matches = find_places(visit, definition, entry.query)
    else:
        matches = find_matches(visit, definition.targets, entry.query)
    return [match for match in matches if chosen is None or match.id != chosen.id]


def summary_lines(visit: Visit, draft: Draft) -> list[SummaryLine]:
    """Every problem with a link to its box; one about a field that is not on this form has no link."""
    on_form = {each.name for each in arrangement_of(visit, draft.definition, draft.record_type).fields}
    by_name = draft.definition.by_name
    lines = []
    for problem in draft.problems:
        known = problem.path in by_name
        label = visit.words.field(by_name[problem.path]).label if known else _system_label(problem.path)
        has_box = problem.path in on_form or problem.path in SYSTEM_INPUTS
        anchor = anchor_of(problem.path) if has_box else None
        words = sentence_about(visit, draft, problem)
        # A rule that is about no single field says it all itself.
        message = words if anchor or not label else gettext("%(field)s: %(problem)s", field=label, problem=words)
        lines.append(SummaryLine(label, message, anchor, rule_warning(problem), ACKNOWLEDGE))
    return lines


def rule_warning(problem: Problem) -> str:
    """The name of the rule that warns; none of a problem that refuses."""
    return str(problem.value) if problem.kind == WARNING else ""


def _system_label(name: str) -> str:
    return gettext(SYSTEM_LABELS[name]) if name in SYSTEM_LABELS else name


def owner_question(visit: Visit, draft: Draft) -> Question:
    members = [member for member in list_members(visit.store) if member.active or str(member.id) == draft.owner]
    members.sort(key=lambda member: sort_key(member.name, visit.release.alphabet))
    errors = by_field(draft.problems).get("owner", [])
    return Question(
        "owner",
        anchor_of("owner"),
        visit.words.field_label(draft.definition, "owner"),
        "code",
        value=draft.owner,
        options=[Choice(str(member.id), member.name) for member in members],
        as_select=True,
        empty_label=gettext("Nobody"),
        errors=errors,
    )


def kind_question(visit: Visit, draft: Draft) -> Question | None:
    """Asked where a record may be of several kinds."""
    kinds = [kind for kind in draft.definition.record_types if kind.active or kind.name == draft.record_type]
    if len(kinds) < 2:
        return None
    return Question(
        "record_type",
        anchor_of("record_type"),
        visit.words.field_label(draft.definition, "record_type"),
        "code",
        value=draft.record_type or "",
        options=[Choice(kind.name, visit.words.record_type(draft.definition, kind.name)) for kind in kinds],
        as_select=True,
        empty_label=gettext("No kind"),
        errors=by_field(draft.problems).get("record_type", []),
    )


def contents_links(sections: Sequence[FormSection]) -> list[dict[str, object]]:
    return [
        {"url": f"#{each.anchor}", "label": each.label, "figure": each.figure, "is_late": each.has_problem}
        for each in sections
    ]


def begin_showing(draft: Draft) -> None:
    draft.shown = shown_digests(draft.entries)
