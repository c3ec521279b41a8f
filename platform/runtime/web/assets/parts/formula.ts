import { Combobox, type Answer, type Match } from "./combobox";
import { all, fill, isTyped, one } from "./page";

const WAIT_MS = 500;

/** `id` takes the place of what was typed from `start` on. */
interface Name extends Match {
  readonly start: number;
}

/** A formula is completed and checked while somebody types it; the same page answers that answers without script. */
export function tryFormulas(): void {
  for (const form of all<HTMLFormElement>("form[data-formula]")) new Trial(form);
}

class Trial {
  private readonly box: HTMLTextAreaElement;
  private readonly words: DOMStringMap;
  private timer = 0;
  private latest = new AbortController();

  constructor(private readonly form: HTMLFormElement) {
    const control = one<HTMLElement>(".formula", form);
    this.words = control.dataset;
    this.box = one<HTMLTextAreaElement>("textarea", control);
    new Completion(control, this.box);
    form.addEventListener("input", () => this.later());
    form.addEventListener("change", (event) => {
      if ((event.target as HTMLInputElement).name !== "object") this.later();
    });
    this.offerPlaces();
    // Somebody may have written it before this script arrived.
    if (isTyped(this.box)) this.later();
  }

  private later(): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.ask(), WAIT_MS);
  }

  private async ask(): Promise<void> {
    this.latest.abort();
    if (!this.box.value.trim()) return;
    this.latest = new AbortController();
    try {
      const body = new FormData(this.form);
      const answer = await fetch(this.form.action, { method: "POST", body, signal: this.latest.signal });
      if (!answer.ok) throw new Error(String(answer.status));
      this.show(new DOMParser().parseFromString(await answer.text(), "text/html"));
    } catch (error) {
      if (!(error instanceof DOMException && error.name === "AbortError")) this.say(this.words["failedWords"] ?? "");
    }
  }

  private show(page: Document): void {
    one("[data-formula-outcome]", document).replaceWith(one("[data-formula-outcome]", page));
    const problems = all("[data-formula-problems] > li").length;
    this.box.setAttribute("aria-invalid", String(problems > 0));
    this.say(problems ? fill(this.words["wrongWords"] ?? "", { number: problems }) : (this.words["soundWords"] ?? ""));
    this.offerPlaces();
  }

  private say(words: string): void {
    const state = one("[data-formula-state]", document);
    if (state.textContent !== words) state.textContent = words;
  }

  /** The place of a problem leads there. */
  private offerPlaces(): void {
    for (const place of all("[data-formula-problems] [data-start]")) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button text dense";
      button.textContent = place.textContent;
      button.title = this.words["selectWords"] ?? "";
      const { start, end } = place.dataset;
      button.addEventListener("click", () => {
        this.box.focus();
        this.box.setSelectionRange(Number(start), Number(end));
      });
      place.replaceChildren(button);
    }
  }
}

/** Names of fields and functions under the box, for what stands before the caret. */
class Completion extends Combobox<Answer> {
  constructor(root: HTMLElement, box: HTMLTextAreaElement) {
    super(root, box, root.dataset["listWords"] ?? "");
  }

  private get caret(): number {
    return this.box.selectionStart ?? this.box.value.length;
  }

  protected override question(): string {
    return this.box.value.slice(0, this.caret);
  }

  protected override sought(): string {
    return /[\w$-]*$/.exec(this.question())?.[0] ?? "";
  }

  protected override context(): Record<string, string> {
    const object = this.box.form?.elements.namedItem("object");
    return { object: object instanceof HTMLSelectElement ? object.value : "" };
  }

  /** Nothing that fits is no news while somebody types. */
  protected override show(found: Answer): void {
    if (found.matches.length) super.show(found);
    else this.close();
  }

  protected override chosenMatch(match: Match): void {
    this.box.setRangeText(match.id, (match as Name).start, this.caret, "end");
    this.close();
    this.box.dispatchEvent(new Event("input", { bubbles: true }));
  }
}
