import { all } from "./page";

/** A field chosen in a condition asks the server at once for the comparisons and answers that fit it. */
export function refreshFilters(): void {
  for (const rows of all("[data-filter-rows]")) {
    const refresh = rows.querySelector<HTMLButtonElement>("[data-refresh]");
    if (!refresh) continue;
    refresh.hidden = true;
    rows.addEventListener("change", (event) => {
      const box = event.target as HTMLElement;
      if (box.matches("[data-refreshes]")) refresh.form?.requestSubmit(refresh);
    });
  }
}
