// double-lock: a lock is taken that this path already holds.
import { spoken } from "../program/places.ts";
import type { Rule } from "./rule.ts";
import { heldStep, relatedIn } from "./wording.ts";

export const doubleLock: Rule = {
  id: "double-lock",
  severity: "error",
  summary: "A spinlock or mutex is taken again while it is held, which waits for ever.",
  check(program, facts) {
    return [...facts.functions.values()].flatMap(({ fn, outcome }) =>
      outcome.doubleLocks.map(({ held, key, inside, start, end }) => ({
        rule: "double-lock",
        severity: "error" as const,
        message:
          inside === undefined
            ? `\`${spoken(key)}\` is already held: taking it again deadlocks`
            : `\`${spoken(key)}\` is already held: ${inside.fn}() takes it again and deadlocks`,
        file: program.path,
        function: fn.name,
        start,
        end,
        related: [
          heldStep(program, held),
          ...(inside === undefined ? [] : [relatedIn(inside.file, inside, `taken again here, in ${inside.fn}()`)]),
        ],
        fixes: [],
      })),
    );
  },
};
