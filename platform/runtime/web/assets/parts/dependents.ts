import { all } from "./page";

/**
 * A dependent picklist shows the options that go with the answer of the field that controls it. An answer that does
 * not fit any more stays where it is, so that nobody loses it unseen: the server says what is wrong with it.
 */
export function fitOptions(within: ParentNode = document): void {
  for (const field of all("[data-depends-on]", within)) new Dependent(field);
}

class Dependent {
  private readonly allowed: Record<string, string[]>;
  private readonly form: HTMLFormElement | null;
  private readonly select: HTMLSelectElement | null;
  /** The options and groups of the page: phones show an option that is only hidden. */
  private readonly whole: Node[];

  constructor(private readonly field: HTMLElement) {
    this.allowed = JSON.parse(field.dataset["allowed"] ?? "{}") as Record<string, string[]>;
    this.form = field.closest("form");
    this.select = field.querySelector<HTMLSelectElement>(".control select");
    this.whole = [...(this.select?.childNodes ?? [])].map((node) => node.cloneNode(true));
    this.form?.addEventListener("change", (event) => {
      if ((event.target as HTMLInputElement).name === this.control) this.fit();
    });
    this.fit();
  }

  private get control(): string {
    return this.field.dataset["dependsOn"] ?? "";
  }

  private fit(): void {
    const answer = this.form ? String(new FormData(this.form).get(this.control) ?? "") : "";
    const fitting = new Set(this.allowed[answer] ?? []);
    if (this.select) this.fitSelect(this.select, fitting);
    for (const box of all<HTMLInputElement>(".choice > input", this.field)) {
      const choice = box.closest<HTMLElement>(".choice");
      if (choice && box.value && !box.name.endsWith(".missing")) choice.hidden = !fitting.has(box.value) && !box.checked;
    }
  }

  private fitSelect(select: HTMLSelectElement, fitting: Set<string>): void {
    const chosen = select.value;
    select.replaceChildren(...this.whole.map((node) => node.cloneNode(true)));
    for (const option of [...select.options]) {
      if (option.value && option.value !== chosen && !fitting.has(option.value)) option.remove();
    }
    for (const group of all<HTMLOptGroupElement>("optgroup", select)) if (!group.children.length) group.remove();
    select.value = chosen;
  }
}
