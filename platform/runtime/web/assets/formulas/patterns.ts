/** The patterns that this evaluator knows, a part of RE2's, read into states. What is no part of it is left alone. */
import { Unsupported } from "./failures";
import { type Accepts, type Holds, type Node, type State, statesOf } from "./states";

export interface Pattern {
  readonly states: readonly State[];
  readonly ignoresCase: boolean;
}

type Range = readonly [number, number];

const MOST_REPEATS = 1_000;
/** Of Unicode, which the server's engine writes out at length: its memory would end before ours. */
const MOST_CATEGORIES = 50;
const LAST = 0x10ffff;
const NEWLINE = 10;

const DIGIT: Range[] = [[48, 57]];
const WORD: Range[] = [[48, 57], [65, 90], [95, 95], [97, 122]];
const SPACE: Range[] = [[9, 10], [12, 13], [32, 32]];
const CLASSES: Record<string, Range[]> = { d: DIGIT, w: WORD, s: SPACE };
const NAMED: Record<string, Range[]> = {
  alnum: [[48, 57], [65, 90], [97, 122]], alpha: [[65, 90], [97, 122]], ascii: [[0, 127]], blank: [[9, 9], [32, 32]],
  cntrl: [[0, 31], [127, 127]], digit: DIGIT, graph: [[33, 126]], lower: [[97, 122]], print: [[32, 126]],
  punct: [[33, 47], [58, 64], [91, 96], [123, 126]], space: [[9, 13], [32, 32]], upper: [[65, 90]], word: WORD,
  xdigit: [[48, 57], [65, 70], [97, 102]],
};
const ESCAPES: Record<string, number> = { t: 9, n: 10, r: 13, f: 12, v: 11, a: 7 };
const CATEGORY = /^(?:L[ultmo]?|M[nce]?|N[dlo]?|P[cdsefio]?|S[mcko]?|Z[slp]?)$/;

const within = (ranges: readonly Range[]): Accepts =>
  (char) => ranges.some(([low, high]) => char >= low && char <= high);
const isWord = within(WORD);
const not = (accepts: Accepts): Accepts => (char) => !accepts(char);

/** Throws {@link Unsupported} for what is no pattern, and for one of which another engine might think otherwise. */
export function patternOf(text: string): Pattern {
  return new PatternReader(text).read();
}

/** How often a part is written out, as repetitions within repetitions: RE2 has a limit for that. */
function repeats(node: Node): number {
  if (node.kind === "all" || node.kind === "any") return Math.max(1, ...node.parts.map(repeats));
  return node.kind === "repeat" ? repeats(node.part) * Math.max(node.most === Infinity ? node.least : node.most, 1) : 1;
}

function refuse(): never {
  throw new Unsupported("A regular expression that only the server knows");
}

class PatternReader {
  private readonly chars: string[];
  private place = 0;
  private categories = 0;
  private depth = 0;
  private readonly ignoresCase: boolean;
  private readonly dotTakesAll: boolean;

  constructor(text: string) {
    const [flags = ""] = /^\(\?[is]{1,2}\)/.exec(text) ?? [];
    this.ignoresCase = flags.includes("i");
    this.dotTakesAll = flags.includes("s");
    this.chars = Array.from(text.slice(flags.length));
    if (this.ignoresCase && this.chars.some((char) => char > "\x7f")) refuse();
  }

  read(): Pattern {
    const node = this.choice();
    if (this.place < this.chars.length) refuse();
    return { states: statesOf(node), ignoresCase: this.ignoresCase };
  }

  private get next(): string {
    return this.chars[this.place] ?? "";
  }

  private takes(text: string): boolean {
    const is = this.chars.slice(this.place, this.place + text.length).join("") === text;
    if (is) this.place += text.length;
    return is;
  }

  private choice(): Node {
    const parts = [this.sequence()];
    while (this.takes("|")) parts.push(this.sequence());
    return parts.length > 1 ? { kind: "any", parts } : (parts[0] as Node);
  }

  private sequence(): Node {
    const parts: Node[] = [];
    while (this.next && this.next !== "|" && this.next !== ")") parts.push(this.repeated(this.atom()));
    return { kind: "all", parts };
  }

