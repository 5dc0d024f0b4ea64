// ignored-must-check: the result of a call that has to be checked is thrown away.
import { type IgnoredResult, ignoredResults } from "../analysis/ignored.ts";
import type { Program } from "../program/program.ts";
import type { Finding, Rule } from "./rule.ts";

export const ignoredMustCheck: Rule = {
  id: "ignored-must-check",
  severity: "warning",
  summary: "The result of a call that has to be checked is thrown away.",
  check(program, facts) {
    return [...facts.functions.values()].flatMap(({ fn, outcome }) =>
      ignoredResults(program, fn, outcome).map((each) => finding(program, fn.name, each)),
    );
  },
};

function finding(program: Program, fn: string, ignored: IgnoredResult): Finding {
  const { start, end } = ignored.call;
  return {
    rule: "ignored-must-check",
    severity: "warning",
    message: message(fn, ignored),
    file: program.path,
    function: fn,
    start,
    end,
    related: [],
    fixes: [],
  };
}

function message(fn: string, { name, returns, why }: IgnoredResult): string {
  if (why === "wait") return `nothing tells that ${name}() timed out: ${fn}() returns 0 all the same`;
  if (returns === "bytes-not-copied")
    return `what ${name}() could not copy is not looked at: its result must be checked`;
  const what = `whether ${name}() fails is not looked at`;
  return why === "must-check" ? `${what}: its result must be checked` : `${what}: the device may not be registered`;
}
