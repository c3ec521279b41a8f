import { all } from "./page";

/** The summary takes focus, so that it is read first; its links land on the controls by their ids. */
export function focusErrorSummary(): void {
  all("[data-error-summary]")[0]?.focus();
}
