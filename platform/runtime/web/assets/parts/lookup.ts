import { all, fill, folded } from "./page";

const WAIT_MS = 200;
const MOST = 8;

interface Match {
  id: string;
  name: string;
  detail?: string;
  lang?: string;
}

/** `add_url` is where a new record of the typed name is added. */
interface Answer {
  matches: Match[];
  add_url: string | null;
}

/** A lookup becomes a combobox (ARIA APG, list autocomplete): typing shows matches, choosing one keeps its id. */
export function completeLookups(within: ParentNode = document): void {
  for (const root of all("[data-lookup]", within)) new Lookup(root);
}

class Lookup {
  private readonly box: HTMLInputElement;
  private readonly chosen = document.createElement("input");
  private readonly list = document.createElement("ul");
  private readonly spoken = document.createElement("p");
  private matches: Match[] = [];
  private addUrl: string | null = null;
  private active = -1;
  private timer = 0;
  private asked = 0;

  constructor(private readonly root: HTMLElement) {
    this.box = root.querySelector<HTMLInputElement>("input[type=text]")!;
    this.takeOverChoices();
    this.dress();
    this.box.addEventListener("input", () => this.typed());
    this.box.addEventListener("keydown", (event) => this.pressed(event));
    this.box.addEventListener("focus", () => {
      if (this.box.value.trim() && !this.chosen.value) void this.ask();
    });
    this.box.addEventListener("blur", () => this.close());
    // The press must not take focus from the box, or the list would close before the choice is made.
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const item = (event.target as Element).closest<HTMLElement>("[data-place]");
      if (item) this.choose(Number(item.dataset["place"]));
    });
  }

  /**
   * The radio list of the page without script is folded into a hidden field. What was typed and not yet chosen stays in
   * the box; a form sent back for another answer comes with the name of the chosen record in it, and keeps the choice.
   */
  private takeOverChoices(): void {
    this.chosen.type = "hidden";
    this.chosen.name = this.root.dataset["name"] ?? "";
    const radios = this.root.querySelector("fieldset");
    const picked = radios?.querySelector<HTMLInputElement>("[data-chosen]");
    const name = picked?.dataset["chosen"] ?? "";
    if (picked && (!this.box.value || this.box.value === name)) {
      this.chosen.value = picked.value;
      this.box.value = name;
    }
    radios?.remove();
    this.root.querySelector("button[name=find]")?.remove();
    this.root.querySelector("[data-add]")?.parentElement?.remove();
    this.root.append(this.chosen);
  }

  private dress(): void {
    this.list.id = `${this.box.id}-matches`;
    this.list.className = "matches";
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", this.root.closest(".field")?.querySelector(".label")?.textContent ?? "");
    this.list.hidden = true;
    this.spoken.className = "unseen";
    this.spoken.setAttribute("role", "status");
    this.box.setAttribute("role", "combobox");
    this.box.setAttribute("aria-autocomplete", "list");
    this.box.setAttribute("aria-expanded", "false");
    this.box.setAttribute("aria-controls", this.list.id);
    this.root.append(this.list, this.spoken);
  }

  private typed(): void {
    this.chosen.value = "";
    clearTimeout(this.timer);
    if (this.box.value.trim()) this.timer = window.setTimeout(() => void this.ask(), WAIT_MS);
    else this.close();
  }

  /** Posted: a name must not stand in an address. Answers that arrive after a newer question was asked are dropped. */
  private async ask(): Promise<void> {
    const number = ++this.asked;
    const token = this.box.form?.querySelector<HTMLInputElement>("input[name=csrf_token]")?.value ?? "";
    const body = new URLSearchParams({ q: this.box.value.trim(), csrf_token: token });
    try {
      const answer = await fetch(this.root.dataset["source"] ?? "", { method: "POST", body });
      if (!answer.ok) throw new Error(String(answer.status));
      const found = (await answer.json()) as Answer;
      if (number === this.asked && document.activeElement === this.box) this.show(found);
    } catch {
      if (number === this.asked) this.say(this.root.dataset["failedWords"] ?? "", true);
    }
  }

  private show(found: Answer): void {
    const matches = found.matches.slice(0, MOST);
    this.matches = matches;
    this.addUrl = found.add_url;
    this.active = -1;
    this.box.removeAttribute("aria-activedescendant");
    const items = matches.map((match, place) => this.item(match, place));
    if (this.root.dataset["addUrl"] && this.addUrl) items.push(this.addItem(items.length));
    this.list.replaceChildren(...items);
    if (matches.length) this.say(fill(this.root.dataset["foundWords"] ?? "", { number: matches.length }), false);
    else this.say(this.root.dataset["noneWords"] ?? "", true);
    this.open();
  }

  /** Said to listeners always; shown as a line of the list where there is nothing else to show. */
  private say(words: string, isShown: boolean): void {
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
    name.append(...marked(match.name, this.box.value.trim()));
    item.append(name);
    if (match.detail) {
      const detail = document.createElement("span");
      detail.className = "meta";
      detail.textContent = match.detail;
      item.append(detail);
    }
    return item;
  }

  private addItem(place: number): HTMLElement {
    const item = this.option(place);
    item.textContent = fill(this.root.dataset["addWords"] ?? "", { name: this.box.value.trim() });
    return item;
  }

  private option(place: number): HTMLElement {
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
    if (step && this.list.hidden && this.box.value.trim()) void this.ask();
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
    if (match) {
      this.chosen.value = match.id;
      this.box.value = match.name;
      this.chosen.dispatchEvent(new Event("change", { bubbles: true }));
      this.close();
      return;
    }
    if (this.addUrl) location.assign(this.addUrl);
  }

  private open(): void {
    this.list.hidden = false;
    this.box.setAttribute("aria-expanded", "true");
  }

  private close(): void {
    this.asked++;
    this.list.hidden = true;
    this.active = -1;
    this.box.setAttribute("aria-expanded", "false");
    this.box.removeAttribute("aria-activedescendant");
  }
}

/** The name with the typed part marked; nothing is marked where folding changed the number of letters. */
function marked(name: string, typed: string): (string | Node)[] {
  const plain = folded(name);
  const at = plain.length === name.length ? plain.indexOf(folded(typed)) : -1;
  if (at < 0) return [name];
  const mark = document.createElement("mark");
  mark.textContent = name.slice(at, at + folded(typed).length);
  return [name.slice(0, at), mark, name.slice(at + folded(typed).length)];
}
