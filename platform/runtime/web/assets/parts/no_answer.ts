import { all, holdsFocus, one, part } from "./page";

/** “No answer?”: a reason that is chosen closes the panel and stands in the control's place until “Answer instead”. */
export function keepAnswersShort(within: ParentNode = document): void {
  for (const details of all<HTMLDetailsElement>("[data-no-answer]", within)) new NoAnswer(details);
}

class NoAnswer {
  private readonly field: HTMLElement;
  private readonly instead: HTMLInputElement;
  private readonly said = part("said");

  constructor(private readonly details: HTMLDetailsElement) {
    this.field = details.closest<HTMLElement>(".field") ?? details;
    this.instead = one<HTMLInputElement>('.reason[value=""]', details);
    this.instead.closest<HTMLElement>(".choice")?.setAttribute("hidden", "");
    one(".control", this.field).before(this.said);
    details.addEventListener("change", () => this.show(false));
    one(".reasons", details).addEventListener("click", (event) => this.settle(event as MouseEvent));
    details.addEventListener("keydown", (event) => this.settleByKey(event));
    one("[data-answer-instead]", this.said).addEventListener("click", () => this.answer());
    this.show(!holdsFocus(details));
  }

  private get chosen(): HTMLInputElement | undefined {
    return all<HTMLInputElement>(".reason", this.details).find((reason) => reason.checked && reason.value);
  }

  /** Arrow keys only move between reasons; a press of the pointer or Enter settles on one. */
  private settle(event: MouseEvent): void {
    if (event.detail > 0 && this.chosen) this.close();
  }

  private settleByKey(event: KeyboardEvent): void {
    if (event.key !== "Enter" || !(event.target instanceof HTMLInputElement)) return;
    event.preventDefault();
    event.target.checked = true;
    this.show(false);
    this.close();
  }

  private close(): void {
    this.details.open = false;
    one<HTMLElement>("[data-answer-instead]", this.said).focus();
    this.show(true);
  }

  private show(mayClose: boolean): void {
    const reason = this.chosen;
    if (reason) {
      const choice = reason.closest(".choice");
      one("[data-word]", this.said).textContent = choice?.querySelector("label")?.textContent ?? "";
      one("[data-meaning]", this.said).textContent = choice?.querySelector(".meaning")?.textContent ?? "";
      if (mayClose) this.details.open = false;
    }
    this.said.hidden = !reason;
    this.details.hidden = Boolean(reason) && !this.details.open;
  }

  private answer(): void {
    this.instead.checked = true;
    this.details.dispatchEvent(new Event("change", { bubbles: true }));
    one<HTMLElement>(":is(input, select, textarea):not([type=hidden])", one(".control", this.field)).focus();
  }
}
