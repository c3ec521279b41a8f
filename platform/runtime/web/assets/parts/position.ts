import { all } from "./page";

const PATIENCE_MS = 30_000;
/** From four decimals on, which are ten metres, the device should look for its satellites. */
const EXACT_FROM = 4;

/** A box for a point on a map gets a button that asks the device, only when it is pressed, where it is. */
export function offerPositions(within: ParentNode = document): void {
  if (!("geolocation" in navigator) || !window.isSecureContext) return;
  for (const root of all("[data-position]", within)) offerPosition(root);
}

function offerPosition(root: HTMLElement): void {
  const box = root.querySelector<HTMLInputElement>("input[type=text]")!;
  const button = root.querySelector<HTMLButtonElement>("[data-here]")!;
  const state = root.querySelector<HTMLElement>("[data-here-state]")!;
  const decimals = Number(root.dataset["decimals"]);
  button.hidden = false;
  button.addEventListener("click", () => {
    button.disabled = true;
    state.textContent = root.dataset["askingWords"] ?? "";
    const done = (words: string): void => {
      button.disabled = false;
      state.textContent = words;
    };
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        // What is not kept is not even put into the page.
        box.value = `${coords.latitude.toFixed(decimals)}, ${coords.longitude.toFixed(decimals)}`;
        box.dispatchEvent(new Event("input", { bubbles: true }));
        box.dispatchEvent(new Event("change", { bubbles: true }));
        done("");
      },
      () => done(root.dataset["failedWords"] ?? ""),
      { enableHighAccuracy: decimals >= EXACT_FROM, timeout: PATIENCE_MS },
    );
  });
}
