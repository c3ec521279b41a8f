/**
 * Decimal arithmetic of formulas: 39 digits, halves away from zero, exactly as the server's decimals.py reckons.
 * There is no negative zero.
 */
import { FormulaError, cannotCompute } from "./failures";

type Rounding = "up" | "down" | "ceiling" | "floor" | "half_up" | "half_down" | "half_even";

/** A coefficient times ten to the power of an exponent. */
export class Decimal {
  constructor(
    readonly coefficient: bigint,
    readonly exponent: number,
  ) {}
}

interface Context {
  readonly digits: number;
  readonly rounding: Rounding;
  readonly largest: number;
}

const CONTEXT: Context = { digits: 39, rounding: "half_up", largest: 999 };
/** A third of three is one again: what is inexact in the last six digits counts as exact where numbers are cut. */
const CUT: Context = { digits: 33, rounding: "half_down", largest: 999_999 };
const POWER: Context = { digits: 18, rounding: "half_up", largest: 999_999 };
const LARGEST_POWER = 64;
const SMALLEST_POWER = -39;
/** No text, no place and no count of days is larger. */
const BEYOND = 10 ** 15;
const NUMBER = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;
const powers: bigint[] = [1n];

export const ZERO = new Decimal(0n, 0);
export const whole = (number: number | bigint): Decimal => new Decimal(BigInt(number), 0);

function tenTo(exponent: number): bigint {
  return (powers[exponent] ??= 10n ** BigInt(exponent));
}

const size = (number: bigint): bigint => (number < 0n ? -number : number);
const digitsOf = (number: bigint): number => size(number).toString().length;
/** The exponent of the first digit. */
const adjusted = (number: Decimal): number => digitsOf(number.coefficient) + number.exponent - 1;

/** The number that a text is, every digit of it; `null` for none. */
export function decimalOf(text: string): Decimal | null {
  const found = NUMBER.exec(text);
  const [, sign, before = "", after = "", exponent = "0"] = found ?? [];
  if (!found || !(before + after)) return null;
  const coefficient = BigInt(before + after);
  return new Decimal(sign === "-" ? -coefficient : coefficient, Number(exponent) - after.length);
}

/** A coefficient without its last digits. */
function shortened(coefficient: bigint, dropped: number, rounding: Rounding): bigint {
  const unit = tenTo(dropped);
  const [kept, rest] = [coefficient / unit, coefficient % unit];
  if (rest === 0n) return kept;
  const isNegative = coefficient < 0n;
  return goesAway(rounding, 2n * size(rest) - unit, isNegative, kept) ? kept + (isNegative ? -1n : 1n) : kept;
}

/** Whether what is dropped takes a number away from zero; `half` says how it compares to a half. */
function goesAway(rounding: Rounding, half: bigint, isNegative: boolean, kept: bigint): boolean {
  switch (rounding) {
    case "up":
      return true;
    case "down":
      return false;
    case "ceiling":
      return !isNegative;
    case "floor":
      return isNegative;
    case "half_up":
      return half >= 0n;
    case "half_down":
      return half > 0n;
    case "half_even":
      return half > 0n || (half === 0n && kept % 2n !== 0n);
  }
}

/** With no more digits than a context has. Throws for a number that is too large; one that is too small is zero. */
export function fitted(coefficient: bigint, exponent: number, context: Context = CONTEXT): Decimal {
  const smallest = 1 - context.largest - context.digits;
  if (coefficient === 0n) return new Decimal(0n, Math.min(Math.max(exponent, smallest), context.largest));
  // Nearly all numbers: to count their digits takes longer than to reckon with them.
  const isUsual = exponent >= smallest && exponent + context.digits <= context.largest;
  if (isUsual && size(coefficient) < tenTo(context.digits)) return new Decimal(coefficient, exponent);
  const digits = digitsOf(coefficient);
  const dropped = Math.max(digits - context.digits, smallest - exponent);
  let kept = coefficient;
  if (dropped > digits) return new Decimal(0n, smallest);
  if (dropped > 0) {
    kept = shortened(coefficient, dropped, context.rounding);
    exponent += dropped;
    if (digitsOf(kept) > context.digits) [kept, exponent] = [kept / 10n, exponent + 1];
  }
  if (kept !== 0n && digitsOf(kept) + exponent - 1 > context.largest) throw cannotCompute();
  return new Decimal(kept, exponent);
}

const rescaled = (number: Decimal, exponent: number): bigint => number.coefficient * tenTo(number.exponent - exponent);

export function add(left: Decimal, right: Decimal): Decimal {
  const exponent = Math.min(left.exponent, right.exponent);
  return fitted(rescaled(left, exponent) + rescaled(right, exponent), exponent);
}

export const minus = (number: Decimal): Decimal => fitted(-number.coefficient, number.exponent);
export const subtract = (left: Decimal, right: Decimal): Decimal =>
  add(left, new Decimal(-right.coefficient, right.exponent));
export const absolute = (number: Decimal): Decimal => fitted(size(number.coefficient), number.exponent);

export function multiply(left: Decimal, right: Decimal, context: Context = CONTEXT): Decimal {
  return fitted(left.coefficient * right.coefficient, left.exponent + right.exponent, context);
}

