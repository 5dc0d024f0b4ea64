// info-leak-to-user: a structure goes to user space with members or padding that nobody wrote.

import { type CopiedOut, copiedOut, handsOut } from "../analysis/copied-out.ts";
import { eachFunction } from "../analysis/each-function.ts";
import { outsideValues } from "../analysis/outside-values.ts";
import type { Program } from "../program/program.ts";
import type { Fix, Rule } from "./rule.ts";
import { edit, related, relatedIn } from "./wording.ts";

export const infoLeakToUser: Rule = {
  id: "info-leak-to-user",
  severity: "error",
  summary: "A structure is handed to user space with members or padding that were never written.",
  check(program, facts) {
    if (!handsOut(program)) return [];
    return eachFunction(infoLeakToUser, program, facts, ({ fn }, program) =>
      copiedOut(program, fn, outsideValues(program).constants).map((each) => ({
        rule: "info-leak-to-user",
        severity: each.unset.length > 0 ? ("error" as const) : ("warning" as const),
        message: messageOf(each),
        file: program.path,
        function: fn.name,
        start: each.start,
        end: each.end,
        related: [
          each.allocation === undefined
            ? related(program, each.variable.nameSpan, `\`${each.variable.name}\` is declared here without a value`)
            : related(program, each.allocation, "allocated here without being cleared"),
          ...each.unset
            .slice(0, 1)
            .map((member) =>
              relatedIn(program.types.fileOf(member).path, member.nameSpan, `\`${member.name}\` is never written`),
            ),
        ],
        fixes: fixesOf(program, each),
      })),
    );
  },
};

function messageOf({ variable, through, allocation, unset, padding }: CopiedOut): string {
  const what = allocation === undefined ? "stack" : "heap";
  if (padding !== undefined)
    return `${through}() gives user space ${padding.bytes} byte${padding.bytes === 1 ? "" : "s"} of the kernel's ${what}: the padding after \`${padding.after}\` is not written; clear \`${variable.name}\` with ${allocation === undefined ? "memset()" : "kzalloc()"} first`;
  const others = unset.length === 2 ? "one other member" : `${unset.length - 1} other members`;
  const names = `\`${unset[0]!.name}\`${unset.length === 1 ? "" : ` and ${others}`} of \`${variable.name}\``;
  return `${through}() gives user space what was on the kernel's ${what}: ${names} ${unset.length === 1 ? "is" : "are"} never written; clear \`${variable.name}\` first`;
}

function fixesOf(program: Program, { variable, allocation, unset }: CopiedOut): readonly Fix[] {
  if (allocation !== undefined)
    return [{ title: "Use kzalloc()", edits: [edit(program, allocation.callee, "kzalloc")], preferred: true }];
  // An initialiser clears the members; what it does to padding is up to the compiler.
  if (unset.length === 0) return [];
  const at = { start: variable.nameSpan.end, end: variable.nameSpan.end };
  return [
    { title: `Initialise \`${variable.name}\` with zeros`, edits: [edit(program, at, " = {}")], preferred: true },
  ];
}
