// A return that leaves out what the failures before and after it undo.
import type { FunctionFacts } from "../analysis/facts.ts";
import { skippedUnwindings } from "../analysis/skipped-unwinding.ts";
import { textOf } from "../program/places.ts";
import type { Program } from "../program/program.ts";
import type { Finding } from "./rule.ts";
import { related } from "./wording.ts";

/** `known`: what is said of the function already. */
export function skippedUnwinding(
  program: Program,
  { fn }: FunctionFacts,
  rule: string,
  known: readonly Finding[],
): readonly Finding[] {
  return skippedUnwindings(program, fn)
    .filter(({ start }) => !known.some((each) => each.start === start))
    .map(({ undo, before, after, start, end }) => ({
      rule,
      severity: "warning",
      message: `${textOf(undo.expr) ?? `${undo.name}()`} is left out here, although what fails before and after this is undone by it`,
      file: program.path,
      function: fn.name,
      start,
      end,
      related: [
        related(program, before, "a failure here is undone"),
        related(program, after, "so is a failure here"),
        related(program, undo, `${undo.name}() undoes it`),
      ],
      fixes: [],
    }));
}
