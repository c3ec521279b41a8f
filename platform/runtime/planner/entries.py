"""Search entries asked: which records hold words, in their names or in any text that is searched."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    and_,
    cast,
    column,
    false,
    func,
    literal,
    literal_column,
    or_,
    select,
    true,
)
from sqlalchemy import table as named_table
from sqlalchemy.dialects.postgresql import TSQUERY

from amparo.runtime.search_entries.grams import Terms, as_match, as_tsquery, object_term, terms_of
from amparo.runtime.searching import digits_alone, like_literal, normalised
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.tables import SEARCH_INDEX

#: The most words of a search that are looked for.
_MOST_WORDS = 8
_INDEX = named_table(SEARCH_INDEX, column("rowid"))

#: The forms in which one word may stand.
Forms = tuple[str, ...]


def words_of(text: str) -> list[Forms]:
    """What to look for: each word, a number also without the signs that part its digits."""
    words = list(dict.fromkeys(normalised(text).split()))[:_MOST_WORDS]
    return [tuple(dict.fromkeys((word, digits_alone(word)))) for word in words]


def holds_words(entry: FromClause, words: Sequence[Forms]) -> ColumnElement[bool]:
    """Every word, anywhere in the texts of the entry."""
    return and_(true(), *(or_(_holds(entry.c.name, forms), _holds(entry.c.words, forms)) for forms in words))


def name_holds(entry: FromClause, words: Sequence[Forms], before: Sequence[str] = ("",)) -> ColumnElement[bool]:
    """Every word in the name, where one of the texts ``before`` stands in front of it."""
    return and_(true(), *(or_(*(_holds(entry.c.name, forms, each) for each in before)) for forms in words))


def _holds(text: ColumnElement[str], forms: Forms, before: str = "") -> ColumnElement[bool]:
    return or_(*(text.like(f"%{before}{like_literal(form)}%", escape="\\") for form in forms))


def proposed(
    store: OrganisationStore, every: Sequence[Sequence[Terms]], latest: int | None = None
) -> ColumnElement[bool]:
    """Whether the index has these terms for an entry. SQLite can be asked for the ``latest`` ones alone."""
    entry = store.tables.search_entry
    if store.is_postgres:
        return entry.c.terms.bool_op("@@")(cast(literal(as_tsquery(every)), TSQUERY))
    found = select(_INDEX.c.rowid).where(literal_column(SEARCH_INDEX).bool_op("MATCH")(as_match(every)))
    if latest is not None:
        found = found.order_by(_INDEX.c.rowid.desc()).limit(latest)
    return entry.c.id.in_(found)


def word_terms(words: Sequence[Forms]) -> list[list[Terms]]:
    return [[terms_of(form) for form in forms] for forms in words]


def of_objects(numbers: Sequence[int]) -> list[list[Terms]]:
    """The index tells one object's entries from the others'; several are told apart by the entries themselves."""
    return [[(object_term(numbers[0]),)]] if len(numbers) == 1 else []


def holding_words(
    store: OrganisationStore,
    number: int,
    words: Sequence[Forms],
    record: ColumnElement[Any],
    *,
    in_name: bool = False,
    row_by_row: bool = False,
) -> ColumnElement[bool]:
    """Whether ``record`` is one of an object's that holds every word.

    ``row_by_row`` looks at the entry of each row, for a list that ends early because the words are common. So it is
    done for single letters, too: they are in nearly every text, and the index would propose nearly all.
    """
    entry = store.tables.search_entry
    held = name_holds(entry, words) if in_name else holds_words(entry, words)
    selective = [forms for forms in words if min(map(len, forms)) > 1]
    if row_by_row or not selective:
        # Not EXISTS: PostgreSQL would make a join of it, which begins with all that hold the words.
        own = select(held).where(entry.c.record == record, entry.c.object == number)
        return func.coalesce(own.scalar_subquery(), false())
    asked = proposed(store, [*of_objects([number]), *word_terms(selective)])
    found: Select[Any] = select(entry.c.record).where(entry.c.object == number, asked, held)
    return record.in_(found)


def commonness(store: OrganisationStore, number: int, words: Sequence[Forms], latest: int) -> Select[Any]:
    """How many (``number``) of an object's ``latest`` entries hold every word."""
    entry = store.tables.search_entry
    newest = select(entry.c.name, entry.c.words).where(entry.c.object == number)
    entries = newest.order_by(entry.c.id.desc()).limit(latest).subquery()
    return select(func.count().label("number")).select_from(entries).where(holds_words(entries, words))
