// int-overflow-in-alloc-size: the size of an allocation is multiplied in place, and may wrap to a small one.

import { type OpenSize, openSizes } from "../analysis/allocation-sizes.ts";
import { eachFunction } from "../analysis/each-function.ts";
import { outsideValues } from "../analysis/outside-values.ts";
import type { Program } from "../program/program.ts";
import type { Fix, Rule } from "./rule.ts";
import { edit, related } from "./wording.ts";

export const intOverflowInAllocSize: Rule = {
  id: "int-overflow-in-alloc-size",
  severity: "warning",
  summary: "The size of an allocation is worked out in place, where it may wrap to a small one.",
  check(program, facts) {
    const { any } = outsideValues(program);
    return eachFunction(
      intOverflowInAllocSize,
      program,
      facts,
      ({ fn }, program) =>
        openSizes(program, fn, outsideValues(program)).map((each) => ({
          rule: "int-overflow-in-alloc-size",
          severity: each.from === undefined ? ("hint" as const) : ("warning" as const),
          message: messageOf(each),
          file: program.path,
          function: fn.name,
          start: each.size.start,
          end: each.size.end,
          related:
            each.from === undefined
              ? []
              : [
                  related(
                    program,
                    each.from.source,
                    `\`${each.from.place}\` comes ${each.from.origin === "user" ? "from user space through" : "from"} ${each.from.through} here`,
                  ),
                ],
          fixes: fixesOf(program, each),
        })),
      any,
    );
  },
};

function messageOf({ allocator, from, only32, rewrite }: OpenSize): string {
  const instead = rewrite === undefined ? "bound it, or use array_size() and size_add()" : `use ${rewrite.by}`;
  if (from === undefined)
    return `${allocator}() with a size that is multiplied in place would not notice if it wraps: ${instead}`;
  const where = only32 === true ? " where size_t has 32 bits" : "";
  return `the size given to ${allocator}() may wrap${where}, and too little is allocated: \`${from.place}\` is not bounded; ${instead}`;
}

function fixesOf(program: Program, { call, allocator, size, rewrite }: OpenSize): readonly Fix[] {
  if (rewrite === undefined) return [];
  const edits = [edit(program, size, rewrite.size)];
  if (rewrite.allocator !== allocator) edits.unshift(edit(program, call.callee, rewrite.allocator));
  return [{ title: `Use ${rewrite.by}`, edits, preferred: true }];
}
