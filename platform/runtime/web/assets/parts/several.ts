import { Combobox, type Match } from "./combobox";
import { all, fill, one, part } from "./page";

/** A lookup of several records: each match that is chosen is ticked in the list under the box, which is empty again. */
export class SeveralLookup extends Combobox {
  private readonly ticked: HTMLFieldSetElement;

  constructor(root: HTMLElement) {
    const box = one<HTMLInputElement>("input[type=text]", root);
    super(root, box, box.labels?.[0]?.textContent ?? "");
    this.ticked = one<HTMLFieldSetElement>("fieldset", root);
    for (const tick of this.ticks()) if (!tick.checked) tick.closest(".choice")?.remove();
    this.ticked.hidden = this.ticks().length === 0;
    root.querySelector(".lookup-line button[name=find]")?.remove();
    this.takeUp();
  }

  private ticks(): HTMLInputElement[] {
    return all<HTMLInputElement>("input[type=checkbox]", this.ticked);
  }

  protected override chosenMatch(match: Match): void {
    const known = this.ticks().find((tick) => tick.value === match.id);
    if (known) known.checked = true;
    else one(".choices", this.ticked).append(this.tick(match));
    this.ticked.hidden = false;
    this.box.value = "";
    this.close();
    this.say(fill(this.root.dataset["addedWords"] ?? "", { name: match.name }), false);
  }

  private tick(match: Match): HTMLElement {
    const choice = part("match");
    const tick = one<HTMLInputElement>("input", choice);
    const label = one<HTMLLabelElement>("label", choice);
    tick.name = this.root.dataset["name"] ?? "";
    tick.value = match.id;
    tick.id = `${this.box.id}-${match.id}`;
    label.htmlFor = tick.id;
    const name = document.createElement("bdi");
    if (match.lang) name.lang = match.lang;
    name.textContent = match.name;
    label.append(name);
    one("[data-detail]", choice).textContent = match.detail ?? "";
    return choice;
  }
}
