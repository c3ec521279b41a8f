import { all } from "./page";

const PRESSES = 3;
const WITHIN_MS = 1500;

/** One press of Leave, or Escape three times: the page is gone at once, the session is locked behind it. */
export function leaveAtOnce(): void {
  const form = all<HTMLFormElement>("form[data-leave]")[0];
  if (!form) return;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    leave(form);
  });
  let presses: number[] = [];
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") {
      presses = [];
      return;
    }
    presses = [...presses.filter((at) => event.timeStamp - at < WITHIN_MS), event.timeStamp];
    if (presses.length >= PRESSES) leave(form);
  });
}

/** The address is replaced, not added, so that the back button does not lead here again. */
function leave(form: HTMLFormElement): void {
  const body = new URLSearchParams();
  new FormData(form).forEach((value, name) => body.append(name, String(value)));
  document.dispatchEvent(new Event("amparo:leave"));
  document.title = "";
  document.body.hidden = true;
  const away = form.dataset["leave"] || "/";
  const locked = fetch(form.action, { method: "POST", body, keepalive: true, redirect: "manual" });
  // The page goes away even when the network does not answer; the request is kept alive behind it.
  const soon = new Promise((resolve) => setTimeout(resolve, 400));
  void Promise.race([locked.catch(() => undefined), soon]).then(() => location.replace(away));
}
