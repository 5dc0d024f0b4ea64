// format-arguments: a message's format wants other arguments than it is given.
import { eachFunction } from "../analysis/each-function.ts";
import { type WrongFormat, wrongFormats } from "../analysis/formats.ts";
import type { Program } from "../program/program.ts";
import type { Fix, Rule } from "./rule.ts";
import { edit } from "./wording.ts";

export const formatArguments: Rule = {
  id: "format-arguments",
  severity: "warning",
  summary: "The format of a message wants other arguments than it is given.",
  check(program, facts) {
    return eachFunction(formatArguments, program, facts, ({ fn }, program) =>
      wrongFormats(program, fn).map((each) => ({
        rule: "format-arguments",
        severity: "warning" as const,
        message: message(each),
        file: program.path,
        function: fn.name,
        start: each.start,
        end: each.end,
        related: [],
        fixes: fixes(program, each),
      })),
    );
  },
};

function message({ kind, callee, wants, given, conversion, instead, argument, type }: WrongFormat): string {
  if (kind === "count")
    return `the format of ${callee}() wants ${wants} argument${wants === 1 ? "" : "s"}, and ${given} ${given === 1 ? "is" : "are"} given`;
  const is = `\`${argument}\` is ${/^([aeio]|unsigned)/.test(type ?? "") ? "an" : "a"} ${type}`;
  if (kind === "size")
    return `${is}, for which \`${conversion}\` is not right on every architecture: use \`${instead}\``;
  return `${is}, and \`${conversion}\` wants ${conversion?.endsWith("s") ? "a string" : conversion?.includes("p") ? "a pointer" : "a number"}`;
}

function fixes(program: Program, { instead, at }: WrongFormat): readonly Fix[] {
  if (instead === undefined || at === undefined) return [];
  return [{ title: `Use ${instead}`, edits: [edit(program, at, instead)], preferred: true }];
}
