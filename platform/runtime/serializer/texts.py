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
from functools import lru_cache
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, format_time
from babel.numbers import format_decimal

from amparo.metadata.addresses import Address
from amparo.metadata.fields.base import Answer
from amparo.metadata.fields.geolocation import GeolocationType
from amparo.metadata.file_references import FileReference
from amparo.metadata.filters import Subject
from amparo.metadata.geolocations import Geolocation
from amparo.metadata.missing import Missing
from amparo.metadata.model import FieldDefinition
from amparo.metadata.partial_dates import PartialDate
from amparo.runtime.releases.live import LiveRelease
from amparo.runtime.serializer.wording import ABOUT, GONE, NO, RANGE, REASON_LABELS, YES, translated


def display(
    answer: Answer,
    field: Subject,
    release: LiveRelease,
    language: str,
    labels: Mapping[uuid.UUID, str],
    object_name: str | None = None,
) -> str:
    """An answer for people; blank is the empty string.

    ``field`` is a definition or a system field's name; ``object_name`` is only
    needed to name record types.
    """
    if answer is None:
        return ""
    if isinstance(answer, Missing):
        return translated(REASON_LABELS[answer], language)
    if isinstance(answer, bool):
        return translated(YES if answer else NO, language)
    if isinstance(answer, uuid.UUID):
        return labels.get(answer) or translated(GONE, language)
    if isinstance(answer, tuple):
        return ", ".join(option_label(field, code, release, language) for code in answer)
    if isinstance(answer, str):
        return _text(answer, field, release, language, object_name)
    if isinstance(answer, (PartialDate, Address, Geolocation, FileReference)):
        return _of_several_parts(answer, field, language)
    return _figure(answer, field, release, language)


def _of_several_parts(
    answer: PartialDate | Address | Geolocation | FileReference, field: Subject, language: str
) -> str:
    if isinstance(answer, PartialDate):
        return partial_date_words(answer, language)
    if isinstance(answer, Address):
        return ", ".join(address_lines(answer, language))
    return answer.name if isinstance(answer, FileReference) else answer.in_words(decimals_kept(field))


def _text(text: str, field: Subject, release: LiveRelease, language: str, object_name: str | None) -> str:
    if isinstance(field, FieldDefinition):
        return option_label(field, text, release, language) if "picklist" in field.options else text
    if field == "record_type" and object_name is not None:
        types = release.object(object_name).definition.record_types
        found = next((each for each in types if each.name == text), None)
        return release.application.text(found.id, "label", found.label, language) if found else text
    return text


def _figure(answer: int | Decimal | dt.date | dt.datetime, field: Subject, release: LiveRelease, language: str) -> str:
    locale = locale_of(language)
    if isinstance(answer, dt.datetime):
        local = answer.astimezone(release.time_zone)
        return f"{format_date(local.date(), 'medium', locale)} {format_time(local.time(), 'short', locale=locale)}"
    if isinstance(answer, dt.date):
        return format_date(answer, "medium", locale)
    if isinstance(answer, Decimal):
        # The pattern's own decimals would round; every digit that is kept is shown.
        decimals = max(0, -int(answer.as_tuple().exponent))
        pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
        return format_decimal(answer, pattern, locale)
    # A year reads 2018, a count 2,018: the field says which.
    grouped = not isinstance(field, FieldDefinition) or bool(field.options.get("grouped", True))
    return format_decimal(answer, locale=locale, group_separator=grouped)


def partial_date_words(date: PartialDate, language: str) -> str:
    """“2026”, “May 2026”, “3 May 2026”, “2 Mar 2008 to 1 Mar 2009”, each with “about” where it is estimated."""
    locale = locale_of(language)
    if date.precision == "range":
        words = translated(RANGE, language).format(
            first=format_date(date.first, "medium", locale), last=format_date(date.last, "medium", locale)
        )
    elif date.precision == "day":
        words = format_date(date.first, "medium", locale)
    else:
        skeleton = {"month": "yMMMM", "year": "y"}[date.precision]
        words = format_skeleton(skeleton, dt.datetime.combine(date.first, dt.time()), locale=locale)
    return translated(ABOUT, language).format(date=words) if date.is_estimated else words


def address_lines(address: Address, language: str) -> list[str]:
    """As people write it, the country by its name."""
    return address.in_lines(country_name(address.country, language) if address.country else "")


def country_name(code: str, language: str) -> str:
    """As CLDR has it; the code itself where there is none."""
    name: str = locale_of(language).territories.get(code, code)
    return name


def decimals_kept(field: Subject) -> int:
    """Decimals of a degree that a geolocation field keeps."""
    return 0 if isinstance(field, str) else int(GeolocationType().option(field, "decimals_kept"))


def option_label(field: Subject, code: str, release: LiveRelease, language: str) -> str:
    """The label of a picklist's code, or the code where there is none any more."""
    if not isinstance(field, FieldDefinition):
        return code
    picklist = release.application.picklists.get(field.options.get("picklist", ""))
    option = next((each for each in picklist.options if each.code == code), None) if picklist else None
    if picklist is None or option is None:
        return code
    return release.application.text(f"{picklist.id}:{code}", "label", option.label, language)


def export_text(answer: Answer, field: Subject) -> str:
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


@lru_cache(maxsize=64)
def locale_of(language: str) -> Locale:
    """The formats of a language; those of English where there are none."""
    try:
        return Locale.parse(language.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale("en")
