"""A first mapping for a file, from its headers and a sample of its rows. A person corrects it."""

from __future__ import annotations

import difflib
import itertools
import re
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import replace

from amparo.metadata.calendars import Calendar
from amparo.metadata.fields.base import Storage
from amparo.metadata.fields.registry import field_type, is_importable
from amparo.metadata.missing import Missing
from amparo.metadata.model import Application, FieldDefinition, ObjectDefinition
from amparo.runtime.fields.standard_names import COUNTRY_TYPES
from amparo.runtime.releases.live import LiveRelease
from amparo.runtime.transfer.cells import Cell, plain_text
from amparo.runtime.transfer.comparable_texts import comparable, comparable_name, name_words
from amparo.runtime.transfer.dates import DateOrder, fitting_orders, is_buddhist, is_iso_day
from amparo.runtime.transfer.line_guessing import (
    Meaning,
    as_own_fields,
    meanings_beside,
    standard_meanings,
    with_other_objects,
    with_standard_values,
)
from amparo.runtime.transfer.line_parts import object_and_field
from amparo.runtime.transfer.mapping import ColumnMapping, ImportMapping
from amparo.runtime.transfer.naming import ANY_NAME, labels_of, naming_ways
from amparo.runtime.transfer.numbers import has_decimal_comma
from amparo.runtime.transfer.option_texts import (
    OptionTexts,
    codes_of,
    has_codes,
    option_texts,
)
from amparo.runtime.transfer.selections import parts_of
from amparo.runtime.transfer.translating import DAY_FAMILIES

#: How alike two headers, and two texts of a picklist, must be to be taken for the same (1 is equal).
_NEAR_HEADER, _NEAR_TEXT = 0.82, 0.75
#: Words that say nothing of a column, and the most others whose order is tried.
_SMALL_WORDS, _MOST_WORDS = frozenset(("of", "the", "a", "an", "de", "la")), 4
#: Different texts of one column that are looked at.
_MOST_TEXTS = 500
_REMARK = re.compile(r"[(\[（].*", re.DOTALL)
_IDENTIFIER = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)

#: What people write where there is no answer.
_REASON_TEXTS = {
    Missing.UNKNOWN: (
        "-99",
        "-9",
        "99",
        "unknown",
        "not known",
        "dont know",
        "don't know",
        "?",
        "n/k",
        "not specified",
    ),
    Missing.REFUSED: ("-97", "refused", "declined", "refused to answer", "prefer not to say", "no answer"),
    Missing.NOT_ASKED: ("-96", "not asked", "not recorded", "not collected"),
    Missing.NOT_APPLICABLE: ("-98", "n/a", "na", "not applicable"),
}
#: As statistics programs write it.
_NOT_AVAILABLE = "NA"
_REASON_OF = {text: reason for reason, texts in _REASON_TEXTS.items() for text in texts}

Rows = Sequence[Sequence[Cell]]


def guess_mapping(
    release: LiveRelease,
    object_name: str,
    header: Sequence[str],
    sample_rows: Rows,
    *,
    second_names: Sequence[str] = (),
    is_reviewed: bool = True,
    holds_identifiers: bool = False,
) -> ImportMapping:
    """Each field is given to the column whose header is its name or label in any language, or near it.

    ``second_names`` are other names of the columns, as a second header row has
    them. Columns that nothing fits are ignored, and an automatic number always is.
    A mapping that nobody reviews before it is used holds only what is equal,
    and takes no number for a missing answer; the case sheet of the data standard
    is known as a whole. ``holds_identifiers``: lookups name their records so in every
    row, whatever the sample shows. Raises :class:`NotFound` for an unknown object.
    """
    definition = release.object(object_name).definition
    guess = _Guess(release.application, definition, is_reviewed, holds_identifiers)
    standard = standard_meanings(release.application, definition, header, second_names)
    fields = standard or as_own_fields(guess.fields_of_columns(header, second_names), definition)
    columns = {
        name: guess.column(*fields[name], _cells(sample_rows, position), is_standard=bool(standard))
        for position, name in enumerate(header)
        if name in fields
    }
    if any(_NOT_AVAILABLE in column.missing for column in columns.values()):
        columns = {name: guess.without_namibia(column) for name, column in columns.items()}
    found = with_other_objects(
        ImportMapping(columns, tuple(name for name in header if name not in columns)), release.application, definition
    )
    return _with_record_types(found, release.application, definition) if standard else found


