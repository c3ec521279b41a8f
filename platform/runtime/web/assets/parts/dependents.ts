import { all } from "./page";

/** On a choice that does not go with the other answers; finding among choices leaves it hidden. */
export const UNFIT = "data-unfit";
const known = new WeakMap<HTMLElement, Options>();

/**
 * A dependent picklist shows the options that go with the answer of the field that controls it. An answer that does
 * not fit any more stays where it is, so that nobody loses it unseen: the server says what is wrong with it.
 */
export function fitOptions(within: ParentNode = document): void {
  for (const field of all("[data-depends-on]", within)) optionsOf(field);
}

/** Takes away options whose formula is false: those with the codes, and no others. */
export function withhold(field: HTMLElement, codes: ReadonlySet<string>): void {
  optionsOf(field).withhold(codes);
}

function optionsOf(field: HTMLElement): Options {
  const found = known.get(field) ?? new Options(field);
  known.set(field, found);
  return found;
}

class Options {
  /** By the code of the controlling field; undefined where no table limits the options. */
  private readonly allowed: Readonly<Record<string, string[]>> | undefined;
  private readonly control: string;
  private readonly form: HTMLFormElement | null;
  private readonly select: HTMLSelectElement | null;
  /** The options and groups of the page: phones show an option that is only hidden. */
  private readonly whole: Node[];
  private withheld: ReadonlySet<string> = new Set();

  constructor(private readonly field: HTMLElement) {
    const table = field.dataset["allowed"];
    this.allowed = table === undefined ? undefined : (JSON.parse(table) as Record<string, string[]>);
    this.control = field.dataset["dependsOn"] ?? "";
    this.form = field.closest("form");
    this.select = field.querySelector<HTMLSelectElement>(".control select");
    this.whole = [...(this.select?.childNodes ?? [])].map((node) => node.cloneNode(true));
    if (!this.allowed) return;
    this.form?.addEventListener("change", (event) => {
      if ((event.target as HTMLInputElement).name === this.control) this.fit();
    });
    this.fit();
  }

  withhold(codes: ReadonlySet<string>): void {
    if (codes.size === this.withheld.size && [...codes].every((code) => this.withheld.has(code))) return;
    this.withheld = codes;
    this.fit();
  }

  private fit(): void {
    const answer = this.form ? String(new FormData(this.form).get(this.control) ?? "") : "";
    const allowed = this.allowed && new Set(this.allowed[answer] ?? []);
    const fits = (code: string): boolean => !this.withheld.has(code) && (allowed?.has(code) ?? true);
    if (this.select) this.fitSelect(this.select, fits);
    for (const box of all<HTMLInputElement>(".choice > input", this.field)) {
      const choice = box.closest<HTMLElement>(".choice");
      if (!choice || !box.value || box.name.endsWith(".missing")) continue;
      choice.hidden = !fits(box.value) && !box.checked;
      choice.toggleAttribute(UNFIT, choice.hidden);
    }
    for (const group of all<HTMLFieldSetElement>(".code-groups > fieldset", this.field)) {
      group.hidden = all(".choice", group).every((choice) => choice.hidden);
    }
  }

  private fitSelect(select: HTMLSelectElement, fits: (code: string) => boolean): void {
    const chosen = select.value;
    select.replaceChildren(...this.whole.map((node) => node.cloneNode(true)));
    for (const option of [...select.options]) {
      if (option.value && option.value !== chosen && !fits(option.value)) option.remove();
    }
    for (const group of all<HTMLOptGroupElement>("optgroup", select)) if (!group.children.length) group.remove();
    select.value = chosen;
  }
}
