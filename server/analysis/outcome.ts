// What the walk over one function's paths has seen, for the rules and for the function's callers.
import type { LockFlavour } from "../knowledge/schema.ts";
import type { Expr } from "../syntax/ast.ts";
import type { Span } from "../text/lines.ts";
import type { Freed, Held, Owned } from "./state.ts";
import type { AcquireSite, Condition, FreeEffect, Site, SleepSite } from "./summary.ts";
import type { Failure, Value } from "./values.ts";

/** One way the function ends. */
export interface FunctionExit extends Span {
  readonly value: Value;
  readonly locks: ReadonlyMap<string, Held>;
  readonly done: ReadonlySet<string>;
  readonly dropped: ReadonlySet<string>;
  readonly owned: ReadonlyMap<string, Owned>;
  readonly given: ReadonlySet<string>;
  /** Given back without having been obtained here, as `release:handle`. */
  readonly lent: ReadonlySet<string>;
  readonly freed: ReadonlyMap<string, Freed>;
  readonly uncertain: boolean;
  /** What is returned, when the function had obtained it and hands it on. */
  readonly gave?: Owned;
  /** What the path knows of parameters that never change. */
  readonly params: ReadonlyMap<string, Value>;
  /** The variable that is returned, if it is a plain one. */
  readonly variable?: string;
  /** The end of the body without a return statement. */
  readonly implicit: boolean;
}

/** A sleeping call is reached while a lock that forbids it is held. */
export interface SleepUnderLock {
  readonly held: Held;
  readonly site: SleepSite;
}

/** A lock is taken that is already held. */
export interface DoubleLock extends Span {
  readonly held: Held;
  /** The lock as the function names it. */
  readonly key: string;
  /** Taken again inside this function of the driver, at this place. */
  readonly inside?: Site;
}

/** How interrupts stand at a point, as far as the function itself shows. */
export interface Masking {
  readonly irqsOff: boolean;
  readonly bhOff: boolean;
  /** A lock that forbids sleeping is held. */
  readonly atomic: boolean;
}

export interface Acquisition extends Span, Masking {
  readonly held: Held;
  /** It gives up rather than wait (spin_trylock). */
  readonly tries: boolean;
}

/** A lock is taken while others are held. */
export interface LockOrder extends Span {
  readonly under: readonly Held[];
  readonly taken: Held;
  /** It is taken inside this function of the driver, at this place. */
  readonly inside?: AcquireSite;
}

/** A function of the driver is called while locks are held. */
export interface CallUnder extends Span {
  readonly callee: string;
  readonly under: readonly Held[];
}

/** A call of a function that the driver may define. */
export interface CallSite extends Span, Masking {
  readonly callee: string;
  /** What the path knows of parameters and members. */
  readonly conditions: readonly Condition[];
  /** The path knows that it may sleep. */
  readonly maySleepHere: boolean;
  /** The path has released a lock of its caller. */
  readonly released?: true;
  /** Locks of the kernel itself that are held; absent when that is not known, and in what an older version kept. */
  readonly globals?: readonly string[];
}

/** A call that wants a lock, on a path that does not hold it. */
export interface Wanting extends Span {
  readonly callee: string;
  /** The kernel's own name of the lock. */
  readonly lock: string;
  /** The callee is the driver's own, and the kernel holds the lock when it calls it as this. */
  readonly operation?: string;
}

/** A member is read and written back. */
export interface Change extends Span {
  readonly target: Expr;
  readonly held: readonly Held[];
  /** What is known of the locks is a guess. */
  readonly uncertain: boolean;
}

/** A failed call's result is used as if it had not failed. */
export interface UncheckedUse extends Span {
  readonly place: string;
  readonly failure: Failure;
}

/** The only name of something obtained gets another value. */
export interface Lost extends Span {
  readonly owned: Owned;
}

/** Memory is used, or freed again, after it was freed. */
export interface AfterFree extends Span {
  readonly freed: Freed;
  /** The pointer as it is written here. */
  readonly place: string;
  readonly how: "followed" | "passed" | "freed";
  /** The function that it is passed to. */
  readonly to?: string;
  /** It is freed again inside a function of the driver. */
  readonly inside?: FreeEffect;
}

/** An allocation that may not sleep, with whether anything on the path forbids sleeping. */
export interface AllocationSite extends Span {
  readonly callee: string;
  readonly gfp: string;
  readonly gfpSpan: Span;
  readonly locksHeld: boolean;
}

export interface Outcome {
  readonly exits: FunctionExit[];
  readonly sleepsUnderLock: SleepUnderLock[];
  readonly doubleLocks: DoubleLock[];
  readonly acquisitions: Acquisition[];
  readonly callSites: CallSite[];
  readonly orders: LockOrder[];
  readonly callsUnder: CallUnder[];
  /** Calls that want a lock which is not held. */
  readonly wanting: Wanting[];
  readonly changes: Change[];
  readonly unchecked: UncheckedUse[];
  readonly lost: Lost[];
  readonly afterFree: AfterFree[];
  readonly atomicAllocations: AllocationSite[];
  /** Floating point outside kernel_fpu_begin and _end. */
  readonly floats: Span[];
  /** Places that some path of the function gives back, by their last word: `clk` of `priv->clk`. */
  readonly released: Set<string>;
  /** The bound on the number of paths was reached: what was not seen may still happen. */
  cut: boolean;
}

export function emptyOutcome(): Outcome {
  return {
    exits: [],
    sleepsUnderLock: [],
    doubleLocks: [],
    acquisitions: [],
    callSites: [],
    orders: [],
    callsUnder: [],
    wanting: [],
    changes: [],
    unchecked: [],
    lost: [],
    afterFree: [],
    atomicAllocations: [],
    floats: [],
    released: new Set(),
    cut: false,
  };
}

/** How people call a kind of lock. */
export function flavourName(flavour: LockFlavour): string {
  switch (flavour) {
    case "spin":
      return "spinlock";
    case "raw-spin":
      return "raw spinlock";
    case "read-spin":
    case "write-spin":
      return "rwlock";
    case "mutex":
      return "mutex";
    case "read-sleep":
    case "write-sleep":
      return "rw_semaphore";
    case "semaphore":
      return "semaphore";
    case "rcu":
      return "RCU read-side critical section";
    case "srcu":
      return "SRCU read-side critical section";
    case "preempt":
      return "preemption disabled";
    case "bh":
      return "bottom halves disabled";
    case "irq":
      return "interrupts disabled";
    case "fpu":
      return "kernel FPU section";
    case "seq-write":
      return "seqlock write section";
  }
}
