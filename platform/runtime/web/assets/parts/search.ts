import { Combobox, type Match } from "./combobox";
import { all } from "./page";

/** A search box over everything shows what it finds while somebody types; Enter alone asks for the whole page. */
export function completeSearches(): void {
  for (const form of all<HTMLFormElement>("form[data-source]")) new Search(form);
}

class Search extends Combobox {
  constructor(form: HTMLFormElement) {
    const box = form.querySelector<HTMLInputElement>("input[type=search]")!;
    super(form, box, box.labels?.[0]?.textContent ?? "");
    this.takeUp();
  }

  protected override chosenMatch(match: Match): void {
    if (match.url) location.assign(match.url);
  }
}
