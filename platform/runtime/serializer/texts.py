"""Answers as text: for people in their language, for files, and for JSON.

What is no longer defined (an option, a picklist, a field type) leaves its
stored code readable.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import asdict
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from babel.dates import format_skeleton, format_time

from amparo.metadata.addresses import Address
from amparo.metadata.fields.base import Answer
from amparo.metadata.fields.registry import field_type
from amparo.metadata.file_references import FileReference
from amparo.metadata.filters import Subject
from amparo.metadata.geolocations import Geolocation
from amparo.metadata.missing import Missing
from amparo.metadata.model import FieldDefinition
from amparo.metadata.partial_dates import PartialDate
from amparo.runtime.fields.base import Reader
from amparo.runtime.fields.registry import WORDS
from amparo.runtime.fields.standard_names import standard_name
from amparo.runtime.locales import calendar_locale_of, decimal_words, figure_words, short_day_words
from amparo.runtime.releases.live import LiveRelease
from amparo.runtime.serializer.labels import name_for_people
from amparo.runtime.serializer.wording import ABOUT, GONE, NO, RANGE, REASON_LABELS, YES, translated

_NOTHING: Mapping[str, Answer] = MappingProxyType({})


def display(
    answer: Answer,
    field: Subject,
    release: LiveRelease,
    language: str,
    labels: Mapping[uuid.UUID, str],
    object_name: str | None = None,
    beside: Mapping[str, Answer] = _NOTHING,
) -> str:
    """An answer for people; blank is the empty string.

    ``field`` is a definition or a system field's name; ``object_name`` is only
    needed to name record types. ``beside`` are the other answers of the record,
    of which one may say in which currency an amount is.
    """
    if answer is None:
        return ""
    if isinstance(answer, Missing):
        return translated(REASON_LABELS[answer], language)
    if isinstance(field, FieldDefinition) and (words := WORDS.get(field.type)) is not None:
        return words.display(answer, field, Reader(release, language, beside))
    if isinstance(answer, bool):
        return translated(YES if answer else NO, language)
    if isinstance(answer, uuid.UUID):
        name = labels.get(answer)
        return name_for_people(name, field, release, language) if name else translated(GONE, language)
    if isinstance(answer, tuple):
        return translated(", ", language).join(option_label(field, code, release, language) for code in answer)
    if isinstance(answer, (str, Address, Geolocation, FileReference)):
        text = answer.name if isinstance(answer, FileReference) else str(answer)
        return _text(text, field, release, language, object_name)
    if isinstance(answer, PartialDate):
        return partial_date_words(answer, language)
    return _figure(answer, field, release, language)


def _text(text: str, field: Subject, release: LiveRelease, language: str, object_name: str | None) -> str:
    if isinstance(field, FieldDefinition):
        return option_label(field, text, release, language)
    if field == "record_type" and object_name is not None:
        types = release.object(object_name).definition.record_types
        found = next((each for each in types if each.name == text), None)
        return release.application.text(found.id, "label", found.label, language) if found else text
    return text


def _figure(answer: int | Decimal | dt.date | dt.datetime, field: Subject, release: LiveRelease, language: str) -> str:
    locale = calendar_locale_of(language)
    if isinstance(answer, dt.datetime):
        local = answer.astimezone(release.time_zone)
        return f"{short_day_words(local.date(), language)} {format_time(local.time(), 'short', locale=locale)}"
    if isinstance(answer, dt.date):
        return short_day_words(answer, language)
    if isinstance(answer, Decimal):
        return decimal_words(answer, language)
    # A year reads 2018, a count 2,018: the field says which.
    grouped = not isinstance(field, FieldDefinition) or bool(field.options.get("grouped", True))
    return figure_words(answer, language, grouped=grouped)


def partial_date_words(date: PartialDate, language: str) -> str:
    """“2026”, “May 2026”, “3 May 2026”, “2 Mar 2008 to 1 Mar 2009”, each with “about” where it is estimated."""
    locale = calendar_locale_of(language)
    if date.precision == "range":
        words = translated(RANGE, language).format(
            first=short_day_words(date.first, language), last=short_day_words(date.last, language)
        )
    elif date.precision == "day":
        words = short_day_words(date.first, language)
    else:
        skeleton = {"month": "yMMMM", "year": "y"}[date.precision]
        words = format_skeleton(skeleton, dt.datetime.combine(date.first, dt.time()), locale=locale)
    return translated(ABOUT, language).format(date=words) if date.is_estimated else words


def option_label(field: Subject, code: str, release: LiveRelease, language: str) -> str:
    """The label of a picklist's code, or the code where there is none any more."""
    if not isinstance(field, FieldDefinition):
        return code
    if (name := standard_name(field.type, code, language)) is not None:
        return name
    picklist = field_type(field.type).choices(field, release.application)
    option = picklist.by_code.get(code) if picklist else None
    if picklist is None or option is None:
        return code
    return release.application.text(f"{picklist.id}:{code}", "label", option.label, language)


def words_for_file(
    answer: str | Address | Geolocation,
    field: Subject,
    release: LiveRelease,
    language: str,
    object_name: str | None = None,
) -> str:
    """An answer in a file for people: the label of an option or record type, a phone number as people write it."""
    if isinstance(field, FieldDefinition) and (words := WORDS.get(field.type)) is not None:
        return words.exported(answer, field, Reader(release, language))
    return _text(str(answer), field, release, language, object_name)


def export_text(answer: Answer) -> str:
    """An answer for a file, the same in every language: canonical text, codes, identifiers; ``a;b`` for selections;
    a file's name and its hash.

    A missing answer's reason is its code; whoever writes the file tells it from a value.
    """
    if answer is None:
        return ""
    if isinstance(answer, bool):
        return "true" if answer else "false"
    if isinstance(answer, tuple):
        return ";".join(answer)
    if isinstance(answer, dt.datetime):
        return answer.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
    if isinstance(answer, dt.date):
        return answer.isoformat()
    if isinstance(answer, Decimal):
        return format(answer, "f")
    if isinstance(answer, FileReference):
        return f"{answer.name} sha256:{answer.hash}"
    return str(answer)


def json_form(answer: Answer) -> Any:
    """An answer as JSON: decimals as text, so that no digit is lost; a reason as ``{"missing": …}``."""
    if isinstance(answer, Missing):
        return {"missing": answer.value}
    if answer is None or isinstance(answer, (bool, int)):
        return answer
    if isinstance(answer, tuple):
        return list(answer)
    if isinstance(answer, FileReference):
        return {**asdict(answer), "id": str(answer.id)}
    if isinstance(answer, str):
        return answer
    if isinstance(answer, dt.datetime):
        return answer.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
    if isinstance(answer, dt.date):
        return answer.isoformat()
    return format(answer, "f") if isinstance(answer, Decimal) else str(answer)
