"""Rows of a form: records that belong to the one of the page and are saved together with it.

A row's boxes are called ``+<object>.<field>.<number>.<box>``. The plus sign
begins no field's name, so they never meet the boxes of the page's own fields.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import MultiDict

from amparo.metadata.fields.registry import is_answerable
from amparo.metadata.model import FieldDefinition, ObjectDefinition, RelatedList, Sort
from amparo.metadata.problems import Problem
from amparo.runtime.planner.lists import short_list
from amparo.runtime.planner.queries import ListQuery, Pointing
from amparo.runtime.records.changes import Batch, Change
from amparo.runtime.serializer import Labels
from amparo.runtime.web.entries import (
    ACKNOWLEDGE,
    changed_entries,
    entry_of,
    entry_typed,
    identifier_of,
    inputs,
    shown_digests,
    shown_names,
    unchosen_lookups,
)
from amparo.runtime.web.first_answers import first_answers
from amparo.runtime.web.no_longer_asked import no_longer_asked
from amparo.runtime.web.presenting.layouts import Arrangement, may_see
from amparo.runtime.web.references import names_of
from amparo.runtime.web.visits import Visit
from amparo.runtime.web.whole_numbers import MOST_DIGITS, whole_number
from amparo.runtime.web.widgets.base import Entry, Form

#: Rows a form shows; a longer list is changed record by record.
MOST_ROWS = 50


@dataclass
class Row:
    """``record`` is None for one that is new. ``position`` is its place in the batch that was saved."""

    number: int
    entries: dict[str, Entry]
    shown: str
    record: uuid.UUID | None = None
    version: int = 0
    is_removed: bool = False
    problems: list[Problem] = field(default_factory=list)
    labels: Labels = field(default_factory=dict)
    #: The lookup whose “Find” was pressed.
    finding: str = ""
    #: As of a draft.
    acknowledged: frozenset[str] = frozenset()

    #: Whether the button “Add” brought it.
    is_added: bool = False

    @property
    def is_blank(self) -> bool:
        """A new row in which nothing was typed is none."""
        return self.record is None and all(
            entry.is_empty for entry in changed_entries(self.entries, self.shown).values()
        )


@dataclass
class RowGroup:
    """The rows of one related list. ``has_more`` says that there are more than the form shows."""

    related: RelatedList
    definition: ObjectDefinition
    fields: tuple[FieldDefinition, ...]
    rows: list[Row] = field(default_factory=list)
    has_more: bool = False

    @property
    def name(self) -> str:
        return f"+{self.related.object}.{self.related.field}"

    def prefix(self, number: int | str) -> str:
        """What the names of a row's boxes begin with."""
        return f"{self.name}.{number}."

    def blank(self, visit: Visit, number: int) -> Row:
        """A new row, with the defaults of its fields."""
        first, zone = first_answers(visit, self.definition, None), visit.release.time_zone
        entries = {each.name: entry_of(each, first.get(each.name), zone) for each in self.fields}
        return Row(number, entries, shown_digests(entries))

    def add_blank(self, visit: Visit) -> None:
        self.rows.append(self.blank(visit, max((row.number for row in self.rows), default=-1) + 1))


def groups_of(visit: Visit, arrangement: Arrangement) -> list[RowGroup]:
    """The lists of the page's layout that stand in its form, without their rows."""
    return [
        RowGroup(related.definition, child, _asked(visit, child, related.definition))
        for tab in arrangement.tabs
        for related in tab.related
        if related.definition.in_form
        for child in (visit.release.object(related.definition.object).definition,)
    ]


def _asked(visit: Visit, child: ObjectDefinition, related: RelatedList) -> tuple[FieldDefinition, ...]:
    fields = [child.by_name[name] for name in related.columns if name in child.by_name and name != related.field]
    return tuple(each for each in fields if may_see(visit, each) and is_answerable(each))


