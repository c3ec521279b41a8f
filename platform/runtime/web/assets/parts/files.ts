import { all, fill, one } from "./page";

/** In percent. */
const STEP = 10;

interface Kept {
  value: string;
  name: string;
  words: string;
}

/** A file is sent as soon as it is chosen, so that saving is quick and nothing is sent twice. */
export function sendFilesEarly(within: ParentNode = document): void {
  for (const box of all("[data-file]", within)) new FileBox(box);
}

class FileBox {
  private readonly value: HTMLInputElement;
  private readonly remove: HTMLInputElement;
  private readonly before: Kept;
  private request: XMLHttpRequest | undefined;

  constructor(private readonly box: HTMLElement) {
    this.value = one<HTMLInputElement>("[data-file-value]", box);
    this.remove = one<HTMLInputElement>("[data-file-remove]", box);
    this.before = { value: this.value.defaultValue, name: this.words("name"), words: this.words("about") };
    for (const choice of this.choices) {
      choice.addEventListener("change", () => this.chosen(choice));
    }
    // A draft that comes back brings the file along that was sent before.
    this.value.addEventListener("change", () => this.showRestored());
    // Chosen before the script came.
    const early = this.choices.find((choice) => choice.files?.length);
    if (early) this.chosen(early);
    // What is on its way goes with the form instead.
    box.closest("form")?.addEventListener("submit", () => this.request?.abort());
  }

  private get choices(): HTMLInputElement[] {
    return all<HTMLInputElement>("[data-file-choice]", this.box);
  }

  private chosen(choice: HTMLInputElement): void {
    const file = choice.files?.[0];
    this.request?.abort();
    if (!file) {
      this.takeBack();
      return;
    }
    // Of a file and a photo the later one counts.
    for (const other of this.choices) if (other !== choice) other.value = "";
    if (file.size > Number(this.box.dataset["most"])) {
      choice.value = "";
      this.say(this.box.dataset["largeWords"] ?? "", true);
      return;
    }
    this.send(choice, file);
  }

  private send(choice: HTMLInputElement, file: File): void {
    const body = new FormData();
    body.set("file", file);
    const request = new XMLHttpRequest();
    this.request = request;
    request.upload.addEventListener("progress", (event) => this.progress(event));
    request.addEventListener("load", () => {
      // A signature may have got another stroke meanwhile, which is sent next.
      if (choice.files?.[0] === file) this.answered(request, choice);
    });
    request.addEventListener("error", () => this.say(this.box.dataset["awayWords"] ?? "", false));
    request.open("POST", this.box.dataset["upload"] ?? "");
    const token = this.box.closest("form")?.querySelector<HTMLInputElement>("input[name=csrf_token]");
    request.setRequestHeader("X-CSRFToken", token?.value ?? "");
    request.setRequestHeader("Accept", "application/json");
    request.send(body);
  }

  private progress(event: ProgressEvent): void {
    // Each step is read out.
    const percent = event.lengthComputable ? STEP * Math.floor((100 * event.loaded) / event.total / STEP) : 0;
    this.say(fill(this.box.dataset["sendingWords"] ?? "", { percent }), false);
  }

  private answered(request: XMLHttpRequest, choice: HTMLInputElement): void {
    this.request = undefined;
    if (request.status === 200) {
      const kept = JSON.parse(request.responseText) as Kept;
      choice.value = "";
      this.show(kept.name, kept.words);
      this.value.value = kept.value;
      this.value.dispatchEvent(new Event("input", { bubbles: true }));
      this.value.form?.dispatchEvent(new Event("change"));
      this.say(this.box.dataset["sentWords"] ?? "", false);
    } else if (request.status === 422) {
      choice.value = "";
      this.say((JSON.parse(request.responseText) as { problem: string }).problem, true);
    } else if (request.status === 413) {
      choice.value = "";
      this.say(this.box.dataset["largeWords"] ?? "", true);
    } else {
      this.say(this.box.dataset["awayWords"] ?? "", false);
    }
  }

  private show(name: string, words: string): void {
    one("[data-file-name]", this.box).textContent = name;
    one("[data-file-about]", this.box).textContent = words;
    one<HTMLElement>("[data-file-now]", this.box).hidden = false;
    this.remove.checked = false;
  }

  /** A drawing that is cleared is not kept: what stood there before is. */
  private takeBack(): void {
    this.say("", false);
    if (this.value.value === this.before.value) return;
    this.value.value = this.before.value;
    this.value.dispatchEvent(new Event("input", { bubbles: true }));
    this.show(this.before.name, this.before.words);
    one<HTMLElement>("[data-file-now]", this.box).hidden = !this.before.value;
  }

  private words(part: "name" | "about"): string {
    return one(`[data-file-${part}]`, this.box).textContent ?? "";
  }

  private showRestored(): void {
    if (!this.value.value) return;
    const name = (JSON.parse(this.value.value) as { name: string }).name;
    if (one("[data-file-name]", this.box).textContent !== name) this.show(name, "");
  }

  private say(words: string, isWrong: boolean): void {
    const state = one("[data-file-state]", this.box);
    state.classList.toggle("error", isWrong);
    if (state.textContent !== words) state.textContent = words;
  }
}
