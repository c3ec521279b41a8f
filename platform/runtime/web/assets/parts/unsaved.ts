import { isKeeping } from "./kept";
import { all } from "./page";

type Word = "asked" | "unsaved";

/**
 * Before somebody signs out, they are told that a form in this browser is not saved: it goes then, in every tab. Leave
 * asks nothing and says nothing; it must be gone at once.
 */
export function tellUnsaved(): void {
  // Another channel than that of leave.ts, in which pages of an older release take every word for Leave.
  const otherTabs = "BroadcastChannel" in window ? new BroadcastChannel("amparo:unsaved") : undefined;
  const notices = all("[data-unsaved]");
  const say = (word: Word): void => otherTabs?.postMessage(word);
  const tell = (): void => notices.forEach((notice) => (notice.hidden = false));
  otherTabs?.addEventListener("message", ({ data }: MessageEvent<Word>) => {
    if (data === "unsaved") tell();
    else if (isUnsaved()) say("unsaved");
  });
  if (!notices.length) return;
  const ask = (): void => {
    notices.forEach((notice) => (notice.hidden = !isUnsaved()));
    say("asked");
  };
  ask();
  // Saved in the meantime, or begun.
  document.addEventListener("visibilitychange", ask);
}

/** A form that is kept for whoever is signed in, or one that would ask before its page is left. */
function isUnsaved(): boolean {
  return isKeeping() || !dispatchEvent(new Event("beforeunload", { cancelable: true }));
}
