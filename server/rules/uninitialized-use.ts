// uninitialized-use: a local is read on a path that has not assigned it.
import { eachFunction } from "../analysis/each-function.ts";
import { type PartlySet, partlySet } from "../analysis/partly-set.ts";
import { macroWords, type UnsetRead, unsetReads } from "../analysis/unset.ts";
import type { Program } from "../program/program.ts";
import type { Finding, Fix, Rule } from "./rule.ts";
import { edit, related } from "./wording.ts";

export const uninitializedUse: Rule = {
  id: "uninitialized-use",
  severity: "warning",
  summary: "A local variable is read on a path that has not assigned it.",
  check(program, facts) {
    return eachFunction(uninitializedUse, program, facts, ({ fn }, program) => [
      ...unsetReads(program, fn, macroWords(program)).map((each) => finding(program, fn.name, each)),
      ...partlySet(program, fn).map((each) => partly(program, fn.name, each)),
    ]);
  },
};

function finding(program: Program, fn: string, { variable, atScopeEnd, start, end }: UnsetRead): Finding {
  const { name, nameSpan } = variable;
  return {
    rule: "uninitialized-use",
    severity: "warning",
    message: atScopeEnd
      ? `\`${name}\` is given back at the end of its scope, also on a path that has not assigned it`
      : `\`${name}\` is read here, also on a path that has not assigned it`,
    file: program.path,
    function: fn,
    start: atScopeEnd ? nameSpan.start : start,
    end: atScopeEnd ? nameSpan.end : end,
    related: [related(program, nameSpan, `\`${name}\` is declared without a value`)],
    fixes: [],
  };
}

function partly(program: Program, fn: string, set: PartlySet): Finding {
  const { kind, place, reader, origin, allocator, clearing, start, end } = set;
  const after = { start: origin.end, end: origin.end };
  const [message, fix]: readonly [string, Fix?] =
    kind === "local"
      ? [
          `\`${place}\` is only partly set: nothing clears it, and ${reader}() reads all of it`,
          { title: `Clear \`${place}\` where it is declared`, edits: [edit(program, after, " = {}")], preferred: true },
        ]
      : kind === "object" && clearing !== undefined
        ? [
            `\`${place}\` is only partly set: ${allocator}() clears nothing, and ${reader}() reads all of it`,
            { title: `Allocate it with ${clearing}()`, edits: [edit(program, origin, clearing)], preferred: true },
          ]
        : [`nothing ends the string in \`${place}\` that ${reader}() reads`];
  const declared = kind === "object" ? "allocated here" : `\`${place}\` is declared without a value`;
  return {
    rule: "uninitialized-use",
    severity: "warning",
    message,
    file: program.path,
    function: fn,
    start,
    end,
    related: [related(program, origin, declared)],
    fixes: fix === undefined ? [] : [fix],
  };
}
