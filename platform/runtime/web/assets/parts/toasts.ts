import { all, holdsFocus } from "./page";

const STAYS_MS = 12_000;

/** A toast stays twelve seconds, and as long as it is pointed at or holds focus. */
export function timeToasts(): void {
  for (const toast of all("[data-toast]")) {
    let timer = 0;
    const stop = (): void => clearTimeout(timer);
    const start = (): void => {
      stop();
      timer = window.setTimeout(() => toast.remove(), STAYS_MS);
    };
    toast.addEventListener("pointerenter", stop);
    toast.addEventListener("focusin", stop);
    toast.addEventListener("pointerleave", () => {
      if (!toast.contains(document.activeElement)) start();
    });
    toast.addEventListener("focusout", start);
    if (!holdsFocus(toast) && !toast.matches(":hover")) start();
  }
}