def _with_record_types(mapping: ImportMapping, application: Application, definition: ObjectDefinition) -> ImportMapping:
    """The case sheet speaks of clients and their cases: of the first record type that an organisation has for each."""
    others = {
        name: replace(other, record_type=_first_record_type(application.objects[name]))
        for name, other in mapping.others.items()
    }
    return replace(mapping, record_type=_first_record_type(definition), others=others)


def _first_record_type(definition: ObjectDefinition) -> str | None:
    return next((kind.name for kind in definition.record_types if kind.active), None)


def guess_column(release: LiveRelease, object_name: str, path: str, cells: Sequence[Cell]) -> ColumnMapping:
    """What the cells of a column mean that somebody gave to a field, as :func:`guess_mapping` guesses it."""
    definition = release.object(object_name).definition
    guess = _Guess(release.application, definition, is_reviewed=True, holds_identifiers=False)
    return guess.column(path, None, _answers(cells), is_standard=False)


class _Guess:
    def __init__(
        self, application: Application, definition: ObjectDefinition, is_reviewed: bool, holds_identifiers: bool
    ) -> None:
        self._application = application
        self._definition = definition
        self._is_reviewed = is_reviewed
        self._holds_identifiers = holds_identifiers

    def fields_of_columns(self, header: Sequence[str], second_names: Sequence[str]) -> dict[str, Meaning]:
        """Equal names are given away first, so that a near one takes nobody's place."""
        meanings = _meanings(self._application, self._definition)
        beside = dict(meanings_beside(self._application, self._definition, is_reviewed=self._is_reviewed))
        chosen: dict[str, Meaning] = {}
        for find in (_equal, _without_remark, _same_words, _beginning, _near) if self._is_reviewed else (_equal,):
            for names in (header, second_names):
                for name, text in zip(header, names, strict=False):
                    if name in chosen or not text:
                        continue
                    taken = {field for field, _ in chosen.values()}
                    free = {key: meaning for key, meaning in meanings.items() if meaning[0] not in taken}
                    meaning = find(text, free) or (beside.get(comparable_name(text)) if find is _equal else None)
                    if meaning is not None and meaning[0] not in taken:
                        chosen[name] = meaning
        return chosen

    def column(self, path: str, by: str | None, cells: Sequence[Cell], *, is_standard: bool) -> ColumnMapping:
        return replace(self._column(path, by, cells, is_standard), field=path)

    def without_namibia(self, column: ColumnMapping) -> ColumnMapping:
        """NA is no answer, and not the code of Namibia, in a file that writes it for no answer elsewhere."""
        definition, name = self._place(column.field)
        field = definition.by_name.get(name)
        if field is None or field.type not in COUNTRY_TYPES:
            return column
        if Missing.NOT_APPLICABLE in field.missing_reasons:
            return replace(column, missing={**column.missing, _NOT_AVAILABLE: Missing.NOT_APPLICABLE})
        return replace(column, values={**column.values, _NOT_AVAILABLE: None})

    def _place(self, path: str) -> tuple[ObjectDefinition, str]:
        before, name = object_and_field(path)
        return self._application.objects[before] if before else self._definition, name

    def _column(self, path: str, by: str | None, cells: Sequence[Cell], is_standard: bool) -> ColumnMapping:
        texts = _texts(cells)
        definition, name = self._place(path)
        field = definition.by_name.get(name)
        if field is None:
            return ColumnMapping(name)
        if field.targets:
            by = by or (None if self._holds_identifiers else _guess_by(self._application, field, texts))
            return ColumnMapping(name, by, missing=self._reasons(field, texts, {}))
        if has_codes(self._application, field):
            known = option_texts(self._application, field)
            column = self._code_column(field, known, texts)
            if not is_standard:
                return column
            column = replace(column, values={**known.shared, **column.values})
            return with_standard_values(self._application, definition, field, column)
        family = field_type(field.type).family
        missing = {} if family in ("text", "long_text") else self._reasons(field, texts, {})
        if family not in DAY_FAMILIES:
            written = _texts([cell for cell in cells if isinstance(cell, str)])
            numbers = [text for text in written if text not in missing]
            is_comma = field_type(field.type).storage is Storage.DECIMAL and has_decimal_comma(numbers)
            return ColumnMapping(name, missing=missing, decimal_comma=is_comma)
        days = [text for text in texts if text not in missing]
        calendar = Calendar.BUDDHIST if self._is_buddhist(days) else Calendar.GREGORIAN
        return ColumnMapping(name, missing=missing, dates=_date_order(days, calendar), calendar=calendar)

    def _is_buddhist(self, days: Sequence[str]) -> bool:
        return "th" in self._application.languages and is_buddhist(days)

    def _code_column(self, field: FieldDefinition, known: OptionTexts, texts: Sequence[str]) -> ColumnMapping:
        # What names an option only as it is written is none of the mapping's, whose texts stand for all that are alike.
        clear = codes_of(self._application, field) | known.only_as_written
        parts = [part for text in texts for part in parts_of(field, text, known.known)]
        missing = self._reasons(field, parts, known.known)
        near = self._near_codes(known)
        values: dict[str, str | None] = {}
        for text in parts:
            if text.strip() and text.strip() not in clear and text not in missing:
                code = known.comparable.get(comparable(text)) or near(comparable(text))
                if code is not None:
                    values[text] = code
        return ColumnMapping(field.name, values=values, missing=missing)

    def _near_codes(self, known: OptionTexts) -> Callable[[str], str | None]:
        """Proposals for texts that name no option, where somebody looks at them."""
        if not self._is_reviewed:
            return lambda _: None
        codes = {comparable(text): code for text, code in known.shared.items()} | known.comparable

        def near(text: str) -> str | None:
            found = [] if text in known.known else difflib.get_close_matches(text, codes, n=1, cutoff=_NEAR_TEXT)
            return codes[found[0]] if found else None

        return near

    def _reasons(self, field: FieldDefinition, texts: Sequence[str], codes: Container[str]) -> dict[str, Missing]:
        """Texts that say why there is no answer, where the field takes the reason and the text is no option of it."""
        is_number = field_type(field.type).family in ("integer", "decimal")
        found: dict[str, Missing] = {}
        for text in texts:
            reason = _REASON_OF.get(comparable(text))
            is_doubtful = is_number and not self._is_reviewed and text.strip().lstrip("-").isdigit()
            if reason in field.missing_reasons and comparable(text) not in codes and not is_doubtful:
                found[text] = Missing(reason)
        return found


