import { all } from "./page";

/** A field or another kind of comparison chosen in a condition asks the server at once for the answers that fit it. */
export function refreshFilters(): void {
  for (const rows of all("[data-filter-rows]")) {
    const refresh = rows.querySelector<HTMLButtonElement>("[data-refresh]");
    if (!refresh) continue;
    refresh.hidden = true;
    for (const box of all<HTMLSelectElement>("[data-comparison]", rows)) box.dataset["shape"] = shapeOf(box);
    rows.addEventListener("change", (event) => {
      const box = event.target as HTMLElement;
      const isOther = box instanceof HTMLSelectElement && "comparison" in box.dataset && shapeOf(box) !== box.dataset["shape"];
      if (isOther || box.matches("[data-refreshes]")) refresh.form?.requestSubmit(refresh);
    });
  }
}

/** What a person gives beside the comparison: one answer, several, a period. */
function shapeOf(box: HTMLSelectElement): string {
  return box.selectedOptions[0]?.dataset["shape"] ?? "";
}
