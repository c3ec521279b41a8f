/** Numbers. */
import { type Decimal, absolute, compare, cut, fromDouble, remainder, rounded, toDouble } from "../decimals";
import { type Functions, type Maker, of } from "../functions";

/** A function of doubles, in which browsers and the server differ behind the fifteenth digit. */
const double = (apply: (...numbers: number[]) => number): Maker =>
  of((...numbers: Decimal[]) => fromDouble(apply(...numbers.map(toDouble))));

const largest = (sign: number) => (...numbers: Decimal[]): Decimal =>
  numbers.reduce((best, number) => (compare(number, best) * sign > 0 ? number : best));

export const FUNCTIONS: Functions = {
  ABS: of(absolute),
  CEILING: of((number: Decimal) => cut(number, "up")),
  FLOOR: of((number: Decimal) => cut(number, "down")),
  MCEILING: of((number: Decimal) => cut(number, "ceiling")),
  MFLOOR: of((number: Decimal) => cut(number, "floor")),
  ROUND: of((number: Decimal, decimals: Decimal) => rounded(number, decimals)),
  TRUNC: of((number: Decimal, decimals: Decimal) => rounded(number, decimals, "down")),
  MOD: of(remainder),
  MAX: of(largest(1)),
  MIN: of(largest(-1)),
  EXP: double(Math.exp),
  LN: double(Math.log),
  LOG: double(Math.log10),
  SQRT: double(Math.sqrt),
  SIN: double(Math.sin),
  COS: double(Math.cos),
  TAN: double(Math.tan),
  ASIN: double(Math.asin),
  ACOS: double(Math.acos),
  ATAN: double(Math.atan),
  ATAN2: double(Math.atan2),
  PI: of(() => fromDouble(Math.PI)),
};
