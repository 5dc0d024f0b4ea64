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
  const skipped = skippedUnwindings(program, fn).filter(({ start }) => !known.some((each) => each.start === start));
  return skipped
    .filter(({ undo }, index) => skipped.findIndex((each) => each.undo.start === undo.start) === index)
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
        ...skipped
          .filter((each) => each.undo.start === undo.start && each.start !== start)
          .map((each) => related(program, each, "left out on this way out, too")),
      ],
      fixes: [],
    }));
}
