// Calls of kernel functions that want a lock held by their caller, and the ways on which nobody holds it.
import type { FunctionFact } from "../knowledge/schema.ts";
import type { CallEvent } from "../program/cfg.ts";
import type { Program } from "../program/program.ts";
import type { Reach } from "./contexts.ts";
import { type Frame, first, hangsOnCaller } from "./frame.ts";
import type { CallSite, Outcome, Wanting } from "./outcome.ts";
import { type PathState, withMember } from "./state.ts";
import type { CallStep } from "./summary.ts";

/** One way from an entry down to such a call. */
export interface Unlocked {
  readonly fn: string;
  /** The file of the function. */
  readonly file: string;
  readonly wanting: Wanting;
  /** Undefined for a function that nobody in the module calls. */
  readonly entry?: Reach["entry"];
  readonly steps: readonly CallStep[];
}

/** Notes a call whose lock this path does not hold; a path that a caller's argument decides says nothing. */
export function noteWanting(frame: Frame, state: PathState, event: CallEvent, fact: FunctionFact | undefined): void {
  const lock = fact?.callerHolds;
  if (lock === undefined || state.uncertain || state.locks.has(lock) || state.dropped.has(lock)) return;
  if (hangsOnCaller(frame, state)) return;
  if (first(frame, "wanting", event))
    frame.outcome.wanting.push({ callee: fact!.name, lock, start: event.start, end: event.end });
}

/** Locks of the kernel itself that are held on a path; undefined when that is not known, or a caller decides it. */
export function globalsHeld(state: PathState, given: boolean): readonly string[] | undefined {
  if (state.uncertain || given) return undefined;
  return [...state.locks.values()].filter(({ key }) => /^\w+$/.test(key)).map(({ key }) => key);
}

interface Part {
  readonly fn: { readonly name: string; readonly file: string; readonly def: { readonly isStatic: boolean } };
  readonly outcome: Outcome;
  readonly reaches: readonly Reach[];
}

export function unlockedCalls(program: Program, parts: readonly Part[], others: readonly CallSite[]): Unlocked[] {
  const operations = lockedOperations(program, parts);
  return parts.flatMap((part) =>
    (part.outcome.cut ? [] : [...part.outcome.wanting, ...wantedByOperations(part, operations)]).flatMap((each) => {
      const way = unlockedWay(program, parts, others, part, each.lock);
      return way === undefined ? [] : [{ fn: part.fn.name, file: part.fn.file, wanting: each, ...way }];
    }),
  );
}

/** The driver's own functions that the kernel calls with a lock of its own held, and nobody else's entries. */
function lockedOperations(program: Program, parts: readonly Part[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { fn, reaches } of parts) {
    const entries = reaches.filter(({ entry, steps }) => steps.length === 0 && entry.fn === fn.name);
    const role = entries[0]?.entry.role;
    if (role !== undefined && entries.length === 1 && UNDER_RTNL.test(role) && !trustsCallers(program, fn.name))
      found.set(fn.name, role);
  }
  return found;
}

/** `Documentation/networking/netdevices.rst`: rtnl_lock is held, and they change what it guards. */
const UNDER_RTNL = /^network device operation \.ndo_(open|stop|change_mtu|set_features)$/;

function wantedByOperations({ outcome }: Part, operations: ReadonlyMap<string, string>): readonly Wanting[] {
  return outcome.callSites.flatMap(({ callee, globals, start, end }) => {
    const operation = operations.get(callee);
    if (operation === undefined || globals === undefined || globals.includes("rtnl_mutex")) return [];
    return [{ callee, lock: "rtnl_mutex", operation, start, end }];
  });
}

type Way = Pick<Unlocked, "entry" | "steps">;

/** The shortest way on which nobody takes the lock. */
function unlockedWay(
  program: Program,
  parts: readonly Part[],
  others: readonly CallSite[],
  from: Part,
  lock: string,
): Way | undefined {
  const queue: { part: Part; steps: readonly CallStep[] }[] = [{ part: from, steps: [] }];
  let seen: ReadonlySet<string> = new Set();
  for (let item = queue.shift(); item !== undefined; item = queue.shift()) {
    const { part, steps } = item;
    const { name } = part.fn;
    if (seen.has(name) || steps.length > 8 || trustsCallers(program, name)) continue;
    seen = withMember(seen, name);
    const entries = part.reaches.filter((reach) => reach.steps.length === 0 && reach.entry.fn === name);
    const entry = entries.find((reach) => isBare(reach.entry.role, lock))?.entry;
    if (entry !== undefined) return { entry, steps };
    let isCalled = entries.length > 0 || others.some((site) => site.callee === name);
    for (const caller of parts) {
      for (const site of caller.outcome.callSites) {
        if (site.callee !== name) continue;
        isCalled = true;
        if (site.globals === undefined || site.globals.includes(lock) || caller.outcome.cut) continue;
        const step = { callee: name, file: caller.fn.file, start: site.start, end: site.end };
        queue.push({ part: caller, steps: [step, ...steps] });
      }
    }
    // What an exported function is for can only be told from its name.
    if (!isCalled && !part.fn.def.isStatic && /_(remove|shutdown|deinit|suspend|resume)$/.test(name)) return { steps };
  }
  return undefined;
}

/** It says, or asks, whether its callers hold a lock. */
function trustsCallers(program: Program, name: string): boolean {
  const fn = program.functions.get(name) ?? program.inlines.get(name);
  return (
    fn === undefined ||
    /locked|rtnl/.test(name) ||
    fn.cfg.blocks.some(({ events }) =>
      events.some((event) => event.kind === "call" && /^ASSERT_|^lockdep_|_is_locked$/.test(event.name ?? "")),
    )
  );
}

/**
 * Entries that the kernel calls without such a lock. Devices on a PCI bus come and go with the bus's own lock held, and
 * a PHY is suspended by the network device that it belongs to.
 */
function isBare(role: string, lock: string): boolean {
  if (/^(work function|module (init|exit) function|interrupt thread)$/.test(role)) return true;
  if (/^power management/.test(role)) return true;
  const [bus, member] = role.split(" driver .");
  if (member === undefined || !/^(probe|remove|shutdown|disconnect|suspend|resume)$/.test(member)) return false;
  return lock === "rtnl_mutex" ? bus !== "PHY" : bus === "platform";
}
