"""What an object's formulas say of one record: which fields apply, which are needed, which rules are broken."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from amparo.metadata.fields.answers import is_blank
from amparo.metadata.fields.base import Answer
from amparo.metadata.fields.dependence import codes_of
from amparo.metadata.formulas.failures import FormulaError
from amparo.metadata.formulas.scope import Scope, scope_of
from amparo.metadata.missing import Missing
from amparo.metadata.problems import Problem
from amparo.metadata.rules.compiled import CompiledRule, Condition, ObjectRules, Path
from amparo.metadata.rules.definitions import Completion, Existing, Severity
from amparo.metadata.wording import N_

#: The kind of a problem that goes away when somebody says that the record is right all the same.
WARNING = "warning"
#: Among the names of acknowledged rules: all of them.
EVERY_WARNING = "*"
_NEEDED = N_("Answer this: it is required.")
_NOT_ASKED = N_("This is not asked with the other answers given here. Leave it blank, or change those.")
_READ_ONLY = N_("This cannot be changed now. Leave it as it is.")
_UNSEEN = N_("This does not go together with an answer that you may not see. Ask somebody who may see it.")
_NOT_JUDGED = N_("The rule “{rule}” could not be looked at: {reason} Look at the answers again.")


@dataclass(slots=True)
class Situation:
    """One record in the middle of a change.

    ``answers`` are what it would hold, by path, with what formulas read of other records and of who acts; ``before``
    what it held, ``None`` of a new one. ``given`` are the fields that this change answers.
    """

    answers: dict[str, Any]
    before: Mapping[str, Any] | None
    given: Collection[str]
    now: dt.datetime
    zone: dt.tzinfo
    #: Fields whose answer was refused already: what reads them is not asked.
    refused: frozenset[str] = frozenset()
    #: What whoever acts may not see, of this record and of others: rules read it, and say nothing of it.
    unseen: frozenset[Path] = frozenset()
    #: Fields that do not apply; :meth:`settle_fields` finds them.
    hidden: set[str] = field(default_factory=set)
    scope: Scope = field(init=False)

    def __post_init__(self) -> None:
        self.scope = scope_of(self.answers, self.now, self.zone, self.before)

    @property
    def scope_before(self) -> Scope:
        """The record as it was. What formulas read of other records, with a point in its path, counts as it is now."""
        beyond = {path: value for path, value in self.answers.items() if "." in path}
        return scope_of({**beyond, **(self.before or {})}, self.now, self.zone, self.before)

    @property
    def today(self) -> dt.date:
        return self.now.astimezone(self.zone).date()

    def has_changed(self, name: str) -> bool:
        before = None if self.before is None else self.before.get(name)
        return not _same(self.answers.get(name), before)

    def settle_fields(self, rules: ObjectRules) -> list[Problem]:
        """Clears what does not apply, in ``answers`` too, and tells what is answered though it does not or may not be.

        A condition that is neither true nor false hides only what is blank, and clears nothing.
        """
        problems: list[Problem] = []
        for name, condition in rules.visible.items():
            if not self.refused.isdisjoint({name, *condition.own}):
                continue
            if (name,) in self.unseen:
                # Whoever may not see an answer does not make it go away.
                continue
            verdict = condition.verdict(self.scope)
            holds = not _is_nothing(self.answers.get(name))
            if verdict or (verdict is None and holds):
                continue
            if holds and name in self.given and self.has_changed(name):
                problems.append(Problem("not_asked", name, _shown(self.answers[name]), _NOT_ASKED))
            else:
                self._hide(name)
        return [*problems, *self._changed_read_only(rules)]

    def _hide(self, name: str) -> None:
        self.hidden.add(name)
        if self.answers.get(name) is not None:
            self.answers[name] = None
            self.scope = scope_of(self.answers, self.now, self.zone, self.before)

    def _changed_read_only(self, rules: ObjectRules) -> list[Problem]:
        """Judged by what the record held: what this change answers counts from the next one on."""
        if self.before is None or not rules.read_only:
            return []
        scope = self.scope_before
        return [
            Problem("read_only", name, _shown(self.answers.get(name)), _READ_ONLY)
            for name, condition in rules.read_only.items()
            if name in self.given and self.has_changed(name) and condition.verdict(scope)
        ]

    def not_offered(self, rules: ObjectRules) -> list[tuple[str, str]]:
        """Fields with an option whose formula is false. From here on what reads such an answer is not asked.

        Of a record that is there only options that it did not hold, and those of whose formula this change touches
        an answer: a record from before the formula may be changed elsewhere. A formula that is neither true nor
        false, or cannot be computed, keeps nobody from an answer.
        """
        found = [
            (name, code)
            for name, conditions in rules.offered.items()
            if name not in self.refused and name not in self.hidden
            for code in codes_of(self.answers.get(name))
            if code in conditions and self._is_withheld(name, code, conditions[code])
        ]
        self.refused |= {name for name, _ in found}
        return found

    def _is_withheld(self, name: str, code: str, condition: Condition) -> bool:
        others = condition.own - {name} | ({"record_type"} if condition.reads_kind else set())
        if not self.refused.isdisjoint(others):
            return False
        was_held = self.before is not None and code in codes_of(self.before.get(name))
        if was_held and not any(self.has_changed(other) for other in others):
            return False
        return condition.verdict(self.scope) is False

    def missing(self, rules: ObjectRules) -> list[Problem]:
        """A problem for each field that is blank and needed, by its condition or whenever it applies.

        Of a record that is there only what this change touches: a field that it blanks, or one that its answers show
        or make needed.
        """
        settled = self.hidden | self.refused
        return [
            Problem("required", name, None, _NEEDED)
            for name in dict.fromkeys((*rules.required_when_shown, *rules.required))
            if name not in settled and is_blank(self.answers.get(name)) and self._is_needed(rules, name)
        ]

    def _is_needed(self, rules: ObjectRules, name: str) -> bool:
        if not self._is_touched(rules, name):
            return False
        if name in rules.required_when_shown:
            return True
        condition = rules.required[name]
        return self.refused.isdisjoint(condition.own) and bool(condition.verdict(self.scope))

    def _is_touched(self, rules: ObjectRules, name: str) -> bool:
        if self.before is None or self.has_changed(name):
            return True
        conditions = (rules.visible.get(name), rules.required.get(name))
        return any(self.has_changed(each) for condition in conditions if condition for each in condition.own)


@dataclass(slots=True)
class Judgement:
    """``problems`` refuse the save; ``standing`` are the ids of warnings that somebody said are right all the same."""

    problems: list[Problem] = field(default_factory=list)
    standing: list[str] = field(default_factory=list)


def judge(
    rules: ObjectRules, situation: Situation, acknowledged: Collection[str], standing: Collection[str] = ()
) -> Judgement:
    """Which rules the record would break.

    ``acknowledged`` are names of rules whose warning was read, :data:`EVERY_WARNING` among them for all; ``standing``
    the ids of those acknowledged before, which are not asked again while they stand.
    """
    result = Judgement()
    for compiled in rules.rules:
        if situation.refused and not situation.refused.isdisjoint(compiled.condition.own):
            continue
        rule = compiled.rule
        problem = _broken(compiled, situation.scope)
        if problem is None:
            continue
        if not situation.unseen.isdisjoint(compiled.condition.reads):
            problem = _neutral(problem, situation)
        if not _counts(compiled, situation):
            # Nobody is asked, and what somebody said before stands.
            result.standing += [rule.id] if rule.id in standing else []
            continue
        if problem.kind == WARNING or _only_warns(compiled, situation):
            if rule.id in standing or rule.name in acknowledged or EVERY_WARNING in acknowledged:
                result.standing.append(rule.id)
                continue
            problem = replace(problem, kind=WARNING, value=rule.name)
        result.problems.append(problem)
    return result


def _broken(compiled: CompiledRule, scope: Scope) -> Problem | None:
    """A rule that cannot be computed warns: nobody may be kept by it from saving what happened."""
    rule = compiled.rule
    try:
        if not compiled.condition.evaluate(scope):
            return None
    except FormulaError as error:
        params = {"rule": rule.name, "reason": str(error)}
        return Problem(WARNING, rule.field or "", rule.name, _NOT_JUDGED, params)
    return Problem("broken_rule", rule.field or "", None, rule.message, definition=rule.id)


def _neutral(problem: Problem, situation: Situation) -> Problem:
    """The words of a rule may tell what it reads."""
    path = "" if (problem.path,) in situation.unseen else problem.path
    return Problem(problem.kind, path, problem.value, _UNSEEN)


def _counts(compiled: CompiledRule, situation: Situation) -> bool:
    """Whether a broken rule is asked about at all."""
    rule = compiled.rule
    if rule.severity is Severity.ON_COMPLETION and rule.completion is not None:
        return _is_completed(situation, rule.completion)
    if rule.existing is not Existing.LEAVE or not _was_broken(compiled, situation):
        return True
    return any(situation.has_changed(name) for name in compiled.condition.own)


def _is_completed(situation: Situation, completion: Completion) -> bool:
    before = situation.before or {}
    return situation.answers.get(completion.field) in completion.options and (
        before.get(completion.field) not in completion.options
    )


def _only_warns(compiled: CompiledRule, situation: Situation) -> bool:
    rule = compiled.rule
    if rule.severity is Severity.WARNING:
        return True
    return (
        rule.existing is Existing.WARN
        and rule.warn_until is not None
        and situation.today < rule.warn_until
        and _was_broken(compiled, situation)
    )


def _was_broken(compiled: CompiledRule, situation: Situation) -> bool:
    """Whether the record broke the rule before this change."""
    return situation.before is not None and bool(compiled.condition.verdict(situation.scope_before))


def _same(left: Answer, right: Answer) -> bool:
    return left == right or (is_blank(left) and is_blank(right))


def _is_nothing(answer: Answer) -> bool:
    """A box that is not ticked says nothing either."""
    return is_blank(answer) or answer is False


def _shown(answer: Answer) -> Any:
    return answer.value if isinstance(answer, Missing) else answer
