// list-del-in-non-safe-iteration: a loop goes on from an element that was taken out of the list or freed.
import { eachFunction } from "../analysis/each-function.ts";
import { type Removal, removals } from "../analysis/list-walks.ts";
import type { Func, Program } from "../program/program.ts";
import { newVariables } from "./checking-fixes.ts";
import type { Edit, Finding, Fix, Rule } from "./rule.ts";
import { edit, related } from "./wording.ts";

export const listDelInNonSafeIteration: Rule = {
  id: "list-del-in-non-safe-iteration",
  severity: "error",
  summary: "A loop over a list takes out or frees the element from which it then goes on.",
  check(program, facts) {
    return eachFunction(listDelInNonSafeIteration, program, facts, ({ fn }, program) =>
      removals(program, fn).map((each): Finding => {
        const { call, callee, element, node, loop, frees } = each;
        const what = frees ? "frees" : /move/.test(callee) ? "moves" : "takes out";
        return {
          rule: "list-del-in-non-safe-iteration",
          severity: "error",
          message: `${callee}() ${what} \`${element}\`, and ${loop.name}() then reads \`${element}->${node}\` to go on`,
          file: program.path,
          function: fn.name,
          start: call.start,
          end: call.end,
          related: [related(program, loop.nameSpan, `${loop.name}() goes on from the element`)],
          fixes: fixes(program, fn, each),
        };
      }),
    );
  },
};

/** The macro that fetches the next element first, where its variable stands among the arguments, and of which type it is. */
const SAFE: Readonly<Record<string, readonly [string, number, string]>> = {
  list_for_each_entry: ["list_for_each_entry_safe", 0, ""],
  list_for_each_entry_reverse: ["list_for_each_entry_safe_reverse", 0, ""],
  hlist_for_each_entry: ["hlist_for_each_entry_safe", 0, "struct hlist_node"],
  hash_for_each: ["hash_for_each_safe", 1, "struct hlist_node"],
  hash_for_each_possible: ["hash_for_each_possible_safe", 1, "struct hlist_node"],
};

function fixes(program: Program, fn: Func, { loop, element }: Removal): readonly Fix[] {
  const { text } = program.file;
  const safe = Object.hasOwn(SAFE, loop.name) ? SAFE[loop.name] : undefined;
  const declared = program.types.localsOf(fn.def).get(element);
  // While a lock is dropped, others may take out the next element.
  if (safe === undefined || declared?.length !== 1 || /unlock/.test(text.slice(loop.start, loop.end))) return [];
  const { type } = declared[0]!;
  const [macro, before, node] = safe;
  const after = loop.args[before]?.end;
  if (type.pointers !== 1 || after === undefined) return [];
  const cursor = { type: `${node === "" ? type.base : node} *`, names: ["next", "tmp", "n"] };
  const made = newVariables(program, { fn }, [cursor]);
  if (made === undefined) return [];
  const edits: readonly Edit[] = [
    ...made.edits,
    edit(program, loop.nameSpan, macro),
    edit(program, { start: after, end: after }, `, ${made.names[0]}`),
  ];
  return [{ title: `Use ${macro}()`, edits, preferred: true }];
}
