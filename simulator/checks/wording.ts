// The wording that the kernel's reports share: who ran, the call trace, locks, held locks, the frames of lockdep and KASAN.

import { hex, type Site } from "../engine/interfaces.ts";
import type { Moment } from "../engine/trace.ts";
import type { HeldLock, LockFlavour, LockName, StackEntry, Taking } from "../kernel/events.ts";
import type { Ledger } from "./ledger.ts";

const RELEASE = "6.12.0 #1";

/** Seconds since boot, as printk and KASAN have them: `    0.000123`. */
export function timeStamp(nanos: number): string {
  const micros = Math.floor(nanos / 1000);
  const seconds = Math.floor(micros / 1_000_000);
  return `${String(seconds).padStart(5)}.${String(micros % 1_000_000).padStart(6, "0")}`;
}

export function comm(moment: Moment): string {
  return `${moment.comm}/${moment.task}`;
}

/**
 * A frame, for `%pS`. Offsets into machine code mean nothing here, so that it reads as the kernel's own
 * scripts/decode_stacktrace.sh leaves it: `edu_open (edu.ts:43) edu`.
 */
export function frame(entry: StackEntry | undefined): string {
  if (entry === undefined) return "0x0";
  const { fn, site } = entry;
  if (site === undefined) return fn;
  const file = site.file.slice(site.file.lastIndexOf("/") + 1);
  return `${fn} (${file}:${site.line}) ${file.replace(/\.\w+$/, "").replaceAll(/\W/g, "_")}`;
}

/** The innermost statement of a driver: what a report is about. */
export function siteOf(stack: readonly StackEntry[]): Site | undefined {
  return stack.find((entry) => entry.site !== undefined)?.site;
}

/** The driver's call of a kernel function, as lockdep's and KASAN's return addresses name it. */
export function caller(stack: readonly StackEntry[]): StackEntry | undefined {
  return stack.find((entry) => entry.site !== undefined) ?? stack[0];
}

const SECTION = { hardirq: "IRQ", softirq: "SOFTIRQ", task: "TASK" } as const;

/** What dump_stack() prints. */
export function dumpStack(moment: Moment, stack: readonly StackEntry[], ledger: Ledger): string[] {
  const who = `CPU: ${moment.cpu} UID: 0 PID: ${moment.task} Comm: ${moment.comm.slice(0, 20)}`;
  const lines = [
    `${who} ${ledger.tainted} ${RELEASE}`,
    ...(ledger.taintNames.length === 0 ? [] : [`Tainted: ${ledger.taintNames.join(", ")}`]),
    "Hardware name: driverlab",
    "Call Trace:",
  ];
  let section: string | undefined;
  for (const entry of stack) {
    const next = SECTION[entry.context];
    if (next !== section) {
      if (section !== undefined) lines.push(` </${section}>`);
      lines.push(` <${next}>`);
      section = next;
    }
    lines.push(` ${frame(entry)}`);
  }
  if (section !== undefined) lines.push(` </${section}>`);
  return lines;
}

/** Outer and inner wait type with CONFIG_PROVE_RAW_LOCK_NESTING: include/linux/lockdep_types.h. */
const WAIT_TYPE: Readonly<Record<LockFlavour, string>> = {
  raw_spinlock: "{2:2}",
  spinlock: "{3:3}",
  rwlock: "{3:3}",
  mutex: "{4:4}",
  rwsem: "{4:4}",
  rcu: "{1:3}",
};

/** As print_lock_name() has it: with the subclass, if there is one. */
export function className({ name, subclass }: LockName): string {
  return subclass === undefined ? name : `${name}/${subclass}`;
}

/** `10002040 (&dev->lock){+.+.}-{3:3}, at: edu_write (edu.ts:61) edu` */
export function lockToken(lock: LockName, stack: readonly StackEntry[], ledger: Ledger): string {
  return `${hex(lock.address)} ${lockClass(lock, ledger)}, at: ${frame(caller(stack))}`;
}

/** What lockdep_print_held_locks() prints. */
export function heldLocks(held: readonly HeldLock[], moment: Moment, ledger: Ledger): string[] {
  if (held.length === 0) return [`no locks held by ${comm(moment)}.`];
  return [
    `${held.length} lock${held.length === 1 ? "" : "s"} held by ${comm(moment)}:`,
    ...held.map((lock, index) => ` #${index}: ${lockToken(lock, lock.stack, ledger)}`),
  ];
}

/** The name of a lock with its usage and wait type: `(&dev->lock){+.+.}-{3:3}` */
export function lockClass(lock: LockName, ledger: Ledger): string {
  return `(${className(lock)}){${ledger.usage(lock)}}-${WAIT_TYPE[lock.flavour]}`;
}

/** `[HC0[0]:SC0[0]:HE1:SE1]`: in which interrupts it is, and which are on. */
export function irqState({ context }: Moment, { irqsDisabled, bhDisabled }: Taking): string {
  const [hard, soft] = [Number(context === "hardirq"), Number(context === "softirq")];
  return `[HC${hard}[${hard}]:SC${soft}[${soft}]:HE${Number(!irqsDisabled)}:SE${Number(!bhDisabled)}]`;
}

/** A stack without its sections, as lockdep prints those that it kept. */
export function trace(stack: readonly StackEntry[], spaces: number): string[] {
  return stack.map((entry) => `${" ".repeat(spaces)}${frame(entry)}`);
}

/** The head of a lockdep report: a blank line, the title between rules of its own length. */
export function lockdepHead(title: string, ledger: Ledger, line = title.length): string[] {
  return ["", "=".repeat(line), title, `${RELEASE} ${ledger.tainted}`.trimEnd(), "-".repeat(line)];
}

/** KASAN and KCSAN draw this above and below. */
export const RULER = "=".repeat(66);
