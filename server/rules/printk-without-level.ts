// printk-without-level: a message without a level, where pr_*() or dev_*() would give it one and a prefix.
import { eachFunction } from "../analysis/each-function.ts";
import type { Rule } from "./rule.ts";
import { edit } from "./wording.ts";

export const printkWithoutLevel: Rule = {
  id: "printk-without-level",
  severity: "hint",
  audience: "learner",
  summary: "A message is printed without a level: pr_info() and its like give it one.",
  check(program, facts) {
    return eachFunction(printkWithoutLevel, program, facts, ({ fn }, program) =>
      fn.cfg.blocks.flatMap(({ events }) =>
        events.flatMap((event) => {
          if (event.kind !== "call" || event.name !== "printk" || program.macros.has("printk")) return [];
          const [format] = event.expr.args;
          // A level is a string in front of the text: KERN_INFO "…" begins with a name.
          if (format?.kind !== "string" || program.file.text[format.start] !== '"') return [];
          if (/^"(\\001|\\x01)/.test(program.file.text.slice(format.start, format.start + 6))) return [];
          const { start, end } = event.expr.callee;
          return [
            {
              rule: "printk-without-level",
              severity: "hint" as const,
              message:
                "this message has no level and gets the default one: say how important it is with pr_info(), pr_err() or, for a device, dev_info()",
              file: program.path,
              function: fn.name,
              start,
              end,
              related: [],
              fixes: [{ title: "Use pr_info()", edits: [edit(program, { start, end }, "pr_info")], preferred: true }],
            },
          ];
        }),
      ),
    );
  },
};
