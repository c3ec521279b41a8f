"""Before the head is taken: inputs become answers, new records get keys, facts and rows."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from amparo.metadata.fields.answers import is_blank
from amparo.metadata.fields.base import Answer
from amparo.metadata.fields.defaults import default_value
from amparo.metadata.problems import Problem
from amparo.metadata.wording import N_
from amparo.runtime.access import Actor
from amparo.runtime.identifiers import new_identifier
from amparo.runtime.ledger.first_values import first_facts
from amparo.runtime.records.changes import Change
from amparo.runtime.records.encoding import RowPlan, row_plan
from amparo.runtime.records.entry_texts import entry_texts, searched_fields
from amparo.runtime.records.prepared import NewRecord, Prepared
from amparo.runtime.records.ruling import Ruling
from amparo.runtime.releases.live import LiveObject
from amparo.runtime.search_entries.writing import new_entry
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.projection import FieldPlace
from amparo.runtime.stores.tables import ACKNOWLEDGED, OWNER, RECORD_TYPE, RESERVED_FIELDS

#: What a change may say of a record beside the answers to its fields.
SYSTEM_INPUTS = ("owner", "record_type")


def prepare(ruling: Ruling, position: int, change: Change) -> Prepared:
    """Coerces everything and collects every problem; asks the store nothing."""
    live, actor = ruling.live, ruling.actor
    given = frozenset(name for name in SYSTEM_INPUTS if name in change.values)
    values = change.values
    if given:
        values = {name: value for name, value in values.items() if name not in given}
    answers, problems = live.coercer.coerce(values)
    owner, owner_problems = _owner(change.values, actor)
    record_type, type_problems = _record_type(live, change.values)
    prepared = Prepared(
        position,
        change,
        change.record or new_identifier(),
        answers,
        given,
        owner,
        record_type,
        [*problems, *owner_problems, *type_problems],
    )
    refused = {problem.path for problem in problems}
    if change.is_update:
        prepared.problems += _emptied(live, answers)
    else:
        _fill_defaults(ruling, prepared, refused)
        prepared.problems += [p for p in live.coercer.missing_required(answers) if p.path not in refused]
        # An answer that was refused is told already; what depends on it may be right.
        prepared.problems += live.coercer.unfitting(answers, answers) if not refused else []
        # What needs the store is judged under the head, with all else that the object asks.
        if not ruling.rules.asks_the_store:
            ruling.judge_new(prepared)
    return prepared


def _fill_defaults(ruling: Ruling, prepared: Prepared, refused: set[str]) -> None:
    """A field that the caller did not name gets its default; one left blank on purpose stays blank."""
    for definition in ruling.live.defaulted:
        name = definition.name
        if name not in prepared.answers and name not in refused:
            prepared.answers[name] = default_value(definition, ruling.release.context, ruling.now)
    computed = ruling.default_answers(prepared.answers, prepared.record_type)
    prepared.answers.update({name: answer for name, answer in computed.items() if name not in refused})


def _emptied(live: LiveObject, answers: Mapping[str, Answer]) -> list[Problem]:
    """An update must not blank a required field; one it does not touch is left as it is, one with a condition to it."""
    return [
        Problem("required", name, None, N_("Answer this: it is required."))
        for name, answer in answers.items()
        if (field := live.definition.by_name[name]).required and not field.visible_when and is_blank(answer)
    ]


def _owner(values: Mapping[str, Any], actor: Actor) -> tuple[uuid.UUID | None, list[Problem]]:
    raw = values.get("owner", actor.member)
    if raw is None or raw == "":
        return None, []
    if isinstance(raw, uuid.UUID):
        return raw, []
    try:
        return uuid.UUID(str(raw)), []
    except ValueError:
        return None, [Problem("unknown_member", "owner", raw, N_("Choose a member of this organisation."))]


def _record_type(live: LiveObject, values: Mapping[str, Any]) -> tuple[str | None, list[Problem]]:
    name = values.get("record_type") or None
    if name is None or any(kind.name == name and kind.active for kind in live.definition.record_types):
        return name, []
    known = ", ".join(kind.name for kind in live.definition.record_types if kind.active) or "-"
    advice = N_("Choose one of these record types: {names}.")
    return None, [Problem("unknown_record_type", "record_type", name, advice, {"names": known})]


def encode_new(live: LiveObject, prepared: Prepared, store: OrganisationStore) -> None:
    """Makes a new record ready to be written: under another key each time, but where files were sealed under one."""
    key = prepared.key or store.keys.new_record_key(prepared.record)
    owner = str(prepared.owner) if prepared.owner else None
    texts = ((OWNER, owner), (RECORD_TYPE, prepared.record_type), (ACKNOWLEDGED, " ".join(prepared.standing)))
    reserved = [(number, text) for number, text in texts if text]
    plan = row_plan(live, first_facts(store))
    encoded = plan.encode(prepared.answers, store.keys, key, reserved)
    row = encoded.row
    searched = {column: row[place] for column, place in _searched(live, plan)}
    prepared.new = NewRecord(key, encoded, new_entry(store, live.place.number, entry_texts(live, searched)))


@lru_cache(maxsize=1024)
def _searched(live: LiveObject, plan: RowPlan) -> list[tuple[str, int]]:
    """The columns of an encoded row that its record is found by."""
    return plan.positions(searched_fields(live).columns)


def field_identity(number: int, places: Mapping[int, FieldPlace]) -> str:
    """What a leaf hash calls a field: its permanent id, or the name of a reserved one."""
    return RESERVED_FIELDS[number] if number in RESERVED_FIELDS else places[number].id
