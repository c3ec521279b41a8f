/** The signs of the language. */
import { before, equalityOf, notAfter, order } from "../comparing";
import { Decimal, add, divide, minus, multiply, power, subtract } from "../decimals";
import { type Functions, type Maker, compiled, of, ofAny } from "../functions";
import { addDays, addToTime, daysBetween, timeBetween } from "../moments";
import { bounded } from "../texts";
import { Day, Moment, Time, type Value } from "../values";

type Answer = boolean | null;

const equality = (isWanted: boolean): Maker => (call, compile) => {
  const [left, right] = compiled(call, compile);
  const equal = equalityOf(call.arguments);
  return (scope) => {
    const result = equal(left(scope), right(scope));
    return result === null ? null : result === isWanted;
  };
};

/** A comparison; `days` where one side may be known in part. */
const ordered = (
  judge: (order: number) => boolean,
  days: (left: Value, right: Value) => Answer,
): Maker => (call, compile) => {
  const [left, right] = compiled(call, compile);
  const isPartial = call.arguments.some(({ type }) => type === "partial_date");
  return (scope) => {
    const [first, second] = [left(scope), right(scope)];
    if (first === null || second === null) return null;
    return isPartial ? days(first, second) : judge(order(first, second));
  };
};

function sum(left: Value, ...others: Value[]): Value {
  const [right] = others;
  if (right === undefined) return left;
  if (typeof left === "string" || typeof right === "string") return joined(left, right);
  if (left === null || right === null) return null;
  if (left instanceof Time) return addToTime(left, right as Decimal);
  if (left instanceof Day || left instanceof Moment) return addDays(left, right as Decimal);
  if (right instanceof Day || right instanceof Moment) return addDays(right, left as Decimal);
  return add(left as Decimal, right as Decimal);
}

function difference(left: Value, right?: Value): Value {
  if (right === undefined) return minus(left as Decimal);
  if (left instanceof Time) {
    return right instanceof Time ? timeBetween(left, right) : addToTime(left, minus(right as Decimal));
  }
  if (left instanceof Day || left instanceof Moment) {
    return right instanceof Decimal ? addDays(left, minus(right)) : daysBetween(left, right as Day | Moment);
  }
  return subtract(left as Decimal, right as Decimal);
}

const joined = (...texts: Value[]): string | null => bounded(texts.map((text) => text ?? "").join(""));

export const OPERATORS: Functions = {
  "=": equality(true),
  "<>": equality(false),
  "<": ordered((found) => found < 0, before),
  "<=": ordered((found) => found <= 0, notAfter),
  ">": ordered((found) => found > 0, (left, right) => before(right, left)),
  ">=": ordered((found) => found >= 0, (left, right) => notAfter(right, left)),
  "+": ofAny(sum),
  "-": of(difference),
  "*": of((left: Decimal, right: Decimal) => multiply(left, right)),
  "/": of((left: Decimal, right: Decimal) => divide(left, right)),
  "^": of(power),
  "&": ofAny(joined),
};
