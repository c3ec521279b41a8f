import { all, isTyped, one, part } from "./page";

/** What begins the keys under which the tab keeps forms, whose they are, and what it keeps of each box. */
export const PREFIX = "draft:";
export const WHOSE = document.querySelector<HTMLMetaElement>("meta[name=whose]")?.content ?? "";
export type Entry = [name: string, value: string];
/** Dropped with the drafts on Leave. */
const WAY = `${PREFIX}${WHOSE}/way`;

/**
 * A form that waits while a record is added that one of its lookups shall point to: `key` and `address` of the form,
 * the lookup's `box`, the `path` of the form of additions, and its key once it is open.
 */
interface Way {
  key: string;
  address: string;
  box: string;
  path: string;
  addition?: string;
}

/** Goes to the form of a new record. What is typed here is kept, so the browser asks only where a part of it is not. */
export function goToAddition(form: HTMLFormElement | null, box: HTMLElement, name: string, url: string): void {
  const { draft, address } = form?.dataset ?? {};
  if (form && draft && address) {
    const path = new URL(url, location.href).pathname;
    write({ key: PREFIX + draft, address: `${address}#${box.id}`, box: name, path });
    if (!losesSomething(form)) form.dataset["leaving"] = "";
  }
  location.assign(url);
}

/** The form of a new record that was asked for from another form. */
export function noteAddition(form: HTMLFormElement): void {
  const way = waiting();
  if (way && !way.addition && way.path === location.pathname) write({ ...way, addition: form.dataset["draft"] ?? "" });
}

/** On the page of a record that was just added: chosen in the form that waits for it, to which a link leads. */
export function leadBack(saved: string): void {
  const way = waiting();
  if (!way || way.addition !== saved) return;
  sessionStorage.removeItem(WAY);
  const kept = sessionStorage.getItem(way.key);
  const record = location.pathname.split("/").pop() ?? "";
  if (!kept) return;
  const others = (JSON.parse(kept) as Entry[]).filter(([name]) => name !== way.box && name !== `${way.box}.query`);
  const chosen: Entry[] = [[way.box, record], [`${way.box}.query`, one("h1", document).textContent?.trim() ?? ""]];
  sessionStorage.setItem(way.key, JSON.stringify([...others, ...chosen]));
  const notice = part("way-back");
  one<HTMLAnchorElement>("a", notice).href = way.address;
  one("main .page", document).prepend(notice);
}

/** Sensitive answers are never written down. */
function losesSomething(form: HTMLFormElement): boolean {
  const boxes = all<HTMLInputElement | HTMLTextAreaElement>("[data-sensitive] :is(input:not([type=radio]), textarea)", form);
  return boxes.some(isTyped);
}

function waiting(): Way | undefined {
  const text = sessionStorage.getItem(WAY);
  return text ? (JSON.parse(text) as Way) : undefined;
}

function write(way: Way): void {
  sessionStorage.setItem(WAY, JSON.stringify(way));
}
