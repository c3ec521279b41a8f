import { all, one } from "./page";

/** A whole date chosen in the calendar shows that day; typing one key by key waits for Enter or the button. */
export function showDayOnChange(): void {
  for (const form of all<HTMLFormElement>("form[data-as-of]")) {
    const date = one<HTMLInputElement>("input[type=date]", form);
    let typing = false;
    date.addEventListener("keydown", () => (typing = true));
    date.addEventListener("pointerdown", () => (typing = false));
    date.addEventListener("change", () => {
      if (!typing && date.value && date.checkValidity()) one<HTMLButtonElement>("button", form).click();
    });
  }
}
