// container-of-mismatch: container_of() is given a member that the struct does not have, or a pointer to something else.
import { eachFunction } from "../analysis/each-function.ts";
import { type WrongContainer, wrongContainers } from "../analysis/member-uses.ts";
import type { Rule } from "./rule.ts";
import { related } from "./wording.ts";

export const containerOfMismatch: Rule = {
  id: "container-of-mismatch",
  severity: "error",
  summary:
    "container_of() or list_entry() is given a member that the struct does not have, or a pointer to another type.",
  check(program, facts) {
    return eachFunction(containerOfMismatch, program, facts, ({ fn }, program) =>
      wrongContainers(program, fn).map((each) => ({
        rule: "container-of-mismatch",
        severity: "error" as const,
        message: message(each),
        file: program.path,
        function: fn.name,
        start: each.start,
        end: each.end,
        related: [related(program, each.declared, `${each.record} is defined here`)],
        fixes: [],
      })),
    );
  },
};

function message({ kind, macro, record, member, pointsTo, is }: WrongContainer): string {
  if (kind === "no-member") return `${record} has no member \`${member}\`: ${macro}() finds no container`;
  return `\`${member}\` of ${record} is a ${is}, and the pointer points to a ${pointsTo}: ${macro}() would lead to something else`;
}
