"""Finding one text in another, alike on both databases."""

from __future__ import annotations

from functools import reduce

from sqlalchemy import and_, cast, func, or_, true
from sqlalchemy.dialects.postgresql import JSONB

from amparo.metadata.addresses import PARTS
from amparo.metadata.wording import N_
from amparo.runtime.collation.keys import KEY_LENGTH, beginnings
from amparo.runtime.planner.queries import refuse
from amparo.runtime.planner.views import Condition, Expression
from amparo.runtime.searching import UNIT_SEPARATOR, like_literal, like_pattern, normalised
from amparo.runtime.stores.types import CodePointText

#: Longest text one may look for: what is kept for searching is not longer.
LONGEST_TERM = KEY_LENGTH
#: What stands before the normalised form in a sort key of several parts.
_PARTS = f"%{UNIT_SEPARATOR}%{UNIT_SEPARATOR}"
#: Above every character a text may hold.
_LAST = "\U0010ffff"
_SMALL_LETTERS = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}


def require_searchable(term: str, path: str) -> str:
    """The term itself. Raises :class:`InvalidAnswers` for one longer than what is kept for searching."""
    if len(normalised(term)) > LONGEST_TERM or "\0" in term:
        advice = N_("Look for at most {maximum} characters.")
        raise refuse("too_long", path, term[:LONGEST_TERM], advice, maximum=LONGEST_TERM)
    return term


def holds(expression: Expression, term: str) -> Condition:
    """Whether a normalised text holds the term, normalised."""
    return expression.like(like_pattern(term), escape="\\")


def holds_exactly(expression: Expression, part: str, on_postgres: bool) -> Condition:
    """Whether a text holds the part, character for character."""
    return (func.strpos(expression, part) if on_postgres else func.instr(expression, part)) > 0


def contains(text: Expression, key: Expression | None, term: str, stored: str, on_postgres: bool) -> Condition:
    """Searchable text is compared in its normalised form, other text but for the case of Latin letters.

    The kept form of a long text ends early; what lies behind is looked up in
    the text itself, where ``stored`` is how it writes the term.
    """
    plain = holds_exactly(func.lower(text), stored.translate(_SMALL_LETTERS), on_postgres)
    if key is None or not normalised(term):
        return plain
    # What most keys do not hold anywhere is asked first.
    found = and_(holds(key, term), _has_form(key, true(), like_pattern(term)))
    return or_(found, and_(func.length(key) >= KEY_LENGTH, plain))


def _has_form(key: Expression, whole: Condition, pattern: str) -> Condition:
    """Whether the normalised form in a sort key is as wanted: ``whole`` of a key that has no other parts, else the
    last part is like the pattern.
    """
    return or_(and_(whole, key.not_like(f"{_PARTS}%")), key.like(f"{_PARTS}{pattern}", escape="\\"))


def worded_text(value: Expression, family: str, on_postgres: bool) -> Expression:
    """What people look into and sort by, of a column that holds more than words."""
    if family == "address":
        return address_text(value, on_postgres)
    return file_name(value, on_postgres) if family == "file" else value


def file_name(value: Expression, on_postgres: bool) -> Expression:
    """The name in the text that the column of a file holds."""
    if on_postgres:
        return func.jsonb_extract_path_text(cast(value, JSONB), "name", type_=CodePointText())
    return func.json_extract(value, "$.name", type_=CodePointText())


def address_text(value: Expression, on_postgres: bool) -> Expression:
    """The parts of an address but its country, a line each, of the text that its column holds."""
    parts = [
        func.jsonb_extract_path_text(cast(value, JSONB), name) if on_postgres else func.json_extract(value, f"$.{name}")
        for name in PARTS
        if name != "country"
    ]
    known: list[Expression] = [func.coalesce(part, "") for part in parts]
    return reduce(lambda before, part: before.concat("\n").concat(part), known)


def starts_with(text: Expression, key: Expression | None, term: str) -> Condition:
    """As :func:`contains`."""
    form = normalised(term)
    if key is None or not form:
        return begins(func.lower(text), term.translate(_SMALL_LETTERS))
    found = _has_form(key, begins(key, form), f"{like_literal(form)}%")
    ways = [begins(key, beginning) for beginning in beginnings(form)]
    # Ranges, so that the index can serve them.
    return and_(or_(*ways), found) if ways else and_(holds(key, term), found)


def begins(text: Expression, beginning: str) -> Condition:
    """Exactly so; a range, so that an index can serve it."""
    return and_(text >= beginning, text <= beginning + _LAST)
