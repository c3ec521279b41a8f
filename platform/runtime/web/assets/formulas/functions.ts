/** What a function is: it makes, of a call, a function of a scope. */
import { FormulaError } from "./failures";
import type { Call, Tree } from "./tree";
import type { Raw, Value } from "./values";

/**
 * What a formula may know: a record's values by path, as values_json.py writes them, those of the version before
 * (`null` for a record that is being created), and the reasons for which values are missing. `now` is a moment in
 * ISO 8601; `zone` is the organisation's, such as `Asia/Phnom_Penh`, in which days begin.
 */
export interface Scope {
  readonly values: Readonly<Record<string, Raw>>;
  readonly now: string;
  readonly zone: string;
  readonly prior?: Readonly<Record<string, Raw>> | null;
  readonly missing?: Readonly<Record<string, string>>;
}

export type Evaluate = (scope: Scope) => Value;
export type Compile = (node: Tree) => Evaluate;
export type Maker = (call: Call, compile: Compile) => Evaluate;
export type Functions = Readonly<Record<string, Maker>>;
type Apply = (...values: never[]) => Value;

/** A function of its values, whose result is blank when one of them is. */
export const of = (apply: Apply): Maker => made(apply, false, false);
/** A function of its values, blanks among them. */
export const ofAny = (apply: Apply): Maker => made(apply, true, false);
/** A function of the scope and its values, whose result is blank when one of them is. */
export const withScope = (apply: Apply): Maker => made(apply, false, true);

function made(apply: Apply, takesBlanks: boolean, asksScope: boolean): Maker {
  const compute = apply as (...values: unknown[]) => Value;
  return (call, compile) => {
    const evaluators = call.arguments.map(compile);
    return (scope) => {
      const values = evaluators.map((evaluate) => evaluate(scope));
      if (!takesBlanks && values.includes(null)) return null;
      try {
        return asksScope ? compute(scope, ...values) : compute(...values);
      } catch (error) {
        throw placed(error, call);
      }
    };
  };
}

/** The error with the place of the innermost part that failed. */
export function placed(error: unknown, node: Tree): unknown {
  if (error instanceof FormulaError && error.start === null) [error.start, error.end] = node.at;
  return error;
}

/** What stands in a record under a path, and nothing that every object of JavaScript has. */
export function own<Held>(held: Readonly<Record<string, Held>> | null | undefined, key: string): Held | undefined {
  return held && Object.prototype.hasOwnProperty.call(held, key) ? held[key] : undefined;
}

/** Arguments that are there: the checker counted them. */
export function compiled(call: Call, compile: Compile): [Evaluate, Evaluate, Evaluate] {
  return call.arguments.map(compile) as [Evaluate, Evaluate, Evaluate];
}
