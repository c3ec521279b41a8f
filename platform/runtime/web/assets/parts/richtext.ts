import { all, one, part } from "./page";

/** Buttons over a box of formatted text that type the signs for a person: around what is selected, or before its lines. */
export function offerFormatting(within: ParentNode = document): void {
  for (const box of all("[data-rich-text]", within)) {
    const text = one<HTMLTextAreaElement>("textarea", box);
    const buttons = part("formatting");
    for (const button of all<HTMLButtonElement>("button", buttons)) {
      button.addEventListener("click", () => format(text, button.dataset));
    }
    box.prepend(buttons);
  }
}

function format(text: HTMLTextAreaElement, signs: DOMStringMap): void {
  text.focus();
  if (signs["around"]) around(text, signs["around"]);
  else if (signs["before"]) before(text, signs["before"]);
  text.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Pressed twice it takes its signs away again. White space at the ends stays outside, where the signs need it. */
function around(text: HTMLTextAreaElement, sign: string): void {
  const { selectionStart, selectionEnd, value } = text;
  const chosen = value.slice(selectionStart, selectionEnd);
  const inner = chosen.trim();
  const start = selectionStart + chosen.indexOf(inner);
  const end = start + inner.length;
  if (value.slice(start - sign.length, start) === sign && value.slice(end, end + sign.length) === sign) {
    text.setRangeText(inner, start - sign.length, end + sign.length, "select");
    return;
  }
  text.setRangeText(sign + inner + sign, start, end, "end");
  text.setSelectionRange(start + sign.length, end + sign.length);
}

function before(text: HTMLTextAreaElement, sign: string): void {
  const start = text.value.lastIndexOf("\n", text.selectionStart - 1) + 1;
  const end = Math.max(text.selectionEnd, start);
  const lines = text.value.slice(start, end).split("\n");
  const marked = lines.every((line) => line.startsWith(sign));
  const changed = lines.map((line) => (marked ? line.slice(sign.length) : sign + line));
  text.setRangeText(changed.join("\n"), start, end, "end");
}
