// atomic-plain-access: the counter inside an atomic_t is read or written like a plain variable.
import { eachFunction } from "../analysis/each-function.ts";
import { type PlainAtomic, plainAtomics } from "../analysis/member-uses.ts";
import type { Program } from "../program/program.ts";
import type { Finding, Fix, Rule } from "./rule.ts";
import { edit } from "./wording.ts";

export const atomicPlainAccess: Rule = {
  id: "atomic-plain-access",
  severity: "warning",
  summary: "The counter inside an atomic_t is read or written like a plain variable.",
  check(program, facts) {
    return eachFunction(atomicPlainAccess, program, facts, ({ fn }, program): readonly Finding[] =>
      plainAtomics(program, fn).map((each) => ({
        rule: "atomic-plain-access",
        severity: each.how === "read" ? "information" : "warning",
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

function message({ variable, prefix, how }: PlainAtomic): string {
  if (how === "read") return `\`${variable}\` is atomic, and read past its functions: use ${prefix}_read()`;
  const instead = how === "other" ? "its functions" : `${prefix}_${how}()`;
  const why =
    how === "set"
      ? "may be torn, and hides from whoever looks for it"
      : "is not atomic: a change of another CPU may be lost";
  return `\`${variable}\` is changed past its functions, which ${why}; use ${instead}`;
}

/** Not where the value is used as well, nor where it is not clear what the function has to be given. */
function fixes(
  program: Program,
  { variable, prefix, isArrow, how, value, isStatement, start, end }: PlainAtomic,
): readonly Fix[] {
  if (how === "other" || (how !== "read" && !isStatement)) return [];
  const address = isArrow ? variable : `&${variable}`;
  const text = value === undefined ? "" : program.file.text.slice(value.start, value.end);
  const args = how === "set" ? `${address}, ${text}` : value === undefined ? address : `${text}, ${address}`;
  const name = `${prefix}_${how}`;
  return [{ title: `Use ${name}()`, edits: [edit(program, { start, end }, `${name}(${args})`)], preferred: true }];
}
