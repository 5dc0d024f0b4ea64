// missing-fops-owner: file operations of a module that can be unloaded while one of its files is open.
import { type Unowned, unownedTables } from "../analysis/table-owners.ts";
import type { Program } from "../program/program.ts";
import type { Fix, Rule } from "./rule.ts";
import { edit, related } from "./wording.ts";

export const missingFopsOwner: Rule = {
  id: "missing-fops-owner",
  severity: "warning",
  summary: "A module's file operations have no .owner, so that it can be unloaded while a file is open.",
  check(program) {
    return unownedTables(program).map((each) => ({
      rule: "missing-fops-owner",
      severity: "warning" as const,
      message: `\`${each.table.name}\` has no .owner = THIS_MODULE: the module can be unloaded while one of its files is open`,
      file: program.path,
      start: each.table.nameSpan.start,
      end: each.table.nameSpan.end,
      related: [related(program, each.at, `handed to ${each.to} here`)],
      fixes: fixes(program, each),
    }));
  },
};

function fixes(program: Program, { init }: Unowned): readonly Fix[] {
  const { text } = program.file;
  const lineEnd = text.indexOf("\n", init.start);
  if (text[init.start] !== "{" || text.slice(init.start + 1, lineEnd).trim() !== "") return [];
  const indent = /^[ \t]*/.exec(text.slice(lineEnd + 1))![0];
  const at = { start: lineEnd + 1, end: lineEnd + 1 };
  const line = `${indent}.owner = THIS_MODULE,\n`;
  return [{ title: "Add .owner = THIS_MODULE", edits: [edit(program, at, line)], preferred: true }];
}
