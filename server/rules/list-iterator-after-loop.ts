// list-iterator-after-loop: the iterator of a list is used after its loop, where it may point to no element.
import { eachFunction } from "../analysis/each-function.ts";
import { type UseAfter, usesAfter } from "../analysis/list-walks.ts";
import type { Finding, Rule, Severity } from "./rule.ts";
import { related } from "./wording.ts";

export const listIteratorAfterLoop: Rule = {
  id: "list-iterator-after-loop",
  severity: "warning",
  summary: "The iterator of a list is used after the loop, where it may point to no element.",
  check(program, facts) {
    return eachFunction(listIteratorAfterLoop, program, facts, ({ fn }, program) =>
      usesAfter(fn).map((use): Finding => {
        // As an address it does no harm but by chance.
        const severity: Severity = use.how === "address" ? "information" : "warning";
        return {
          rule: "list-iterator-after-loop",
          severity,
          message: message(use),
          file: program.path,
          function: fn.name,
          start: use.start,
          end: use.end,
          related: [related(program, use.loop.nameSpan, "this loop may end without having found an element")],
          fixes: [],
        };
      }),
    );
  },
};

function message({ how, element, loop }: UseAfter): string {
  if (how === "null-test")
    return `\`${element}\` is never NULL here: after ${loop.name}() that found nothing it points to the list's head as if that were an element`;
  return `\`${element}\` is no element here when ${loop.name}() found nothing: it points to the list's head as if that were one`;
}
