// Words that several rules share: how a chain of calls, a held lock and an edit are put.
import type { CallStep, Reach, SleepSite } from "../analysis/facts.ts";
import { flavourName } from "../analysis/outcome.ts";
import type { Held } from "../analysis/state.ts";
import { spoken } from "../program/places.ts";
import type { Program } from "../program/program.ts";
import type { Span } from "../text/lines.ts";
import type { Edit, Related } from "./rule.ts";

export function related(program: Program, at: Span, message: string): Related {
  return { file: program.path, start: at.start, end: at.end, message };
}

/** Whatever knows its own file. */
export function relatedIn(file: string, at: Span, message: string): Related {
  return { file, start: at.start, end: at.end, message };
}

export function callSteps(steps: readonly CallStep[]): Related[] {
  return steps.map((step) => relatedIn(step.file, step, `${step.callee}() called here`));
}

export function edit(program: Program, at: Span, text: string): Edit {
  return { file: program.path, start: at.start, end: at.end, text };
}

/** The held lock for a message: `` `dev->lock` (spinlock) is held `` or `interrupts are disabled`. */
export function heldWords(held: Held): string {
  if (!held.key.startsWith("@")) return `\`${spoken(held.key)}\` (${flavourName(held.flavour)}) is held`;
  switch (held.flavour) {
    case "rcu":
      return "an RCU read-side critical section is open";
    case "fpu":
      return "a kernel_fpu_begin() section is open";
    case "preempt":
      return "preemption is disabled";
    case "bh":
      return "bottom halves are disabled";
    default:
      return "interrupts are disabled";
  }
}

/** Where it began: the first step of a chain. */
export function heldStep(program: Program, held: Held): Related {
  const through = held.via === undefined ? "" : ` by ${held.via}()`;
  if (!held.key.startsWith("@")) return related(program, held.at, `\`${spoken(held.key)}\` taken here${through}`);
  return related(program, held.at, `${BEGINS[held.flavour] ?? "interrupts disabled"} here${through}`);
}

const BEGINS: Readonly<Record<string, string>> = {
  rcu: "RCU read-side critical section entered",
  fpu: "kernel FPU section entered",
  preempt: "preemption disabled",
  bh: "bottom halves disabled",
};

/** How the kernel comes to a function: the registration, then each call. */
export function reachSteps(reach: Reach): Related[] {
  const { entry } = reach;
  return [
    relatedIn(entry.file, entry, `${entry.fn}() is ${article(entry.role)}: it runs in ${contextWords(entry.context)}`),
    ...callSteps(reach.steps),
  ];
}

export function contextWords(context: string): string {
  return context === "atomic" ? "atomic context" : `${context} context`;
}

function article(role: string): string {
  return /^[aeio]/i.test(role) ? `an ${role}` : `a ${role}`;
}

export function sleepWords(site: SleepSite): string {
  return site.gfp === undefined ? `${site.callee}() may sleep` : `${site.callee}(…, ${site.gfp}) may sleep`;
}
