import type { Formula, Raw, Tree } from "../formulas";
import { withhold } from "./dependents";
import { arrival } from "./later";
import { all, isTyped, type Box } from "./page";
import { Answers, type Boxes } from "./typed_answers";

/** What the server says of the questions of a form or a row: `presenting/conditions.py`. */
interface Said extends Boxes {
  readonly zone: string;
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
