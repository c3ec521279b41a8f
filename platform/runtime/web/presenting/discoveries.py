"""What a search over everything found: lines under the name of their object, and matches while somebody types."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from flask_babel import gettext

from amparo.metadata.fields.registry import field_type
from amparo.metadata.missing import Missing
from amparo.metadata.model import FilterRow
from amparo.runtime.planner.finding import Discovery, search
from amparo.runtime.planner.lists import short_list
from amparo.runtime.planner.queries import ListQuery
from amparo.runtime.planner.ranking import Rank
from amparo.runtime.searching import normalised
from amparo.runtime.serializer import Record
from amparo.runtime.web.addresses import list_url, record_url
from amparo.runtime.web.asked_words import QUESTION, sealed
from amparo.runtime.web.presenting.lists import heading_field, name_of
from amparo.runtime.web.presenting.matches import LONGEST_QUESTION, MOST_MATCHES
from amparo.runtime.web.visits import Visit

#: Records that one page shows, and those of one object that are shown because they are about a record that was found.
_MOST, _MOST_ABOUT = 40, 8
#: Characters of a text that are shown around the word that was found.
_AROUND = 40


@dataclass
class Group:
    """The records of one object; ``link`` leads to the list of all that hold the words."""

    label: str
    link: dict[str, str] | None
    found: list[dict[str, Any]] = field(default_factory=list)


def discoveries(visit: Visit, text: str) -> list[Group]:
    """Objects in the order of their best record."""
    found = _search(visit, text, _MOST)
    about = list(_about(visit, found))
    groups: dict[str, Group] = {}
    for each in (*found, *about):
        name = each.record.object
        if name not in groups:
            ranks = {other.rank for other in (*found, *about) if other.record.object == name}
            groups[name] = _group(visit, name, None if ranks == {Rank.SPELLING} else text)
        groups[name].found.append(_line(visit, each, text))
    return list(groups.values())


def suggestions(visit: Visit, text: str) -> list[dict[str, Any]]:
    """At most eight, each with the address of its record."""
    lines = ((each, _line(visit, each, text)) for each in _search(visit, text, MOST_MATCHES))
    return [
        {
            "id": str(each.record.id),
            "name": line["text"],
            "detail": gettext("%(object)s · %(note)s", object=_object(visit, each), note=line["note"])
            if line["note"]
            else _object(visit, each),
            "url": line["url"],
        }
        for each, line in lines
    ]


def _search(visit: Visit, text: str, limit: int) -> list[Discovery]:
    columns = partial(_heading, visit)
    return search(visit.store, visit.actor, text[:LONGEST_QUESTION], limit, columns=columns, release=visit.release)


def _heading(visit: Visit, object_name: str) -> tuple[str, ...]:
    return (heading_field(visit.release, object_name),)


def _object(visit: Visit, found: Discovery) -> str:
    return visit.words.object(visit.release.object(found.record.object).definition)


def _about(visit: Visit, found: list[Discovery]) -> Iterable[Discovery]:
    """Records that people know by one that was found by its name, as a case by its person."""
    named: dict[str, list[str]] = {}
    for each in found:
        if each.rank is not Rank.TEXT:
            named.setdefault(each.record.object, []).append(str(each.record.id))
    known = {each.record.id for each in found}
    for name in visit.release.application.navigation:
        definition = visit.release.object(name).definition
        heading = heading_field(visit.release, name)
        about = [each for target in definition.by_name[heading].targets for each in named.get(target, ())]
        if not about:
            continue
        query = ListQuery(name, (heading,), (FilterRow(heading, "one_of", about),), limit=_MOST_ABOUT)
        page = short_list(visit.store, visit.actor, query, release=visit.release)
        yield from (Discovery(record, Rank.INSIDE) for record in page.records if record.id not in known)


def _group(visit: Visit, object_name: str, text: str | None) -> Group:
    label = visit.words.plural(visit.release.object(object_name).definition)
    if text is None:
        return Group(label, None)
    url = list_url(visit, object_name, {"view": "all", **sealed(visit, {QUESTION: text})})
    return Group(label, {"url": url, "label": gettext("See all")})


def _line(visit: Visit, found: Discovery, text: str) -> dict[str, Any]:
    record = found.record
    definition = visit.release.object(record.object).definition
    name = name_of(record, definition, heading_field(visit.release, record.object))
    number = record.number or record.name
    return {
        "text": name or visit.words.object(definition),
        "url": record_url(visit, record.object, record.id),
        "note": _note(visit, found, text) or (number if number != name else ""),
    }


def _note(visit: Visit, found: Discovery, text: str) -> str:
    """Why the record was found, where its name does not tell."""
    if found.rank is Rank.SPELLING:
        return gettext("Perhaps another spelling")
    if not found.fields:
        return ""
    definition = visit.release.object(found.record.object).definition
    field_name = found.fields[0]
    label = visit.words.field_label(definition, field_name)
    return gettext("%(field)s: %(text)s", field=label, text=_excerpt(visit, found.record, field_name, text))


def _excerpt(visit: Visit, record: Record, field_name: str, text: str) -> str:
    """The part of an answer around the first word that stands in it; from its beginning where signs were folded."""
    definition = visit.release.object(record.object).definition.by_name[field_name]
    answer = record.answers.get(field_name)
    if answer is None or isinstance(answer, Missing | uuid.UUID):
        return ""
    written = " ".join(field_type(definition.type).search_text(definition, answer).split())
    plain = normalised(written)
    places = [plain.find(word) for word in normalised(text).split()] if len(plain) == len(written) else []
    start = max(0, min((place for place in places if place >= 0), default=0) - _AROUND)
    part = written[start : start + 2 * _AROUND]
    return f"{'…' if start else ''}{part}{'…' if start + len(part) < len(written) else ''}"
