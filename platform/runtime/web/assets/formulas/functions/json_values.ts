/** Values out of a text that is JSON. */
import { FormulaError, Unsupported } from "../failures";
import { type Functions, of } from "../functions";

/** Numbers stay as they are written. */
type Content = null | boolean | string | Content[] | Map<string, Content>;

const STEP = /^(?:\.([^.[\]]+)|\[([0-9]{1,9})\]|\['([^']*)'\]|\["([^"]*)"\])/;
const GAP = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/;
const TEXT = /"(?:[^"\\\0-\x1f]|\\.)*"/;
const WORD_OR_SIGN = /-?Infinity|NaN|true|false|null|[[\]{},:]/;
const TOKEN = new RegExp([NUMBER, TEXT, WORD_OR_SIGN].map((each) => each.source).join("|"), "y");
const HALF = /\p{Cs}/u;
const WORDS: Record<string, Content> = { true: true, false: false, null: null };
/** How deep the server reads depends on its stack, so what is deeper is left to it. */
const DEEPEST = 200;

class Reader {
  private place = 0;

  constructor(private readonly text: string) {}

  all(): Content {
    const content = this.value(this.token(), 0);
    if (this.token() !== "") throw notJson();
    return content;
  }

  /** The next one; an empty text at the end. */
  private token(): string {
    this.take(GAP);
    if (this.place === this.text.length) return "";
    return this.take(TOKEN) || fail();
  }

  private take(pattern: RegExp): string {
    pattern.lastIndex = this.place;
    const [found = ""] = pattern.exec(this.text) ?? [];
    this.place += found.length;
    return found;
  }

  private value(token: string, depth: number): Content {
    if (depth > DEEPEST) throw new Unsupported("JSON that is too deep");
    if (token === "[") return this.list(depth);
    if (token === "{") return this.object(depth);
    if (token.startsWith('"')) return textOf(token);
    if (token === "" || "]},:".includes(token)) throw notJson();
    return token in WORDS ? (WORDS[token] as Content) : token;
  }

  private list(depth: number): Content[] {
    const items: Content[] = [];
    let token = this.token();
    if (token === "]") return items;
    for (;;) {
      items.push(this.value(token, depth + 1));
      if (this.separator("]")) return items;
      token = this.token();
    }
  }

  private object(depth: number): Map<string, Content> {
    const members = new Map<string, Content>();
    let token = this.token();
    if (token === "}") return members;
    for (;;) {
      if (!token.startsWith('"') || this.token() !== ":") throw notJson();
      members.set(textOf(token), this.value(this.token(), depth + 1));
      if (this.separator("}")) return members;
      token = this.token();
    }
  }

  /** Whether the end stands here, and no comma. */
  private separator(end: string): boolean {
    const token = this.token();
    if (token !== "," && token !== end) throw notJson();
    return token === end;
  }
}

const notJson = (): FormulaError => new FormulaError("not_json");

function fail(): never {
  throw notJson();
}

/** Half a character, as an escape can write it, could not be kept. */
function textOf(token: string): string {
  try {
    const text = JSON.parse(token) as string;
    return HALF.test(text) ? fail() : text;
  } catch {
    return fail();
  }
}

function value(text: string, key: string): string | null {
  const content = new Reader(text).all();
  return content instanceof Map ? leaf(content.get(key)) : null;
}

function leaf(content: Content | undefined): string | null {
  if (typeof content === "boolean") return String(content);
  return (typeof content === "string" && content) || null;
}

/** Blank wherever there is nothing, or no JSON. */
function pathValue(text: string, path: string): string | null {
  let content: Content | undefined;
  try {
    content = new Reader(text).all();
  } catch (error) {
    if (error instanceof FormulaError) return null;
    throw error;
  }
  let rest = path.startsWith("$") ? path.slice(1) : `.${path}`;
  while (rest) {
    const [step, name, index, ...quoted] = STEP.exec(rest) ?? [];
    if (step === undefined) return null;
    const key = name ?? quoted.find((each) => each !== undefined) ?? "";
    content = index === undefined ? member(content, key) : Array.isArray(content) ? content[Number(index)] : undefined;
    rest = rest.slice(step.length);
  }
  return content instanceof Map || Array.isArray(content) ? written(content) : leaf(content);
}

const member = (content: Content | undefined, key: string): Content | undefined =>
  content instanceof Map ? content.get(key) : undefined;

/** As the server writes it: with spaces behind commas and colons. */
function written(content: Content): string {
  if (Array.isArray(content)) return `[${content.map(written).join(", ")}]`;
  if (!(content instanceof Map)) return JSON.stringify(content);
  return `{${[...content].map(([key, each]) => `${JSON.stringify(key)}: ${written(each)}`).join(", ")}}`;
}

export const FUNCTIONS: Functions = { JSONVALUE: of(value), JSONPATHVALUE: of(pathValue) };
