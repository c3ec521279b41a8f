"""The formulas of an object in a save: what they see of each record, and what they make of it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, select

from amparo.metadata.fields.answers import coerce_answer
from amparo.metadata.fields.base import Answer, Rejected
from amparo.metadata.fields.defaults import default_value
from amparo.metadata.fields.dependence import not_offered
from amparo.metadata.formulas.failures import FormulaError
from amparo.metadata.formulas.scope import scope_of
from amparo.metadata.model import SYSTEM_FIELDS
from amparo.metadata.rules.compiled import ObjectRules, Path
from amparo.metadata.rules.judging import Situation, judge
from amparo.runtime.access import Actor, Permission
from amparo.runtime.keys import RecordKey
from amparo.runtime.records.beyond import BeyondReader, known_globals
from amparo.runtime.records.held import Row, held_answer
from amparo.runtime.records.prepared import Prepared
from amparo.runtime.releases.live import LiveObject, LiveRelease
from amparo.runtime.roll_ups.values import initial_answers
from amparo.runtime.stores.tables import ACKNOWLEDGED, OrganisationTables

#: A change of a record, with the row that it has now.
Found = tuple[Prepared, Row, RecordKey]


class Ruling:
    """Of one object under one release, at one moment."""

    def __init__(self, release: LiveRelease, live: LiveObject, actor: Actor, now: dt.datetime) -> None:
        self.rules: ObjectRules = release.rules_of(live)
        self.release = release
        self.live = live
        self.actor = actor
        self.now = now

    def default_answers(self, answers: Mapping[str, Answer], record_type: str | None) -> dict[str, Answer]:
        """What formulas answer of a new record that ``answers`` leave out; what cannot be computed stays blank."""
        if not self.rules.defaults:
            return {}
        known = known_globals(self._default_paths(), self.release, self.live, self.actor, record_type)
        found: dict[str, Answer] = {}
        for name, formula in self.rules.defaults.items():
            if name in answers:
                continue
            system = {"record_type": record_type, "created_at": self.now}
            scope = scope_of({**system, **known, **answers, **found}, self.now, self.release.time_zone)
            with suppress(FormulaError, Rejected):
                definition = self.live.definition.by_name[name]
                found[name] = coerce_answer(definition, self.release.context, formula.evaluate(scope))
        return found

    def _default_paths(self) -> set[Path]:
        return {path for formula in self.rules.defaults.values() for path in formula.beyond}

    def judge_new(self, prepared: Prepared, beyond: Mapping[str, Any] | None = None) -> None:
        """Adds problems and the warnings that stand; takes defaults away that do not apply."""
        if not self.rules:
            return
        system = {
            "id": prepared.record,
            "owner": prepared.owner,
            "record_type": prepared.record_type,
            "created_at": self.now,
            "created_by": self.actor.member,
            "updated_at": self.now,
            "updated_by": self.actor.member,
        }
        answers = {
            **system,
            **initial_answers(self.live),
            **self._globals(prepared.record_type),
            **(beyond or {}),
            **prepared.answers,
        }
        situation = self._situation(prepared, answers, None)
        self.settle_fields(prepared, situation)
        self.judge(prepared, situation)

    def judge_under_head(self, reader: BeyondReader, creates: Sequence[Prepared]) -> bool:
        """New records whose formulas ask the store. Whether one of them is now to be written otherwise than before."""
        if not creates or not self.rules.asks_the_store:
            return False
        beyond = reader.read(self.live, self.rules.beyond, [each.answers for each in creates])
        is_other = False
        for each, more in zip(creates, beyond, strict=True):
            before = dict(each.answers)
            self.judge_new(each, more)
            is_other |= before != each.answers or bool(each.standing)
        return is_other

    def situations(self, reader: BeyondReader, found: Sequence[Found]) -> list[Situation]:
        """Of records that are there, as their changes would leave them."""
        befores = [self._before(*each) for each in found]
        afters = [{**before, **self._after(prepared)} for before, (prepared, _, _) in zip(befores, found, strict=True)]
        beyond = reader.read(self.live, self.rules.beyond, afters)
        return [
            self._situation(prepared, {**after, **self._globals(after["record_type"]), **more}, before)
            for (prepared, _, _), before, after, more in zip(found, befores, afters, beyond, strict=True)
        ]

    def _before(self, prepared: Prepared, row: Row, key: RecordKey) -> dict[str, Any]:
        """What the record holds of all that formulas ask for or this change answers."""
        names = self.rules.concerned | prepared.answers.keys()
        fields = self.live.fields
        held: dict[str, Any] = {name: held_answer(fields[name], row, key) for name in names if name in fields}
        return held | {name: row[name] for name in SYSTEM_FIELDS}

    def _after(self, prepared: Prepared) -> dict[str, Any]:
        system: dict[str, Any] = {"updated_at": self.now, "updated_by": self.actor.member}
        if "owner" in prepared.given:
            system["owner"] = prepared.owner
        if "record_type" in prepared.given:
            system["record_type"] = prepared.record_type
        return {**system, **prepared.answers}

    def _situation(self, prepared: Prepared, answers: dict[str, Any], before: Mapping[str, Any] | None) -> Situation:
        refused = frozenset(problem.path for problem in prepared.problems)
        given = self._given(prepared)
        # What somebody writes in this change they may see.
        unseen = self._unseen - {(name,) for name in given}
        return Situation(answers, before, given, self.now, self.release.time_zone, refused, unseen)

    @cached_property
    def _unseen(self) -> frozenset[Path]:
        """What formulas read, or hide, that the actor may not see."""
        if self.actor.may(Permission.SENSITIVE_READ):
            return frozenset()
        read = {path for condition in self.rules.conditions for path in condition.reads}
        return frozenset(path for path in (*read, *((name,) for name in self.rules.visible)) if self._is_sealed(path))

    def _is_sealed(self, path: Path) -> bool:
        lives = [self.live]
        for name in path:
            places = [live.fields[name] for live in lives if name in live.fields]
            if any(place.sensitive for place in places):
                return True
            lives = [self.release.object(target) for place in places for target in place.field.targets]
        return False

    def _given(self, prepared: Prepared) -> Collection[str]:
        """What this change answers; a default that a form brings along nobody chose."""
        names = prepared.change.values.keys()
        if prepared.change.is_update:
            return names
        conditional = self.rules.visible.keys() & names
        defaults: dict[str, Answer] = {
            each.name: default_value(each, self.release.context, self.now)
            for each in self.live.defaulted
            if each.name in conditional
        }
        if conditional & self.rules.defaults.keys():
            others = {name: answer for name, answer in prepared.answers.items() if name not in conditional}
            defaults |= self.default_answers(others, prepared.record_type)
        return names - {name for name in conditional & defaults.keys() if prepared.answers.get(name) == defaults[name]}

    def _globals(self, record_type: str | None) -> Mapping[str, Any]:
        return known_globals(self.rules.beyond, self.release, self.live, self.actor, record_type)

    def settle_fields(self, prepared: Prepared, situation: Situation) -> None:
        """Clears what does not apply, before it is worked out what the change changes."""
        prepared.problems += situation.settle_fields(self.rules)
        before = situation.before or {}
        for name in situation.hidden:
            if before.get(name) is not None or name in prepared.answers:
                prepared.answers[name] = None

    def judge(self, prepared: Prepared, situation: Situation, standing: Collection[str] = ()) -> None:
        """``standing`` are ids of rules whose warning somebody acknowledged before."""
        by_name, application = self.live.definition.by_name, self.release.application
        withheld = situation.not_offered(self.rules)
        problems = [not_offered(by_name[name], code, application) for name, code in withheld]
        problems += situation.missing(self.rules)
        judgement = judge(self.rules, situation, prepared.change.acknowledged, standing)
        prepared.problems += [*problems, *judgement.problems]
        prepared.standing = tuple(judgement.standing)


def standing_warnings(
    connection: Connection, tables: OrganisationTables, records: Sequence[uuid.UUID]
) -> Mapping[uuid.UUID, tuple[str, ...]]:
    """The rules whose warning was acknowledged, and still stands, by record."""
    fact = tables.fact
    query = (
        select(fact.c.record, fact.c.new)
        .where(fact.c.record.in_(records), fact.c.field == ACKNOWLEDGED)
        .order_by(fact.c.tx)
    )
    found: dict[uuid.UUID, tuple[str, ...]] = defaultdict(tuple)
    found.update({row.record: tuple((row.new or "").split()) for row in connection.execute(query)})
    return found
