import { all } from "./page";

const PRESSES = 3;
const WITHIN_MS = 1500;
/** The pages of this site that this browser has open. Older Safari knows no way to reach them. */
const otherTabs = "BroadcastChannel" in window ? new BroadcastChannel("amparo") : undefined;

/**
 * One press of Leave, or Escape three times: the page is gone at once, the session is locked behind it. Other tabs go
 * too, as they do when somebody signs out: what they show is for whoever signed in.
 */
export function leaveAtOnce(): void {
  const form = all<HTMLFormElement>("form[data-leave]")[0];
  if (!form) return;
  otherTabs?.addEventListener("message", () => goAway(form));
  for (const signOut of all<HTMLFormElement>("form[data-forgets]")) signOut.addEventListener("submit", tellOthers);
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

function leave(form: HTMLFormElement): void {
  const body = new URLSearchParams();
  new FormData(form).forEach((value, name) => body.append(name, String(value)));
  tellOthers();
  hide();
  const locked = fetch(form.action, { method: "POST", body, keepalive: true, redirect: "manual" });
  // The page goes away even when the network does not answer; the request is kept alive behind it.
  const soon = new Promise((resolve) => setTimeout(resolve, 400));
  void Promise.race([locked.catch(() => undefined), soon]).then(() => goAway(form));
}

/** The other tabs; and the server, with whatever is asked of it next: without a network nothing reaches it now. */
function tellOthers(): void {
  otherTabs?.postMessage("leave");
  document.cookie = "amparo_left=yes; path=/; samesite=lax";
}

function hide(): void {
  document.dispatchEvent(new Event("amparo:leave"));
  document.title = "";
  document.body.hidden = true;
}

/** The address is replaced, not added, so that the back button does not lead here again. */
function goAway(form: HTMLFormElement): void {
  hide();
  location.replace(form.dataset["leave"] || "/");
}
