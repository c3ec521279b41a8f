"""The rules, conditions and computed fields of an object in words, for those who shape it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from flask_babel import gettext

from amparo.metadata.formulas.checking import check_formula
from amparo.metadata.formulas.reading_aloud import read_aloud
from amparo.metadata.formulas.spoken import Spoken
from amparo.metadata.model import FieldDefinition, ObjectDefinition
from amparo.metadata.rules.definitions import ValidationRule
from amparo.runtime.releases.live import LiveRelease
from amparo.runtime.serializer.readings import MarkedReadingWords
from amparo.runtime.web.words import ReleaseWords, words_of


@dataclass(frozen=True)
class ToldFormula:
    """``about`` is what the formula decides, ``spoken`` how it reads; None for one that cannot be read."""

    about: str
    formula: str
    spoken: Spoken | None


@lru_cache(maxsize=256)
def formulas_told(release: LiveRelease, object_name: str, language: str) -> tuple[ToldFormula, ...]:
    """Those of rules that do not rest, then those of fields in use; releases are compared by identity."""
    definition = release.object(object_name).definition
    words = MarkedReadingWords(release.application, language)

    def told(about: str, formula: str) -> ToldFormula:
        tree = check_formula(formula, release.shapes, object_name).tree
        spoken = None if tree is None else read_aloud(tree, release.shapes, object_name, words)
        return ToldFormula(about, formula, spoken)

    return tuple(told(*each) for each in _formulas(definition, words_of(release, language)))


def _formulas(definition: ObjectDefinition, words: ReleaseWords) -> Iterator[tuple[str, str]]:
    for rule in definition.validation_rules:
        if rule.active:
            yield _about(definition, rule, words), rule.condition
    for field in definition.active_fields:
        yield from _of_field(field, words)


def _about(definition: ObjectDefinition, rule: ValidationRule, words: ReleaseWords) -> str:
    message = words.rule_message(rule.id, rule.message)
    if rule.completion is None:
        return gettext("It is said “%(message)s” when:", message=message)
    field = definition.by_name[rule.completion.field]
    options = words.options(field)
    reached = gettext(", ").join(options[code].label for code in rule.completion.options if code in options)
    return gettext(
        "On the way of “%(field)s” to %(options)s it is said “%(message)s” when:",
        field=words.field(field).label,
        options=reached,
        message=message,
    )


def _of_field(field: FieldDefinition, words: ReleaseWords) -> Iterator[tuple[str, str]]:
    label = words.field(field).label
    for formula, about in (
        (field.visible_when, gettext("“%(field)s” is asked while:", field=label)),
        (field.required_when, gettext("“%(field)s” needs an answer while:", field=label)),
        (field.read_only_when, gettext("“%(field)s” cannot be changed while:", field=label)),
        (field.default_formula, gettext("“%(field)s” begins with:", field=label)),
        (field.formula, gettext("“%(field)s” is computed:", field=label)),
    ):
        if formula:
            yield about, formula
    options = words.options(field)
    for code, formula in field.options.get("options_when", {}).items():
        option = options[code].label if code in options else code
        yield gettext("“%(field)s” offers “%(option)s” while:", field=label, option=option), formula
