// wait-without-timeout: a wait for hardware that nothing ends when the hardware does not answer.
import { eachFunction } from "../analysis/each-function.ts";
import { type EndlessWait, endlessLoops, interruptWaits } from "../analysis/endless-waits.ts";
import type { FunctionFacts } from "../analysis/facts.ts";
import type { Program } from "../program/program.ts";
import { pollingFixes } from "./polling-fixes.ts";
import type { Finding, Rule, Severity } from "./rule.ts";
import { related } from "./wording.ts";

export const waitWithoutTimeout: Rule = {
  id: "wait-without-timeout",
  severity: "warning",
  summary: "A wait for hardware never ends when the hardware does not answer.",
  check(program, facts) {
    const loops = eachFunction(waitWithoutTimeout, program, facts, (own, program, facts) =>
      endlessLoops(program, own.fn).map((each) => ({
        ...finding(program, own.fn.name, each, isMeant(own, each) ? "information" : "warning"),
        fixes: each.kind === "register" ? pollingFixes(program, facts, own, each) : [],
      })),
    );
    const waits = interruptWaits(program, facts);
    return [...loops, ...waits.map((each) => finding(program, each.fn, each, "information"))];
  },
};

/**
 * Who has nothing to return waits for the reset on purpose; a handler that has would let the next one try. A console
 * that has no room left can only wait for it: there is nobody to tell.
 */
function isMeant({ fn: { def }, reaches }: FunctionFacts, { kind }: EndlessWait): boolean {
  if (reaches.length > 0 && reaches.every(({ entry }) => CONSOLE.test(entry.role))) return true;
  return kind === "for-ever" && def.returns.base === "void" && def.returns.pointers === 0;
}

const CONSOLE = /^console (output|operation \.write)$|^kgdb|\.poll_(get|put)_char$/;

function finding(program: Program, fn: string, wait: EndlessWait, severity: Severity): Finding {
  return {
    rule: "wait-without-timeout",
    severity,
    message: message(wait),
    file: program.path,
    function: fn,
    start: wait.start,
    end: wait.end,
    related: wait.by === undefined ? [] : [related(program, wait.by.at, `${wait.by.fn}() completes it`)],
    fixes: [],
  };
}

function message({ kind, what, by }: EndlessWait): string {
  if (kind === "for-ever") return "this loop never ends: the CPU is lost to everybody else";
  if (kind === "register")
    return `nothing ends this loop when ${what} never changes: poll with a timeout (linux/iopoll.h) or count the tries`;
  return `nothing ends this wait when the interrupt does not come: only ${by!.fn}() completes \`${what.replace(/^&/, "")}\`; use wait_for_completion_timeout()`;
}