def fill_groups(visit: Visit, groups: Sequence[RowGroup], record: uuid.UUID) -> None:
    """The records there are, as rows: one question for each list."""
    for group in groups:
        query = ListQuery(
            group.related.object,
            tuple(each.name for each in group.fields),
            sort=group.related.sort or (Sort("created_at"),),
            limit=MOST_ROWS,
            pointing_to=Pointing(group.related.field, record),
            language=visit.language,
        )
        page = short_list(visit.store, visit.actor, query, release=visit.release)
        group.has_more = page.next is not None
        for number, found in enumerate(page.records):
            zone = visit.release.time_zone
            entries = {each.name: entry_of(each, found.answers.get(each.name), zone) for each in group.fields}
            group.rows.append(
                Row(number, entries, shown_digests(entries), found.id, found.version, labels=found.labels)
            )


def typed_rows(visit: Visit, groups: Sequence[RowGroup], form: Form) -> None:
    """The rows as they were sent, with everything that was typed."""
    for group in groups:
        group.rows = [_typed(visit, group, form, number) for number in _numbers(group, form)]


def _numbers(group: RowGroup, form: Form) -> list[int]:
    prefix, found = f"{group.name}.", set()
    for name in form:
        number, _, box = name.removeprefix(prefix).partition(".") if name.startswith(prefix) else ("", "", "")
        if box == "shown_":
            found.add(whole_number(number, 3))
    return sorted(each for each in found if each is not None)[: 2 * MOST_ROWS]


def _typed(visit: Visit, group: RowGroup, form: Form, number: int) -> Row:
    prefix = group.prefix(number)
    own: Form = MultiDict(
        [(name.removeprefix(prefix), value) for name, value in form.items(multi=True) if name.startswith(prefix)]
    )
    shown = own.get("shown_", "")
    entries = {each.name: entry_typed(own, each) for each in group.fields if each.name in shown_names(shown)}
    others = [each for each in group.definition.fields if each not in group.fields]
    return Row(
        number,
        entries,
        shown,
        identifier_of(own.get("record", "")),
        whole_number(own.get("version", ""), MOST_DIGITS) or 0,
        bool(own.get("remove")),
        labels=names_of(visit, group.definition, entries),
        problems=no_longer_asked(visit, own, shown, others),
        finding=next((name for name in entries if f"{prefix}{name}" == form.get("find")), ""),
        acknowledged=frozenset(own.getlist(ACKNOWLEDGE)),
    )


def unchosen_in_rows(groups: Sequence[RowGroup]) -> bool:
    """Puts a problem beside each lookup in which something was typed and nothing chosen; tells whether any was."""
    for group in groups:
        for row in group.rows:
            if not row.is_removed:
                row.problems += unchosen_lookups(row.entries)
    return any(row.problems for group in groups for row in group.rows)


def batches_of(groups: Sequence[RowGroup], master: uuid.UUID, request_key: str) -> Iterator[tuple[Batch, list[Row]]]:
    """What is to be saved of each list, with the rows in the order of its changes."""
    for group in groups:
        changed = [row for row in group.rows if not row.is_blank and not row.is_removed and _changes(group, row)]
        removed = [(row.record, row.version) for row in group.rows if row.is_removed and row.record is not None]
        changes = [_change(group, row, master, request_key) for row in changed]
        yield Batch(group.related.object, changes, removed), changed


def _changes(group: RowGroup, row: Row) -> dict[str, Any]:
    return inputs(group.definition, changed_entries(row.entries, row.shown))


def _change(group: RowGroup, row: Row, master: uuid.UUID, request_key: str) -> Change:
    values = _changes(group, row)
    if row.record is not None:
        return Change(values, row.record, row.version, acknowledged=row.acknowledged)
    return Change(
        {**values, group.related.field: str(master)},
        identifier_in(request_key, f"{group.name}.{row.number}"),
        acknowledged=row.acknowledged,
    )


def identifier_in(request_key: str, place: str) -> uuid.UUID:
    """The identifier of a record that a form makes: the same however often the form is sent (UUID version 8)."""
    number = int.from_bytes(hashlib.sha256(f"{request_key} {place}".encode()).digest()[:16], "big")
    number &= ~(0xF << 76) & ~(0x3 << 62)
    return uuid.UUID(int=number | (0x8 << 76) | (0x2 << 62))
