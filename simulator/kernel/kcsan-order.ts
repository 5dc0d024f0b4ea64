// What orders accesses: events of the trace and calls of kernel functions after which one thread has seen what another did.
// Source: Documentation/memory-barriers.txt, tools/memory-model/Documentation/explanation.txt
import type { KernelEvent } from "./events.ts";

/** `release`: what came before is seen by who acquires the same thing later. */
export interface Ordering {
  readonly phase: "release" | "acquire";
  readonly what: string;
}

/** The thing through which all drivers and devices are ordered: writes to registers come before the reads they cause. */
const HARDWARE = "hardware";
/** What was registered before is seen by the system calls and interrupts that come to it. */
const REGISTERED = "registered";
/** System calls that are over are seen by who takes away what they used. */
const USERS = "users";

function release(what: string): Ordering {
  return { phase: "release", what };
}

function acquire(what: string): Ordering {
  return { phase: "acquire", what };
}

/** What an event orders for the thread that it comes from. */
export function orderingsOf(event: KernelEvent, cpu: number): readonly Ordering[] {
  switch (event.kind) {
    case "lock-acquired": {
      const { address, isRead } = event.lock;
      // Readers see what writers did, and writers what all did.
      const writers = acquire(`lock ${address}`);
      return isRead ? [writers] : [writers, acquire(`readers ${address}`)];
    }
    case "lock-release":
      return [release(`${event.lock.isRead ? "readers" : "lock"} ${event.lock.address}`)];
    case "order":
      return [{ phase: event.phase, what: `${event.what} ${event.address}` }];
    case "debug-object":
      return event.action === "activate" ? [release(`activation ${event.address}`)] : [];
    case "work":
    case "timer":
    case "hrtimer":
    case "tasklet":
      return ofDeferred(event);
    case "softirq-raise":
      return [release(`softirq ${event.vector} ${cpu}`)];
    case "softirq-enter":
      return [acquire(`softirq ${event.vector} ${cpu}`)];
    case "irq-enter":
      return [acquire(`irq ${event.irq}`), acquire(HARDWARE)];
    case "irq-exit":
      return [release(`irq ${event.irq}`)];
    case "mmio":
      return [event.isWrite ? release(HARDWARE) : acquire(HARDWARE)];
    case "syscall":
      return [event.result === undefined ? acquire(REGISTERED) : release(USERS)];
    case "kthread":
      if (event.phase === "stop") return [release("kthread")];
      return event.phase === "exit" ? [release("kthread exit")] : [];
    case "task":
      return event.phase === "exit" ? [release(`exit ${event.id}`)] : [];
    case "module":
      return event.phase === "going" ? [acquire(USERS)] : [];
    default:
      return [];
  }
}

type Deferred = Extract<KernelEvent, { kind: "work" | "timer" | "hrtimer" | "tasklet" }>;

/** A function that was put off sees what was done before, and runs on one CPU at a time. */
function ofDeferred({ kind, phase, address }: Deferred): readonly Ordering[] {
  if (phase === "done") return [release(`done ${address}`), ...(kind === "work" ? [release("works")] : [])];
  if (phase === "queue" || (phase === "start" && (kind === "timer" || kind === "hrtimer"))) {
    return [release(`activation ${address}`)];
  }
  return [acquire(`activation ${address}`), acquire(`done ${address}`)];
}

interface Rule {
  readonly names: RegExp;
  /** Done before the function, or once it has returned; `arg` is its first argument. */
  readonly before?: (arg: number) => readonly Ordering[];
  readonly after?: (arg: number) => readonly Ordering[];
}

/** Functions that order by themselves; that they may wait for somebody is seen when they are woken. */
const RULES: readonly Rule[] = [
  {
    names:
      /^(cancel_(delayed_)?work_sync|flush_(delayed_)?work|(timer_(delete|shutdown)|del_timer)_sync|hrtimer_cancel|tasklet_(kill|disable))$/,
    after: (arg) => [acquire(`done ${arg}`)],
  },
  { names: /^(flush|destroy|drain)_workqueue$|^flush_scheduled_work$/, after: () => [acquire("works")] },
  { names: /^(devm_)?request_(threaded_)?irq$|^enable_irq$/, before: () => [release(HARDWARE)] },
  { names: /^(free_irq|disable_irq|synchronize_(hard)?irq)$/, after: (arg) => [acquire(`irq ${arg}`)] },
  { names: /^kthread_should_(stop|park)$/, after: () => [acquire("kthread")] },
  { names: /^kthread_stop(_put)?$/, after: () => [acquire("kthread exit")] },
  { names: /^waitpid$/, after: (arg) => [acquire(`exit ${arg}`)] },
  { names: /^call_rcu$/, before: () => [release("rcu 0")] },
  { names: /^downgrade_write$/, before: (arg) => [release(`lock ${arg}`)] },
  { names: /(^|_)register|_add$|_create|^request_|_enable$/, before: () => [release(REGISTERED)] },
  { names: /unregister|_del$|_remove|_destroy|^free_|_deregister/, after: () => [acquire(USERS)] },
];

