"""What was typed for questions that were taken out while a form was open."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from werkzeug.datastructures import MultiDict

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


def lists_no_longer_asked(visit: Visit, form: Form, lists: Collection[str]) -> Iterator[Problem]:
    """What was typed in rows of lists that stand in the form no more; ``lists`` are those that do, as boxes call them.

    It is told at the top: nothing of the form is about these rows now.
    """
    for box in form:
        prefix = box.removesuffix("shown_")
        name, _, _ = prefix.rstrip(".").rpartition(".")
        if prefix == box or not name.startswith("+") or name in lists:
            continue
        child = visit.release.application.objects.get(name[1:].partition(".")[0])
        if child is not None:
            own: Form = MultiDict(
                [(each.removeprefix(prefix), text) for each, text in form.items(multi=True) if each.startswith(prefix)]
            )
            for problem in no_longer_asked(visit, own, own.get("shown_", ""), child.fields):
                yield replace(problem, path="")


def _words_of(visit: Visit, field: FieldDefinition, entry: Entry) -> str:
    options = visit.words.options(field)
    typed = (entry.value, *entry.codes, *entry.parts.values(), entry.missing)
    return " ".join(options[each].label if each in options else each for each in typed if each)
