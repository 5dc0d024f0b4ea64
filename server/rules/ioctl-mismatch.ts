// ioctl-mismatch: the case of an ioctl copies more, less or the other way than its number tells user space.
import { eachFunction } from "../analysis/each-function.ts";
import { type IoctlCopy, ioctlCopies } from "../analysis/ioctl-copies.ts";
import { copiesUser } from "../analysis/user-lengths.ts";
import type { Rule } from "./rule.ts";
import { related } from "./wording.ts";

export const ioctlMismatch: Rule = {
  id: "ioctl-mismatch",
  severity: "hint",
  summary: "An ioctl copies another size, or the other way, than its number says.",
  check(program, facts) {
    if (!copiesUser(program)) return [];
    return eachFunction(ioctlMismatch, program, facts, ({ fn }, program) =>
      ioctlCopies(program, fn).map((copy) => ({
        rule: "ioctl-mismatch",
        severity: "hint" as const,
        message: messageOf(copy),
        file: program.path,
        function: fn.name,
        start: copy.start,
        end: copy.end,
        related: [related(program, copy.label, `\`${copy.name}\` is ${copy.number.body}`)],
        fixes: [],
      })),
    );
  },
};

function messageOf({ name, number, through, from, bytes }: IoctlCopy): string {
  if (bytes !== undefined)
    return `\`${name}\` tells user space of ${number.bytes} bytes (\`${number.argument}\`), and ${through}() copies ${bytes}`;
  const says = from ? "gets its argument and hands over none" : "hands over its argument and gets nothing back";
  const right = from ? (["_IOW", "_IOWR"] as const) : (["_IOR", "_IOWR"] as const);
  return `\`${name}\` is _IO${number.direction}(): it says that user space ${says}, and ${through}() is called here; ${right.join(" or ")} says so`;
}
