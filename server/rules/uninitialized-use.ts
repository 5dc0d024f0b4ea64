// uninitialized-use: a local is read on a path that has not assigned it.
import { macroWords, type UnsetRead, unsetReads } from "../analysis/unset.ts";
import type { Program } from "../program/program.ts";
import type { Finding, Rule } from "./rule.ts";
import { related } from "./wording.ts";

export const uninitializedUse: Rule = {
  id: "uninitialized-use",
  severity: "warning",
  summary: "A local variable is read on a path that has not assigned it.",
  check(program, facts) {
    const inMacros = macroWords(program);
    return [...facts.functions.values()].flatMap(({ fn }) =>
      unsetReads(program, fn, inMacros).map((each) => finding(program, fn.name, each)),
    );
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
