// What the body of a function or a macro does: whom it calls under which conditions, what it returns, what it asserts.
import type { FunctionDef, MacroDef } from "../../syntax/ast.ts";
import type { BodyFacts } from "./harvest.ts";

const NOTHING: BodyFacts = { calls: [], indirect: false, incomplete: true, returned: [], asserts: [] };

/** `text` is the file in which the definition stands. */
export function bodyFacts(_def: FunctionDef, _text: string): BodyFacts {
  return NOTHING;
}

export function macroBodyFacts(_macro: MacroDef): BodyFacts {
  return NOTHING;
}
