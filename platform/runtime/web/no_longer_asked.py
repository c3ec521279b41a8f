"""What was typed for questions that were taken out while a form was open."""

from __future__ import annotations

from collections.abc import Iterable

from amparo.metadata.fields.registry import is_answerable
from amparo.metadata.model import FieldDefinition
from amparo.metadata.problems import Problem
from amparo.metadata.wording import N_
from amparo.runtime.web.entries import changed_entries, entry_typed, shown_names
from amparo.runtime.web.visits import Visit
from amparo.runtime.web.widgets.base import Entry, Form


def no_longer_asked(visit: Visit, form: Form, shown: str, fields: Iterable[FieldDefinition]) -> list[Problem]:
    """``fields`` are those that are not asked now; ``shown`` says which the form asked.

    It is told once, to be copied from there: the form that comes back asks for it no more, and can be saved.
    """
    names = shown_names(shown)
    gone = {each.name: each for each in fields if each.name in names and is_answerable(each)}
    entries = {name: entry_typed(form, each) for name, each in gone.items()}
    advice = N_("This is not asked any more. You wrote “{text}”. Write it elsewhere if it is needed, and save again.")
    return [
        Problem("no_longer_asked", name, None, advice, {"text": _words_of(visit, gone[name], entry)})
        for name, entry in changed_entries(entries, shown).items()
        if not entry.is_empty
    ]


def _words_of(visit: Visit, field: FieldDefinition, entry: Entry) -> str:
    options = visit.words.options(field)
    typed = (entry.value, *entry.codes, *entry.parts.values(), entry.missing)
    return " ".join(options[each].label if each in options else each for each in typed if each)
