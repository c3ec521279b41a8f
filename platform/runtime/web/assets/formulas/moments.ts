/** Reckoning with dates, date-times and times. */
import { dayNumber, lastOfMonth, partsOf, withinYears } from "./calendar";
import { type Decimal, add, count, divide, fitted, integer, multiply, whole, withoutLastDigits } from "./decimals";
import { FormulaError, Unsupported } from "./failures";
import { Day, Moment, Time, momentOf } from "./values";

const DAY_MILLISECONDS = 86_400_000n;
const MOST_COUNT = 10n ** 17n;
const DAY_SECONDS = whole(86_400);
const HALF = fitted(5n, -1);
const FIRST_CERTAIN = dayNumber(1980, 1, 1);
const formats = new Map<string, Intl.DateTimeFormat>();

/** To a date whole days, the rest cut; to a date-time also parts of a day, to the second. */
export function addDays(moment: Day | Moment, days: Decimal): Day | Moment {
  if (moment instanceof Day) return new Day(withinYears(moment.number + count(days)));
  return addSeconds(moment, integer(add(withoutLastDigits(multiply(days, DAY_SECONDS)), HALF), "floor"));
}

export function addSeconds(moment: Moment, seconds: bigint): Moment {
  const later = new Moment(moment.microseconds + seconds * 1_000_000n);
  withinYears(later.day);
  return later;
}

/** From `right` to `left`; between date-times with parts of days, to the millisecond. */
export function daysBetween(left: Day | Moment, right: Day | Moment): Decimal {
  if (left instanceof Day) return whole(left.number - (right as Day).number);
  const milliseconds = floored(left.microseconds - (right as Moment).microseconds, 1000n);
  return divide(whole(milliseconds), whole(DAY_MILLISECONDS));
}

/** A quotient, down to the next whole number. */
export function floored(number: bigint, divisor: bigint): bigint {
  const rest = number % divisor;
  return (number - rest) / divisor - (rest < 0n ? 1n : 0n);
}

/** The same day of another month; the last day of a month stays the last day. */
export function addMonths(moment: Day | Moment, months: Decimal): Day | Moment {
  const [year, month, day] = partsOf(moment instanceof Day ? moment.number : moment.day);
  const place = year * 12 + month - 1 + count(months);
  const [toYear, toMonth] = [Math.floor(place / 12), place - Math.floor(place / 12) * 12 + 1];
  if (!(toYear >= 1 && toYear <= 9999)) throw new FormulaError("out_of_range");
  const last = lastOfMonth(toYear, toMonth);
  const target = dayNumber(toYear, toMonth, day === lastOfMonth(year, month) ? last : Math.min(day, last));
  return moment instanceof Day ? new Day(target) : momentOf(target, moment.time);
}

export const millisecondsOf = (time: Time): number => Math.floor(time.microseconds / 1000);

/** Past midnight it begins again. Throws for a time before midnight. */
export function addToTime(time: Time, milliseconds: Decimal): Time {
  const sum = BigInt(millisecondsOf(time)) + counted(milliseconds);
  const rest = sum % DAY_MILLISECONDS;
  if (rest < 0n) throw new FormulaError("out_of_range");
  return new Time(Number(rest) * 1000);
}

/** A whole number of seconds or milliseconds. Throws where databases count no further. */
export function counted(number: Decimal): bigint {
  const found = integer(number);
  if (found >= MOST_COUNT || found <= -MOST_COUNT) throw new FormulaError("out_of_range");
  return found;
}

/** Milliseconds from `right` to the next `left`. */
export function timeBetween(left: Time, right: Time): Decimal {
  const day = Number(DAY_MILLISECONDS);
  return whole((millisecondsOf(left) - millisecondsOf(right) + day) % day);
}

/** The day of a moment in a time zone. Of times before 1980, browsers and the server have different records. */
export function dayIn(moment: Moment, zone: string): Day {
  if (zone === "UTC") return new Day(moment.day);
  if (moment.day < FIRST_CERTAIN) throw new Unsupported("A day before 1980 in a time zone");
  const found: Record<string, string> = {};
  const milliseconds = Number(floored(moment.microseconds, 1000n));
  for (const { type, value } of format(zone).formatToParts(milliseconds)) found[type] = value;
  const [year, month, day] = [Number(found["year"]), Number(found["month"]), Number(found["day"])];
  if (!(year && month && day)) throw new Unsupported(`No calendar of the time zone ${zone}`);
  return new Day(withinYears(dayNumber(year, month, day)));
}

/** Latin digits and our calendar, whatever the reader's language is. Made once, because that takes long. */
function format(zone: string): Intl.DateTimeFormat {
  let known = formats.get(zone);
  if (!known) {
    try {
      known = new Intl.DateTimeFormat("en-US-u-ca-gregory-nu-latn", {
        timeZone: zone, year: "numeric", month: "numeric", day: "numeric",
      });
    } catch {
      throw new Unsupported(`No time zone ${zone}`);
    }
    formats.set(zone, known);
  }
  return known;
}