  /** How often: which of several ways a text matches does not matter, so `?` behind it does neither. */
  private repeated(part: Node): Node {
    const times = this.times();
    if (!times) return part;
    const [least, most] = times;
    const node: Node = { kind: "repeat", part, least, most };
    if (part.kind === "place" || most < least || repeats(node) > MOST_REPEATS) refuse();
    this.takes("?");
    // RE2 refuses one repetition right behind another.
    if (/[*+?{]/.test(this.next)) refuse();
    return node;
  }

  private times(): [number, number] | null {
    if (this.takes("*")) return [0, Infinity];
    if (this.takes("+")) return [1, Infinity];
    if (this.takes("?")) return [0, 1];
    if (this.next !== "{") return null;
    const [found, least, comma, most] = /^\{(\d{1,4})(,?)(\d{0,4})\}/.exec(this.rest()) ?? [];
    if (found === undefined) refuse();
    this.place += found.length;
    return [Number(least), most ? Number(most) : comma ? Infinity : Number(least)];
  }

  /** The next few characters, all of which are ASCII where it matters. */
  private rest(): string {
    return this.chars.slice(this.place, this.place + 40).join("");
  }

  private atom(): Node {
    if (this.takes("(")) return this.group();
    if (this.takes("[")) return this.char(this.charClass());
    if (this.takes(".")) return this.char(this.dotTakesAll ? () => true : (char) => char !== NEWLINE);
    if (this.takes("^")) return { kind: "place", holds: (_, place) => place === 0 };
    if (this.takes("$")) return { kind: "place", holds: (chars, place) => place === chars.length };
    if (this.takes("\\")) return this.escaped();
    if ("*+?{".includes(this.next)) refuse();
    return this.char(this.literal(this.taken()));
  }

  private taken(): string {
    const char = this.next;
    this.place += 1;
    return char || refuse();
  }

  private char(accepts: Accepts): Node {
    return { kind: "char", accepts };
  }

  private literal(char: string | number): Accepts {
    const point = typeof char === "number" ? char : (char.codePointAt(0) ?? 0);
    return this.folded(within([[point, point]]));
  }

  private folded(accepts: Accepts): Accepts {
    if (!this.ignoresCase) return accepts;
    return (char) => {
      const letter = String.fromCodePoint(char);
      return accepts(letter.toLowerCase().charCodeAt(0)) || accepts(letter.toUpperCase().charCodeAt(0));
    };
  }

  private group(): Node {
    if (this.takes("?") && !this.takes(":")) refuse();
    this.depth += 1;
    if (this.depth > 50) refuse();
    const node = this.choice();
    this.depth -= 1;
    return this.takes(")") ? node : refuse();
  }

  private escaped(): Node {
    const accepts = this.classOf(this.next);
    if (accepts) return this.char(accepts);
    if (this.takes("A")) return { kind: "place", holds: (_, place) => place === 0 };
    if (this.takes("z")) return { kind: "place", holds: (chars, place) => place === chars.length };
    if (this.next === "b" || this.next === "B") return this.boundary(this.taken() === "b");
    return this.char(this.literal(this.escapedChar()));
  }

  private boundary(isWanted: boolean): Node {
    const isWordAt = (chars: readonly number[], place: number): boolean => isWord(chars[place] ?? NEWLINE);
    const holds: Holds = (chars, place) => (isWordAt(chars, place - 1) !== isWordAt(chars, place)) === isWanted;
    return { kind: "place", holds };
  }

  /** `\d` and its like, and a category of Unicode. */
  private classOf(letter: string): Accepts | null {
    const ranges = CLASSES[letter.toLowerCase()];
    if (letter && ranges) {
      this.place += 1;
      const isNegated = letter < "a";
      if (isNegated && this.ignoresCase) refuse();
      return isNegated ? not(within(ranges)) : within(ranges);
    }
    return letter === "p" || letter === "P" ? this.category(letter === "P") : null;
  }

  private category(isNegated: boolean): Accepts {
    const [found, braced, single] = /^[pP](?:\{(\^?[A-Za-z]{1,2})\}|([A-Z]))/.exec(this.rest()) ?? [];
    const name = braced ?? single ?? "";
    this.categories += 1;
    if (found === undefined || !CATEGORY.test(name) || this.ignoresCase || this.categories > MOST_CATEGORIES) refuse();
    this.place += found.length;
    const pattern = new RegExp(`\\p{${name}}`, "u");
    return (char) => pattern.test(String.fromCodePoint(char)) !== isNegated;
  }

  /** The code point of an escape that stands for one character. */
  private escapedChar(): number {
    const [hex, braced, plain] = /^x(?:\{([0-9A-Fa-f]{1,6})\}|([0-9A-Fa-f]{2}))/.exec(this.rest()) ?? [];
    if (hex !== undefined) {
      this.place += hex.length;
      const point = parseInt(braced ?? plain ?? "", 16);
      return point <= LAST && !(this.ignoresCase && point > 127) ? point : refuse();
    }
    const char = this.taken();
    const point = ESCAPES[char];
    if (point !== undefined) return point;
    return /[!-/:-@[-`{-~]/.test(char) ? char.charCodeAt(0) : refuse();
  }

  private charClass(): Accepts {
    const isNegated = this.takes("^");
    const members: Accepts[] = [];
    let isFirst = true;
    while (isFirst || this.next !== "]") {
      members.push(this.member());
      isFirst = false;
    }
    this.place += 1;
    const accepts: Accepts = (char) => members.some((member) => member(char));
    return isNegated ? not(accepts) : accepts;
  }

  private member(): Accepts {
    if (this.takes("[:")) {
      const [found, name = ""] = /^([a-z]+):\]/.exec(this.rest()) ?? refuse();
      this.place += found.length;
      return this.folded(within(NAMED[name] ?? refuse()));
    }
    if (this.takes("\\")) {
      const accepts = this.classOf(this.next);
      if (accepts) return this.next === "-" && this.chars[this.place + 1] !== "]" ? refuse() : accepts;
      return this.range(this.escapedChar());
    }
    if (this.rest().startsWith("&&")) refuse();
    return this.range(this.taken().codePointAt(0) ?? 0);
  }

  private range(low: number): Accepts {
    const isRange = this.next === "-" && this.chars[this.place + 1] !== "]" && this.place + 1 < this.chars.length;
    if (!isRange) return this.folded(within([[low, low]]));
    this.place += 1;
    const high = this.takes("\\") ? this.escapedChar() : (this.taken().codePointAt(0) ?? 0);
    return high < low ? refuse() : this.folded(within([[low, high]]));
  }
}
