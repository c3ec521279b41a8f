/**
 * Regular expressions, as far as their meaning is the same wherever RE2 runs. All states that a pattern can be in are
 * followed at once, so the time grows with the text alone: the engine of JavaScript could hang the page.
 */
import { Unsupported } from "../failures";
import { type Functions, ofAny } from "../functions";
import { type Pattern, patternOf } from "../patterns";

/** States times characters: some hundredths of a second at most. */
const MOST_STEPS = 1_000_000;
const MOST_KEPT = 64;
const known = new Map<string, Pattern>();

function matches(text: string | null, pattern: string | null): boolean {
  const { states, ignoresCase } = compiled(pattern ?? "");
  const characters = Array.from(text ?? "", (char) => char.codePointAt(0) ?? 0);
  if (states.length * characters.length > MOST_STEPS) throw new Unsupported("A long text for a large pattern");
  // How letters of other alphabets fold is not the same everywhere.
  if (ignoresCase && characters.some((char) => char > 127)) throw new Unsupported("Letters of any case beyond ASCII");
  let active = [0];
  for (let place = 0; place <= characters.length; place += 1) {
    const reached = follow(states, active, characters, place);
    if (place === characters.length) return reached.includes(states.length - 1);
    const char = characters[place] as number;
    active = [];
    for (const at of reached) {
      const state = states[at];
      if (state?.accepts?.(char)) active.push(...state.next);
    }
  }
  return false;
}

/** Every state that is reached without a further character. */
function follow(states: Pattern["states"], from: readonly number[], characters: number[], place: number): number[] {
  const reached: number[] = [];
  const isReached = new Uint8Array(states.length);
  const waiting = [...from];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    if (isReached[at]) continue;
    isReached[at] = 1;
    reached.push(at);
    const state = states[at];
    if (!state || state.accepts) continue;
    if (!state.holds || state.holds(characters, place)) waiting.push(...state.next);
  }
  return reached;
}

function compiled(pattern: string): Pattern {
  let found = known.get(pattern);
  if (!found) {
    if (known.size >= MOST_KEPT) known.clear();
    found = patternOf(pattern);
    known.set(pattern, found);
  }
  return found;
}

export const FUNCTIONS: Functions = { REGEX: ofAny(matches) };
