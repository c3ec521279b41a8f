import { all, part } from "./page";

/**
 * A form that is sent without a network would leave a page of the browser in its place, from which few find back. It
 * stays, and says so. The browser may be wrong, as on a computer that serves itself: the server is asked first.
 */
export function stayWithoutNetwork(): void {
  for (const form of all<HTMLFormElement>("form[data-guard]")) {
    let isReached = false;
    form.addEventListener(
      "submit",
      (event) => {
        if (navigator.onLine || isReached) return;
        event.preventDefault();
        event.stopImmediatePropagation();
        void isServerThere().then((found) => {
          isReached = found;
          // A press, because older Safari knows neither who sent the form nor how to send it as if somebody had.
          if (found) (event.submitter ?? defaultButton(form))?.click();
          else say();
          isReached = false;
        });
      },
      { capture: true },
    );
  }
}

function defaultButton(form: HTMLFormElement): HTMLButtonElement | undefined {
  return [...form.elements].find((each): each is HTMLButtonElement => each instanceof HTMLButtonElement && each.type === "submit");
}

async function isServerThere(): Promise<boolean> {
  try {
    await fetch(location.href, { method: "HEAD", cache: "no-store" });
    return true;
  } catch {
    return false;
  }
}

function say(): void {
  const state = document.querySelector("[data-form-state]");
  if (state) state.textContent = part("offline").textContent;
}
