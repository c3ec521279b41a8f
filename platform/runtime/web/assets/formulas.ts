/** The evaluator of formulas, for pages that ask for it. */
export { load } from "./formulas/evaluator";
export type { Blanks, Formula, Outcome } from "./formulas/evaluator";
export type { Scope } from "./formulas/functions";
export { fieldsRead } from "./formulas/tree";
export type { Tree } from "./formulas/tree";
export type { Raw } from "./formulas/values";
export { valueToJson } from "./formulas/values";
