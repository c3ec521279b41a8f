/** Dates, date-times and times. */
import { dayNumber, dayOf, partsOf } from "../calendar";
import { daysOf } from "../comparing";
import { type Decimal, count, integer, whole } from "../decimals";
import { FormulaError } from "../failures";
import { type Functions, type Maker, type Scope, of, withScope } from "../functions";
import { addMonths, addSeconds, counted, dayIn, floored, millisecondsOf } from "../moments";
import { SPACE } from "../texts";
import { Day, type Days, Moment, Time, clockText, momentOf, readMoment } from "../values";

const DATE = "([0-9]{4})-([0-9]{1,9})-([0-9]{1,9})";
const CLOCK = "([0-9]{1,9}):([0-9]{1,9}):([0-9]{1,9})";
const A_DATE = new RegExp(`^${DATE}`);
const A_DATE_TIME = new RegExp(`^${DATE}${SPACE}+${CLOCK}`);
const A_TIME = new RegExp(`^${CLOCK}\\.([0-9]{1,9})$`);
const SECOND = 1_000_000;
const EPOCH = new Moment(0n);

const nowOf = (scope: Scope): Moment => readMoment(scope.now);
const timeOf = (moment: Moment): Time => new Time(moment.time);
let latest: { readonly now: string; readonly zone: string; readonly day: Day } | undefined;

/** Found once for all formulas of a form: asking the browser's calendar takes longer than most formulas do. */
function today({ now, zone }: Scope): Day {
  if (latest?.now !== now || latest.zone !== zone) latest = { now, zone, day: dayIn(readMoment(now), zone) };
  return latest.day;
}

function numbersIn(text: string, pattern: RegExp, kind: string): number[] {
  const found = pattern.exec(text);
  if (!found) throw new FormulaError(kind);
  return found.slice(1).map(Number);
}

function day(year = 0, month = 0, date = 0): Day {
  return new Day(dayOf(year, month, date));
}

function time(hour = 0, minute = 0, second = 0, thousandth = 0): Time {
  if (hour > 23 || minute > 59 || second > 59 || thousandth > 999) throw new FormulaError("not_a_time");
  return new Time(((hour * 60 + minute) * 60 + second) * SECOND + thousandth * 1000);
}

/** Of a date-time the day in the organisation's time zone. */
function dateValue(scope: Scope, value: string | Day | Moment): Day {
  if (value instanceof Moment) return dayIn(value, scope.zone);
  return value instanceof Day ? value : day(...numbersIn(value, A_DATE, "not_a_date"));
}

function dateTimeValue(value: string | Day | Moment): Moment {
  if (value instanceof Moment) return value;
  if (value instanceof Day) return momentOf(value.number, 0);
  const [year, month, date, ...clock] = numbersIn(value, A_DATE_TIME, "not_a_date");
  return momentOf(day(year, month, date).number, time(...clock).microseconds);
}

function timeValue(value: string | Moment | Time): Time {
  if (value instanceof Moment) return timeOf(value);
  return value instanceof Time ? value : time(...numbersIn(value, A_TIME, "not_a_time"));
}

/** A number of a date; of a date-time's day in UTC. */
const ofDay = (part: (day: number) => number): Maker =>
  of((value: Day | Moment) => whole(part(value instanceof Moment ? value.day : value.number)));
const ofTime = (part: (time: Time) => number): Maker => of((value: Time) => whole(part(value)));

/** From 0, Monday, to 6. */
const weekday = (day: number): number => (((day + 3) % 7) + 7) % 7;
const year = (day: number): number => partsOf(day)[0];
const dayOfYear = (day: number): number => day - dayNumber(year(day), 1, 1) + 1;
/** The Thursday of a day's week, which says which year the week belongs to. */
const thursday = (day: number): number => day - weekday(day) + 3;

function secondsSince1970(value: Day | Moment | Time): Decimal {
  if (value instanceof Time) return whole(Math.floor(value.microseconds / SECOND));
  return value instanceof Moment ? whole(floored(value.microseconds, BigInt(SECOND))) : whole(value.number * 86_400);
}

function duration(first: Decimal | Moment | Time, second: Moment | Time | boolean = false): string {
  if (first instanceof Moment) {
    const between = (second as Moment).microseconds - first.microseconds;
    return durationText((between < 0n ? -between : between) / BigInt(SECOND), true);
  }
  if (first instanceof Time) {
    const between = Math.abs(millisecondsOf(second as Time) - millisecondsOf(first));
    return clockText(Math.floor(between / 1000));
  }
  const seconds = counted(first);
  return durationText(seconds < 0n ? -seconds : seconds, second === true);
}

/** `HH:MM:SS`, or `D:HH:MM:SS`. */
function durationText(seconds: bigint, withDays: boolean): string {
  const [hours, rest] = [seconds / 3600n, clockText(Number(seconds % 3600n)).slice(3)];
  const shown = (number: bigint): string => number.toString().padStart(2, "0");
  return withDays ? `${hours / 24n}:${shown(hours % 24n)}:${rest}` : `${shown(hours)}:${rest}`;
}

/** Somebody born on 29 February is a year older on 1 March where there is no 29th. */
function age(born: Day | Days, on: Day): Decimal | null {
  const [first, last] = daysOf(born);
  const [least, most] = [fullYears(last, on.number), fullYears(first, on.number)];
  return least === most && least >= 0 ? whole(least) : null;
}

function fullYears(born: number, on: number): number {
  const [[year, month, day], [onYear, onMonth, onDay]] = [partsOf(born), partsOf(on)];
  return onYear - year - (onMonth < month || (onMonth === month && onDay < day) ? 1 : 0);
}

export const FUNCTIONS: Functions = {
  TODAY: withScope(today),
  NOW: withScope(nowOf),
  TIMENOW: withScope((scope: Scope) => timeOf(nowOf(scope))),
  DATE: of((...numbers: Decimal[]) => day(...numbers.map(count))),
  DATEVALUE: withScope(dateValue),
  DATETIMEVALUE: of(dateTimeValue),
  TIMEVALUE: of(timeValue),
  ADDMONTHS: of(addMonths),
  YEAR: ofDay(year),
  MONTH: ofDay((day) => partsOf(day)[1]),
  DAY: ofDay((day) => partsOf(day)[2]),
  WEEKDAY: ofDay((day) => ((weekday(day) + 1) % 7) + 1),
  DAYOFYEAR: ofDay(dayOfYear),
  ISOWEEK: ofDay((day) => Math.ceil(dayOfYear(thursday(day)) / 7)),
  ISOYEAR: ofDay((day) => year(thursday(day))),
  HOUR: ofTime((time) => Math.floor(time.microseconds / SECOND / 3600)),
  MINUTE: ofTime((time) => Math.floor(time.microseconds / SECOND / 60) % 60),
  SECOND: ofTime((time) => Math.floor(time.microseconds / SECOND) % 60),
  MILLISECOND: ofTime((time) => millisecondsOf(time) % 1000),
  UNIXTIMESTAMP: of(secondsSince1970),
  FROMUNIXTIME: of((seconds: Decimal) => addSeconds(EPOCH, integer(seconds))),
  FORMATDURATION: of(duration),
  AGE: of(age),
  EARLIEST: of((value: Day | Days) => new Day(daysOf(value)[0])),
  LATEST: of((value: Day | Days) => new Day(daysOf(value)[1])),
};
