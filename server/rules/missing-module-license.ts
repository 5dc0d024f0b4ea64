// missing-module-license: a module that does not say under which licence it is.
import type { Rule } from "./rule.ts";
import { edit } from "./wording.ts";

export const missingModuleLicense: Rule = {
  id: "missing-module-license",
  severity: "error",
  summary: "A module has no MODULE_LICENSE: modpost does not link it.",
  check(program) {
    const begins = program.unlicensed;
    if (begins === undefined) return [];
    const { text } = program.file;
    const last = program.file.unit.fileMacros.findLast(({ name }) => /^MODULE_(AUTHOR|DESCRIPTION|ALIAS)$/.test(name));
    const after = text.indexOf("\n", (last ?? begins).end) + 1;
    // Which licence it is can only be read where the file says so itself.
    const isGpl = /SPDX-License-Identifier:[^\n]*\bGPL-2\.0/.test(text.slice(0, 2000));
    const line = 'MODULE_LICENSE("GPL");\n';
    return [
      {
        rule: "missing-module-license",
        severity: "error",
        message: `${begins.name}() makes this a module, but no MODULE_LICENSE() says under which licence: modpost refuses it`,
        file: program.path,
        start: begins.nameSpan.start,
        end: begins.nameSpan.end,
        related: [],
        fixes:
          isGpl && after > 0
            ? [
                {
                  title: 'Add MODULE_LICENSE("GPL")',
                  edits: [edit(program, { start: after, end: after }, line)],
                  preferred: true,
                },
              ]
            : [],
      },
    ];
  },
};
