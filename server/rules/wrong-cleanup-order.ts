// wrong-cleanup-order: something is taken down before what still uses it.
import { stillRegistered } from "../analysis/registrations.ts";
import { type Undone, undone } from "../analysis/teardown.ts";
import { unobtained } from "../analysis/unobtained.ts";
import type { Program } from "../program/program.ts";
import type { Finding, Rule } from "./rule.ts";
import { callSteps, relatedIn } from "./wording.ts";

export const wrongCleanupOrder: Rule = {
  id: "wrong-cleanup-order",
  severity: "warning",
  summary: "Something is stopped or released before what still uses it is.",
  check(program) {
    return [
      ...undone(program)
        .filter(({ how }) => how === "later")
        .map((each) => undoneFinding(program, each, this)),
      ...unobtained(program).map(
        ({ fn, obtain, release, place }): Finding => ({
          rule: this.id,
          severity: this.severity,
          message: `${release.name}() is called for \`${place}\` even when ${obtain.name}() failed: nothing is to be undone then`,
          file: program.path,
          function: fn.name,
          start: obtain.start,
          end: obtain.end,
          related: [relatedIn(program.path, release, `${release.name}() is reached from the failure`)],
          fixes: [],
        }),
      ),
      ...stillRegistered(program).map(
        ({ fn, registration, obtained, release, place, until, start, end }): Finding => ({
          rule: this.id,
          severity: this.severity,
          message: `${release}() releases \`${place}\` while the device that ${registration.name}() registered may still be in use: ${until === undefined ? `it is unregistered only after ${fn.name}() returns` : `call ${until.name}() first`}`,
          file: program.path,
          function: fn.name,
          start,
          end,
          related: [
            relatedIn(obtained.file, obtained, `${obtained.name}() obtained it here, before the device was registered`),
            until === undefined
              ? relatedIn(registration.file, registration, "registered here; the driver core unregisters it")
              : relatedIn(until.file, until, `${until.name}() unregisters it only here`),
          ],
          fixes: [],
        }),
      ),
    ];
  },
};

export function undoneFinding(program: Program, found: Undone, { id, severity }: Rule): Finding {
  const { by, place, use, handler, alive, fn, how, frees } = found;
  const again = `${handler}() may ${frees ? "use it" : by === "destroy_workqueue" ? "queue on it" : "queue it again"}`;
  const ends = frees ? "frees" : "stops";
  const message =
    how === "later"
      ? `${by}() ${ends} \`${place}\` before ${alive.name}(): until then ${again}`
      : how === "managed"
        ? `${by}() ${ends} \`${place}\`, but the interrupt of ${alive.name}() is freed only after ${fn.name}(): until then ${again}`
        : `this action stops \`${place}\` before the interrupt of ${alive.name}() is freed: until then ${again}; add the action first`;
  const keeps = how === "later" ? `${alive.name}() comes only here` : `${alive.name}() requested the interrupt here`;
  return {
    rule: id,
    severity,
    message,
    file: program.path,
    function: fn.name,
    start: found.start,
    end: found.end,
    related: [
      ...callSteps(use.steps),
      relatedIn(
        use.file,
        use,
        use.callee === undefined ? `${use.fn}() follows it here` : `${use.fn}() calls ${use.callee}() here`,
      ),
      relatedIn(alive.file, alive, keeps),
    ],
    fixes: [],
  };
}
