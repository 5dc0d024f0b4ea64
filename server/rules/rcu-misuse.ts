// rcu-misuse: what RCU protects is read outside a read-side section, used after it, or freed without a grace period.
import { eachFunction } from "../analysis/each-function.ts";
import type { FunctionFacts } from "../analysis/facts.ts";
import { hasReaders, type RcuMisuse, rcuMisuses, usesRcu } from "../analysis/rcu.ts";
import type { Program } from "../program/program.ts";
import type { Related, Rule } from "./rule.ts";
import { reachSteps, related } from "./wording.ts";

export const rcuMisuse: Rule = {
  id: "rcu-misuse",
  severity: "error",
  summary: "What RCU protects is read outside a read-side section, used after it, or freed while readers may see it.",
  check(program, facts) {
    if (!usesRcu(program)) return [];
    return eachFunction(
      rcuMisuse,
      program,
      facts,
      (each, program, facts) =>
        rcuMisuses(program, each.fn, facts.summaries, isAlone(each)).map((misuse) => ({
          rule: "rcu-misuse",
          severity: "error" as const,
          message: messageOf(misuse),
          file: program.path,
          function: each.fn.name,
          start: misuse.start,
          end: misuse.end,
          related: relatedOf(program, each, misuse),
          fixes: [],
        })),
      hasReaders(program),
    );
  },
};

/** Only file operations, work functions and their like call it, with nothing held. */
function isAlone({ reaches }: FunctionFacts): boolean {
  return (
    reaches.length > 0 &&
    reaches.every(
      ({ entry, steps }) =>
        steps.length === 0 &&
        entry.context === "process" &&
        /^((file|procfs) operation \.|work function$)/.test(entry.role),
    )
  );
}

function messageOf({ kind, what }: RcuMisuse): string {
  switch (kind) {
    case "outside":
      return `${what}() outside an RCU read-side critical section: what it finds may be freed at any time; call rcu_read_lock() first`;
    case "after":
      return `\`${what}\` is used after rcu_read_unlock(): it may have been freed; end the section later, or take a reference within it`;
    case "freed":
      return `${what}() frees what readers may still look at: wait with synchronize_rcu() first, or use kfree_rcu()`;
  }
}

function relatedOf(program: Program, { reaches }: FunctionFacts, { kind, what, steps }: RcuMisuse): Related[] {
  if (kind === "outside") return reaches.slice(0, 1).flatMap(reachSteps);
  return steps.map((step) =>
    related(
      program,
      step,
      kind === "freed"
        ? `${step.name}() takes it off the list here, but not away from readers`
        : step.name === "read"
          ? `\`${what}\` read here, under RCU`
          : "the read-side critical section ends here",
    ),
  );
}