const known = new Map<string, readonly Rule[]>();

export function rulesOf(name: string): readonly Rule[] {
  let rules = known.get(name);
  if (rules === undefined) {
    rules = RULES.filter(({ names }) => names.test(name));
    known.set(name, rules);
  }
  return rules;
}

/** How a kernel function touches the memory that a driver gives it. */
export type Touching =
  /** As the driver's own code would. */
  | "plain"
  /** In one step, ordering nothing. */
  | "marked"
  /** In one step, ordering what comes before and behind. */
  | "ordered";

const PLAIN =
  /^h?list_(?!.*_rcu$)|^__(set|clear|change|assign|test_and_\w+)_bit$|^(mem(cpy|move|set|cmp)|str\w+|copy_(to|from)_user)$/;
const ORDERED =
  /^(atomic\w*_(fetch_\w+|\w+_return|\w*xchg|\w+_and_test|add_unless|inc_not_zero|dec_if_positive|add_negative)|test_and_\w+_bit\w*|clear_bit_unlock|clear_and_wake_up_bit|wait_on_bit\w*|kref_put\w*|kref_get_unless_zero|refcount_\w+_and_test|refcount_inc_not_zero|h?list_\w+_rcu)$/;
const MARKED = /^(atomic\w*|(set|clear|change|test|assign)_bit|refcount_\w+|kref_\w+|u64_stats_\w+)$/;

const touchings = new Map<string, Touching | undefined>();

/** Undefined: with the kernel's own care, which is not looked at. */
export function touchingOf(name: string): Touching | undefined {
  if (touchings.has(name)) return touchings.get(name);
  const touching = PLAIN.test(name)
    ? "plain"
    : ORDERED.test(name)
      ? "ordered"
      : MARKED.test(name)
        ? "marked"
        : undefined;
  touchings.set(name, touching);
  return touching;
}

/** What the macros of linux/compiler and their kin say of the access beside them. */
export type Marking = {
  /** The load before the call, or the store behind it. */
  readonly of: "load" | "store";
  readonly ordered?: true;
  /** It may race: data_race(). */
  readonly ignored?: true;
};

const DEREFERENCES = ["", "_bh", "_sched"].flatMap((suffix) => [
  `rcu_dereference${suffix}`,
  `rcu_dereference${suffix}_check`,
]);

export const MARKINGS: ReadonlyMap<string, Marking> = new Map<string, Marking>([
  ["READ_ONCE", { of: "load" }],
  ["WRITE_ONCE", { of: "store" }],
  ["data_race", { of: "load", ignored: true }],
  ["smp_load_acquire", { of: "load", ordered: true }],
  ["smp_store_release", { of: "store", ordered: true }],
  ["rcu_assign_pointer", { of: "store", ordered: true }],
  ["RCU_INIT_POINTER", { of: "store" }],
  ["rcu_access_pointer", { of: "load" }],
  ["srcu_dereference", { of: "load", ordered: true }],
  ["srcu_dereference_check", { of: "load", ordered: true }],
  ["rcu_dereference_raw", { of: "load", ordered: true }],
  ...DEREFERENCES.map((name) => [name, { of: "load", ordered: true }] as const),
]);

/** Barriers: which side of the accesses they order. */
export const BARRIERS: ReadonlyMap<string, "release" | "acquire" | "both"> = new Map([
  ["mb", "both"],
  ["smp_mb", "both"],
  ["smp_mb__before_atomic", "both"],
  ["smp_mb__after_atomic", "both"],
  ["wmb", "release"],
  ["smp_wmb", "release"],
  ["rmb", "acquire"],
  ["smp_rmb", "acquire"],
]);

/** Between these a reader's accesses may race with the writer's: who sees that reads again. */
export const SEQUENCES: ReadonlyMap<string, "begin" | "end"> = new Map([
  ["read_seqbegin", "begin"],
  ["read_seqcount_begin", "begin"],
  ["u64_stats_fetch_begin", "begin"],
  ["write_seqlock", "begin"],
  ["write_seqlock_bh", "begin"],
  ["write_seqlock_irq", "begin"],
  ["write_seqlock_irqsave", "begin"],
  ["write_seqcount_begin", "begin"],
  ["u64_stats_update_begin", "begin"],
  ["read_seqretry", "end"],
  ["read_seqcount_retry", "end"],
  ["u64_stats_fetch_retry", "end"],
  ["write_sequnlock", "end"],
  ["write_sequnlock_bh", "end"],
  ["write_sequnlock_irq", "end"],
  ["write_sequnlock_irqrestore", "end"],
  ["write_seqcount_end", "end"],
  ["u64_stats_update_end", "end"],
]);
