// What is known of kernel functions, for programs: the answer to `driverlab-check --api`.
import type { Knowledge } from "../knowledge/knowledge.ts";
import type { Context, FunctionFact, LockEffect, LockFlavour, MaySleep, Returns } from "../knowledge/schema.ts";
import { isForAll, kernelFact } from "./kernel-card.ts";

export interface ApiEntry {
  readonly name: string;
  readonly maySleep: MaySleep;
  /** Where it may be called; empty when that is not known or depends on its arguments. */
  readonly contexts: readonly Context[];
  readonly returns: Returns | null;
  readonly mustCheck: boolean;
  /**
   * What it leaves the caller with, as `WHAT WHERE…`: `spinlock argument 0 irqsave`, `mutex argument 0 when zero`,
   * `rcu`, `memory return`, `lock argument 0->lock`. Arguments count from 0.
   */
  readonly acquires: readonly string[];
  /** What it ends, in the same words. */
  readonly releases: readonly string[];
  /** The functions that give back what it acquires, the usual one first. */
  readonly releasedBy: readonly string[];
  /** First kernel release with it; null when the oldest one read has it. */
  readonly since: string | null;
  /** Last kernel release with it; null when the newest one read has it. */
  readonly until: string | null;
  /** File and line in the kernel tree; null for a name that nobody knows. */
  readonly source: string | null;
}

/** A name that the release lacks is answered from another release that has it; one that nobody knows is no error. */
export function apiEntry(knowledge: Knowledge, name: string): ApiEntry {
  const fact = kernelFact(knowledge, name) ?? knowledge.elsewhere(name);
  return {
    name,
    maySleep: fact?.maySleep ?? "unknown",
    contexts: fact === undefined ? [] : contextsOf(fact),
    returns: fact?.returns ?? null,
    mustCheck: fact?.mustCheck ?? false,
    acquires: fact === undefined ? [] : acquired(fact),
    releases: fact === undefined ? [] : released(knowledge, fact),
    releasedBy: fact === undefined ? [] : givenBackBy(knowledge, fact),
    since: fact?.since ?? null,
    until: fact?.until ?? null,
    source: fact?.source ?? null,
  };
}

function contextsOf(fact: FunctionFact): readonly Context[] {
  if (fact.contexts !== undefined) return fact.contexts;
  if (fact.maySleep === "always") return ["process"];
  return isForAll(fact) ? ["process", "softirq", "hardirq", "atomic"] : [];
}

const lockWords: Readonly<Record<LockFlavour, string>> = {
  spin: "spinlock",
  "raw-spin": "raw-spinlock",
  "read-spin": "rwlock-read",
  "write-spin": "rwlock-write",
  mutex: "mutex",
  "read-sleep": "rwsem-read",
  "write-sleep": "rwsem-write",
  semaphore: "semaphore",
  rcu: "rcu",
  srcu: "srcu",
  preempt: "preempt",
  bh: "bh",
  irq: "irq",
  fpu: "fpu",
  "seq-write": "seqlock-write",
};

function acquired({ acquires, obtains, extracted }: FunctionFact): string[] {
  const locks = acquires?.map(effectWords) ?? (extracted?.acquires ?? []).map(annotationWords);
  if (obtains === undefined) return locks;
  return [...locks, `${obtains.what} ${obtains.handle === "return" ? "return" : `argument ${obtains.handle}`}`];
}

function released(knowledge: Knowledge, { name, releases, handleParam, extracted }: FunctionFact): string[] {
  const locks = releases?.map(effectWords) ?? (extracted?.releases ?? []).map(annotationWords);
  const [giver] = knowledge.acquirersOf(name);
  const what = giver === undefined ? undefined : knowledge.fn(giver)?.obtains?.what;
  return handleParam === undefined || what === undefined ? locks : [...locks, `${what} argument ${handleParam}`];
}

function effectWords({ flavour, param, irq, heldWhen, global }: LockEffect): string {
  const words = [lockWords[flavour]];
  if (global !== undefined) words.push(`global ${global}`);
  else if (param !== undefined) words.push(`argument ${param}`);
  if (irq !== undefined && irq !== "none") words.push(irq);
  if (heldWhen !== undefined) words.push(`when ${heldWhen}`);
  return words.join(" ");
}

/** `$0->lock`, as a tree's annotation names a lock of which it does not say the kind. */
function annotationWords(lock: string): string {
  return `lock ${lock.replace(/\$(\d+)/g, "argument $1")}`;
}

function givenBackBy(knowledge: Knowledge, { name, acquires, obtains }: FunctionFact): readonly string[] {
  if (obtains !== undefined) return obtains.releasedBy;
  const effect = acquires?.[0];
  return effect === undefined ? [] : unlocks(knowledge, name, effect);
}

/** Of the functions that end this kind of holding, the one named most like the one that begins it. */
function unlocks(knowledge: Knowledge, name: string, effect: LockEffect): string[] {
  const found: string[] = [];
  for (const { name: other, releases, acquires } of knowledge.functions()) {
    const fits = releases?.some(
      ({ flavour, irq, global }) =>
        flavour === effect.flavour && (irq ?? "none") === (effect.irq ?? "none") && global === effect.global,
    );
    if (fits && acquires === undefined) found.push(other);
  }
  const likeness = (other: string) => commonPrefix(name, other);
  return found.sort((a, b) => likeness(b) - likeness(a) || a.length - b.length || (a < b ? -1 : 1)).slice(0, 1);
}

function commonPrefix(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return length;
}
