"""Terms of the search index: pieces of words, made here, so that both databases find alike in every script.

A word is cut into grams of three characters from each of its places on; the
last two are shorter. Three characters typed are grams themselves; one or two
are the beginning of some gram, wherever they stand in the word. No word breaks
are needed, which Khmer, Thai and Burmese do not write. An index only proposes:
whoever asks it compares the texts themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from amparo.runtime.search_entries.spellings import skeletons

_LENGTH = 3
#: Private characters that begin the other kinds of terms.
_BEGINNING, _SPELLING, _OBJECT = "\ue080", "\ue081", "\ue082"
#: ASCII signs would part a term in SQLite's index or need quoting in PostgreSQL's; they get private characters.
_SIGNS = {code: 0xE000 + code for code in range(1, 128) if not chr(code).isalnum() and not chr(code).isspace()}
#: Words of up to so many characters have their grams remembered; names and places come again and again.
_LONGEST_REMEMBERED = 40


class Term(NamedTuple):
    """A term of the index, whole or only how it begins."""

    text: str
    is_beginning: bool = False


#: Terms of which an entry must have all.
Terms = tuple[Term, ...]


def index_terms(number: int, name: str, words: str) -> set[str]:
    """All terms of an entry: of its texts, the beginnings of its name's words, their spellings, its object's number."""
    terms = {f"{_OBJECT}{number}"}
    for word in {*name.split(), *words.split()}:
        terms.update(_known_grams(word) if len(word) <= _LONGEST_REMEMBERED else _grams(word))
    for word in name.split():
        terms.update(_name_terms(word))
    return terms


def _grams(word: str) -> tuple[str, ...]:
    text = word.translate(_SIGNS)
    return tuple([text[place : place + _LENGTH] for place in range(len(text))])


_known_grams = lru_cache(maxsize=1 << 16)(_grams)


@lru_cache(maxsize=1 << 16)
def _name_terms(word: str) -> tuple[str, ...]:
    beginning = _BEGINNING + word.translate(_SIGNS)[:_LENGTH]
    return (beginning, *(_SPELLING + each for each in skeletons(word)))


def object_term(number: int) -> Term:
    return Term(f"{_OBJECT}{number}")


def terms_of(word: str) -> Terms:
    """What an entry has that holds the normalised word somewhere."""
    text = word.translate(_SIGNS)
    if len(text) < _LENGTH:
        return (Term(text, is_beginning=True),)
    places = range(len(text) - _LENGTH + 1)
    return tuple(Term(gram) for gram in dict.fromkeys(text[place : place + _LENGTH] for place in places))


def beginning_terms(word: str) -> Terms:
    """What an entry has of which a word of the name begins so."""
    text = word.translate(_SIGNS)
    begins = Term(_BEGINNING + text[:_LENGTH], is_beginning=len(text) < _LENGTH)
    return (begins, *terms_of(word)[1:])


def spelling_terms(skeleton: str) -> Terms:
    """What an entry has of which a word of the name sounds so, or begins to: two consonants alone must be all."""
    return (Term(_SPELLING + skeleton, is_beginning=len(skeleton) > 2),)


def as_match(every: Iterable[Sequence[Terms]]) -> str:
    """The question in the language of SQLite's index: of each, one of the alternatives."""
    return " AND ".join(
        "(" + " OR ".join("(" + " AND ".join(map(_match_term, terms)) + ")" for terms in ways) + ")" for ways in every
    )


def as_tsquery(every: Iterable[Sequence[Terms]]) -> str:
    """As :func:`as_match`, in the language of PostgreSQL's."""
    return " & ".join(
        "(" + " | ".join("(" + " & ".join(map(_tsquery_term, terms)) + ")" for terms in ways) + ")" for ways in every
    )


def _match_term(term: Term) -> str:
    return f'"{term.text}"' + " *" * term.is_beginning


def _tsquery_term(term: Term) -> str:
    return f"'{term.text}'" + ":*" * term.is_beginning
