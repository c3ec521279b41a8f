import { UNFIT } from "./dependents";
import { all, fill, folded, one, part } from "./page";

/** A list of checkboxes gets the chosen answers as removable chips on top, and a find box when it is long. */
export function findCodes(within: ParentNode = document): void {
  for (const list of all("[data-codes]", within)) new CodeList(list);
}

class CodeList {
  private readonly boxes: HTMLInputElement[];
  private readonly chips = document.createElement("ul");

  constructor(private readonly list: HTMLElement) {
    this.boxes = all<HTMLInputElement>("input[type=checkbox]", list);
    this.chips.className = "chips";
    list.prepend(this.chips);
    list.addEventListener("change", () => this.show());
    const find = list.querySelector<HTMLInputElement>(".code-find input");
    if (find) this.offerFind(find);
    this.show();
  }

  private offerFind(find: HTMLInputElement): void {
    find.closest<HTMLElement>(".code-find")!.hidden = false;
    find.addEventListener("input", () => this.narrow(folded(find.value.trim())));
    find.addEventListener("change", (event) => event.stopPropagation());
    find.addEventListener("keydown", (event) => {
      if (event.key === "Enter") event.preventDefault();
    });
  }

  /** An answer that is chosen is never hidden: a count of three must show three. */
  private narrow(wanted: string): void {
    for (const box of this.boxes) {
      const choice = box.closest<HTMLElement>(".choice")!;
      choice.hidden = choice.hasAttribute(UNFIT) || (!box.checked && !folded(choice.textContent ?? "").includes(wanted));
    }
    for (const group of all("fieldset", this.list)) {
      group.hidden = all(".choice", group).every((choice) => choice.hidden);
    }
  }

  private show(): void {
    const chosen = this.boxes.filter((box) => box.checked);
    this.chips.replaceChildren(...chosen.map((box) => this.chip(box)));
    const words = this.list.dataset["countWords"] ?? "";
    const count = one("[data-code-count]", this.list);
    const text = fill(words, { chosen: chosen.length });
    if (count.textContent !== text) count.textContent = text;
  }

  private chip(box: HTMLInputElement): HTMLElement {
    const chip = part("chip");
    const answer = this.list.querySelector(`label[for="${CSS.escape(box.id)}"]`)?.textContent ?? box.value;
    one("[data-word]", chip).textContent = answer;
    one("[data-name]", chip).textContent = fill(this.list.dataset["removeWords"] ?? "", { answer });
    one("button", chip).addEventListener("click", () => {
      box.checked = false;
      box.dispatchEvent(new Event("change", { bubbles: true }));
      box.focus();
    });
    return chip;
  }
}
