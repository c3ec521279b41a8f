/** Texts. Lengths and places count code points, places from 1. */
import { Decimal, compare, count, decimalOf, fitted, fixedText, plainText, rounded, whole } from "../decimals";
import { FormulaError } from "../failures";
import { type Functions, of, ofAny } from "../functions";
import { MOST_TEXT, SPACE, length, part, tooLong } from "../texts";
import { Moment, Time, type Value, clockText, valueToJson } from "../values";
import { dayText, padded } from "../calendar";

type Text = string | null;

const NUMBER = /^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,9})?$/;
const LONGEST_NUMBER = 1_000;
const ENDS = new RegExp(`^${SPACE}+|${SPACE}+$`, "g");
const LETTER_OR_DIGIT = /[\p{L}\p{N}]/u;
/** By ISO 4217, where it is not two. */
const DECIMALS: Record<number, string> = {
  0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
  3: "BHD IQD JOD KWD LYD OMR TND",
};

/** The number that a text is, in the digits 0 to 9; `null` for none. */
function numberOf(text: string): Decimal | null {
  if (length(text) > LONGEST_NUMBER || !NUMBER.test(text)) return null;
  const number = decimalOf(text);
  try {
    return number && fitted(number.coefficient, number.exponent);
  } catch {
    return null;
  }
}

function value(text: string): Decimal {
  const number = numberOf(text);
  if (!number) throw new FormulaError("not_a_number");
  return number;
}

function shown(given: Value): string {
  if (given instanceof Decimal) return plainText(given);
  if (given instanceof Moment) return `${dayText(given.day)} ${clockText(Math.floor(given.time / 1e6))}Z`;
  if (given instanceof Time) {
    const seconds = Math.floor(given.microseconds / 1e6);
    return `${clockText(seconds)}.${padded(Math.floor(given.microseconds / 1e3) % 1e3, 3)}`;
  }
  return String(valueToJson(given));
}

const isAtLeastOne = (number: Decimal): boolean => compare(number, whole(1)) >= 0;

function middle(text: string, start: Decimal, size: Decimal): Text {
  const first = Math.max(count(start), 1) - 1;
  return part(text, first, first + Math.max(count(size), 0));
}

function substring(text: string, start: Decimal, size?: Decimal): Text {
  const [first, all] = [count(start), length(text)];
  if (Math.abs(first) > all) return null;
  const begin = first < 0 ? first + all : Math.max(first, 1) - 1;
  return part(text, begin, size ? begin + Math.max(count(size), 0) : all);
}

function find(sought: Text, text: Text, start?: Decimal | null): Decimal {
  if (sought === null || text === null) return whole(0);
  const before = part(text, 0, Math.max(start ? count(start) - 1 : 0, 0)) ?? "";
  const found = text.indexOf(sought, before.length);
  return whole(found < 0 ? 0 : length(text.slice(0, found)) + 1);
}

/** Of everything a blank is a part; of a blank nothing is known. */
const within = (judge: (text: string, sought: string) => boolean) => (text: Text, sought: Text): boolean | null => {
  if (sought === null) return true;
  return text === null ? null : judge(text, sought);
};

function substitute(text: Text, old: Text, replacement: Text): Text {
  if (text === null || old === null) return null;
  const parts = text.split(old);
  const added = (parts.length - 1) * (length(replacement ?? "") - length(old));
  if (length(text) + added > MOST_TEXT) throw tooLong();
  return parts.join(replacement ?? "") || null;
}

/** The text, cut to the length, and what fills it up; `null` for nothing. */
function filled(text: Text, size: Decimal | null, fill?: Text): [string, string] | null {
  if (text === null || size === null || !isAtLeastOne(size)) return null;
  if (compare(size, whole(MOST_TEXT)) > 0) throw tooLong();
  const missing = Math.max(count(size) - length(text), 0);
  const pattern = fill || " ";
  const repeated = pattern.repeat(Math.ceil(missing / length(pattern)));
  return [part(text, 0, count(size)) ?? "", part(repeated, 0, missing) ?? ""];
}

const padLeft = (...padding: Parameters<typeof filled>): Text => filled(...padding)?.reverse().join("") ?? null;
const padRight = (...padding: Parameters<typeof filled>): Text => filled(...padding)?.join("") ?? null;

/** Languages whose i keeps its dot in capitals. */
const isDotted = (language: Text | undefined): boolean => /^(tr|az)([_-]|$)/i.test(language ?? "");

function upper(text: Text, language?: Text): Text {
  return text && (isDotted(language) ? text.replace(/i/g, "İ") : text).toUpperCase();
}

function lower(text: Text, language?: Text): Text {
  return text && (isDotted(language) ? text.replace(/İ/g, "i").replace(/I/g, "ı") : text).toLowerCase();
}

/** A letter that follows no letter or digit in capitals, every other one small. */
function capitalised(text: string): string {
  let before = " ";
  return Array.from(text, (char) => {
    const kept = LETTER_OR_DIGIT.test(before) ? char.toLowerCase() : char.toUpperCase();
    before = char;
    return kept;
  }).join("");
}

function character(number: Decimal): Text {
  const point = count(number);
  const is = point > 0 && point <= 0x10ffff && !(point >= 0xd800 && point <= 0xdfff);
  return is ? String.fromCodePoint(point) : null;
}

function currency(code: Text, amount: Decimal | null): Text {
  if (!amount) return null;
  const named = Object.entries(DECIMALS).find(([, codes]) => code && codes.split(" ").includes(code));
  const decimals = Number(named?.[0] ?? 2);
  const exact = rounded(amount, whole(decimals));
  const text = fixedText(fitted(exact.coefficient, exact.exponent), decimals);
  const [before = "", ...behind] = text.split(".");
  return `${code ?? ""} ${[before.replace(/\B(?=(\d{3})+$)/g, ","), ...behind].join(".")}`;
}

export const FUNCTIONS: Functions = {
  TEXT: of(shown),
  VALUE: of(value),
  ISNUMBER: ofAny((text: Text) => text !== null && numberOf(text) !== null),
  LEN: ofAny((text: Text) => whole(length(text ?? ""))),
  LEFT: of((text: string, size: Decimal) => part(text, 0, Math.max(count(size), 0))),
  RIGHT: of((text: string, size: Decimal) => (isAtLeastOne(size) ? part(text, -count(size)) : null)),
  MID: of(middle),
  SUBSTR: of(substring),
  FIND: ofAny(find),
  BEGINS: ofAny(within((text, sought) => text.startsWith(sought))),
  ENDS: ofAny(within((text, sought) => text.endsWith(sought))),
  CONTAINS: ofAny(within((text, sought) => text.includes(sought))),
  SUBSTITUTE: ofAny(substitute),
  TRIM: of((text: string) => text.replace(ENDS, "") || null),
  UPPER: ofAny(upper),
  LOWER: ofAny(lower),
  INITCAP: of(capitalised),
  LPAD: ofAny(padLeft),
  RPAD: ofAny(padRight),
  REVERSE: of((text: string) => [...text].reverse().join("")),
  ASCII: of((text: string) => whole(text.codePointAt(0) ?? 0)),
  CHR: of(character),
  BR: of(() => "\n"),
  FORMATCURRENCY: ofAny(currency),
  HYPERLINK: ofAny((url: Text, label: Text) => label ?? url),
  IMAGE: ofAny((_url: Text, words: Text) => words),
  CASESAFEID: of((identifier: string) => identifier),
};
