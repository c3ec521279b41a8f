import type { Raw } from "../formulas";
import { all } from "./page";

/** What the server says of the questions: by field its box, its widget, and what the record holds. */
export interface Boxes {
  /** Before the name of each box. */
  readonly prefix: string;
  readonly widgets: Readonly<Record<string, string>>;
  readonly boxes: Readonly<Record<string, string>>;
  readonly held: Readonly<Record<string, Raw>>;
}

/** The answers as formulas read them. What stands in a box and cannot be read here is `unknown`: the save reads it. */
export class Answers {
  readonly values: Record<string, Raw>;
  readonly missing: Record<string, string> = {};
  readonly unknown = new Set<string>();

  constructor(questions: ReadonlyMap<string, HTMLElement>, said: Boxes) {
    this.values = { ...said.held };
    for (const [name, question] of questions) {
      this.read(name, said.prefix + (said.boxes[name] ?? name), said.widgets[name] ?? "", question);
    }
  }

  /** A form may ask of which kind a record is; of another than before only its name is known here. */
  readKind(box: Element | RadioNodeList | null | undefined): void {
    if (!(box instanceof HTMLSelectElement)) return;
    const kind = box.value || null;
    if (kind === (this.values["record_type"] ?? null)) return;
    this.values["record_type"] = kind;
    this.values["$RecordType.name"] = kind;
    this.unknown.add("$RecordType.id").add("$RecordType.label");
  }

  holds(name: string): boolean {
    return this.values[name] !== null && this.values[name] !== undefined && this.values[name] !== false;
  }

  forget(name: string): void {
    this.values[name] = null;
    delete this.missing[name];
    this.unknown.delete(name);
  }

  /** A question that is hidden is read too: what it holds counts again once it is shown. */
  private read(name: string, box: string, widget: string, question: HTMLElement): void {
    const parts = typedIn(question, box);
    const reason = text(parts, `${box}.missing`);
    if (reason) this.missing[name] = reason;
    const value = reason ? null : (READERS[widget] ?? readOther)(parts, box);
    if (value === undefined) this.unknown.add(name);
    else this.values[name] = value;
  }
}

/** What the boxes of a question hold, disabled or not. */
function typedIn(question: HTMLElement, box: string): FormData {
  const found = new FormData();
  for (const each of all<HTMLInputElement>("input, select, textarea", question)) {
    const isOff = (each.type === "radio" || each.type === "checkbox") && !each.checked;
    if ((each.name === box || each.name.startsWith(`${box}.`)) && !isOff && each.type !== "file") {
      found.append(each.name, each.value);
    }
  }
  return found;
}

type Read = (sent: FormData, box: string) => Raw;

const READERS: Readonly<Record<string, Read>> = {
  boolean: (sent, box) => ({ true: true, false: false })[text(sent, box)] ?? null,
  codes: (sent, box) => sent.getAll(box).map(String),
  date: readDate,
  days: readDays,
  birth_date: readDays,
  integer: readNumber,
  decimal: readNumber,
  rating: readNumber,
  code: readText,
  text: readText,
  long_text: readText,
  reference: readText,
  time: readText,
};

function text(sent: FormData, box: string): string {
  return String(sent.get(box) ?? "").trim();
}

function readText(sent: FormData, box: string): Raw {
  return text(sent, box) || null;
}

/** Digits of other scripts as the server reads them; what is parted or no number is left to it. */
function readNumber(sent: FormData, box: string): Raw {
  const written = asciiDigits(text(sent, box));
  if (!written) return null;
  return /^[+-]?\d+(\.\d+)?$/.test(written) ? written.replace(/^\+/, "") : undefined;
}

function readDate(sent: FormData, box: string): Raw {
  const [year = "", month = "", day = ""] = ["year", "month", "day"].map((unit) => asciiDigits(text(sent, `${box}.${unit}`)));
  if (!year && !month && !day) return null;
  return isYear(year) && month && isDay(day) ? `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}` : undefined;
}

function readDays(sent: FormData, box: string): Raw {
  if (text(sent, `${box}.stretch`) || text(sent, `${box}.age`)) return undefined;
  const [year = "", month = "", day = ""] = ["year", "month", "day"].map((unit) => asciiDigits(text(sent, `${box}.${unit}`)));
  if (!year && !month && !day) return null;
  if (!isYear(year) || (day && !month) || (day && !isDay(day))) return undefined;
  const known = [year, month && month.padStart(2, "0"), day && day.padStart(2, "0")].filter(Boolean).join("-");
  return text(sent, `${box}.estimated`) ? `${known}~` : known;
}

/** Of a kind that only the server reads: known where it is blank. */
function readOther(sent: FormData, box: string): Raw {
  const own = [...sent.keys()].filter((name) => name === box || name.startsWith(`${box}.`));
  return own.some((name) => text(sent, name)) ? undefined : null;
}

const isYear = (written: string): boolean => /^\d{4}$/.test(written);
const isDay = (written: string): boolean => /^\d{1,2}$/.test(written);

/** First digits of the scripts that the server reads: Arabic, Persian, Devanagari, Thai, Burmese, Shan, Khmer. */
const ZEROS = [0x660, 0x6f0, 0x966, 0xe50, 0x1040, 0x1090, 0x17e0];

function asciiDigits(written: string): string {
  return [...written]
    .map((letter) => {
      const code = letter.codePointAt(0) ?? 0;
      const zero = ZEROS.find((first) => code >= first && code < first + 10);
      return zero === undefined ? letter : String(code - zero);
    })
    .join("");
}
