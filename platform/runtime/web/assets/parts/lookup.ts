import { Combobox, type Answer, type Match } from "./combobox";
import { all, fill } from "./page";

/** `add_url` is where a new record of the typed name is added. */
interface LookupAnswer extends Answer {
  add_url: string | null;
}

/** A lookup becomes a combobox: choosing a match keeps its id. */
export function completeLookups(within: ParentNode = document): void {
  for (const root of all("[data-lookup]", within)) new Lookup(root);
}

class Lookup extends Combobox<LookupAnswer> {
  private readonly chosen = document.createElement("input");
  private addUrl: string | null = null;

  constructor(root: HTMLElement) {
    const label = root.closest(".field")?.querySelector(".label")?.textContent ?? "";
    super(root, root.querySelector<HTMLInputElement>("input[type=text]")!, label);
    this.takeOverChoices();
    this.box.addEventListener("focus", () => {
      if (this.box.value.trim() && !this.chosen.value) void this.ask();
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

  protected override typed(): void {
    this.chosen.value = "";
    super.typed();
  }

  protected override lines(found: LookupAnswer, place: number): HTMLElement[] {
    this.addUrl = found.add_url;
    return this.root.dataset["addUrl"] && this.addUrl ? [this.addItem(place)] : [];
  }

  private addItem(place: number): HTMLElement {
    const item = this.option(place);
    item.textContent = fill(this.root.dataset["addWords"] ?? "", { name: this.box.value.trim() });
    return item;
  }

  protected override chosenMatch(match: Match): void {
    this.chosen.value = match.id;
    this.box.value = match.name;
    this.chosen.dispatchEvent(new Event("change", { bubbles: true }));
    this.close();
  }

  protected override chosenLine(): void {
    if (this.addUrl) location.assign(this.addUrl);
  }
}