def _equal(text: str, free: Mapping[str, Meaning]) -> Meaning | None:
    return free.get(comparable_name(text))


def _without_remark(text: str, free: Mapping[str, Meaning]) -> Meaning | None:
    """``Date of birth (day/month/year)`` is ``Date of birth``: what stands in brackets says how to fill it in."""
    return _equal(_REMARK.sub("", text), free)


def _same_words(text: str, free: Mapping[str, Meaning]) -> Meaning | None:
    """``Date of birth`` is ``Birth date``: the same words in another order."""
    words = _telling_words(text)
    if len(words) > _MOST_WORDS:
        return None
    found = {free[key] for key in map("".join, itertools.permutations(words)) if key in free}
    return found.pop() if len(found) == 1 else None


def _beginning(text: str, free: Mapping[str, Meaning]) -> Meaning | None:
    """``Date of birth`` is ``Date of birth or age``, where nothing else begins so; one word alone begins too much."""
    bare = _REMARK.sub("", text)
    if len(_telling_words(bare)) < 2:
        return None
    found = {meaning for key, meaning in free.items() if key.startswith(comparable_name(bare))}
    return found.pop() if len(found) == 1 else None


def _telling_words(text: str) -> list[str]:
    return [word for word in name_words(text) if word not in _SMALL_WORDS]


