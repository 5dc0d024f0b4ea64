// ignored-must-check: the result of a call that has to be checked is thrown away.
import { type IgnoredResult, ignoredResults } from "../analysis/ignored.ts";
import type { Program } from "../program/program.ts";
import type { Finding, Rule } from "./rule.ts";

export const ignoredMustCheck: Rule = {
  id: "ignored-must-check",
  severity: "warning",
  summary: "The result of a call that has to be checked is thrown away.",
  check(program, facts) {
    return [...facts.functions.values()].flatMap(({ fn }) =>
      ignoredResults(program, fn).map((each) => finding(program, fn.name, each)),
    );
  },
};

function finding(program: Program, fn: string, { call, name, returns, mustCheck }: IgnoredResult): Finding {
  const what =
    returns === "bytes-not-copied"
      ? `what ${name}() could not copy is not looked at`
      : `whether ${name}() fails is not looked at`;
  return {
    rule: "ignored-must-check",
    severity: "warning",
    message: mustCheck ? `${what}: its result must be checked` : `${what}: the device may not be registered`,
    file: program.path,
    function: fn,
    start: call.start,
    end: call.end,
    related: [],
    fixes: [],
  };
}
