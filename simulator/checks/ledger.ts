// What reports tell beside the defect itself, kept from the trace: which modules are loaded, how each lock has been used.

import type { Moment } from "../engine/trace.ts";
import type { LockName, Taking } from "../kernel/events.ts";
import type { Handlers } from "./handlers.ts";

interface Usage {
  inHardirq: boolean;
  inSoftirq: boolean;
  hardirqsOn: boolean;
  softirqsOn: boolean;
}

/** How lock classes were used: as a writer, as a reader. */
type Usages = Map<string, { readonly write: Usage; readonly read: Usage }>;

/** Why the kernel is not to be trusted any more, in the order of Documentation/admin-guide/tainted-kernels.rst. */
const TAINTS = [
  { letter: "B", place: 5, name: "BAD_PAGE" },
  { letter: "D", place: 7, name: "DIE" },
  { letter: "W", place: 9, name: "WARN" },
  { letter: "O", place: 12, name: "OOT_MODULE" },
] as const;

/** Letters of a tainted kernel; those that we never set are blank. */
const TAINT_LETTERS = 19;

export type Taint = (typeof TAINTS)[number]["letter"];

export class Ledger {
  private readonly taints = new Set<Taint>();
  private readonly loaded: string[] = [];
  /** By lock class: lockdep speaks of all locks that one statement initialises. */
  private readonly usages: Usages = new Map();

  private oopsed = 0;

  readonly handlers: Handlers = {
    oops: () => this.oopsed++,
    "stack-overflow": () => this.oopsed++,
    module: ({ name, phase }) => this.noteModule(name, phase),
    "lock-acquired": (event, moment) => this.noteLock(event.lock, event, moment),
  };

  /** How many oopses there were, this one among them. */
  get oopses(): number {
    return this.oopsed;
  }

  /** Names of the modules, the latest first, as `lsmod` has them. */
  get modules(): readonly string[] {
    return this.loaded;
  }

  taint(letter: Taint): void {
    this.taints.add(letter);
  }

  /** `Not tainted`, or `Tainted: G           O      `. */
  get tainted(): string {
    if (this.taints.size === 0) return "Not tainted";
    const letters = Array.from({ length: TAINT_LETTERS }, (_, place) => {
      const taint = TAINTS.find((one) => one.place === place);
      return taint !== undefined && this.taints.has(taint.letter) ? taint.letter : " ";
    });
    return `Tainted: G${letters.slice(1).join("")}`;
  }

  /** The same in words: `[O]=OOT_MODULE`. */
  get taintNames(): readonly string[] {
    return TAINTS.filter(({ letter }) => this.taints.has(letter)).map(({ letter, name }) => `[${letter}]=${name}`);
  }

  /** Four characters: hardirq write, hardirq read, softirq write, softirq read. */
  usage(lock: LockName): string {
    const usage = this.usages.get(classOf(lock));
    if (usage === undefined) return "....";
    const { write, read } = usage;
    return [
      mark(write.inHardirq, write.hardirqsOn),
      mark(read.inHardirq, read.hardirqsOn),
      mark(write.inSoftirq, write.softirqsOn),
      mark(read.inSoftirq, read.softirqsOn),
    ].join("");
  }

  private noteModule(name: string, phase: "loading" | "live" | "going" | "gone" | "failed"): void {
    const at = this.loaded.indexOf(name);
    // Every driver comes from outside of the kernel's tree.
    if (phase === "loading") this.taint("O");
    if (phase === "loading" && at < 0) this.loaded.unshift(name);
    if ((phase === "gone" || phase === "failed") && at >= 0) this.loaded.splice(at, 1);
  }

  /** mark_usage(): kernel/locking/lockdep.c. */
  private noteLock(lock: LockName, { irqsDisabled, bhDisabled, isTry }: Taking, moment: Moment): void {
    const key = classOf(lock);
    const both = this.usages.get(key) ?? { write: unused(), read: unused() };
    this.usages.set(key, both);
    const usage = lock.isRead ? both.read : both.write;
    if (isTry) {
      // Whoever does not wait for a lock cannot be kept from it by what was interrupted.
    } else if (moment.context === "hardirq") usage.inHardirq = true;
    else if (moment.context === "softirq") usage.inSoftirq = true;
    if (moment.context !== "hardirq" && !irqsDisabled) usage.hardirqsOn = true;
    if (moment.context === "task" && !irqsDisabled && !bhDisabled) usage.softirqsOn = true;
  }
}

function unused(): Usage {
  return { inHardirq: false, inSoftirq: false, hardirqsOn: false, softirqsOn: false };
}

/** What lockdep takes for one lock: all that one statement initialises, each subclass for itself. */
export function classOf(lock: LockName): string {
  let found = CLASSES.get(lock);
  if (found === undefined) {
    const { flavour, name, key, subclass = 0 } = lock;
    found = `${flavour} ${key ?? name} ${subclass}`;
    CLASSES.set(lock, found);
  }
  return found;
}

/** A lock is asked for its class several times whenever it is taken. */
const CLASSES = new WeakMap<LockName, string>();

/** Documentation/locking/lockdep-design.rst, "State". */
function mark(usedIn: boolean, takenWithOn: boolean): string {
  if (usedIn) return takenWithOn ? "?" : "-";
  return takenWithOn ? "+" : ".";
}
