/** The record itself, its version before, why a value is missing, and picklists, whose values are codes. */
import { whole } from "../decimals";
import { type Functions, type Maker, compiled, of, ofAny, own } from "../functions";
import { isSame } from "../comparing";
import type { Literal } from "../tree";
import { keyOf } from "../tree";
import { type Raw, READERS, type Value, readText } from "../values";

type Codes = readonly string[] | null;

/** Of a record that is being created, the value that it has. */
const priorValue: Maker = (call, compile) => {
  const [evaluate] = compiled(call, compile);
  return (scope) => evaluate(scope.prior ? { ...scope, values: scope.prior } : scope);
};

const isChanged: Maker = (call) => {
  const [field] = call.arguments;
  const [key, read] = [keyOf(field), READERS[field?.type ?? ""] ?? readText];
  const kept = (raw: Raw): Value => (raw === null || raw === undefined || raw === "" ? null : read(raw));
  return ({ prior, values }) => !!prior && !isSame(kept(own(prior, key)), kept(own(values, key)));
};

const isOption: Maker = (call, compile) => {
  const [evaluate] = compiled(call, compile);
  const code = (call.arguments[1] as Literal).literal || null;
  return (scope) => evaluate(scope) === code;
};

const missingReason: Maker = (call) => {
  const key = keyOf(call.arguments[0]);
  return (scope) => own(scope.missing, key) ?? null;
};

export const RECORDS: Functions = {
  PRIORVALUE: priorValue,
  ISCHANGED: isChanged,
  ISNEW: () => (scope) => !scope.prior,
  ISCLONE: of(() => false),
  MISSINGREASON: missingReason,
  ISPICKVAL: isOption,
  INCLUDES: ofAny((codes: Codes, code: string | null) => code !== null && (codes ?? []).includes(code)),
  PICKLISTCOUNT: ofAny((codes: Codes) => whole((codes ?? []).length)),
};
