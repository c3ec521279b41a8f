import { all, isTyped, one } from "./page";

interface Step {
  place: string;
  label: string;
  chosen: string;
  options: { code: string; label: string }[];
}

interface Answer {
  name: string;
  steps: Step[];
}

/**
 * A place chosen from the top down: each choice is the answer at once, and asks for the list below it. The answer itself
 * stands in the lookup above, so the lists send nothing.
 */
export class Steps {
  private readonly state = document.createElement("p");
  private readonly blank: HTMLElement;
  private shown: string | null;
  private asked = 0;

  constructor(
    private readonly root: HTMLDetailsElement,
    private readonly words: DOMStringMap,
    private readonly answer: () => string,
    private readonly choose: (code: string, name: string) => void,
  ) {
    root.querySelector("button[name=find]")?.remove();
    const sent = one<HTMLInputElement>("input[type=hidden]", root);
    this.shown = sent.value;
    sent.remove();
    for (const list of this.lists) list.removeAttribute("name");
    this.blank = one<HTMLElement>("[data-step]", root).cloneNode(true) as HTMLElement;
    this.state.className = "help";
    this.state.setAttribute("role", "status");
    one("fieldset", root).append(this.state);
    root.addEventListener("change", (event) => this.changed(event));
    root.addEventListener("toggle", () => this.follow());
    // A list that was used before the script came.
    const used = this.lists.find(isTyped);
    if (used) this.chosenIn(used);
  }

  /** After another place was found by its name. */
  follow(): void {
    if (this.root.open && this.answer() !== this.shown) void this.ask(this.answer());
  }

  private get lists(): HTMLSelectElement[] {
    return all<HTMLSelectElement>("select", this.root);
  }

  private changed(event: Event): void {
    // The lookup's answer changes with it; the form hears of that, not of the list.
    event.stopPropagation();
    this.chosenIn(event.target as HTMLSelectElement);
  }

  private chosenIn(list: HTMLSelectElement): void {
    const part = list.closest<HTMLElement>("[data-step]")!;
    // What stands below lies in the place of before.
    const parts = all<HTMLElement>("[data-step]", this.root);
    for (const below of parts.slice(parts.indexOf(part) + 1)) below.remove();
    this.shown = list.value || part.dataset["step"] || "";
    const path = this.path();
    this.choose(this.shown, path);
    void this.ask(this.shown, path);
  }

  /** The names chosen in the lists, from the lowest up. */
  private path(): string {
    const names = this.lists.filter((list) => list.value).map((list) => list.selectedOptions[0]!.label);
    return names.reverse().join(", ");
  }

  /** `path` is what a place that was chosen here is called till the answer. */
  private async ask(code: string, path?: string): Promise<void> {
    const number = ++this.asked;
    const token = this.root.closest("form")?.querySelector<HTMLInputElement>("input[name=csrf_token]")?.value ?? "";
    const body = new URLSearchParams({ place: code, csrf_token: token });
    try {
      const answer = await fetch(this.root.dataset["steps"] ?? "", { method: "POST", body });
      if (!answer.ok) throw new Error(String(answer.status));
      const found = (await answer.json()) as Answer;
      if (number !== this.asked) return;
      this.state.textContent = "";
      this.show(found.steps);
      this.shown = code;
      // The lists of a field that has a root do not name what that lies in.
      if (path !== undefined && path !== found.name && this.answer() === code) this.choose(code, found.name);
    } catch {
      if (number !== this.asked) return;
      this.state.textContent = this.words["failedWords"] ?? "";
      // Asked again when the lists are opened again.
      this.shown = null;
    }
  }

  /** Lists that are there already stay, and so does the focus in them. */
  private show(steps: Step[]): void {
    const parts = all<HTMLElement>("[data-step]", this.root);
    const kept = steps.findIndex((step, place) => parts[place]?.dataset["step"] !== step.place);
    const same = kept < 0 ? steps.length : kept;
    for (const part of parts.slice(same)) part.remove();
    for (const [place, step] of steps.entries()) {
      if (place >= same) one(".levels", this.root).append(this.part(step, place));
      this.lists[place]!.value = step.chosen;
    }
  }

  private part(step: Step, place: number): HTMLElement {
    const part = this.blank.cloneNode(true) as HTMLElement;
    part.dataset["step"] = step.place;
    const label = one<HTMLLabelElement>("label", part);
    const list = one<HTMLSelectElement>("select", part);
    list.id = list.id.replace(/\d+$/, String(place + 1));
    label.htmlFor = list.id;
    label.textContent = step.label;
    list.replaceChildren(list.options[0]!, ...step.options.map((each) => new Option(each.label, each.code)));
    return part;
  }
}
