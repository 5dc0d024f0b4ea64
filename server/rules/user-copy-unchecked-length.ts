// user-copy-unchecked-length: user space chooses how much of a buffer of fixed size is copied, and nothing bounds it.
import { eachFunction } from "../analysis/each-function.ts";
import { outsideValues } from "../analysis/outside-values.ts";
import { copiesUser, type UserLength, userLengths } from "../analysis/user-lengths.ts";
import { spoken } from "../program/places.ts";
import type { Rule } from "./rule.ts";
import { related } from "./wording.ts";

export const userCopyUncheckedLength: Rule = {
  id: "user-copy-unchecked-length",
  severity: "error",
  summary: "A length that user space chose decides, unbounded, how much of a buffer of fixed size is touched.",
  check(program, facts) {
    if (!copiesUser(program)) return [];
    const { any } = outsideValues(program);
    return eachFunction(
      userCopyUncheckedLength,
      program,
      facts,
      ({ fn }, program) =>
        userLengths(program, fn, outsideValues(program)).map((each) => ({
          rule: "user-copy-unchecked-length",
          severity: "error" as const,
          message: messageOf(each),
          file: program.path,
          function: fn.name,
          start: each.start,
          end: each.end,
          related: [
            related(
              program,
              each.from.source,
              /^(read|write)\(\)$/.test(each.from.through)
                ? `\`${each.from.place}\` is what user space passes to ${each.from.through}`
                : `\`${each.from.place}\` comes from user space through ${each.from.through} here`,
            ),
          ],
          fixes: [],
        })),
      any,
    );
  },
};

function messageOf({ kind, buffer, bytes, from }: UserLength): string {
  const name = spoken(buffer);
  const size = bytes === undefined ? "" : ` of ${bytes} bytes`;
  switch (kind) {
    case "fills":
      return `user space chooses how much is written to \`${name}\`${size}: \`${from.place}\` is not bounded`;
    case "reads":
      return `user space chooses how much is read from \`${name}\`${size}: \`${from.place}\` is not bounded, and what lies behind it leaks`;
    case "end":
      return `\`${name}\` has ${bytes} bytes, and \`${from.place}\` may be ${bytes}: the terminator goes one past its end; reject that length too`;
    case "before":
      return `\`${from.place}\` is 0 when user space writes nothing, and \`${name}[${from.place} - 1]\` then lies before the buffer; reject 0 first`;
  }
}
