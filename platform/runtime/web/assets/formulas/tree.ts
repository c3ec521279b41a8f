/** A checked formula as tree_json.py writes it. */
export interface Literal {
  readonly literal: null | boolean | string | { readonly number: string };
  readonly at: readonly [number, number];
  readonly type?: string;
}

export interface Reference {
  readonly reference: readonly string[];
  readonly at: readonly [number, number];
  readonly type?: string;
}

export interface Call {
  readonly call: string;
  readonly arguments: readonly Tree[];
  readonly at: readonly [number, number];
  readonly type?: string;
}

export type Tree = Literal | Reference | Call;

/** A field by its path, as it is written: `client.birth_date`. */
export const keyOf = (node: Tree | undefined): string => (node as Reference).reference.join(".");

/** Every part of a formula. */
export function* parts(tree: Tree): Generator<Tree> {
  yield tree;
  if ("call" in tree) for (const argument of tree.arguments) yield* parts(argument);
}

/** The paths of the fields that a formula reads, `$User.name` and its like included. */
export function fieldsRead(tree: Tree): ReadonlySet<string> {
  return new Set([...parts(tree)].filter((node) => "reference" in node).map(keyOf));
}
