import { all } from "./page";

/** A row of tabs that is wider than the screen begins where the current one can be seen, in either direction. */
export function showCurrentTabs(): void {
  for (const tab of all('.tabs [aria-current="page"]')) {
    const row = tab.closest(".tabs")!;
    // Somebody may have moved it before the script came.
    if (row.scrollLeft === 0) row.scrollLeft += middle(tab) - middle(row);
  }
}

function middle(element: Element): number {
  const { left, width } = element.getBoundingClientRect();
  return left + width / 2;
}
