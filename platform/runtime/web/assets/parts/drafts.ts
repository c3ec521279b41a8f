import { drop, dropAll, keep, kept, PREFIX, WHOSE } from "./kept";
import { all, isTyped, one, part, type Box } from "./page";
import { growRows } from "./rows";
import { leadBack, noteAddition, type Entry } from "./wayback";

const WAIT_MS = 400;
const REQUEST_KEY = "request_key";
/**
 * What the page put in the form for itself: it must come from the newest page, not from a draft. The version is not
 * among it: what was typed belongs to the answers that were seen then, so a later change of the same one is asked about.
 * The release is: boxes are called as the newest page calls them, whatever the draft was written in. So is the request's
 * key, but for a form that was sent already and whose answer never came.
 */
const OURS = ["csrf_token", REQUEST_KEY, "release_", "brought_"];

/**
 * What is typed is kept in this tab (sessionStorage) under the key the form names, comes back after a reload or the
 * back button, and is dropped once the save went through: a page reached by a save names the keys in
 * `<meta name="saved-drafts">`. Sensitive fields, passwords and files are never written down. Signing out drops all of
 * it; after a session that ended by itself it waits for whoever typed it, and the next person's first page drops it.
 */
export function keepDrafts(): void {
  if (WHOSE) dropAll(`${PREFIX}${WHOSE}/`);
  dropSaved();
  document.addEventListener("amparo:leave", () => dropAll());
  for (const form of all<HTMLFormElement>("form[data-forgets]")) {
    form.addEventListener("submit", () => document.dispatchEvent(new Event("amparo:leave")));
  }
  const guarded = all<HTMLFormElement>("form[data-guard]").map((form): [HTMLFormElement, boolean] => [form, boxes(form).some(isTyped)]);
  for (const form of all<HTMLFormElement>("form[data-draft]")) new Draft(form);
  for (const [form, isBegun] of guarded) guard(form, isBegun);
}

function dropSaved(): void {
  for (const meta of document.querySelectorAll<HTMLMetaElement>("meta[name=saved-drafts]")) {
    for (const key of meta.content.split(" ")) {
      drop(PREFIX + key);
      leadBack(key);
    }
  }
}

class Draft {
  private readonly key: string;
  /** Under which key the server knows what was sent and not answered: sent again as it is, it is not saved twice. */
  private sent: Entry[] = [];
  /** What was kept and has no place in the form of today. It waits to be written elsewhere until the form is saved. */
  private unplaced: Entry[] = [];
  private timer = 0;
  private isGivenUp = false;

  constructor(private readonly form: HTMLFormElement) {
    this.key = PREFIX + (form.dataset["draft"] ?? "");
    noteAddition(form);
    const begun = namesTyped(form);
    // A form that came back with problems holds the newest answers itself; an older draft must not cover them.
    if (document.querySelector("[data-error-summary]")) this.write();
    else this.restore(begun);
    if (begun.size) this.later();
    form.addEventListener("input", () => this.later());
    form.addEventListener("change", () => this.later());
    form.addEventListener("submit", () => this.noteSent());
    form.addEventListener("amparo:keep", () => this.write());
    addEventListener("pagehide", () => this.writeNow());
    document.addEventListener("amparo:leave", () => this.giveUp());
  }

  private later(): void {
    clearTimeout(this.timer);
    if (this.isGivenUp) return;
    this.timer = window.setTimeout(() => this.writeNow(), WAIT_MS);
  }

  /** A box that loses focus with the page still says that it changed; nothing may be written then. */
  private giveUp(): void {
    clearTimeout(this.timer);
    this.timer = 0;
    this.isGivenUp = true;
  }

  private noteSent(): void {
    clearTimeout(this.timer);
    this.timer = 0;
    this.sent = requestKeys(this.form).map((box) => [box.name, box.value]);
    if (!this.isGivenUp) this.write();
  }

  private writeNow(): void {
    if (this.timer) this.write();
    this.timer = 0;
  }

  private write(): void {
    const isKept = keep(this.key, JSON.stringify([...entries(this.form), ...this.sent, ...this.unplaced]));
    // The browser keeps no more, as of a whole book that was pasted. An older draft must not come back instead.
    if (!isKept) drop(this.key);
    this.form.dispatchEvent(new CustomEvent("amparo:kept", { detail: isKept }));
  }

  /** Questions of which a box is among `begun` stay as they are. */
  private restore(begun: ReadonlySet<string>): void {
    const written = JSON.parse(kept(this.key) ?? "[]") as Entry[];
    this.sent = written.filter(([name]) => name === REQUEST_KEY);
    for (const box of requestKeys(this.form)) box.value = this.sent[0]?.[1] ?? box.value;
    const others = (of: Entry[]): Entry[] => of.filter(([name]) => name !== REQUEST_KEY && !begun.has(name));
    const typed = others(written);
    if (!typed.length || JSON.stringify(typed) === JSON.stringify(others(entries(this.form)))) return;
    fillIn(this.form, typed, begun);
    this.unplaced = unplaced(this.form, typed);
    const notice = part("draft");
    tellUnplaced(notice, this.unplaced);
    one("[data-forget]", notice).addEventListener("click", () => {
      drop(this.key);
      this.giveUp();
      this.form.dataset["leaving"] = "";
      location.reload();
    });
    this.form.prepend(notice);
  }
}

