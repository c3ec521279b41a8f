"""Records that conditions compare with: looked for and shown by their names, and told of when they are gone."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import partial

from flask_babel import gettext

from amparo.metadata.filters import Operator, Shape, Subject, family_of
from amparo.metadata.model import FieldDefinition, FilterRow, ObjectDefinition
from amparo.runtime.planner.lists import short_list
from amparo.runtime.planner.queries import LARGEST_PAGE, ListQuery
from amparo.runtime.serializer import Labels, Name
from amparo.runtime.web.entries import identifier_of
from amparo.runtime.web.presenting.matches import find_matches
from amparo.runtime.web.references import names_in
from amparo.runtime.web.typed_rows import TypedRow, value_box
from amparo.runtime.web.visits import Visit
from amparo.runtime.web.widgets.base import Match, Question
from amparo.runtime.web.widgets.reference import finding_url, object_words


def asks_for_records(subject: Subject, operator: Operator) -> bool:
    """Whether the row compares with records to look for: one, or several."""
    return family_of(subject) == "reference" and operator.shape in (Shape.ONE, Shape.MANY)


def identifiers_in(value: str) -> list[uuid.UUID]:
    found = (identifier_of(part.strip()) for part in value.split(";"))
    return list(dict.fromkeys(each for each in found if each is not None))


def names_of_records(visit: Visit, definition: ObjectDefinition, rows: Iterable[TypedRow]) -> Labels:
    """The records that conditions compare with, a deleted one with a note.

    Those that were erased, or that their reader may not see, are absent.
    """
    by_name = definition.by_name
    lookups = [row for row in rows if row.field in by_name and by_name[row.field].targets]
    pairs = [(row.field, identifier) for row in lookups for identifier in identifiers_in(row.value)]
    labels = names_in(visit, definition, pairs)
    living = _living(visit, labels)
    return {each: name if each in living else _deleted(name) for each, name in labels.items()}


def _living(visit: Visit, labels: Labels) -> set[uuid.UUID]:
    by_object: dict[str, list[str]] = defaultdict(list)
    for identifier, name in labels.items():
        by_object[name.object or ""].append(str(identifier))
    found = (
        short_list(visit.store, visit.actor, _asking_for(name, some), release=visit.release).records
        for name, some in by_object.items()
    )
    return {record.id for records in found for record in records}


def _asking_for(object_name: str, identifiers: list[str]) -> ListQuery:
    return ListQuery(object_name, (), (FilterRow("id", "one_of", identifiers),), limit=LARGEST_PAGE)


def _deleted(name: Name) -> Name:
    return Name(gettext("%(name)s (deleted)", name=name), name.object)


def words_of_the_absent() -> str:
    """Stands where a record has no name for this reader."""
    return gettext("one that was erased for good, or that you may not see")


def question_of_row(visit: Visit, field: FieldDefinition, number: int, row: TypedRow, names: Labels) -> Question:
    """The lookup of a row, with what is chosen and, where something was asked, what was found."""
    wanted = identifiers_in(row.value)
    chosen = [_chosen(visit, field, each, names) for each in (wanted if row.takes_several else wanted[:1])]
    label = visit.words.field(field).label
    source = finding_url(visit, field, additions="no")
    return found_question(label, number, row, chosen, partial(find_matches, visit, field.targets), source)


def found_question(
    label: str, number: int, row: TypedRow, chosen: Sequence[Match], find: Callable[[str], list[Match]], source: str
) -> Question:
    """The box of a row whose answer is looked for by a name; a script asks ``source`` for what ``find`` finds."""
    # Where one was chosen before, the box still holds its name.
    query = "" if row.query in {each.name for each in chosen} else row.query
    known = {each.id for each in chosen}
    matches = [each for each in find(query) if each.id not in known] if query else []
    return Question(
        value_box(number),
        f"f-{number}-value",
        label,
        "reference",
        source=source,
        # Where several can be ticked, what stands in the box is what is still looked for.
        query="" if matches and row.takes_several else query,
        takes_several=row.takes_several,
        chosen=chosen,
        matches=matches,
        hint=_hint(row, matches),
    )


def _chosen(visit: Visit, field: FieldDefinition, identifier: uuid.UUID, names: Labels) -> Match:
    name = names.get(identifier)
    if name is None:
        return Match(str(identifier), words_of_the_absent())
    return Match(str(identifier), name, object_words(visit, field, name))


def _hint(row: TypedRow, matches: Sequence[Match]) -> str:
    if row.takes_several:
        return gettext("Look for one after the other. Those that are ticked count.")
    return gettext("Choose one of the matches, or empty the box.") if matches else ""
