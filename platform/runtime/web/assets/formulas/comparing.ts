/** Equality and order of values, blanks and partly-known dates. */
import { Decimal, compare } from "./decimals";
import type { Tree } from "./tree";
import { Day, Days, Moment, Point, Time, type Value } from "./values";

type Answer = boolean | null;

/** How values of these parts are equal: only to text is blank equal to blank. */
export function equalityOf(nodes: readonly Tree[]): (left: Value, right: Value) => Answer {
  const types = new Set(nodes.map((node) => node.type));
  if (types.has("partial_date")) return sameDay;
  const isText = types.has("text") || types.has("lookup") || types.has("picklist");
  return isText ? (left, right) => (left || "") === (right || "") : same;
}

const same = (left: Value, right: Value): Answer => (left === null || right === null ? null : isSame(left, right));

/** Whether two values are one. */
export function isSame(left: Value, right: Value): boolean {
  if (left instanceof Decimal) return right instanceof Decimal && compare(left, right) === 0;
  if (left instanceof Day) return right instanceof Day && left.number === right.number;
  if (left instanceof Moment) return right instanceof Moment && left.microseconds === right.microseconds;
  if (left instanceof Time) return right instanceof Time && left.microseconds === right.microseconds;
  if (left instanceof Days) {
    return right instanceof Days && ![left.first - right.first, left.last - right.last].some(Boolean)
      && left.isEstimated === right.isEstimated;
  }
  if (left instanceof Point) {
    return right instanceof Point && isSame(left.latitude, right.latitude) && isSame(left.longitude, right.longitude);
  }
  if (Array.isArray(left)) return Array.isArray(right) && left.join("\0") === right.join("\0");
  return left === right;
}

/** True only when both are certainly one day; unknown while they may be the same. */
function sameDay(left: Value, right: Value): Answer {
  if (left === null || right === null) return null;
  const [[first, last], [otherFirst, otherLast]] = [daysOf(left), daysOf(right)];
  if (last < otherFirst || otherLast < first) return false;
  return first === last && otherFirst === otherLast ? true : null;
}

/** True when certainly, false when certainly not, `null` while it may be. */
export function before(left: Value, right: Value): Answer {
  const [[first, last], [otherFirst, otherLast]] = [daysOf(left), daysOf(right)];
  if (last < otherFirst) return true;
  return first >= otherLast ? false : null;
}

export function notAfter(left: Value, right: Value): Answer {
  const later = before(right, left);
  return later === null ? null : !later;
}

export function daysOf(value: Value): [number, number] {
  if (value instanceof Days) return [value.first, value.last];
  const { number } = value as Day;
  return [number, number];
}

/** Below zero when the left value is smaller or earlier, zero when they are one. */
export function order(left: Value, right: Value): number {
  if (left instanceof Decimal) return compare(left, right as Decimal);
  if (left instanceof Day) return left.number - (right as Day).number;
  if (left instanceof Time) return left.microseconds - (right as Time).microseconds;
  if (left instanceof Moment) return Number(left.microseconds - (right as Moment).microseconds);
  return orderOfTexts(left as string, right as string);
}

/** By code points, where JavaScript itself goes by halves of them. */
function orderOfTexts(left: string, right: string): number {
  for (let place = 0; place < left.length && place < right.length; place += 1) {
    const [one, other] = [left.charCodeAt(place), right.charCodeAt(place)];
    if (one !== other) return rank(one) - rank(other);
  }
  return left.length - right.length;
}

/** A half of a code point stands behind all that are whole. */
const rank = (unit: number): number => (unit >= 0xd800 && unit < 0xe000 ? unit + 0x10000 : unit);
