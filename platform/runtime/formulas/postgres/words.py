"""Texts, dates and times on PostgreSQL."""

from __future__ import annotations

from sqlalchemy import ARRAY, BigInteger, DateTime, Integer, Text, case, cast, collate, extract, func, literal_column

from amparo.runtime.formulas.numbers import whole
from amparo.runtime.formulas.postgres.letters import in_letters
from amparo.runtime.formulas.steps import Expression
from amparo.runtime.formulas.words import WHITE_SPACE, Scanned, Words, text_literal
from amparo.runtime.stores.types import Day, Moment

_SPACE = f"[{WHITE_SPACE}]"
_DATE = "^([0-9]{4})-([0-9]{1,9})-([0-9]{1,9})"
_MOMENT = f"{_DATE}{_SPACE}+([0-9]{{1,9}}):([0-9]{{1,9}}):([0-9]{{1,9}})"
_TIME = r"^([0-9]{1,9}):([0-9]{1,9}):([0-9]{1,9})\.([0-9]{1,9})$"
_YEAR_ONE = literal_column("date '0001-01-01'", Day())
_MICROSECOND: Expression = literal_column("interval '1 microsecond'")
_DAY_MICROSECONDS = whole(86_400_000_000)
#: Microseconds from the year 1 to 1970.
_TO_1970 = whole(62_135_596_800_000_000)


class PostgresWords(Words):
    def part_of(self, text: Expression, start: Expression, count: Expression | None = None) -> Expression:
        return super().part_of(text, cast(start, Integer()), None if count is None else cast(count, Integer()))

    def trimmed(self, text: Expression) -> Expression:
        return func.btrim(text, text_literal(WHITE_SPACE), type_=Text())

    def place_of(self, sought: Expression, text: Expression) -> Expression:
        return func.strpos(text, sought, type_=BigInteger())

    def in_order(self, text: Expression) -> Expression:
        return collate(text, "C")

    def letters(self, name: str, text: Expression, is_dotted: Expression | None = None) -> Expression:
        text = self.steps.step(text)
        if is_dotted is not None and name == "upper":
            text = self.steps.step(
                case((is_dotted, self.replaced(text, text_literal("i"), text_literal("İ"))), else_=text)
            )
        if is_dotted is not None and name == "lower":
            small = self.replaced(
                self.replaced(text, text_literal("İ"), text_literal("i")), text_literal("I"), text_literal("ı")
            )
            text = self.steps.step(case((is_dotted, small), else_=text))
        return in_letters(name, text)

    def reversed(self, text: Expression) -> Expression:
        return func.reverse(text, type_=Text())

    def repeated(self, text: Expression, count: Expression) -> Expression:
        return func.repeat(text, cast(count, Integer()), type_=Text())

    def code_point(self, text: Expression) -> Expression:
        return cast(func.ascii(text), BigInteger())

    def character(self, number: Expression) -> Expression:
        return func.chr(cast(number, Integer()), type_=Text())

    def padded(self, number: Expression, width: int) -> Expression:
        digits = cast(number, Text())
        return func.lpad(digits, func.greatest(whole(width), func.length(digits)).cast(Integer()), "0", type_=Text())

    def identifier(self, value: Expression) -> Expression:
        return cast(value, Text())

    def scanned_date(self, text: Expression) -> Scanned:
        return self._scanned(text, _DATE, 3)

    def scanned_moment(self, text: Expression) -> Scanned:
        return self._scanned(text, _MOMENT, 6)

    def scanned_time(self, text: Expression) -> Scanned:
        return self._scanned(text, _TIME, 4)

    def _scanned(self, text: Expression, pattern: str, count: int) -> Scanned:
        found = self.steps.step(func.regexp_match(text, text_literal(pattern), type_=ARRAY(Text(), dimensions=1)))
        numbers = tuple(self.steps.step(cast(found[place], BigInteger())) for place in range(1, count + 1))
        return Scanned(found.is_not(None), numbers)

    def day_number(self, date: Expression) -> Expression:
        return cast(cast(date, Day()).op("-", return_type=Integer())(_YEAR_ONE), BigInteger())

    def date_of(self, number: Expression) -> Expression:
        return _YEAR_ONE.op("+", return_type=Day())(cast(number, Integer()))

    def date_parts(self, date: Expression) -> tuple[Expression, Expression, Expression]:
        year, month, day = (cast(func.date_part(part, date), BigInteger()) for part in ("year", "month", "day"))
        return year, month, day

    def made_date(self, year: Expression, month: Expression, day: Expression) -> Expression:
        return func.make_date(*(cast(each, Integer()) for each in (year, month, day)), type_=Day())

    def date_text(self, date: Expression) -> Expression:
        return func.to_char(date, "YYYY-MM-DD", type_=Text())

    def since_year_one(self, moment: Expression) -> Expression:
        return cast(extract("epoch", moment) * literal_column("1000000::numeric"), BigInteger()) + _TO_1970

    def moment_of(self, microseconds: Expression) -> Expression:
        # A product with an interval goes through doubles, which hold the microseconds of a day but not of centuries.
        days = cast(microseconds // _DAY_MICROSECONDS, Integer())
        rest = (microseconds % _DAY_MICROSECONDS).op("*")(_MICROSECOND)
        midnight = cast(_YEAR_ONE.op("+", return_type=Day())(days), DateTime())
        return func.timezone("UTC", midnight.op("+", return_type=DateTime())(rest), type_=Moment())
