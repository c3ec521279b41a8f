/** Conditions and choices. */
import { equalityOf } from "../comparing";
import { FormulaError } from "../failures";
import { type Evaluate, type Functions, type Maker, compiled, of, ofAny } from "../functions";
import type { Call } from "../tree";
import type { Value } from "../values";

/** AND and OR: one part decides, and the rest is not computed; what is neither true nor false stays open. */
const joined = (decisive: boolean): Maker => (call, compile) => {
  const parts = call.arguments.map(compile);
  return (scope) => {
    let result: boolean | null = !decisive;
    for (const part of parts) {
      const value = part(scope);
      if (value === decisive) return decisive;
      if (value === null) result = null;
    }
    return result;
  };
};

/** Conditions with their values, in turn, and the value for when none is true. */
const choice: Maker = (call, compile) => {
  const parts = call.arguments.map(compile);
  return (scope) => {
    for (let place = 0; place + 1 < parts.length; place += 2) {
      if (parts[place]?.(scope)) return at(parts, place + 1)(scope);
    }
    return at(parts, parts.length - 1)(scope);
  };
};

const at = (parts: readonly Evaluate[], place: number): Evaluate => parts[place] as Evaluate;

const byValue: Maker = (call, compile) => {
  const [evaluate, ...parts] = compiled(call, compile);
  const last = call.arguments.length - 1;
  const equal = equalityOf(call.arguments.filter((_, place) => place === 0 || (place % 2 === 1 && place < last)));
  return (scope) => {
    const value = evaluate(scope);
    for (let place = 0; place + 1 < parts.length; place += 2) {
      if (equal(value, at(parts, place)(scope))) return at(parts, place + 1)(scope);
    }
    return at(parts, parts.length - 1)(scope);
  };
};

const isOneOf: Maker = (call, compile) => {
  const [evaluate, ...candidates] = compiled(call, compile);
  const equal = equalityOf(call.arguments);
  return (scope) => {
    const value = evaluate(scope);
    return value !== null && candidates.some((candidate) => equal(value, candidate(scope)));
  };
};

const ifError: Maker = (call, compile) => {
  const [evaluate, otherwise] = compiled(call, compile);
  return (scope) => {
    try {
      return evaluate(scope);
    } catch (error) {
      if (error instanceof FormulaError) return otherwise(scope);
      throw error;
    }
  };
};

const blankValue: Maker = (call, compile) => {
  const [evaluate, otherwise] = compiled(call, compile);
  return (scope) => evaluate(scope) ?? otherwise(scope);
};

const hasText = (call: Call): boolean => call.arguments.some(({ type }) => type === "text" || type === "lookup");

const isNull: Maker = (call, compile) => {
  const [evaluate] = compiled(call, compile);
  const canBe = !hasText(call);
  // Of a text it is computed all the same, because an error in it is one.
  return (scope) => evaluate(scope) === null && canBe;
};

export const LOGICAL: Functions = {
  AND: joined(false),
  OR: joined(true),
  NOT: of((value: boolean) => !value),
  IF: choice,
  IFS: choice,
  CASE: byValue,
  IN: isOneOf,
  IFERROR: ifError,
  ISBLANK: ofAny((value: Value) => value === null),
  ISNULL: isNull,
  BLANKVALUE: blankValue,
  NULLVALUE: (call, compile) => (hasText(call) ? compiled(call, compile)[0] : blankValue(call, compile)),
};
