/**
 * Formulas in the page: a checked tree becomes a function of a scope, with the results of the server's evaluator.
 * What this one cannot do as the server does it, it says, and the server judges on save.
 */
import { ZERO, decimalOf } from "./decimals";
import { FormulaError, Unsupported } from "./failures";
import { type Compile, type Evaluate, type Functions, type Scope, own, placed } from "./functions";
import { LOGICAL } from "./functions/logical";
import { OPERATORS } from "./functions/operators";
import { RECORDS } from "./functions/records";
import { type Literal, type Reference, type Tree, keyOf, parts } from "./tree";
import { READERS, type Raw, type Value, readText } from "./values";

/** What a number field without an answer counts as. */
export type Blanks = "as_zero" | "as_blank";

/** A value, an error of a kind as on the server, or that the server has to judge. */
export type Outcome =
  | { readonly value: Value }
  | { readonly error: string; readonly at: readonly [number, number] }
  | { readonly unsupported: string };

export type Formula = (scope: Scope) => Outcome;

const CORE: Functions = { ...LOGICAL, ...OPERATORS, ...RECORDS };

/** Families of functions that load when a formula uses one of them: their names, and where they are. */
const FAMILIES: readonly (readonly [string, () => Promise<{ readonly FUNCTIONS: Functions }>])[] = [
  [
    "TEXT VALUE ISNUMBER LEN LEFT RIGHT MID SUBSTR FIND BEGINS ENDS CONTAINS SUBSTITUTE TRIM UPPER LOWER INITCAP LPAD"
      + " RPAD REVERSE ASCII CHR BR FORMATCURRENCY HYPERLINK IMAGE CASESAFEID",
    () => import("./functions/text"),
  ],
  [
    "ABS CEILING FLOOR MCEILING MFLOOR ROUND TRUNC MOD MAX MIN EXP LN LOG SQRT SIN COS TAN ASIN ACOS ATAN ATAN2 PI",
    () => import("./functions/math"),
  ],
  [
    "TODAY NOW TIMENOW DATE DATEVALUE DATETIMEVALUE TIMEVALUE ADDMONTHS YEAR MONTH DAY WEEKDAY DAYOFYEAR ISOWEEK"
      + " ISOYEAR HOUR MINUTE SECOND MILLISECOND UNIXTIMESTAMP FROMUNIXTIME FORMATDURATION AGE EARLIEST LATEST",
    () => import("./functions/dates"),
  ],
  ["GEOLOCATION DISTANCE", () => import("./functions/geolocation")],
  ["REGEX", () => import("./functions/regular_expressions")],
  ["JSONVALUE JSONPATHVALUE", () => import("./functions/json_values")],
];

/** The formula as a function of a scope. A function that is not known here leaves every scope to the server. */
export async function load(tree: Tree, blanks: Blanks = "as_blank"): Promise<Formula> {
  const functions = await functionsOf(tree);
  let evaluate: Evaluate;
  try {
    evaluate = compiler(functions, blanks)(tree);
  } catch (error) {
    return () => failed(error);
  }
  return (scope) => {
    try {
      return { value: evaluate(scope) };
    } catch (error) {
      return failed(error);
    }
  };
}

/** A fault of this evaluator is one more reason to ask the server, and none for the page to stop. */
function failed(error: unknown): Outcome {
  if (error instanceof FormulaError) return { error: error.kind, at: [error.start ?? 0, error.end ?? 0] };
  return { unsupported: error instanceof Unsupported ? error.message : `Fault: ${String(error)}` };
}

async function functionsOf(tree: Tree): Promise<Functions> {
  const names = new Set([...parts(tree)].map((node) => ("call" in node ? node.call : "")));
  const wanted = FAMILIES.filter(([family]) => family.split(" ").some((name) => names.has(name)));
  const loaded = await Promise.all(wanted.map(([, fetch]) => fetch()));
  return Object.assign({}, CORE, ...loaded.map((family) => family.FUNCTIONS)) as Functions;
}

function compiler(functions: Functions, blanks: Blanks): Compile {
  const compile: Compile = (node) => {
    if ("literal" in node) return constant(node);
    if ("reference" in node) return reference(node, blanks);
    const make = own(functions, node.call);
    if (!make) throw new Unsupported(`No function ${node.call}`);
    return make(node, compile);
  };
  return compile;
}

function constant({ literal }: Literal): Evaluate {
  const isNumber = typeof literal === "object" && literal !== null;
  const value = isNumber ? decimalOf(literal.number) : literal === "" ? null : literal;
  return () => value;
}

function reference(node: Reference, blanks: Blanks): Evaluate {
  const key = keyOf(node);
  const type = node.type ?? "text";
  const read = READERS[type] ?? readText;
  const isNumber = type === "number" || type === "percent" || type === "currency";
  const blank = type === "boolean" ? false : isNumber && blanks === "as_zero" ? ZERO : null;
  // Most answers of a form are what they were when the formula was last computed.
  let latest: { readonly raw: Raw; readonly value: Value } | undefined;
  return ({ values }) => {
    const raw: Raw = own(values, key);
    if (raw === null || raw === undefined || raw === "") return blank;
    if (typeof raw === "object" && "error" in raw) throw placed(new FormulaError(raw.error, ...raw.at), node);
    if (typeof raw === "object") return read(raw);
    if (latest?.raw !== raw) latest = { raw, value: read(raw) };
    return latest.value;
  };
}
