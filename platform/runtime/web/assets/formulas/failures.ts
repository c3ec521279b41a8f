/** A value that cannot be computed, of a kind as on the server. The places are those of the formula's text. */
export class FormulaError extends Error {
  constructor(
    readonly kind: string,
    public start: number | null = null,
    public end: number | null = null,
  ) {
    super(kind);
  }
}

/** What this evaluator leaves to the server. No formula catches it: a wrong answer would be worse than none. */
export class Unsupported extends Error {}

/** What the values do not allow, such as a number beyond all limits. */
export const cannotCompute = (): FormulaError => new FormulaError("cannot_compute");
