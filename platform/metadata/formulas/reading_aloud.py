"""A checked formula in plain words: “Closed on is blank and Status is Closed”.

Made from the tree, in whatever language the words are. A condition that has parts within parts reads as a list.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce

from amparo.metadata.formulas import phrases
from amparo.metadata.formulas.grouping import (
    UNHEARD,
    Part,
    group_of,
    has_groups,
    heard_of,
    is_plain,
    runs_of,
    subject_of_choice,
    turned,
)
from amparo.metadata.formulas.phrases import Claim
from amparo.metadata.formulas.shapes import Shapes
from amparo.metadata.formulas.spoken import Spoken, Words
from amparo.metadata.formulas.tree import Call, Literal, Node, Reference
from amparo.metadata.formulas.value_types import DAYS, NUMBERS, ValueType

_MOMENTS = DAYS | {ValueType.DATE_TIME, ValueType.TIME}
_COMPARED = frozenset(phrases.OF_NUMBERS)
#: Months of a year.
_YEAR = 12


def read_aloud(tree: Node, shapes: Shapes, object_name: str, words: Words) -> Spoken:
    """Of a formula that the checker passed. A sentence, or a list of them where there are groups within groups."""
    return _Reader(shapes, object_name, words).spoken(tree)


def read_in_one_line(tree: Node, shapes: Shapes, object_name: str, words: Words) -> str:
    """The same without a list: what belongs together stands in parentheses."""
    reader = _Reader(shapes, object_name, words)
    return reader.claim(tree) if tree.type is ValueType.BOOLEAN else reader.value(tree)


@dataclass(frozen=True, slots=True)
class _Reader:
    shapes: Shapes
    object_name: str
    words: Words

    def spoken(self, node: Node, *, holds: bool = True) -> Spoken:
        if node.type is not ValueType.BOOLEAN:
            return Spoken(_begun(self.value(node)))
        group = group_of(node, holds)
        if group is None or not has_groups(*group):
            return Spoken(_begun(self.claim(node, holds=holds)))
        name, parts = group
        heading = phrases.ALL_OF if name == "AND" else phrases.ANY_OF
        return Spoken(self._say(heading), tuple(self._spoken_parts(name, parts)))

    def _spoken_parts(self, name: str, parts: Sequence[Part]) -> Iterator[Spoken]:
        for run in runs_of(name, parts):
            if len(run) > 1:
                yield Spoken(_begun(self._one_of(run)))
            else:
                yield self.spoken(run[0][0], holds=run[0][1])

    def _say(self, phrase: str, **slots: str) -> str:
        return self.words.say(phrase, slots)

    def claim(self, node: Node, *, holds: bool = True) -> str:
        """What is true or false, as a sentence; the opposite where it ``holds`` not."""
        group = group_of(node, holds)
        if group is not None:
            return self._joined(*group)
        node, holds = turned(node, holds=holds)
        if isinstance(node, Literal):
            return self._said(phrases.CONSTANT, holds=holds is bool(node.value))
        if isinstance(node, Reference):
            return self._said(phrases.TICKED, holds=holds, first=self.value(node))
        return self._called(node, holds=holds)

    def _joined(self, name: str, parts: Sequence[Part]) -> str:
        runs = runs_of(name, parts)
        if len(runs) == 1:
            return self._one_of(runs[0])
        phrase = phrases.AND if name == "AND" else phrases.OR
        sentences = [
            self._say(phrases.GROUPED, sentence=self._one_of(run)) if len(run) > 1 else self._within(run[0])
            for run in runs
        ]
        return reduce(lambda first, second: self._say(phrase, first=first, second=second), sentences)

    def _within(self, part: Part) -> str:
        sentence = self.claim(part[0], holds=part[1])
        return self._say(phrases.GROUPED, sentence=sentence) if group_of(*part) else sentence

    def _one_of(self, run: Sequence[Part]) -> str:
        subject = subject_of_choice(*run[0])
        calls = [turned(node, holds=sense)[0] for node, sense in run]
        codes = [self._compared(call.arguments[0], call.arguments[1]) for call in calls if isinstance(call, Call)]
        return self._said(
            phrases.ONE_OF, holds=is_plain(run[0]), first=self.value(subject or run[0][0]),
            values=self.words.join(codes),
        )  # fmt: skip

    def _said(self, claim: Claim, *, holds: bool, **slots: str) -> str:
        return self._say(claim.holds if holds else claim.fails, **slots)

    def _called(self, node: Call, *, holds: bool) -> str:
        name, arguments = node.name, node.arguments
        if name in ("ISBLANK", "ISNULL"):
            return self._blank(arguments[0], holds=holds)
        if name in ("ISPICKVAL", "=", "<>"):
            return self._equal(node, holds=holds is not (name == "<>"))
        if name == "IN":
            values = self.words.join([self._compared(arguments[0], each) for each in arguments[1:]])
            return self._said(phrases.ONE_OF, holds=holds, first=self.value(arguments[0]), values=values)
        if name in _COMPARED:
            is_of_moments = any(each.type in _MOMENTS for each in arguments)
            claims = phrases.OF_MOMENTS if is_of_moments else phrases.OF_NUMBERS
            return self._said(claims[name], holds=holds, **self._slots(arguments))
        if name in phrases.CLAIMS:
            return self._said(phrases.CLAIMS[name], holds=holds, **self._slots(arguments))
        return self._said(
            phrases.ANY_CLAIM, holds=holds, value=self._say(phrases.GROUPED, sentence=self._computed(node))
        )

    def _blank(self, node: Node, *, holds: bool) -> str:
        heard = heard_of(node)
        if isinstance(heard, Call) and heard.name == "MISSINGREASON":
            return self._said(phrases.NO_REASON, holds=holds, first=self.value(heard.arguments[0]))
        return self._said(phrases.BLANK, holds=holds, first=self.value(node))

    def _equal(self, node: Call, *, holds: bool) -> str:
        left, right = node.arguments
        if isinstance(right, Literal) and right.value in (None, ""):
            return self._blank(left, holds=holds)
        both_vary = isinstance(heard_of(left), Reference) and isinstance(heard_of(right), Reference)
        claim = phrases.SAME if both_vary else phrases.EQUAL
        return self._said(claim, holds=holds, first=self.value(left), second=self._compared(left, right))

    def _slots(self, arguments: Sequence[Node]) -> dict[str, str]:
        names = ("first", "second", "third")
        first = arguments[0] if arguments else None
        return {
            name: self.value(each) if each is first or first is None else self._compared(first, each)
            for name, each in zip(names, arguments, strict=False)
        }

    def _compared(self, subject: Node, node: Node) -> str:
        """A text beside a picklist is the code of an option, beside a reason that of a reason."""
        heard = heard_of(subject)
        if isinstance(heard, Call) and heard.name == "PRIORVALUE":
            heard = heard.arguments[0]
        if not isinstance(node, Literal) or not isinstance(node.value, str) or not node.value:
            return self.value(node)
        if isinstance(heard, Call) and heard.name == "MISSINGREASON":
            return self.words.reason(node.value)
        if isinstance(heard, Reference) and heard.path == ("$RecordType", "name"):
            return self.words.kind(self.object_name, node.value)
        if isinstance(heard, Reference) and heard.type in (ValueType.PICKLIST, ValueType.MULTI_SELECT):
            *_, (owners, name) = self._steps(heard.path)
            return self.words.option(owners, name, node.value)
        return self.value(node)

    def value(self, node: Node) -> str:
        """What yields a value, as a part of a sentence."""
        if isinstance(node, Literal):
            return self._literal(node)
        if isinstance(node, Reference):
            return self._field(node)
        if node.name in UNHEARD:
            return self.value(node.arguments[0])
        if node.type is ValueType.BOOLEAN and node.name not in phrases.VALUES and node.name not in ("CASE", "IFS"):
            return self.claim(node)
        return self._computed(node)

    def _literal(self, node: Literal) -> str:
        if node.value is None or node.value == "":
            return self._say(phrases.NOTHING)
        if isinstance(node.value, bool):
            return self._say(phrases.YES if node.value else phrases.NO)
        return f"{node.value:f}" if isinstance(node.value, Decimal) else self._say(phrases.QUOTED, text=node.value)

    def _field(self, node: Reference) -> str:
        if node.path[0].startswith("$"):
            return self._say(phrases.GLOBALS[node.path])
        first, *others = [self.words.field(owners, name) for owners, name in self._steps(node.path)]
        return reduce(lambda record, field: self._say(phrases.ACROSS, field=field, record=record), others, first)

    def _steps(self, path: Sequence[str]) -> Iterator[tuple[Sequence[str], str]]:
        """Each field of a path, with the objects that may have it."""
        owners: tuple[str, ...] = (self.object_name,)
        for name in path:
            having = tuple(each for each in owners if name in self.shapes.objects[each].fields)
            yield having, name
            owners = tuple(target for each in having for target in self.shapes.objects[each].fields[name].targets)

    def _computed(self, node: Call) -> str:
        name, arguments = node.name, node.arguments
        if name == "DATE" and (day := _day(arguments)) is not None:
            return self.words.day(day)
        if name == "ADDMONTHS":
            return self._months(*arguments)
        if name in ("+", "-"):
            return self._sum(node)
        if name in ("CASE", "IFS"):
            return self._cases(node)
        if name in phrases.VALUES:
            return self._say(phrases.VALUES[name], **self._slots(arguments))
        values = self.words.join([self.value(each) for each in arguments])
        if name in phrases.OF_SEVERAL:
            return self._say(phrases.OF_SEVERAL[name], values=values)
        return self._say(phrases.OTHER_VALUE, function=name, values=values) if arguments else name

    def _months(self, day: Node, months: Node) -> str:
        number = _whole(months)
        if number is None:
            return self._say(phrases.MONTHS_AFTER, first=self.value(day), second=self.value(months))
        of_years = number % _YEAR == 0
        after = phrases.COUNTED_YEARS_AFTER if of_years else phrases.COUNTED_MONTHS_AFTER
        before = phrases.COUNTED_YEARS_BEFORE if of_years else phrases.COUNTED_MONTHS_BEFORE
        count = abs(number) // (_YEAR if of_years else 1)
        return self.words.count(before if number < 0 else after, count, {"first": self.value(day)})

    def _sum(self, node: Call) -> str:
        left, *others = node.arguments
        if not others:
            return self.value(left) if node.name == "+" else self._say(phrases.OPPOSITE, first=self.value(left))
        (right,) = others
        is_of_days = left.type in DAYS | {ValueType.DATE_TIME}
        if is_of_days and right.type in DAYS | {ValueType.DATE_TIME}:
            return self._say(phrases.DAYS_BETWEEN, **self._slots(node.arguments))
        if not is_of_days or right.type not in NUMBERS:
            return self._say(phrases.VALUES[node.name], **self._slots(node.arguments))
        number = _whole(right)
        if number is None:
            phrase = phrases.DAYS_AFTER if node.name == "+" else phrases.DAYS_BEFORE
            return self._say(phrase, **self._slots(node.arguments))
        is_after = (node.name == "+") is (number >= 0)
        counted = phrases.COUNTED_DAYS_AFTER if is_after else phrases.COUNTED_DAYS_BEFORE
        return self.words.count(counted, abs(number), {"first": self.value(left)})

    def _cases(self, node: Call) -> str:
        *pairs, other = node.arguments if node.name == "IFS" else node.arguments[1:]
        results = [
            self._say(phrases.WHERE, result=self.value(result), condition=self._case(node, candidate))
            for candidate, result in zip(pairs[::2], pairs[1::2], strict=True)
        ]
        return self._say(phrases.OTHERWISE, results=self.words.join(results), other=self.value(other))

    def _case(self, node: Call, candidate: Node) -> str:
        if node.name == "IFS":
            return self.claim(candidate)
        subject = node.arguments[0]
        return self._say(phrases.EQUAL.holds, first=self.value(subject), second=self._compared(subject, candidate))


def _day(parts: Sequence[Node]) -> dt.date | None:
    """A day that stands in the formula."""
    numbers = [_whole(each) for each in parts]
    with suppress(ValueError, OverflowError):
        return dt.date(*(number for number in numbers if number is not None)) if None not in numbers else None
    return None


def _whole(node: Node) -> int | None:
    """A whole number that stands in the formula."""
    if isinstance(node, Call) and node.name == "-" and len(node.arguments) == 1:
        number = _whole(node.arguments[0])
        return None if number is None else -number
    is_whole = isinstance(node, Literal) and isinstance(node.value, Decimal) and node.value == int(node.value)
    return int(node.value) if is_whole and isinstance(node, Literal) and isinstance(node.value, Decimal) else None


def _begun(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