export function divide(number: Decimal, divisor: Decimal, context: Context = CONTEXT): Decimal {
  if (divisor.coefficient === 0n) throw new FormulaError("division_by_zero");
  const shift = Math.max(context.digits + 2 + digitsOf(divisor.coefficient) - digitsOf(number.coefficient), 0);
  const dividend = number.coefficient * tenTo(shift);
  let quotient = dividend / divisor.coefficient;
  // A rest behind a half, or behind nothing, is seen by rounding as one more digit.
  if (dividend % divisor.coefficient !== 0n && quotient % 5n === 0n) {
    quotient += (dividend < 0n) === (divisor.coefficient < 0n) ? 1n : -1n;
  }
  return plain(fitted(quotient, number.exponent - divisor.exponent - shift, context));
}

/** Without zeros at the end of a fraction, with which all that follows would be slower. */
function plain(number: Decimal): Decimal {
  let { coefficient, exponent } = number;
  for (const zeros of [16, 4, 1]) {
    const unit = tenTo(zeros);
    while (exponent <= -zeros && coefficient % unit === 0n) {
      coefficient /= unit;
      exponent += zeros;
    }
  }
  return new Decimal(coefficient, exponent);
}

/** With the sign of `number`. */
export function remainder(number: Decimal, divisor: Decimal): Decimal {
  if (divisor.coefficient === 0n) throw new FormulaError("division_by_zero");
  const exponent = Math.min(number.exponent, divisor.exponent);
  const [dividend, by] = [rescaled(number, exponent), rescaled(divisor, exponent)];
  if (size(dividend / by) >= tenTo(CONTEXT.digits)) throw cannotCompute();
  return fitted(dividend % by, exponent);
}

export function compare(left: Decimal, right: Decimal): number {
  const exponent = Math.min(left.exponent, right.exponent);
  const between = rescaled(left, exponent) - rescaled(right, exponent);
  return between < 0n ? -1 : between > 0n ? 1 : 0;
}

/** A whole number. */
export function integer(number: Decimal, rounding: Rounding = "down"): bigint {
  const { coefficient, exponent } = number;
  return exponent >= 0 ? coefficient * tenTo(exponent) : shortened(coefficient, -exponent, rounding);
}

/** A whole number, cut, as a number of JavaScript: a larger one than any text is long counts as that. */
export function count(number: Decimal): number {
  return Math.max(-BEYOND, Math.min(BEYOND, Number(integer(number))));
}

export const withoutLastDigits = (number: Decimal): Decimal => fitted(number.coefficient, number.exponent, CUT);

/** A whole number, in one of the directions. */
export function cut(number: Decimal, rounding: Rounding): Decimal {
  return whole(integer(withoutLastDigits(number), rounding));
}

/** To that many decimals; negative ones are tens, hundreds … */
export function rounded(number: Decimal, decimals: Decimal, rounding: Rounding = "half_up"): Decimal {
  const places = count(decimals);
  if (-number.exponent <= places) return number;
  if (adjusted(number) < -places - 1) return ZERO;
  if (-places > CONTEXT.largest) throw cannotCompute();
  return fitted(shortened(number.coefficient, -places - number.exponent, rounding), -places);
}

/** To 18 digits; the exponent must be whole, the result below 10^64. */
export function power(base: Decimal, exponent: Decimal): Decimal {
  const times = integer(exponent);
  const magnitude = base.coefficient && times ? logarithm(base) * Math.max(-1e300, Math.min(1e300, Number(times))) : 0;
  if (Number.isNaN(magnitude)) throw cannotCompute();
  const dividesByZero = !base.coefficient && times < 0n;
  if (compare(whole(times), exponent) || magnitude > LARGEST_POWER || dividesByZero) {
    throw new FormulaError("out_of_range");
  }
  if (!times) return whole(1);
  return !base.coefficient || magnitude < SMALLEST_POWER ? ZERO : multiplied(base, times);
}

/** NaN for a number that is smaller than any double. */
function logarithm(number: Decimal): number {
  const { coefficient, exponent } = plain(new Decimal(size(number.coefficient), number.exponent));
  if (coefficient === 1n) return exponent;
  const double = toDouble(new Decimal(coefficient, exponent));
  return double ? Math.log10(double) : NaN;
}

/** By squaring, with as many digits on the way as the server's library takes. */
function multiplied(base: Decimal, times: bigint): Decimal {
  const isNegative = times < 0n;
  const digits = POWER.digits + digitsOf(times) + 2 + (isNegative ? 1 : 0);
  const context: Context = { ...POWER, digits, rounding: "half_even" };
  const factor = isNegative ? divide(whole(1), base, context) : base;
  let result = factor;
  for (const bit of size(times).toString(2).slice(1)) {
    result = multiply(result, result, context);
    if (bit === "1") result = multiply(result, factor, context);
  }
  return fitted(result.coefficient, result.exponent, POWER);
}

export const toDouble = (number: Decimal): number => Number(`${number.coefficient}e${number.exponent}`);

/** Its shortest text as a decimal. Throws for what is no number. */
export function fromDouble(double: number): Decimal {
  const number = Number.isFinite(double) ? decimalOf(String(double)) : null;
  if (!number) throw cannotCompute();
  return number;
}

/** With so many digits behind the point, at least, and no exponent. */
export function fixedText(number: Decimal, decimals: number): string {
  const exponent = Math.min(number.exponent, -decimals, 0);
  const digits = size(rescaled(number, exponent)).toString().padStart(1 - exponent, "0");
  const point = digits.length + exponent;
  const text = exponent ? `${digits.slice(0, point)}.${digits.slice(point)}` : digits;
  return number.coefficient < 0n ? `-${text}` : text;
}

/** Without exponent and trailing zeros: `1.5`, `100`, `0`. */
export const plainText = (number: Decimal): string => fixedText(plain(number), 0);