def _near(text: str, free: Mapping[str, Meaning]) -> Meaning | None:
    found = difflib.get_close_matches(comparable_name(text), free, n=1, cutoff=_NEAR_HEADER)
    return free[found[0]] if found else None


def _meanings(application: Application, definition: ObjectDefinition) -> dict[str, Meaning]:
    """Comparable header -> (field, by). Names of fields come before labels, and labels before what lookups name."""
    found: dict[str, Meaning] = {
        comparable_name(text): ("owner", None) for text in ("owner", "assigned to", "caseworker")
    }
    if definition.record_types:
        found[comparable_name("record type")] = ("record_type", None)
    open_fields = [each for each in definition.active_fields if is_importable(each)]
    labelled: dict[str, set[str]] = {}
    for each in open_fields:
        for label in labels_of(application, each):
            if each.targets:
                found |= _named_by(application, each, label)
            labelled.setdefault(comparable_name(label), set()).add(each.name)
    for label, names in labelled.items():
        # What two fields are called says which of them is meant to nobody.
        found.pop(label, None)
        if len(names) == 1:
            found[label] = (names.pop(), None)
    for each in open_fields:
        for name in (each.id, *(each.standard_codes if len(each.standard_codes) == 1 else ()), each.name):
            found[comparable_name(name)] = (each.name, None)
    return found


def _named_by(application: Application, field: FieldDefinition, label: str) -> Iterator[tuple[str, Meaning]]:
    """``Client name``, ``Client number``, ``Client code``: the words of a field of the other object follow."""
    for by, ways in naming_ways(application, field).items():
        for text in (by,) if len(ways) > 1 else _texts_of_way(application, field, *ways[0]):
            yield comparable_name(f"{label} {text}"), (field.name, by)


def _texts_of_way(
    application: Application, field: FieldDefinition, target: ObjectDefinition, by: FieldDefinition
) -> Iterator[str]:
    """What people call a field of the other object, of several objects after what they call that."""
    fields = (by.name, *labels_of(application, by))
    if len(field.targets) == 1:
        yield from fields
    else:
        objects = (target.name, *labels_of(application, target))
        yield from (f"{name} {text}" for name in objects for text in fields)


def _cells(rows: Rows, position: int) -> list[Cell]:
    """The answers of a column; a row may be too short for it."""
    return _answers([row[position] for row in rows if position < len(row)])


def _answers(cells: Sequence[Cell]) -> list[Cell]:
    return [cell for cell in cells if not isinstance(cell, Missing)]


def _texts(cells: Sequence[Cell]) -> list[str]:
    """The different texts of a column, in the order they come."""
    return list(itertools.islice(dict.fromkeys(map(plain_text, cells)), _MOST_TEXTS))


def _guess_by(application: Application, field: FieldDefinition, texts: Sequence[str]) -> str | None:
    """Identifiers need nothing; anything else is taken for the name of a record."""
    if all(_IDENTIFIER.fullmatch(text.strip()) for text in texts if text.strip()) and any(texts):
        return None
    return application.objects[field.targets[0]].name_field if len(field.targets) == 1 else ANY_NAME


def _date_order(texts: Sequence[str], calendar: Calendar) -> DateOrder | None:
    """The only order in which every day can be read; None where none is needed, and where two orders fit."""
    fitting = fitting_orders([text.strip() for text in texts if not is_iso_day(text)], calendar)
    return fitting[0] if len(fitting) == 1 else None