function boxes(form: HTMLFormElement): Box[] {
  return [...form.elements].filter(
    (box): box is Box =>
      (box instanceof HTMLInputElement || box instanceof HTMLSelectElement || box instanceof HTMLTextAreaElement) &&
      Boolean(box.name) &&
      !["password", "file", "submit"].includes(box.type) &&
      !OURS.includes(box.name),
  );
}

function requestKeys(form: HTMLFormElement): HTMLInputElement[] {
  return all<HTMLInputElement>(`input[name=${REQUEST_KEY}]`, form);
}

function isTick(box: Box): box is HTMLInputElement {
  return box instanceof HTMLInputElement && ["radio", "checkbox"].includes(box.type);
}

function isPressed(box: Box): boolean {
  return !isTick(box) || box.checked;
}

function isSensitive(box: Box): boolean {
  return box.closest("[data-sensitive]") !== null;
}

function answers(boxesOfForm: Box[]): Entry[] {
  return boxesOfForm.filter(isPressed).map((box) => [box.name, box.value]);
}

function entries(form: HTMLFormElement): Entry[] {
  return answers(boxes(form).filter((box) => !isSensitive(box)));
}

/** The boxes of questions that somebody answered before this script arrived, as on a slow network. */
function namesTyped(form: HTMLFormElement): ReadonlySet<string> {
  const typed = boxes(form).filter(isTyped);
  const questions = new Set(typed.map((box) => box.closest(".field") ?? box));
  return new Set(boxes(form).filter((box) => questions.has(box.closest(".field") ?? box)).map((box) => box.name));
}

function fillIn(form: HTMLFormElement, typed: Entry[], begun: ReadonlySet<string>): void {
  const values = new Map<string, string[]>();
  for (const [name, value] of typed) values.set(name, [...(values.get(name) ?? []), value]);
  growRows(form, values.keys());
  const ticks = boxes(form).filter(isTick);
  for (const box of boxes(form)) {
    if (isSensitive(box) || begun.has(box.name)) continue;
    const texts = values.get(box.name) ?? [];
    const choices = isTick(box) ? ticks.filter((tick) => tick.name === box.name) : box instanceof HTMLSelectElement ? [...box.options] : [];
    // A choice that was retired since must not leave the question without the answer that is saved.
    if (texts.length && choices.length && !choices.some((choice) => texts.includes(choice.value))) continue;
    if (isTick(box)) box.checked = texts.includes(box.value);
    else if (texts[0] !== undefined) box.value = texts[0];
    box.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

/** As of a field or a choice that a release took away since. The boxes of the page itself end in "_". */
function unplaced(form: HTMLFormElement, typed: Entry[]): Entry[] {
  const asked = new Set(boxes(form).filter((box) => !isTick(box) && !(box instanceof HTMLSelectElement)).map((box) => box.name));
  const placed = new Set(entries(form).map((entry) => JSON.stringify(entry)));
  return typed.filter((entry) => entry[1] && !asked.has(entry[0]) && !entry[0].endsWith("_") && !placed.has(JSON.stringify(entry)));
}

/** What identifies a record says nothing to anybody; its name was kept beside it. */
function tellUnplaced(notice: HTMLElement, entriesLeft: Entry[]): void {
  const texts = entriesLeft.map(([, text]) => text).filter((text) => !/^[\da-f-]{36}$/.test(text));
  if (!texts.length) return;
  const told = part("unplaced");
  one("bdi", told).textContent = texts.join(" · ");
  one("[data-forget]", notice).before(told);
}

/** Says that something is not saved yet, and asks before the page is left with it. */
function guard(form: HTMLFormElement, isBegun: boolean): void {
  const fresh = JSON.stringify(answers(boxes(form)));
  const state = document.querySelector("[data-form-state]");
  let unsaved = part("unsaved").textContent ?? "";
  const isChanged = (): boolean => isBegun || JSON.stringify(answers(boxes(form))) !== fresh;
  const say = (): void => {
    if (state && isChanged() && state.textContent !== unsaved) state.textContent = unsaved;
  };
  say();
  form.addEventListener("change", say);
  form.addEventListener("amparo:kept", (event) => {
    const words = part((event as CustomEvent<boolean>).detail ? "unsaved" : "unkept").textContent ?? "";
    // Else it would cover what was said since, as of the network.
    if (words === unsaved) return;
    unsaved = words;
    say();
  });
  form.addEventListener("submit", () => (form.dataset["leaving"] = ""));
  document.addEventListener("amparo:leave", () => (form.dataset["leaving"] = ""));
  addEventListener("pageshow", () => delete form.dataset["leaving"]);
  addEventListener("beforeunload", (event) => {
    if (form.dataset["leaving"] === undefined && isChanged()) event.preventDefault();
  });
}
