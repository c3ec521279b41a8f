import { all, fill, folded, isTyped } from "./page";

const WAIT_MS = 200;
const MOST = 8;

export interface Match {
  id: string;
  name: string;
  detail?: string;
  lang?: string;
  url?: string;
}

export interface Answer {
  matches: Match[];
}

/** A box becomes a combobox (ARIA APG, list autocomplete): typing shows matches, which the kinds of boxes choose from. */
export abstract class Combobox<Found extends Answer = Answer> {
  protected readonly list = document.createElement("ul");
  private readonly spoken = document.createElement("p");
  private matches: Match[] = [];
  private active = -1;
  private timer = 0;
  private asked = 0;

  /** `root` says where matches come from and what is said of them; the list opens under the box's line. */
  constructor(
    protected readonly root: HTMLElement,
    protected readonly box: HTMLInputElement | HTMLTextAreaElement,
    label: string,
  ) {
    this.dress(label);
    this.box.addEventListener("input", () => this.typed());
    this.box.addEventListener("keydown", (event) => this.pressed(event as KeyboardEvent));
    this.box.addEventListener("blur", () => this.close());
    // The press must not take focus from the box, or the list would close before the choice is made.
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const item = (event.target as Element).closest<HTMLElement>("[data-place]");
      if (item) this.choose(Number(item.dataset["place"]));
    });
  }

  /** Asks for what was typed before the script came. Called by each kind of box when it is ready. */
  protected takeUp(): void {
    if (document.activeElement === this.box && isTyped(this.box)) this.typed();
  }

  protected abstract chosenMatch(match: Match): void;

  /** Lines under the matches; `chosenLine` is told which, from 0. */
  protected lines(_found: Found, _place: number): HTMLElement[] {
    return [];
  }

  protected chosenLine(_number: number): void {}

  private dress(label: string): void {
    this.list.id = `${this.box.id}-matches`;
    this.list.className = "matches";
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", label);
    this.list.hidden = true;
    this.spoken.className = "unseen";
    this.spoken.setAttribute("role", "status");
    // A box of several lines may not call itself a combobox; it says that a list goes with it.
    if (this.isOneLine) this.box.setAttribute("role", "combobox");
    else this.box.setAttribute("aria-haspopup", "listbox");
    this.box.setAttribute("aria-autocomplete", "list");
    this.sayExpanded(false);
    this.box.setAttribute("aria-controls", this.list.id);
    this.box.after(this.list);
    this.root.append(this.spoken);
  }

  private get isOneLine(): boolean {
    return this.box instanceof HTMLInputElement;
  }

  private sayExpanded(isOpen: boolean): void {
    if (this.isOneLine) this.box.setAttribute("aria-expanded", String(isOpen));
  }

  /** What matches are asked for; nothing is asked while it is empty. */
  protected question(): string {
    return this.box.value.trim();
  }

  /** What of it stands out in the matches. */
  protected sought(): string {
    return this.question();
  }

  /** What goes with the question. */
  protected context(): Record<string, string> {
    return {};
  }

  protected typed(): void {
    clearTimeout(this.timer);
    if (this.question()) this.timer = window.setTimeout(() => void this.ask(), WAIT_MS);
    else this.close();
  }

  /** Posted: a name must not stand in an address. Answers that arrive after a newer question was asked are dropped. */
  protected async ask(): Promise<void> {
    const number = ++this.asked;
    const token = this.box.form?.querySelector<HTMLInputElement>("input[name=csrf_token]")?.value ?? "";
    const body = new URLSearchParams({ ...this.context(), q: this.question(), csrf_token: token });
    try {
      const answer = await fetch(this.root.dataset["source"] ?? "", { method: "POST", body });
      if (!answer.ok) throw new Error(String(answer.status));
      const found = (await answer.json()) as Found;
      if (number === this.asked && document.activeElement === this.box) this.show(found);
    } catch {
      if (number === this.asked) this.showFailure();
    }
  }

  protected show(found: Found): void {
    this.matches = found.matches.slice(0, MOST);
    this.active = -1;
    this.box.removeAttribute("aria-activedescendant");
    const items = this.matches.map((match, place) => this.item(match, place));
    this.list.replaceChildren(...items, ...this.lines(found, items.length));
    if (this.matches.length) this.say(fill(this.root.dataset["foundWords"] ?? "", { number: this.matches.length }), false);
    else this.say(this.root.dataset["noneWords"] ?? "", true);
    this.open();
  }

  /** Matches of an earlier question go: they are no answer to what stands in the box now. */
  private showFailure(): void {
    this.matches = [];
    this.list.replaceChildren();
    this.say(this.root.dataset["failedWords"] ?? "", true);
  }

  /** Said to listeners always; shown as a line of the list where there is nothing else to show. */
  protected say(words: string, isShown: boolean): void {
    this.spoken.textContent = words;
    if (!isShown) return;
    const line = document.createElement("li");
    line.className = "none";
    line.setAttribute("role", "option");
    line.setAttribute("aria-disabled", "true");
    line.textContent = words;
    this.list.prepend(line);
    this.open();
  }

  private item(match: Match, place: number): HTMLElement {
    const item = this.option(place);
    const name = document.createElement("bdi");
    if (match.lang) name.lang = match.lang;
    name.append(...marked(match.name, this.sought()));
    item.append(name);
    if (match.detail) {
      const detail = document.createElement("span");
      detail.className = "meta";
      detail.textContent = match.detail;
      item.append(detail);
    }
    return item;
  }

  protected option(place: number): HTMLElement {
    const item = document.createElement("li");
    item.id = `${this.list.id}-${place}`;
    item.dataset["place"] = String(place);
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    return item;
  }

  private pressed(event: KeyboardEvent): void {
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };
    const step = steps[event.key];
    if (step && this.isOneLine && this.list.hidden && this.question()) void this.ask();
    else if (step && !this.list.hidden) this.move(step);
    else if (event.key === "Enter" && !this.list.hidden && this.active >= 0) this.choose(this.active);
    else if (event.key === "Escape" && !this.list.hidden) this.close();
    else return;
    event.preventDefault();
  }

  private move(step: number): void {
    const items = all("[data-place]", this.list);
    if (!items.length) return;
    this.active = this.active < 0 && step < 0 ? items.length - 1 : (this.active + step + items.length) % items.length;
    items.forEach((item, place) => item.setAttribute("aria-selected", String(place === this.active)));
    const item = items[this.active]!;
    this.box.setAttribute("aria-activedescendant", item.id);
    item.scrollIntoView({ block: "nearest" });
  }

  private choose(place: number): void {
    const match = this.matches[place];
    if (match) this.chosenMatch(match);
    else this.chosenLine(place - this.matches.length);
  }

  private open(): void {
    this.list.hidden = false;
    this.sayExpanded(true);
  }

  protected close(): void {
    this.asked++;
    this.list.hidden = true;
    this.active = -1;
    this.sayExpanded(false);
    this.box.removeAttribute("aria-activedescendant");
  }
}

/** The name with the typed part marked; nothing is marked where folding changed the number of letters. */
function marked(name: string, typed: string): (string | Node)[] {
  const plain = folded(name);
  const at = typed && plain.length === name.length ? plain.indexOf(folded(typed)) : -1;
  if (at < 0) return [name];
  const mark = document.createElement("mark");
  mark.textContent = name.slice(at, at + folded(typed).length);
  return [name.slice(0, at), mark, name.slice(at + folded(typed).length)];
}
