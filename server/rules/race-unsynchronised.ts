// race-unsynchronised: what others change at the same time is used without the lock that keeps them out.
import type { Facts } from "../analysis/facts.ts";
import { lostWakeups } from "../analysis/lost-wakeups.ts";
import { lostUpdates } from "../analysis/races.ts";
import { placeOf, spoken } from "../program/places.ts";
import type { Program } from "../program/program.ts";
import type { Finding, Rule } from "./rule.ts";
import { callSteps, contextWords, reachSteps, relatedIn } from "./wording.ts";

export const raceUnsynchronised: Rule = {
  id: "race-unsynchronised",
  severity: "warning",
  summary: "Shared data is used, or a kernel function called, without the lock that keeps others out.",
  check(program, facts) {
    return [...unlocked(program, facts), ...lost(program, facts), ...woken(program)];
  },
};

/** Completions that are made ready too late. */
function woken(program: Program): Finding[] {
  return lostWakeups(program).map(({ fn, place, by, starts, waits, start, end }) => ({
    rule: "race-unsynchronised",
    severity: "warning" as const,
    message: `\`${spoken(place)}\` is ${by === undefined ? "cleared" : "made ready"} only after ${starts.name}(): what ${by === undefined ? "sets" : "completes"} it in between is lost, and ${waits.name}() waits for nothing; ${by === undefined ? "clear it" : `call ${by}()`} first`,
    file: program.path,
    function: fn,
    start,
    end,
    related: [
      relatedIn(program.path, starts, `${starts.name}() starts what ${by === undefined ? "sets" : "completes"} it`),
      relatedIn(program.path, waits, `${waits.name}() waits for it here`),
    ],
    fixes: [],
  }));
}

/** Calls of kernel functions whose callers have to hold a lock. */
function unlocked(program: Program, facts: Facts): Finding[] {
  const found = new Map<string, Finding>();
  for (const { fn, file, wanting, entry, steps } of facts.unlocked) {
    const { callee, lock, operation, start, end } = wanting;
    // Once for each function: whoever takes the lock there takes it for the calls that follow too.
    const id = `${fn} ${lock}`;
    if (file !== program.path || found.has(id)) continue;
    const take = TAKES[lock];
    found.set(id, {
      rule: "race-unsynchronised",
      // What such an operation needs the lock for is not known.
      severity: operation === undefined ? "warning" : "information",
      message: `${callee}() ${operation === undefined ? `wants \`${lock}\` held by its caller` : `is called with \`${lock}\` held as ${operation}`}, and nobody takes it here${take === undefined ? "" : `: call ${take} before`}`,
      file: program.path,
      function: fn,
      start,
      end,
      related: [
        ...(entry === undefined ? callSteps(steps) : reachSteps({ ...NOTHING, entry, steps })),
        relatedIn(program.path, wanting, `${callee}() called here without \`${lock}\``),
      ],
      fixes: [],
    });
  }
  return [...found.values()];
}

/** Members that an interrupt changes too, without the lock that the other side takes. */
function lost(program: Program, facts: Facts): Finding[] {
  const parts = [...facts.functions.values(), ...facts.inlines.values()];
  return lostUpdates(program, parts).flatMap(({ fn, file, change, reach, lock, other }) => {
    if (file !== program.path) return [];
    const place = spoken(placeOf(change.target) ?? "");
    const context = contextWords(other.reach.entry.context);
    return [
      {
        rule: "race-unsynchronised",
        // Whether the interrupt can come at that time is for the device to say.
        severity: "hint" as const,
        message: `\`${place}\` is changed without \`${lock.replace(/^struct /, "")}\`, with which ${other.fn}() changes it in ${context}: one change may be lost`,
        file,
        function: fn,
        start: change.start,
        end: change.end,
        related: [
          ...reachSteps(other.reach),
          relatedIn(other.file, other.change, `changed here with \`${lock.replace(/^struct /, "")}\` held`),
          ...reachSteps(reach),
        ],
        fixes: [],
      },
    ];
  });
}

const NOTHING = { irqsOff: false, bhOff: false, atomic: false, certain: true, conditions: [] } as const;

/** How the kernel's own locks are taken. */
const TAKES: Readonly<Record<string, string>> = {
  rtnl_mutex: "rtnl_lock()",
  pci_rescan_remove_lock: "pci_lock_rescan_remove()",
};
