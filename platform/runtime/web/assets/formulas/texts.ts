/** Texts by code points. */
import { FormulaError } from "./failures";

/** Of a text that a formula makes, in code points. */
export const MOST_TEXT = 200_000;
/** What counts as a space: Python's list, which is not that of JavaScript. */
export const SPACE = "[\\t-\\r\\x1c- \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]";
const HALVES = /[\ud800-\udfff]/;

/** A text as a list of its characters; itself, where each is one unit. */
export function characters(text: string): string | string[] {
  return HALVES.test(text) ? Array.from(text) : text;
}

/** Characters from a place to another, both as `slice` takes them; `null` for none. */
export function part(text: string, start: number, end?: number): string | null {
  const chars = characters(text);
  return (typeof chars === "string" ? chars.slice(start, end) : chars.slice(start, end).join("")) || null;
}

export const length = (text: string): number => characters(text).length;

/** The text, `null` for an empty one. Throws for one that is too long. */
export function bounded(text: string): string | null {
  if (text.length > MOST_TEXT && length(text) > MOST_TEXT) throw tooLong();
  return text || null;
}

export const tooLong = (): FormulaError => new FormulaError("too_long");
