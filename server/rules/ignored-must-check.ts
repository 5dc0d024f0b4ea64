// ignored-must-check: the result of a call that has to be checked is thrown away.
import { eachFunction } from "../analysis/each-function.ts";
import type { Facts, FunctionFacts } from "../analysis/facts.ts";
import { type IgnoredResult, ignoredResults } from "../analysis/ignored.ts";
import type { Program } from "../program/program.ts";
import { checkingFixes, type Failing } from "./checking-fixes.ts";
import type { Finding, Rule } from "./rule.ts";

export const ignoredMustCheck: Rule = {
  id: "ignored-must-check",
  severity: "warning",
  summary: "The result of a call that has to be checked is thrown away.",
  check(program, facts) {
    return eachFunction(ignoredMustCheck, program, facts, (own, program, facts) =>
      ignoredResults(program, own.fn, own.outcome).map((each) => ({
        ...finding(program, own.fn.name, each),
        fixes: fixes(program, facts, own, each),
      })),
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

function fixes(program: Program, facts: Facts, own: FunctionFacts, { call, name, returns, why }: IgnoredResult) {
  const failing = failingOf(program, name, returns, why);
  return failing === undefined ? [] : checkingFixes(program, facts, own, call, failing);
}

function failingOf(
  program: Program,
  name: string,
  returns: IgnoredResult["returns"],
  why: IgnoredResult["why"],
): Failing | undefined {
  // The interruptible waits return errors as well.
  if (why === "wait") return /interruptible|killable/.test(name) ? undefined : { kind: "zero", error: "-ETIMEDOUT" };
  // It may say so as an error or as a truth.
  if (why === "poll") return undefined;
  if (returns === "bytes-not-copied") return { kind: "nonzero", error: "-EFAULT" };
  if (returns !== "negative-errno") return undefined;
  const { obtains, extracted } = program.knowledge.fact(name) ?? {};
  // Whether a function of which less is known returns more than 0 when it succeeds, is not known.
  return { kind: "errno", mayBePositive: obtains?.successIs !== undefined || extracted?.returnType !== "int" };
}

function message(fn: string, { name, returns, why }: IgnoredResult): string {
  if (why === "wait") return `nothing tells that ${name}() timed out: ${fn}() returns 0 all the same`;
  if (why === "poll") return `nobody looks whether what ${name}() waits for came before the time was up`;
  if (returns === "bytes-not-copied")
    return `what ${name}() could not copy is not looked at: its result must be checked`;
  const what = `whether ${name}() fails is not looked at`;
  return why === "must-check" ? `${what}: its result must be checked` : `${what}: the device may not be registered`;
}
