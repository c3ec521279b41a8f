"""What stands in the boxes of a question: put there from an answer, or read back from a form, letter by letter.

An entry keeps everything a person typed, also what is no answer yet, so that a
form can always be shown again as it was left.
"""

from __future__ import annotations

import hmac
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

from amparo.metadata.fields.base import Answer
from amparo.metadata.missing import Missing
from amparo.metadata.model import FieldDefinition, ObjectDefinition
from amparo.metadata.problems import Problem
from amparo.metadata.wording import N_
from amparo.runtime.web.server_secret import key_for
from amparo.runtime.web.widgets.base import Entry, Form
from amparo.runtime.web.widgets.registry import widget_of

#: Names of boxes that the form needs for itself. A field of that name gets a box with an underscore after it,
#: which no field name may end in.
_OWN_BOXES = frozenset({"csrf_token", "request_key", "find", "add_row", "acknowledge", "bring_back"})
#: The box that holds the names of validation rules whose warning was ticked.
ACKNOWLEDGE = "acknowledge"
_AS_SHOWN = b"boxes as a form showed them"


def box_name(name: str) -> str:
    """The name under which a field's answer is sent."""
    return f"{name}_" if name in _OWN_BOXES else name


def entry_typed(form: Form, definition: FieldDefinition) -> Entry:
    """What a form holds for a field."""
    name = box_name(definition.name)
    typed = widget_of(definition).typed(form, name)
    return replace(typed, missing=form.get(f"{name}.missing", ""))


def input_of(definition: FieldDefinition, entry: Entry) -> Any:
    """What the save pipeline gets for an entry: a reason, or the widget's input; ``None`` for nothing."""
    if entry.missing:
        return {"missing": entry.missing}
    return widget_of(definition).input(definition, entry)


def inputs(definition: ObjectDefinition, entries: Mapping[str, Entry]) -> dict[str, Any]:
    """What the save pipeline gets for the entries of a record."""
    return {name: input_of(definition.by_name[name], entry) for name, entry in entries.items()}


def unchosen_lookups(entries: Mapping[str, Entry]) -> list[Problem]:
    """Something was typed into a lookup, and no record was chosen; or a place was chosen by halves."""
    advice = N_("Choose one of the matches, or empty the box.")
    parted = N_("You chose a different place higher up. Choose a place inside it, or save again if you know no more.")
    problems = []
    for name, entry in entries.items():
        if entry.is_parted and not entry.missing:
            problems.append(Problem("not_chosen", name, entry.value, parted))
        elif entry.query.strip() and not entry.value and not entry.missing:
            problems.append(Problem("not_chosen", name, entry.query, advice))
    return problems


def entry_of(definition: FieldDefinition, answer: Answer, zone: ZoneInfo) -> Entry:
    """The boxes as an answer fills them."""
    if answer is None:
        return Entry()
    if isinstance(answer, Missing):
        return Entry(missing=answer.value)
    return widget_of(definition).entry(definition, answer, zone)


def identifier_of(text: str) -> uuid.UUID | None:
    """The identifier a box or an address holds; ``None`` for anything else."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def shown_digests(entries: Mapping[str, Entry]) -> str:
    """What a form says about the boxes as it showed them: ``name:digest``, separated by spaces.

    A tab keeps that with what is typed, of sensitive answers too. So the digests are keyed: without, whoever finds
    the device needs only to try every telephone number.
    """
    key = key_for(_AS_SHOWN)
    return " ".join(f"{name}:{_digest(key, entry)}" for name, entry in entries.items())


def _digest(key: bytes, entry: Entry) -> str:
    """Ten letters that tell whether the boxes were changed."""
    return hmac.digest(key, entry.content, "sha256").hex()[:10]


def was_shown(entry: Entry, digest: str) -> bool:
    """``digest`` is one of :func:`shown_then`."""
    return digest == _digest(key_for(_AS_SHOWN), entry)


def not_shown(entries: Mapping[str, Entry]) -> str:
    """As :func:`shown_digests`, for boxes that all count as changed."""
    return " ".join(f"{name}:?" for name in entries)


def shown_names(shown: str) -> set[str]:
    return {pair.partition(":")[0] for pair in shown.split()}


def shown_then(shown: str) -> dict[str, str]:
    """The digests of the boxes by field, the last one told of each."""
    return dict(pair.partition(":")[::2] for pair in shown.split())


def changed_entries(entries: Mapping[str, Entry], shown: str) -> dict[str, Entry]:
    """The entries that differ from what the form showed; all of them where it does not say.

    Only these are saved: an answer that nobody touched stays as it is, also
    one that today's definitions would refuse.
    """
    before = shown_then(shown)
    key = key_for(_AS_SHOWN)
    blank = _digest(key, Entry())
    return {
        name: entry
        for name, entry in entries.items()
        # Boxes that were blank and are blank were not touched, however many there are.
        if before.get(name) != _digest(key, entry) and not (entry.is_empty and before.get(name) == blank)
    }


def repeated_inputs(form: Form, leave_out: Sequence[str]) -> list[tuple[str, str]]:
    """Every box of a form with what stood in it, for a page that sends it again."""
    return [(name, value) for name, value in form.items(multi=True) if name not in leave_out]


@dataclass(frozen=True, slots=True)
class Boxes:
    """Hidden boxes of a form, in order; one name may stand there several times."""

    pairs: Sequence[tuple[str, str]]

    def items(self) -> Sequence[tuple[str, str]]:
        """As a mapping gives them, which is how templates ask."""
        return self.pairs
