/** Values of formulas, and how fields' values in JSON become them and back. Blank is `null`. */
import { DAY_MICROSECONDS, dayNumber, dayText, isDay, lastOfMonth, padded, partsOf } from "./calendar";
import { Decimal, decimalOf, fitted, plainText } from "./decimals";
import { Unsupported } from "./failures";

export class Day {
  constructor(readonly number: number) {}
}

/** The first and the last day that a partly-known date may be. */
export class Days {
  constructor(
    readonly first: number,
    readonly last: number,
    readonly isEstimated: boolean,
  ) {}
}

/** Microseconds since the beginning of 1970 in UTC. */
export class Moment {
  constructor(readonly microseconds: bigint) {}

  /** Its day in UTC. */
  get day(): number {
    return Number((this.microseconds - BigInt(this.time)) / BigInt(DAY_MICROSECONDS));
  }

  /** Microseconds since midnight in UTC. */
  get time(): number {
    const rest = Number(this.microseconds % BigInt(DAY_MICROSECONDS));
    return rest < 0 ? rest + DAY_MICROSECONDS : rest;
  }
}

/** Microseconds since midnight. */
export class Time {
  constructor(readonly microseconds: number) {}
}

export class Point {
  constructor(
    readonly latitude: Decimal,
    readonly longitude: Decimal,
  ) {}
}

export type Value = null | boolean | string | readonly string[] | Decimal | Day | Days | Moment | Time | Point;
/** What a field may hold in JSON: as values_json.py writes it. */
export type Raw = null | undefined | boolean | string | readonly string[] | { error: string; at: [number, number] };

const DATE = /^(\d{4})(?:-(\d\d)(?:-(\d\d))?)?$/;
const TIME = /^(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,6}))?)?$/;
const MOMENT = /^([\d-]{10})[T ]([\d:.]+?)(?:Z|([+-])(\d\d):?(\d\d))$/;

/** By the type of the field. What no field of the type holds is left to the server. */
export const READERS: Record<string, (raw: Raw) => Value> = {
  number: readNumber,
  currency: readNumber,
  percent: (raw) => {
    const number = readNumber(raw);
    return fitted(number.coefficient, number.exponent - 2);
  },
  boolean: (raw) => (typeof raw === "boolean" ? raw : refuse(raw)),
  date: (raw) => new Day(readDay(raw)),
  partial_date: readDays,
  date_time: readMoment,
  time: (raw) => new Time(readTime(raw)),
  multi_select: (raw) => (Array.isArray(raw) ? (raw.length ? (raw as string[]) : null) : refuse(raw)),
  geolocation: readPoint,
};

export function readText(raw: Raw): string {
  return typeof raw === "string" ? raw : refuse(raw);
}

function refuse(raw: Raw): never {
  throw new Unsupported(`This is no value of its field: ${JSON.stringify(raw)}`);
}

function readNumber(raw: Raw): Decimal {
  return decimalOf(readText(raw)) ?? refuse(raw);
}

function readDay(raw: Raw): number {
  const [, year, month, day] = (DATE.exec(readText(raw)) ?? []).map(Number);
  if (!year || !month || !day || !isDay(year, month, day)) refuse(raw);
  return dayNumber(year, month, day);
}

function readDays(raw: Raw): Days {
  const text = readText(raw);
  const plain = text.replace(/~$/, "");
  const [first = "", last = first] = plain.split("/");
  return new Days(stretch(first)[0], stretch(last)[1], plain !== text);
}

function stretch(text: string): [number, number] {
  const [, year, month, day] = (DATE.exec(text) ?? []).map(Number);
  if (!year || (month !== undefined && !isDay(year, month || 1, day || 1))) refuse(text);
  if (!month) return [dayNumber(year, 1, 1), dayNumber(year, 12, 31)];
  return [dayNumber(year, month, day || 1), dayNumber(year, month, day || lastOfMonth(year, month))];
}

function readTime(raw: Raw): number {
  const found = TIME.exec(readText(raw)) ?? refuse(raw);
  const [hour = 0, minute = 0, second = 0] = found.slice(1, 4).map((part) => Number(part ?? 0));
  if (hour > 23 || minute > 59 || second > 59) refuse(raw);
  return ((hour * 60 + minute) * 60 + second) * 1_000_000 + Number((found[4] ?? "").padEnd(6, "0"));
}

export function readMoment(raw: Raw): Moment {
  const [, date, time, sign, hours = "0", minutes = "0"] = MOMENT.exec(readText(raw)) ?? [];
  const ahead = (Number(hours) * 60 + Number(minutes)) * 60_000_000 * (sign === "-" ? -1 : 1);
  return momentOf(readDay(date), readTime(time) - ahead);
}

export const momentOf = (day: number, microseconds: number): Moment =>
  new Moment(BigInt(day) * BigInt(DAY_MICROSECONDS) + BigInt(microseconds));

function readPoint(raw: Raw): Point {
  const [latitude = "", longitude = ""] = readText(raw).split(",");
  return new Point(readNumber(latitude), readNumber(longitude));
}

/** As values_json.py writes it. */
export function valueToJson(value: Value): null | boolean | string | readonly string[] {
  if (value instanceof Decimal) return plainText(value);
  if (value instanceof Day) return dayText(value.number);
  if (value instanceof Days) return daysText(value);
  if (value instanceof Moment) return `${dayText(value.day)}T${timeText(value.time)}+00:00`;
  if (value instanceof Time) return timeText(value.microseconds);
  if (value instanceof Point) return `${plainText(value.latitude)},${plainText(value.longitude)}`;
  return value;
}

function timeText(microseconds: number): string {
  const rest = microseconds % 1_000_000;
  return clockText((microseconds - rest) / 1_000_000) + (rest ? `.${padded(rest, 6)}` : "");
}

/** `HH:MM:SS` of seconds since midnight. */
export function clockText(seconds: number): string {
  const [hour, minute] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return `${padded(hour, 2)}:${padded(minute, 2)}:${padded(seconds % 60, 2)}`;
}

/** `2010`, `2010-06`, `2010-06-15` or `2009-07-01/2010-06-30`, with `~` behind what is estimated. */
function daysText(days: Days): string {
  const [first, last] = [dayText(days.first), dayText(days.last)];
  const [year, month] = partsOf(days.first);
  let text = `${first}/${last}`;
  if (first === last) text = first;
  else if (days.first === dayNumber(year, month, 1) && days.last === dayNumber(year, month, lastOfMonth(year, month))) {
    text = first.slice(0, 7);
  } else if (days.first === dayNumber(year, 1, 1) && days.last === dayNumber(year, 12, 31)) text = first.slice(0, 4);
  return days.isEstimated ? `${text}~` : text;
}
