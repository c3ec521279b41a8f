import { all } from "./page";

/**
 * The summary takes focus, so that it is read first; its links land on the controls by their ids. New browsers do it by
 * themselves, before the script is there. Who is already correcting an answer when it comes is left to it.
 */
export function focusErrorSummary(): void {
  if (document.activeElement === document.body && scrollY === 0) all("[data-error-summary]")[0]?.focus();
}
