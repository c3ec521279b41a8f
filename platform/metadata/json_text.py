"""JSON as people write it in files, read strictly, with the place of every fault.

Beside what the JSON grammar refuses, these are refused, because different
programs read them differently: a key that stands twice, NaN and Infinity,
numbers no field can hold, half a surrogate pair, NUL, and a byte order mark.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from typing import Any

from amparo.metadata.wording import N_

LARGEST_FILE = 5_000_000
DEEPEST_NESTING = 40

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
#: A comma with nothing behind it, in a list or between entries.
_LAST_COMMA = re.compile(r",\s*[\]}]")
#: Quotation marks of word processors and of other languages.
_OTHER_QUOTES = tuple("'`‘’“”„«»")
_BROKEN_CHARACTER = re.compile("[\0\ud800-\udfff]")


class BrokenJson(ValueError):
    """A file that is not JSON as defined above. ``line`` and ``column`` count from 1."""

    def __init__(self, kind: str, advice: str, text: str = "", position: int = 0, **params: Any) -> None:
        super().__init__(advice.format(**params))
        self.kind = kind
        self.advice = advice
        self.params = params
        self.line = text.count("\n", 0, position) + 1
        self.column = position - (text.rfind("\n", 0, position) + 1) + 1


def parse_json(data: bytes) -> Any:
    """The value in the bytes of a file; raises :class:`BrokenJson` for the first fault."""
    text = _decoded(data)
    try:
        value = json.loads(text, object_pairs_hook=_unique_pairs, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        if advice := _common_slip(text, error.pos):
            raise BrokenJson("not_json", advice, text, error.pos) from None
        # Its own message is English grammar talk, but it says most exactly what was expected.
        advice = N_("This is not JSON: {reason}.")
        raise BrokenJson("not_json", advice, text, error.pos, reason=error.msg) from None
    except RecursionError:
        raise _too_deep(text) from None
    except _Fault:
        raise _first_fault(text) from None
    except ValueError:
        # Python refuses to read whole numbers of thousands of digits.
        raise _first_fault(text) from None
    if fault := next(_faults(text), None):
        raise fault
    return value


class _Fault(Exception):
    """The parser met a fault but does not know where; the scanner finds the place."""


def _decoded(data: bytes) -> str:
    if len(data) > LARGEST_FILE:
        raise BrokenJson("too_large", N_("Split the file: it is larger than {size} MB."), size=LARGEST_FILE // 10**6)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8")
        raise BrokenJson("not_utf8", N_("Save the file as UTF-8."), before, len(before)) from None
    if text.startswith("\ufeff"):
        raise BrokenJson("byte_order_mark", N_("Save the file as UTF-8 without a byte order mark."))
    return text


def _common_slip(text: str, position: int) -> str | None:
    """What to do about a slip that people make by habit; None for any other."""
    here = text[position : position + 2]
    # Python 3.13 points at the comma, earlier ones at the bracket after it.
    comma = position if here[:1] == "," else max(text.rfind(",", 0, position), 0)
    found = _LAST_COMMA.match(text, comma)
    if found is not None and position in (comma, found.end() - 1):
        return N_("Take out the comma after the last entry.")
    if here[:1] in _OTHER_QUOTES:
        return N_('Write straight double quotation marks, like "name".')
    if here.startswith(("//", "/*", "#")):
        return N_("Take out the comment: JSON has none.")
    return None


def _unique_pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _Fault
    return found


def _refuse_constant(name: str) -> Any:
    raise _Fault


def _first_fault(text: str) -> BrokenJson:
    return next(_faults(text), BrokenJson("not_json", N_("This is not JSON that can be read.")))


def _too_deep(text: str) -> BrokenJson:
    return next(
        (fault for fault in _faults(text) if fault.kind == "too_deep"),
        BrokenJson("too_deep", N_("Nest at most {depth} levels deep."), depth=DEEPEST_NESTING),
    )


def _faults(text: str) -> Iterator[BrokenJson]:
    """The faults of a text that keeps the grammar, as far as its brackets go, in reading order."""
    levels: list[set[str] | None] = []
    last: tuple[str, int] = ("", 0)
    for found in _TOKEN.finditer(text):
        word, position = found.group(), found.start()
        if word in ("{", "["):
            levels.append(set() if word == "{" else None)
            if len(levels) > DEEPEST_NESTING:
                yield BrokenJson(
                    "too_deep", N_("Nest at most {depth} levels deep."), text, position, depth=DEEPEST_NESTING
                )
                return
        elif word in ("}", "]"):
            levels = levels[:-1]
        elif word == ":" and levels and levels[-1] is not None:
            yield from _repeated_key(text, last, levels[-1])
        else:
            yield from _faulty_scalar(text, word, position)
        last = (word, position)


def _repeated_key(text: str, word: tuple[str, int], keys: set[str]) -> Iterator[BrokenJson]:
    key = json.loads(word[0])
    if key in keys:
        advice = N_("Keep only one of the entries “{key}”.")
        yield BrokenJson("duplicate_key", advice, text, word[1], key=key)
    keys.add(key)


def _faulty_scalar(text: str, word: str, position: int) -> Iterator[BrokenJson]:
    if word.startswith(("NaN", "Infinity", "-Infinity")):
        advice = N_("{word} is not a number in JSON. Write a number or leave the entry out.")
        yield BrokenJson("not_a_number", advice, text, position, word=word)
    elif word.startswith('"'):
        if "\\u" in word and _BROKEN_CHARACTER.search(json.loads(word)):
            advice = N_("Remove the character that cannot be stored: NUL, or half a surrogate pair.")
            yield BrokenJson("bad_character", advice, text, position)
    elif _is_too_large(word):
        advice = N_("Write a number of at most {digits} digits.")
        yield BrokenJson("number_too_large", advice, text, position, digits=18)


def _is_too_large(word: str) -> bool:
    """Whether a number is read as infinite, or is a whole number that no field could hold."""
    if not _NUMBER.fullmatch(word):
        return False
    return len(word) > 25 if word.lstrip("-").isdigit() else math.isinf(float(word))
