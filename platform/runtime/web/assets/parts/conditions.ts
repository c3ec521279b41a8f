import type { Formula, Raw, Tree } from "../formulas";
import { withhold } from "./dependents";
import { arrival } from "./later";
import { all, isTyped, type Box } from "./page";

/** What the server says of the questions of a form or a row: `presenting/conditions.py`. */
interface Said {
  readonly zone: string;
  readonly prefix: string;
  readonly widgets: Readonly<Record<string, string>>;
  readonly boxes: Readonly<Record<string, string>>;
  readonly held: Readonly<Record<string, Raw>>;
  readonly prior: Readonly<Record<string, Raw>> | null;
  readonly visible: Readonly<Record<string, Tree>>;
  readonly required: Readonly<Record<string, Tree>>;
  readonly sections: Readonly<Record<string, Tree>>;
  /** By field and code of an option. */
  readonly offered: Readonly<Record<string, Readonly<Record<string, Tree>>>>;
}

interface Judge {
  readonly formula: Formula;
  readonly reads: ReadonlySet<string>;
}

/**
 * Shows, hides and asks for questions while somebody types. What counts is decided by the save: where the evaluator does
 * not arrive, as after a new release or with the network away, everything is asked as it is without script.
 */
export function followConditions(within: ParentNode = document): void {
  const places = all("[data-conditions]", within);
  if (within instanceof HTMLElement && within.matches("[data-conditions]")) places.unshift(within);
  for (const place of places) new Conditions(place).begin().catch(() => undefined);
}

class Conditions {
  private readonly said: Said;
  private readonly form: HTMLFormElement | null;
  /** The questions by the field they ask for: they stay where they are, and every letter that is typed looks at them. */
  private readonly questions: ReadonlyMap<string, HTMLElement>;
  /** Answered while the evaluator was on its way: they stay in sight, and the save says what it does not keep. */
  private readonly early = new Set<string>();
  private visible: [string, Judge][] = [];
  private required: [string, Judge][] = [];
  private sections: [string, Judge][] = [];
  private offered: [string, [string, Judge][]][] = [];

  constructor(private readonly place: HTMLElement) {
    this.said = JSON.parse(place.dataset["conditions"] ?? "{}") as Said;
    this.form = place.closest("form");
    const byBox = new Map(all(".field[data-field]", place).map((field) => [field.dataset["field"], field]));
    this.questions = new Map(
      Object.entries(this.said.boxes).flatMap(([name, box]): [string, HTMLElement][] => {
        const question = byBox.get(this.said.prefix + box);
        return question ? [[name, question]] : [];
      }),
    );
    for (const [name, question] of this.questions) if (all<Box>("input, select, textarea", question).some(isTyped)) this.early.add(name);
  }

  async begin(): Promise<void> {
    const note = (event: Event): void => this.noteEarly(event.target as Node);
    this.place.addEventListener("input", note);
    const { load, fieldsRead } = await arrival(() => import("../formulas"));
    const judges = (trees: Readonly<Record<string, Tree>>): Promise<[string, Judge][]> =>
      Promise.all(
        Object.entries(trees).map(async ([name, tree]): Promise<[string, Judge]> => [
          name,
          { formula: await arrival(() => load(tree, "as_blank")), reads: fieldsRead(tree) },
        ]),
      );
    const options = Object.entries(this.said.offered);
    [this.visible, this.required, this.sections, this.offered] = await Promise.all([
      judges(this.said.visible),
      judges(this.said.required),
      judges(this.said.sections),
      Promise.all(options.map(async ([name, trees]): Promise<[string, [string, Judge][]]> => [name, await judges(trees)])),
    ]);
    this.place.removeEventListener("input", note);
    if (document.activeElement) this.noteEarly(document.activeElement);
    for (const kind of ["input", "change", "reset"]) this.form?.addEventListener(kind, () => this.apply());
    this.apply();
  }

  private noteEarly(box: Node): void {
    for (const [name, question] of this.questions) if (question.contains(box)) this.early.add(name);
  }

  private apply(): void {
    const now = new Date().toISOString();
    const answers = new Answers(this.questions, this.said);
    if (!this.said.prefix) answers.readKind(this.form?.elements.namedItem("record_type"));
    const verdict = ({ formula, reads }: Judge): boolean | null | undefined => {
      if ([...reads].some((path) => answers.unknown.has(path))) return undefined;
      const { values, missing } = answers;
      const outcome = formula({ values, missing, prior: this.said.prior, now, zone: this.said.zone });
      if (!("value" in outcome)) return undefined;
      return outcome.value === null ? null : outcome.value === true;
    };
    for (const [name, judge] of this.visible) {
      const found = verdict(judge);
      const shows = found ?? (found === undefined || answers.holds(name));
      this.show(name, shows);
      if (!shows) answers.forget(name);
    }
    for (const [name, judge] of this.required) this.ask(name, verdict(judge) === true);
    for (const [name, options] of this.offered) {
      const question = this.questions.get(name);
      const withheld = options.filter(([, judge]) => verdict(judge) === false).map(([code]) => code);
      if (question) withhold(question, new Set(withheld));
    }
    for (const part of all("[data-part]", this.place)) this.showPart(part, verdict);
  }

  /** A question with a problem stays, so that nobody looks for it in vain; one that is hidden sends nothing. */
  private show(name: string, shows: boolean): void {
    const question = this.questions.get(name);
    if (!question || question.classList.contains("wrong") || this.early.has(name)) return;
    question.hidden = !shows;
    for (const box of all<HTMLInputElement>("input, select, textarea, button", question)) {
      if (!shows && !box.disabled) {
        box.disabled = true;
        box.dataset["notAsked"] = "";
      } else if (shows && "notAsked" in box.dataset) {
        box.disabled = false;
        delete box.dataset["notAsked"];
      }
    }
  }

  private ask(name: string, needs: boolean): void {
    const question = this.questions.get(name);
    for (const optional of question ? all(".label .optional", question) : []) optional.hidden = needs;
  }

  private showPart(part: HTMLElement, verdict: (judge: Judge) => boolean | null | undefined): void {
    const anchor = part.dataset["part"] ?? "";
    const judge = this.sections.find(([name]) => name === anchor)?.[1];
    const fields = all(".field", part);
    const isWrong = fields.some((field) => field.classList.contains("wrong"));
    const isEmpty = fields.every((field) => field.hidden);
    part.hidden = !isWrong && (isEmpty || (judge !== undefined && verdict(judge) === false));
    const link = document.querySelector(`a[href="#${anchor}"]`)?.closest("li");
    if (link) link.hidden = part.hidden;
  }
}

/** The answers as formulas read them. What stands in a box and cannot be read here is `unknown`: the save reads it. */
class Answers {
  readonly values: Record<string, Raw>;
  readonly missing: Record<string, string> = {};
  readonly unknown = new Set<string>();

  constructor(questions: ReadonlyMap<string, HTMLElement>, said: Said) {
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
