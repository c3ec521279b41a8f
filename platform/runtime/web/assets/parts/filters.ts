import { all, isTyped } from "./page";

/**
 * A field or another kind of comparison chosen in a condition asks the server at once for the answers that fit it. Who
 * goes through a list with the arrow keys chooses with each of them, and is asked for when they go on.
 */
export function refreshFilters(): void {
  for (const rows of all("[data-filter-rows]")) {
    const refresh = rows.querySelector<HTMLButtonElement>("[data-refresh]");
    if (!refresh) continue;
    refresh.hidden = true;
    const comparisons = all<HTMLSelectElement>("[data-comparison]", rows);
    for (const box of comparisons) {
      const given = [...box.options].find((option) => option.defaultSelected) ?? box.options[0];
      box.dataset["shape"] = given?.dataset["shape"] ?? "";
    }
    const ask = (): void => refresh.click();
    // Chosen before the script came.
    const fields = all<HTMLSelectElement>("[data-refreshes]", rows);
    if (fields.some(isTyped) || comparisons.some(isOfAnotherShape)) ask();
    let byKeys = false;
    let waiting: EventTarget | null = null;
    rows.addEventListener("keydown", (event) => (byKeys = event.target instanceof HTMLSelectElement));
    rows.addEventListener("pointerdown", () => (byKeys = false));
    rows.addEventListener("change", (event) => {
      const box = event.target as HTMLSelectElement;
      if (!box.matches("[data-refreshes]") && !(box.matches("[data-comparison]") && isOfAnotherShape(box))) return;
      if (byKeys) waiting = box;
      else ask();
    });
    rows.addEventListener("focusout", (event) => {
      if (event.target === waiting) ask();
    });
  }
}

/** What a person gives beside the comparison: one answer, several, a period. */
function isOfAnotherShape(box: HTMLSelectElement): boolean {
  return (box.selectedOptions[0]?.dataset["shape"] ?? "") !== box.dataset["shape"];
}
