"""What stands in the boxes of a question: put there from an answer, or read back from a form, letter by letter.

An entry keeps everything a person typed, also what is no answer yet, so that a
form can always be shown again as it was left.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from werkzeug.datastructures import MultiDict

from amparo.metadata.fields.base import Answer
from amparo.metadata.fields.numerals import ascii_digits
from amparo.metadata.fields.registry import field_type
from amparo.metadata.missing import Missing
from amparo.metadata.model import FieldDefinition

Form = MultiDict[str, str]

#: Names of boxes that the form needs for itself. A field of that name gets a box with an underscore after it,
#: which no field name may end in.
_OWN_BOXES = frozenset({"csrf_token", "request_key", "find"})
_DATE_UNITS = ("year", "month", "day")


@dataclass(frozen=True, slots=True)
class Entry:
    """``value`` of one box, ``codes`` of a list of boxes, ``parts`` of a date; ``query`` is what a lookup was asked."""

    value: str = ""
    codes: tuple[str, ...] = ()
    parts: Mapping[str, str] = field(default_factory=dict)
    query: str = ""
    missing: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.value.strip() or self.codes or any(self.parts.values()) or self.missing)

    @property
    def digest(self) -> str:
        """Ten letters that tell whether the boxes were changed; a lookup's question is no answer and does not count."""
        content = repr((self.value, sorted(self.codes), sorted(self.parts.items()), self.missing))
        return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()[:10]


def box_name(name: str) -> str:
    """The name under which a field's answer is sent."""
    return f"{name}_" if name in _OWN_BOXES else name


def entry_typed(form: Form, definition: FieldDefinition) -> Entry:
    """What a form holds for a field."""
    name = box_name(definition.name)
    family = field_type(definition.type).family
    missing = form.get(f"{name}.missing", "")
    if family == "codes":
        return Entry(codes=tuple(form.getlist(name)), missing=missing)
    if family in ("date", "instant"):
        units = (*_DATE_UNITS, "time") if family == "instant" else _DATE_UNITS
        return Entry(parts={unit: form.get(f"{name}.{unit}", "") for unit in units}, missing=missing)
    value = form.get(name, "")
    if family == "long_text":
        # Browsers send every line break as CR LF, whatever stood in the box.
        value = value.replace("\r\n", "\n")
    return Entry(value, query=form.get(f"{name}.query", ""), missing=missing)


def input_of(definition: FieldDefinition, entry: Entry) -> Any:
    """What the save pipeline gets for an entry: a reason, a text, a list of codes; ``None`` for nothing."""
    if entry.missing:
        return {"missing": entry.missing}
    family = field_type(definition.type).family
    if family == "codes":
        return list(entry.codes) or None
    if family in ("date", "instant"):
        return _date_text(entry.parts)
    return entry.value or None


def _date_text(parts: Mapping[str, str]) -> str | None:
    """ISO text where the parts allow it; else the parts as they are, for the field type to refuse in its words.

    A year is never filled up with zeros: nobody who writes 26 means the year 0026.
    """
    written = {unit: ascii_digits(text) for unit, text in parts.items()}
    if not any(written.values()):
        return None
    widths = {"year": 1, "month": 2, "day": 2}
    day = "-".join(written[unit].zfill(width) if written[unit] else "" for unit, width in widths.items())
    time = written.get("time")
    if time is None:
        return day
    return f"{day} {time.zfill(5) if ':' in time else time}".strip()


def entry_of(definition: FieldDefinition, answer: Answer, zone: ZoneInfo) -> Entry:
    """The boxes as an answer fills them."""
    if answer is None:
        return Entry()
    if isinstance(answer, Missing):
        return Entry(missing=answer.value)
    return _FILLERS[field_type(definition.type).family](answer, zone)


def _date_parts(day: dt.date) -> dict[str, str]:
    return {"year": f"{day.year:04}", "month": str(day.month), "day": str(day.day)}


def _instant_entry(moment: dt.datetime, zone: ZoneInfo) -> Entry:
    local = moment.astimezone(zone)
    # Seconds stand there only where they are not zero: an answer that is not touched must stay as it is.
    clock = local.strftime("%H:%M") if not (local.second or local.microsecond) else local.time().isoformat()
    return Entry(parts={**_date_parts(local.date()), "time": clock})


def _plain(answer: object, zone: ZoneInfo) -> Entry:
    return Entry(str(answer))


_FILLERS: Mapping[str, Callable[[Any, ZoneInfo], Entry]] = {
    "text": _plain,
    "long_text": _plain,
    "integer": _plain,
    "code": _plain,
    "reference": _plain,
    "decimal": lambda number, _: Entry(format(Decimal(number), "f")),
    "boolean": lambda truth, _: Entry("true" if truth else "false"),
    "date": lambda day, _: Entry(parts=_date_parts(day)),
    "instant": _instant_entry,
    "codes": lambda codes, _: Entry(codes=tuple(codes)),
}


def identifier_of(text: str) -> uuid.UUID | None:
    """The identifier a box or an address holds; ``None`` for anything else."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def shown_digests(entries: Mapping[str, Entry]) -> str:
    """What a form says about the boxes as it showed them: ``name:digest`` apart by spaces."""
    return " ".join(f"{name}:{entry.digest}" for name, entry in entries.items())


def not_shown(entries: Mapping[str, Entry]) -> str:
    """As :func:`shown_digests`, for boxes that all count as changed."""
    return " ".join(f"{name}:?" for name in entries)


def shown_names(shown: str) -> set[str]:
    return {pair.partition(":")[0] for pair in shown.split()}


def changed_entries(entries: Mapping[str, Entry], shown: str) -> dict[str, Entry]:
    """The entries that differ from what the form showed; all of them where it does not say.

    Only these are saved: an answer that nobody touched stays as it is, also
    one that today's definitions would refuse.
    """
    before = dict(pair.partition(":")[::2] for pair in shown.split())
    return {name: entry for name, entry in entries.items() if before.get(name) != entry.digest}


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
