// double-lock: a lock is taken that this path already holds, or released that it does not hold.
import { eachFunction } from "../analysis/each-function.ts";
import type { DoubleLock } from "../analysis/outcome.ts";
import { unheldReleases } from "../analysis/unheld.ts";
import { isInLoop } from "../program/cfg.ts";
import { spoken } from "../program/places.ts";
import type { Func } from "../program/program.ts";
import type { Rule } from "./rule.ts";
import { heldStep, relatedIn } from "./wording.ts";

export const doubleLock: Rule = {
  id: "double-lock",
  severity: "error",
  summary: "A spinlock or mutex is taken again while it is held, which waits for ever, or released while it is not.",
  check(program, facts) {
    return eachFunction(doubleLock, program, facts, ({ fn, outcome }, program) => [
      ...outcome.doubleLocks
        .filter((each) => !isLeftByBreak(fn, each))
        .map(({ held, key, inside, start, end }) => ({
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
      ...unheldReleases(program, fn, outcome).map(({ key, label, taken, released, start, end }) => ({
        rule: "double-lock",
        severity: "error" as const,
        message: `\`${spoken(key)}\` is not held yet: \`${label}\` releases it all the same`,
        file: program.path,
        function: fn.name,
        start,
        end,
        related: [
          relatedIn(program.path, taken, `\`${spoken(key)}\` taken here, which this path skips`),
          relatedIn(program.path, released, `\`${spoken(key)}\` released here`),
        ],
        fixes: [],
      })),
    ]);
  },
};

/**
 * A loop that retries may be left with the lock by `break` and without it at its end; what tells the two apart
 * afterwards, a counter most often, is not known.
 */
function isLeftByBreak({ cfg }: Func, { held, start }: DoubleLock): boolean {
  return isInLoop(cfg, held.at.start) && !isInLoop(cfg, start);
}
