export type Box = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

/** All elements that match, typed; the caller vouches for the type by its selector. */
export function all<T extends HTMLElement>(selector: string, within: ParentNode = document): T[] {
  return [...within.querySelectorAll<T>(selector)];
}

/** The first element that matches. A page that has the one part has the other, so a missing one is a fault. */
export function one<T extends Element>(selector: string, within: ParentNode): T {
  const found = within.querySelector<T>(selector);
  if (!found) throw new Error(`The page has no ${selector}`);
  return found;
}

/** Whether somebody works in it right now: a part that comes late must not take it from under their hands. */
export function holdsFocus(element: Element): boolean {
  return element.contains(document.activeElement);
}

/** A copy of a part that the page keeps in a template, so that its words come from the catalogue. */
export function part(name: string): HTMLElement {
  const template = one<HTMLTemplateElement>(`#part-${name}`, document);
  return template.content.cloneNode(true).firstChild as HTMLElement;
}

/** A sentence with its slots filled: `fill("{chosen} of 8 chosen", { chosen: 3 })`. */
export function fill(sentence: string, slots: Record<string, string | number>): string {
  return sentence.replace(/\{(\w+)\}/g, (whole, slot: string) => String(slots[slot] ?? whole));
}

/** Text as people compare it: no case, no marks over Latin and Arabic letters. Other scripts keep their marks. */
export function folded(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/([\p{Script=Latin}\p{Script=Arabic}])\p{M}+/gu, "$1")
    .toLocaleLowerCase();
}

/** Whether a box holds another answer than it came with. */
export function isTyped(box: Box): boolean {
  if (box instanceof HTMLTextAreaElement) return box.value !== box.defaultValue.replace(/\r\n?/g, "\n");
  if (box instanceof HTMLInputElement) {
    return ["radio", "checkbox"].includes(box.type) ? box.checked !== box.defaultChecked : box.value !== box.defaultValue;
  }
  const options = [...box.options];
  const given = options.filter((option) => option.defaultSelected);
  // Of a list with one answer the browser takes the first where the page names none.
  if (!given.length && !box.multiple) given.push(...options.slice(0, 1));
  return options.some((option) => option.selected !== given.includes(option));
}
