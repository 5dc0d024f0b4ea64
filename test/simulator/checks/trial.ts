// Feeds the checks a made-up trace and gives back what they report.
import { attachChecks } from "../../../simulator/checks/index.ts";
import type { Site } from "../../../simulator/engine/interfaces.ts";
import { LinearMemory } from "../../../simulator/engine/memory.ts";
import { type Context, type Moment, Trace } from "../../../simulator/engine/trace.ts";
import type { ContextState, HeldLock, KernelEvent, LockName, StackEntry } from "../../../simulator/kernel/events.ts";

export type Reported = Extract<KernelEvent, { kind: "report" }>;

export interface Trial {
  readonly memory: LinearMemory;
  readonly reports: readonly Reported[];
  feed(event: KernelEvent, moment?: Partial<Moment>): void;
  /** The text of the only report. */
  text(): string;
}

export const HEAP = 0x10000000;

export function trial(): Trial {
  const memory = new LinearMemory();
  memory.map(HEAP, 0x10000);
  let now: Moment = { clock: 0, nanos: 0, cpu: 0, task: 214, comm: "cat", context: "task", site: undefined };
  const trace = new Trace(() => now);
  const reports: Reported[] = [];
  attachChecks(trace, memory);
  trace.listen((event) => {
    if (event.kind === "report") reports.push(event as Reported);
  });
  return {
    memory,
    reports,
    feed: (event, moment = {}) => {
      now = { ...now, ...moment };
      trace.emit(event);
    },
    text: () => {
      if (reports.length !== 1) throw new Error(`${reports.length} reports: ${reports.map(({ id }) => id).join(" ")}`);
      return `\n${reports[0]!.lines.join("\n")}\n`;
    },
  };
}

export function at(fn: string, line: number, context: Context = "task"): StackEntry {
  return { fn, site: site(fn, line), context };
}

export function inKernel(fn: string, context: Context = "task"): StackEntry {
  return { fn, site: undefined, context };
}

const sites = new Map<string, Site>();

function site(fn: string, line: number): Site {
  const key = `${fn}:${line}`;
  const found = sites.get(key) ?? {
    id: line,
    file: "foo.ts",
    line,
    column: 3,
    endLine: line,
    endColumn: 20,
    fn,
  };
  sites.set(key, found);
  return found;
}

export const lock: LockName = { address: HEAP + 0xa8, name: "&foo->lock", flavour: "spinlock" };
export const mutex: LockName = { address: HEAP + 0xc0, name: "foo_mutex", flavour: "mutex" };

export function held(name: LockName, ...stack: StackEntry[]): HeldLock {
  return { ...name, stack };
}

export function state(change: Partial<ContextState> = {}): ContextState {
  return {
    preemptCount: 0,
    irqsDisabled: false,
    inAtomic: (change.preemptCount ?? 0) !== 0,
    held: [],
    preemptDisabledAt: undefined,
    ...change,
  };
}
