import { all, one } from "./page";

/** So long after the last stroke the drawing is sent; a name is seldom written in one. */
const PAUSE_MS = 1500;
const LINE = 5;

/** A sheet to sign on with a finger, a pen or the mouse. What is drawn goes where a chosen picture would go. */
export function drawSignatures(within: ParentNode = document): void {
  for (const signing of all("[data-signing]", within)) new Signing(signing);
}

class Signing {
  private readonly sheet: HTMLCanvasElement;
  private readonly pen: CanvasRenderingContext2D;
  private readonly choice: HTMLInputElement;
  private timer = 0;

  constructor(signing: HTMLElement) {
    this.sheet = one<HTMLCanvasElement>("canvas", signing);
    this.pen = this.sheet.getContext("2d")!;
    this.choice = one<HTMLInputElement>("[data-file-choice]", signing.closest("[data-file]")!);
    signing.hidden = false;
    this.clear();
    this.sheet.addEventListener("pointerdown", (event) => this.begin(event));
    this.sheet.addEventListener("pointermove", (event) => this.draw(event));
    this.sheet.addEventListener("pointerup", () => this.end());
    one("[data-signing-clear]", signing).addEventListener("click", () => this.wipe());
  }

  private clear(): void {
    this.pen.fillStyle = "white";
    this.pen.fillRect(0, 0, this.sheet.width, this.sheet.height);
    this.pen.strokeStyle = "black";
    this.pen.lineWidth = LINE;
    this.pen.lineCap = "round";
    this.pen.lineJoin = "round";
  }

  private place(event: PointerEvent): [number, number] {
    const box = this.sheet.getBoundingClientRect();
    const across = ((event.clientX - box.left) * this.sheet.width) / box.width;
    return [across, ((event.clientY - box.top) * this.sheet.height) / box.height];
  }

  private begin(event: PointerEvent): void {
    clearTimeout(this.timer);
    this.sheet.setPointerCapture(event.pointerId);
    this.pen.beginPath();
    this.pen.moveTo(...this.place(event));
    this.draw(event);
  }

  private draw(event: PointerEvent): void {
    if (!this.sheet.hasPointerCapture(event.pointerId)) return;
    this.pen.lineTo(...this.place(event));
    this.pen.stroke();
  }

  /** The picture stands in the box at once, so that a form that is saved now takes it along. */
  private end(): void {
    this.sheet.toBlob((picture) => {
      if (!picture) return;
      const files = new DataTransfer();
      files.items.add(new File([picture], "signature.png", { type: "image/png" }));
      this.choice.files = files.files;
      clearTimeout(this.timer);
      this.timer = window.setTimeout(() => this.choice.dispatchEvent(new Event("change", { bubbles: true })), PAUSE_MS);
    }, "image/png");
  }

  private wipe(): void {
    clearTimeout(this.timer);
    this.choice.value = "";
    this.choice.dispatchEvent(new Event("change", { bubbles: true }));
    this.clear();
  }
}
