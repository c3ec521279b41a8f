import { findCodes } from "./codes";
import { followConditions } from "./conditions";
import { fitOptions } from "./dependents";
import { sendFilesEarly } from "./files";
import { completeLookups } from "./lookup";
import { keepAnswersShort } from "./no_answer";
import { all } from "./page";
import { offerPositions } from "./position";
import { offerFormatting } from "./richtext";
import { drawSignatures } from "./signature";

const ANY_NUMBER = "{n}";
/** The parts of a row are improved as those of the page were. */
const IMPROVEMENTS = [
  completeLookups,
  offerPositions,
  findCodes,
  fitOptions,
  sendFilesEarly,
  drawSignatures,
  offerFormatting,
  keepAnswersShort,
  followConditions,
];

/** “Add” puts another blank row into the form without sending it; the number of a row is in the names of its boxes. */
export function addRows(): void {
  for (const section of all("[data-rows]")) {
    section.querySelector("[data-add-row]")?.addEventListener("click", (event) => {
      event.preventDefault();
      const row = addRow(section, nextNumber(section));
      row?.querySelector<HTMLElement>(":is(input, select, textarea):not([type=hidden])")?.focus();
    });
  }
}

/** Makes the rows that a draft holds and the page does not. */
export function growRows(form: HTMLFormElement, names: Iterable<string>): void {
  for (const section of all("[data-rows]", form)) {
    const prefix = `${section.dataset["rows"] ?? ""}.`;
    const wanted = [...names].filter((name) => name.startsWith(prefix) && name.endsWith(".shown_"));
    for (const name of wanted) {
      const number = Number(name.slice(prefix.length).split(".")[0]);
      if (!form.elements.namedItem(name) && Number.isInteger(number)) addRow(section, number);
    }
  }
}

function nextNumber(section: HTMLElement): number {
  const prefix = `${section.dataset["rows"] ?? ""}.`;
  const numbers = all<HTMLInputElement>("input[type=hidden]", section)
    .filter((box) => box.name.startsWith(prefix) && box.name.endsWith(".shown_"))
    .map((box) => Number(box.name.slice(prefix.length).split(".")[0]));
  return Math.max(-1, ...numbers) + 1;
}

function addRow(section: HTMLElement, number: number): HTMLElement | null {
  const template = section.querySelector("template");
  const list = section.querySelector("[data-rows-list]");
  if (!template || !list) return null;
  const row = template.content.firstElementChild?.cloneNode(true) as HTMLElement;
  for (const element of [row, ...all("*", row)]) {
    for (const attribute of [...element.attributes]) {
      if (attribute.value.includes(ANY_NUMBER)) attribute.value = attribute.value.replaceAll(ANY_NUMBER, String(number));
    }
  }
  const legend = row.querySelector("legend");
  if (legend) legend.textContent = `${legend.textContent ?? ""} ${list.children.length + 1}`;
  list.append(row);
  for (const improve of IMPROVEMENTS) improve(row);
  return row;
}
