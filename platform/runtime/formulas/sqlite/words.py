"""Texts, dates and times on SQLite."""

from __future__ import annotations

from sqlalchemy import BigInteger, Double, LargeBinary, Text, and_, case, cast, func, literal_column

from amparo.runtime.formulas.numbers import whole
from amparo.runtime.formulas.sqlite.reversing import Reversed
from amparo.runtime.formulas.steps import Expression
from amparo.runtime.formulas.words import WHITE_SPACE, Scanned, Words, text_literal
from amparo.runtime.stores.types import Day, Moment

_DIGITS = text_literal("0123456789")
_MOST_DIGITS = whole(9)
#: The Julian day on which the year 1 began.
_JULIAN: Expression = literal_column("1721425.5", Double())
#: Microseconds from then to 1970.
_TO_1970 = whole(62_135_596_800_000_000)


class SqliteWords(Words):
    def trimmed(self, text: Expression) -> Expression:
        return func.trim(text, text_literal(WHITE_SPACE), type_=Text())

    def place_of(self, sought: Expression, text: Expression) -> Expression:
        return func.instr(text, sought, type_=BigInteger())

    def in_order(self, text: Expression) -> Expression:
        return text

    def letters(self, name: str, text: Expression, is_dotted: Expression | None = None) -> Expression:
        if name == "initcap":
            return func.amparo_initcap(text, type_=Text())
        language = text_literal("") if is_dotted is None else case((is_dotted, text_literal("tr")))
        changed: Expression = getattr(func, f"amparo_{name}")(text, language, type_=Text())
        return changed

    def reversed(self, text: Expression) -> Expression:
        return Reversed(self.steps.step(text))

    def repeated(self, text: Expression, count: Expression) -> Expression:
        return func.replace(func.hex(func.zeroblob(count)), text_literal("00"), text, type_=Text())

    def code_point(self, text: Expression) -> Expression:
        return func.unicode(text, type_=BigInteger())

    def character(self, number: Expression) -> Expression:
        return func.char(number, type_=Text())

    def padded(self, number: Expression, width: int) -> Expression:
        number = self.steps.step(number)
        return case((number.is_not(None), func.printf(text_literal(f"%0{width}d"), number, type_=Text())))

    def identifier(self, value: Expression) -> Expression:
        digits = func.lower(func.hex(cast(value, LargeBinary())), type_=Text())
        parts = [self.part_of(digits, whole(start), whole(count))
                 for start, count in ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))]  # fmt: skip
        result: Expression = parts[0]
        for part in parts[1:]:
            result = result.concat(text_literal("-")).concat(part)
        # Of a blank hex makes an empty text.
        return case((value.is_not(None), result))

    def scanned_date(self, text: Expression) -> Scanned:
        scan = _Scan(self, self.steps.step(text))
        self._scan_date(scan)
        return scan.result()

    def _scan_date(self, scan: _Scan) -> None:
        scan.year()
        scan.sign("-")
        scan.number()
        scan.sign("-")
        scan.number()

    def scanned_moment(self, text: Expression) -> Scanned:
        scan = _Scan(self, self.steps.step(text))
        self._scan_date(scan)
        scan.white_space()
        for sign in ("", ":", ":"):
            scan.sign(sign)
            scan.number()
        return scan.result()

    def scanned_time(self, text: Expression) -> Scanned:
        scan = _Scan(self, self.steps.step(text))
        for sign in ("", ":", ":", "."):
            scan.sign(sign)
            scan.number()
        scan.end()
        return scan.result()

    def day_number(self, date: Expression) -> Expression:
        return cast(func.julianday(date) - _JULIAN, BigInteger())

    def date_of(self, number: Expression) -> Expression:
        return func.date(number + _JULIAN, type_=Day())

    def date_parts(self, date: Expression) -> tuple[Expression, Expression, Expression]:
        year, month, day = (
            cast(func.substr(date, whole(start), whole(count), type_=Text()), BigInteger())
            for start, count in ((1, 4), (6, 2), (9, 2))
        )
        return year, month, day

    def made_date(self, year: Expression, month: Expression, day: Expression) -> Expression:
        return func.printf(text_literal("%04d-%02d-%02d"), year, month, day, type_=Day())

    def date_text(self, date: Expression) -> Expression:
        return cast(date, Text())

    def since_year_one(self, moment: Expression) -> Expression:
        return cast(moment, BigInteger()) + _TO_1970

    def moment_of(self, microseconds: Expression) -> Expression:
        return cast(microseconds - _TO_1970, Moment())


class _Scan:
    """Reads a text from its beginning, a step at a time: SQLite has no regular expressions."""

    def __init__(self, words: Words, text: Expression) -> None:
        self._words = words
        self._rest = text
        self._conditions: list[Expression] = []
        self._numbers: list[Expression] = []

    def year(self) -> None:
        """Four digits."""
        first = self._words.steps.step(self._words.part_of(self._rest, whole(1), whole(4)))
        self._conditions.append(first.op("GLOB")(text_literal("[0-9][0-9][0-9][0-9]")))
        self._numbers.append(cast(first, BigInteger()))
        self._go_on(whole(5))

    def sign(self, sign: str) -> None:
        if sign:
            self._conditions.append(self._words.part_of(self._rest, whole(1), whole(1)) == text_literal(sign))
            self._go_on(whole(2))

    def number(self) -> None:
        """One to nine digits, and as many as there are."""
        behind = func.ltrim(self._rest, _DIGITS, type_=Text())
        count = self._words.steps.step(
            func.min(func.length(self._rest) - func.length(behind), _MOST_DIGITS, type_=BigInteger())
        )
        self._conditions.append(count > whole(0))
        self._numbers.append(cast(self._words.part_of(self._rest, whole(1), count), BigInteger()))
        self._go_on(count + whole(1))

    def white_space(self) -> None:
        before = func.length(self._rest)
        self._rest_after = self._words.steps.step(func.ltrim(self._rest, text_literal(WHITE_SPACE), type_=Text()))
        self._conditions.append(func.length(self._rest_after) < before)
        self._rest = self._rest_after

    def end(self) -> None:
        self._conditions.append(self._rest == text_literal(""))

    def result(self) -> Scanned:
        step = self._words.steps.step
        return Scanned(step(and_(*self._conditions)), tuple(map(step, self._numbers)))

    def _go_on(self, place: Expression) -> None:
        self._rest = self._words.steps.step(self._words.part_of(self._rest, place))
