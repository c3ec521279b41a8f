import { drop, keep, kept, PREFIX, WAY } from "./kept";
import { all, isTyped, one, part } from "./page";

/** What the tab keeps of each box. */
export type Entry = [name: string, value: string];

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

/**
 * Goes to the form of a new record. What is typed here is kept, so the browser asks only where a part of it is not.
 * Where the tab keeps nothing, the form stays and the other one opens beside it, as without script.
 */
export function goToAddition(form: HTMLFormElement | null, box: HTMLElement, name: string, url: string): void {
  const { draft, address } = form?.dataset ?? {};
  if (form && draft && address) {
    const path = new URL(url, location.href).pathname;
    form.dispatchEvent(new Event("amparo:keep"));
    const way = { key: PREFIX + draft, address: `${address}#${box.id}`, box: name, path };
    if (kept(way.key) === null || !write(way)) {
      open(url, "_blank", "noopener");
      return;
    }
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
  drop(WAY);
  const typed = kept(way.key);
  const record = location.pathname.split("/").pop() ?? "";
  if (!typed) return;
  const others = (JSON.parse(typed) as Entry[]).filter(([name]) => name !== way.box && name !== `${way.box}.query`);
  const chosen: Entry[] = [[way.box, record], [`${way.box}.query`, one("h1", document).textContent?.trim() ?? ""]];
  keep(way.key, JSON.stringify([...others, ...chosen]));
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
  const text = kept(WAY);
  return text ? (JSON.parse(text) as Way) : undefined;
}

function write(way: Way): boolean {
  return keep(WAY, JSON.stringify(way));
}
