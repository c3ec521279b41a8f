import { Combobox, type Answer, type Match } from "./combobox";
import { all, holdsFocus, isTyped, one } from "./page";
import { SeveralLookup } from "./several";
import { Steps } from "./steps";
import { goToAddition } from "./wayback";

/** `additions` lead to forms of new records of the typed name. */
interface LookupAnswer extends Answer {
  additions: { words: string; url: string }[];
}

/** A lookup becomes a combobox: choosing a match keeps its id. */
export function completeLookups(within: ParentNode = document): void {
  for (const root of all("[data-lookup]", within)) {
    if ("several" in root.dataset) new SeveralLookup(root);
    else new Lookup(root);
  }
}

class Lookup extends Combobox<LookupAnswer> {
  private readonly chosen = document.createElement("input");
  private additions: LookupAnswer["additions"] = [];
  private readonly steps: Steps | undefined;

  constructor(root: HTMLElement) {
    const box = one<HTMLInputElement>("input[type=text]", root);
    super(root, box, box.labels?.[0]?.textContent ?? "");
    const hadFocus = holdsFocus(root);
    this.takeOverChoices();
    this.steps = this.takeOverSteps();
    this.box.addEventListener("focus", () => {
      if (this.box.value.trim() && !this.chosen.value) void this.ask();
    });
    // The button or the choice that had it is gone.
    if (hadFocus && !holdsFocus(root)) this.box.focus();
    if (!this.chosen.value) this.takeUp();
  }

  /**
   * The radio list of the page without script is folded into a hidden field. What was typed and not yet chosen stays in
   * the box; a form sent back for another answer comes with the name of the chosen record in it, and keeps the choice.
   * What was chosen in the list before the script came counts.
   */
  private takeOverChoices(): void {
    this.chosen.type = "hidden";
    this.chosen.name = this.root.dataset["name"] ?? "";
    const radios = this.root.querySelector("fieldset.field");
    const picked = radios?.querySelector<HTMLInputElement>("input:checked");
    if (picked) this.takeOver(picked, radios?.querySelector<HTMLElement>("[data-chosen]")?.dataset["chosen"] ?? "");
    radios?.remove();
    this.root.querySelector(".lookup-line button[name=find]")?.remove();
    this.root.querySelector("[data-add]")?.remove();
    this.root.append(this.chosen);
  }

  /** `given` is the name of what the page came with as chosen. */
  private takeOver(picked: HTMLInputElement, given: string): void {
    const wasTyped = isTyped(this.box);
    if (given && !this.box.defaultValue) {
      // As the page might have come with it: nobody typed it.
      this.box.defaultValue = given;
      if (!wasTyped) this.box.value = given;
    }
    if (isTyped(picked)) {
      this.chosen.value = picked.value;
      if (picked.value) this.box.value = (picked.labels?.[0]?.textContent ?? "").trim();
      else if (!wasTyped) this.box.value = "";
      // A place chosen step by step may have been sent before the end of its path came.
    } else if (picked.value && `${given}, `.startsWith(`${this.box.value}, `)) {
      this.chosen.value = picked.value;
      this.box.defaultValue = given;
    }
  }

  /** A place can also be chosen from the top down. */
  private takeOverSteps(): Steps | undefined {
    const details = this.root.querySelector<HTMLDetailsElement>("[data-steps]");
    if (!details) return undefined;
    const choose = (code: string, name: string): void => this.chosenMatch({ id: code, name });
    return new Steps(details, this.root.dataset, () => this.chosen.value, choose);
  }

  protected override typed(): void {
    this.chosen.value = "";
    super.typed();
  }

  protected override lines(found: LookupAnswer, place: number): HTMLElement[] {
    this.additions = found.additions;
    return found.additions.map((each, number) => {
      const item = this.option(place + number);
      item.textContent = each.words;
      return item;
    });
  }

  protected override chosenMatch(match: Match): void {
    this.chosen.value = match.id;
    this.box.value = match.name;
    this.chosen.dispatchEvent(new Event("change", { bubbles: true }));
    this.close();
    this.steps?.follow();
  }

  protected override chosenLine(number: number): void {
    const chosen = this.additions[number];
    if (chosen) goToAddition(this.box.form, this.box, this.chosen.name, chosen.url);
  }
}
