"""The mapping of an import as questions, and what its rows would become."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask_babel import gettext

from amparo.metadata.calendars import Calendar
from amparo.metadata.fields.base import Storage
from amparo.metadata.fields.registry import field_type, is_importable
from amparo.metadata.missing import Missing
from amparo.metadata.model import FieldDefinition, ObjectDefinition
from amparo.metadata.wording import N_
from amparo.runtime.collation.keys import sort_key
from amparo.runtime.serializer.wording import REASON_LABELS
from amparo.runtime.transfer.cells import Cell, plain_text
from amparo.runtime.transfer.dates import DateOrder, fitting_orders
from amparo.runtime.transfer.line_parts import field_at
from amparo.runtime.transfer.mapping import ColumnMapping, ImportMapping
from amparo.runtime.transfer.naming import ANY_NAME, naming_ways
from amparo.runtime.transfer.translating import DAY_FAMILIES
from amparo.runtime.transfer.unmatched import AskedText, is_asked, texts_to_ask
from amparo.runtime.web.directions import isolated
from amparo.runtime.web.presenting.import_centuries import century_questions
from amparo.runtime.web.visits import Visit
from amparo.runtime.web.widgets.base import Choice, Question

DATE_ORDERS: Mapping[str, str] = {
    "": N_("As 2026-03-31, or with the name of the month"),
    DateOrder.DAY_MONTH_YEAR.value: N_("Day, month, year, as 31/03/2026"),
    DateOrder.MONTH_DAY_YEAR.value: N_("Month, day, year, as 03/31/2026"),
    DateOrder.YEAR_MONTH_DAY.value: N_("Year, month, day, as 2026/03/31"),
}
CALENDARS: Mapping[Calendar, str] = {
    Calendar.GREGORIAN: N_("Gregorian, as 2026"),
    Calendar.BUDDHIST: N_("Buddhist era, as 2569"),
    Calendar.ETHIOPIAN: N_("Ethiopian, as 2019"),
    Calendar.BIKRAM_SAMBAT: N_("Bikram Sambat, as 2083"),
}
#: Language of an organisation -> the other calendar its people may write days in.
_CALENDARS_OF: Mapping[str, Calendar] = {
    "am": Calendar.ETHIOPIAN,
    "ne": Calendar.BIKRAM_SAMBAT,
    "th": Calendar.BUDDHIST,
}
SAMPLES_SHOWN = 3


def column_questions(
    visit: Visit,
    definition: ObjectDefinition,
    header: Sequence[str],
    mapping: ImportMapping,
    samples: Mapping[str, Sequence[Cell]],
) -> list[list[Question]]:
    """For each column: which field it fills, and where needed by what it names records or how it writes days."""
    choices = _field_choices(visit, definition)
    for name in mapping.others:
        choices += _choices_beside(visit, visit.release.object(name).definition)
    return [
        _questions(visit, definition, number, name, mapping.columns.get(name), samples.get(name, ()), choices)
        for number, name in enumerate(header)
    ]


def _field_choices(visit: Visit, definition: ObjectDefinition) -> list[Choice]:
    fields = [
        Choice(each.name, visit.words.field(each).label) for each in definition.active_fields if is_importable(each)
    ]
    fields.sort(key=lambda choice: sort_key(choice.label, visit.alphabet))
    system = [Choice("owner", visit.words.field_label(definition, "owner"))]
    if definition.record_types:
        system.append(Choice("record_type", visit.words.field_label(definition, "record_type")))
    return [*fields, *system]


def _choices_beside(visit: Visit, definition: ObjectDefinition) -> list[Choice]:
    """Fields of another object, under its name."""
    group = visit.words.object(definition)
    return [
        Choice(
            f"{definition.name}.{each.code}",
            gettext("%(object)s: %(field)s", object=group, field=each.label),
            group=group,
        )
        for each in _field_choices(visit, definition)
    ]


def _questions(
    visit: Visit,
    definition: ObjectDefinition,
    number: int,
    name: str,
    column: ColumnMapping | None,
    cells: Sequence[Cell],
    choices: Sequence[Choice],
) -> list[Question]:
    field = field_at(visit.release.application, definition, column.field) if column else None
    if column and column.field not in {choice.code for choice in choices}:
        choices = [*choices, _brought_along(visit, column, field)]
    samples = [plain_text(cell) for cell in cells]
    questions = [
        Question(
            f"c.{number}.field",
            f"c-{number}-field",
            name,
            "code",
            help=_sample_words(samples),
            required=True,
            value=column.field if column else "",
            options=choices,
            as_select=True,
            empty_label=gettext("Leave this column out"),
        )
    ]
    if column and field and field.targets:
        questions.append(_naming_question(visit, number, column, field))
    if column and field and is_asked(visit.release.application, field):
        asked = texts_to_ask(visit.release.application, field, column, cells)
        questions += [_value_question(visit, number, place, field, each) for place, each in enumerate(asked)]
    if column and field and field_type(field.type).family in DAY_FAMILIES:
        questions.append(_date_question(number, column, samples))
        if _has_another_calendar(visit) or column.calendar is not Calendar.GREGORIAN:
            questions.append(_calendar_question(number, column))
        questions += century_questions(visit, number, column, samples)
    if column and field and field_type(field.type).storage is Storage.DECIMAL:
        questions.append(_comma_question(number, column))
    return questions


def _brought_along(visit: Visit, column: ColumnMapping, field: FieldDefinition | None) -> Choice:
    """What only an export of codes holds: identifiers and automatic numbers."""
    return Choice(column.field, visit.words.field(field).label if field else gettext("Identifier"))


#: What stands for "leave the field blank" among the meanings of a text, and before a reason.
BLANK, REASON = "-", "#"


def _value_question(visit: Visit, number: int, place: int, field: FieldDefinition, asked: AskedText) -> Question:
    """What a text of the file stands for that is no option."""
    meaning = asked.meaning
    value = f"{REASON}{meaning.value}" if isinstance(meaning, Missing) else meaning or (BLANK if asked.is_said else "")
    options = [Choice(code, label) for code, label in meanings_of(visit, field).items()]
    reasons = [
        Choice(f"{REASON}{reason.value}", gettext(REASON_LABELS[reason]))
        for reason in Missing
        if reason.value in field.missing_reasons
    ]
    return Question(
        f"c.{number}.v.{place}",
        f"c-{number}-v-{place}",
        gettext("“%(text)s” means", text=isolated(asked.text)),
        "code",
        required=True,
        value=value,
        options=[*options, *reasons, Choice(BLANK, gettext("Leave the answer blank"))],
        as_select=True,
        is_below=True,
        empty_label=gettext("Not said yet: such rows are left out"),
    )


def meanings_of(visit: Visit, field: FieldDefinition) -> dict[str, str]:
    """The answers that a text of a file may stand for, with what readers call them."""
    if field_type(field.type).family == "boolean":
        return {"true": gettext("Yes"), "false": gettext("No")}
    return {code: words.label for code, words in visit.words.active_options(field).items()}


def _comma_question(number: int, column: ColumnMapping) -> Question:
    return Question(
        f"c.{number}.decimal_comma",
        f"c-{number}-decimal-comma",
        gettext("What stands before the decimals"),
        "code",
        required=True,
        value="comma" if column.decimal_comma else "point",
        options=[Choice("point", gettext("A point, as 1250.5")), Choice("comma", gettext("A comma, as 1250,5"))],
        as_select=True,
        no_empty=True,
        because=gettext("Asked because this column holds numbers with decimals."),
    )


def _has_another_calendar(visit: Visit) -> bool:
    """Whether people of this organisation may write days in another calendar than the Gregorian."""
    return bool(_CALENDARS_OF.keys() & set(visit.release.application.languages))


def _calendar_question(number: int, column: ColumnMapping) -> Question:
    return Question(
        f"c.{number}.calendar",
        f"c-{number}-calendar",
        gettext("Calendar"),
        "code",
        required=True,
        value=column.calendar.value,
        options=[Choice(calendar.value, gettext(label)) for calendar, label in CALENDARS.items()],
        as_select=True,
        no_empty=True,
        because=gettext("Asked because days are also written in other calendars here."),
    )


def _sample_words(samples: Sequence[str]) -> str:
    texts = [gettext("“%(text)s”", text=isolated(text)) for text in dict.fromkeys(samples) if text.strip()][
        :SAMPLES_SHOWN
    ]
    if not texts:
        return gettext("The first rows hold nothing in this column.")
    return gettext("For example %(examples)s", examples=gettext(", ").join(texts))


def _naming_question(visit: Visit, number: int, column: ColumnMapping, field: FieldDefinition) -> Question:
    """By which field of the other object, or of the others, the cells name its records."""
    names = [visit.words.object(visit.release.object(each).definition) for each in field.targets]
    ways = naming_ways(visit.release.application, field)
    choices = [Choice(by, _way_words(visit, field, by, *named[0])) for by, named in ways.items() if named]
    return Question(
        f"c.{number}.by",
        f"c-{number}-by",
        gettext("%(object)s is named by", object=gettext(", ").join(names)),
        "code",
        required=True,
        value=column.by or "",
        options=choices,
        as_select=True,
        empty_label=gettext("Its identifier"),
        because=gettext("Asked because this column names other records."),
    )


def _way_words(visit: Visit, field: FieldDefinition, by: str, target: ObjectDefinition, named: FieldDefinition) -> str:
    label = visit.words.field(named).label
    if len(field.targets) == 1:
        return label
    if by == ANY_NAME:
        return gettext("Its name")
    return gettext("%(object)s: %(field)s", object=visit.words.object(target), field=label)


def _date_question(number: int, column: ColumnMapping, samples: Sequence[str]) -> Question:
    return Question(
        f"c.{number}.dates",
        f"c-{number}-dates",
        gettext("How days are written"),
        "code",
        required=True,
        value=column.dates.value if column.dates else "",
        options=[Choice(code, gettext(label)) for code, label in DATE_ORDERS.items()],
        as_select=True,
        no_empty=True,
        because=_order_words(column, samples),
    )


def _order_words(column: ColumnMapping, samples: Sequence[str]) -> str:
    if column.dates is None and len(fitting_orders(samples, column.calendar)) > 1:
        return gettext("Choose: the days of this column can be read in two orders.")
    return gettext("Asked because this column holds days.")
