// Evaluates formulas that it is sent line by line, with the evaluator whose address is the first argument.
// {"tree", "blanks"} is answered with a number, {"formula": number, "scope"} with what the formula gives.
import { createInterface } from "node:readline";

const { load, valueToJson } = await import(process.argv[2]);
const formulas = [];

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  if ("tree" in request) {
    formulas.push(await load(request.tree, request.blanks));
    answer(formulas.length - 1);
  } else {
    const outcome = formulas[request.formula](request.scope);
    answer("value" in outcome ? { value: valueToJson(outcome.value) } : outcome);
  }
}

function answer(content) {
  process.stdout.write(`${JSON.stringify(content)}\n`);
}
