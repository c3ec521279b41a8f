"""Input for the fields of one record made into answers, compiled once per object.

An answer is a value, a reason for its absence, or ``None`` for blank. All
problems come back at once; a problem's path is the field's name.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from amparo.metadata.fields.base import Answer, Coercer, CoercionContext, Rejected
from amparo.metadata.fields.dependence import Dependence, dependences_of
from amparo.metadata.fields.gone import not_installed
from amparo.metadata.fields.registry import field_type, is_answerable
from amparo.metadata.missing import Missing
from amparo.metadata.model import FieldDefinition, ObjectDefinition
from amparo.metadata.problems import Problem, near_name
from amparo.metadata.wording import N_

AnswerCoercer = Callable[[Any], Answer]


def is_blank(answer: Any) -> bool:
    """Nothing was answered: ``None``, an empty selection, or text of white space only.

    A reason for a missing value is an answer.
    """
    if isinstance(answer, Missing):
        return False
    if isinstance(answer, str):
        return not answer.strip()
    return answer is None or answer == ()


def answer_coercer(definition: FieldDefinition, context: CoercionContext) -> AnswerCoercer:
    """From input to answer; the returned function raises :class:`Rejected`."""
    coerce = field_type(definition.type).coercer(definition, context)
    reasons = frozenset(definition.missing_reasons)

    def answer(raw: Any) -> Answer:
        kind = type(raw)
        if kind is Missing or kind is dict:
            return _reason(raw, reasons)
        return None if raw is None else coerce(raw)

    return answer


def coerce_answer(definition: FieldDefinition, context: CoercionContext, raw: Any) -> Answer:
    """One input of one field; raises :class:`Rejected`. For many records use :func:`compile_object`."""
    return answer_coercer(definition, context)(raw)


def _reason(raw: Missing | dict[Any, Any], reasons: frozenset[Missing]) -> Missing:
    written = raw if isinstance(raw, Missing) else raw.get("missing")
    if isinstance(raw, dict) and set(raw) != {"missing"}:
        raise Rejected("not_a_value", N_("Give a value, or a reason as {form}."), form='{"missing": "refused"}')
    if not reasons:
        raise Rejected(
            "reason_not_allowed",
            N_("Leave this blank or answer it: it takes no reason for a missing answer."),
        )
    if not isinstance(written, str) or written not in reasons:
        allowed = ", ".join(sorted(reasons))
        raise Rejected("reason_not_allowed", N_("Give one of these reasons: {reasons}."), reasons=allowed)
    return Missing(written)


@dataclass(frozen=True, slots=True)
class ObjectCoercer:
    """Coerces the fields of one object's records. Build with :func:`compile_object`."""

    definition: ObjectDefinition
    _coercers: Mapping[str, Coercer]
    _reasons: Mapping[str, frozenset[Missing]]
    _required: tuple[str, ...]
    _refusals: Mapping[str, Rejected] = field(default_factory=dict)
    dependences: tuple[Dependence, ...] = ()

    def coerce(self, values: Mapping[str, Any]) -> tuple[dict[str, Answer], list[Problem]]:
        """Answers by field name for what was given, and every problem in the order given.

        A field with a problem is not among the answers.
        """
        answers: dict[str, Answer] = {}
        problems: list[Problem] = []
        coercers = self._coercers
        for name, raw in values.items():
            try:
                # A reason is text to Python, so its exact type is asked before a text field sees it.
                if raw is None:
                    coercers[name]
                    answers[name] = None
                elif type(raw) is Missing or type(raw) is dict:
                    answers[name] = _reason(raw, self._reasons[name])
                else:
                    answers[name] = coercers[name](raw)
            except Rejected as refusal:
                problems.append(refusal.at(name, raw))
            except KeyError:
                if name in coercers:
                    raise
                problems.append(self._refuse(name, raw))
        return answers, problems

    def missing_required(self, answers: Mapping[str, Answer]) -> list[Problem]:
        """A problem for each required field that is blank or absent in ``answers``, a whole record's.

        Not for one that is shown by a condition: ``metadata.rules`` asks for that where it applies.
        """
        return [
            Problem("required", name, None, N_("Answer this: it is required."))
            for name in self._required
            if is_blank(answers.get(name))
        ]

    def unfitting(
        self, answers: Mapping[str, Answer], asked: Collection[str], before: Mapping[str, Answer] = MappingProxyType({})
    ) -> list[Problem]:
        """A problem for each option that does not go with another answer, where one of the two is among ``asked``.

        What the record held of both ``before`` may stay.
        """
        found = (each.problem(answers, before) for each in self.dependences if not each.names.isdisjoint(asked))
        return [problem for problem in found if problem is not None]

    def _refuse(self, name: str, raw: Any) -> Problem:
        refusal = self._refusals.get(name)
        if refusal is not None:
            return refusal.at(name, raw)
        label = self.definition.label
        near = near_name(str(name), self._coercers)
        if near is None:
            advice = N_("{object} has no field “{name}”.")
            return Problem("unknown_name", str(name), raw, advice, {"object": label, "name": name})
        advice = N_("{object} has no field “{name}”. Did you mean “{near}”?")
        return Problem("unknown_name", str(name), raw, advice, {"object": label, "name": name, "near": near})


def compile_object(definition: ObjectDefinition, context: CoercionContext) -> ObjectCoercer:
    """Compile once per object and release; the result is safe to share between threads."""
    open_fields = [each for each in definition.active_fields if is_answerable(each)]
    refusals: dict[str, Rejected] = {}
    for each in definition.fields:
        if each.retired:
            refusals[each.name] = Rejected("retired", N_("Leave this out: the field is retired."))
        elif each.is_computed:
            refusals[each.name] = Rejected("computed", N_("Leave this out: it is worked out from other answers."))
        elif field_type(each.type).generated:
            refusals[each.name] = Rejected("generated", N_("Leave this out: the system gives this number."))
        elif not is_answerable(each):
            refusals[each.name] = not_installed(each)
    return ObjectCoercer(
        definition=definition,
        _coercers={each.name: field_type(each.type).coercer(each, context) for each in open_fields},
        _reasons={each.name: frozenset(each.missing_reasons) for each in open_fields},
        _required=tuple(each.name for each in open_fields if each.required and not each.visible_when),
        _refusals=refusals,
        dependences=dependences_of(definition, context.application),
    )
