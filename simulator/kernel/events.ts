// What the kernel tells the trace: the checks, the log and the views know of nothing else.

import type { FaultedAccess, Site } from "../engine/interfaces.ts";
import type { BadAccess } from "../engine/memory.ts";
import type { TraceEvent } from "../engine/trace.ts";

/** A call stack as the kernel's reports print it: innermost first, with the contexts it passes. */
export interface StackEntry {
  readonly fn: string;
  /** A statement of a driver; undefined for a function of the kernel itself. */
  readonly site: Site | undefined;
  readonly context: "task" | "softirq" | "hardirq";
}

/** `rcu` for a reader of RCU, which lockdep has among the locks. */
export type LockFlavour = "raw_spinlock" | "spinlock" | "mutex" | "rwlock" | "rwsem" | "rcu";

/** A lock as reports name it: `&dev->lock` (the expression of its initialisation), at an address. */
export interface LockName {
  readonly address: number;
  readonly name: string;
  readonly flavour: LockFlavour;
  /** Which statement initialised it: lockdep takes the locks of one for the same. None: it was not initialised. */
  readonly key?: string;
  /** Of spin_lock_nested() and its kin; 0 when there is none. */
  readonly subclass?: number;
  /** As a reader, beside which there may be others; absent for a writer. */
  readonly isRead?: true;
}

/** How a lock is taken, for lockdep. */
export interface Taking {
  /** It was not waited for. */
  readonly isTry?: true;
  /** A reader that may be there already: read_lock() in an interrupt. */
  readonly isRecursive?: true;
  /** Whether interrupts were off on this CPU before it was taken or by taking it. */
  readonly irqsDisabled?: boolean;
  /** The same of bottom halves. */
  readonly bhDisabled?: boolean;
}

export interface HeldLock extends LockName {
  /** Where it was taken. */
  readonly stack: readonly StackEntry[];
}

/** The state that reports about context print. */
export interface ContextState {
  readonly preemptCount: number;
  readonly irqsDisabled: boolean;
  readonly inAtomic: boolean;
  readonly held: readonly HeldLock[];
  /** Where preemption was last disabled; undefined when it is enabled. */
  readonly preemptDisabledAt: readonly StackEntry[] | undefined;
  /** How deep it is in rcu_read_lock(). */
  readonly rcuDepth?: number;
}

export type KernelEvent =
  | { readonly kind: "printk"; readonly level: number; readonly text: string }
  /** A function that may sleep is entered, whether it does so this time or not. `where` is the kernel's file and line. */
  | {
      readonly kind: "might-sleep";
      readonly callee: string;
      readonly where: string;
      readonly state: ContextState;
      readonly stack: readonly StackEntry[];
    }
  /** The scheduler is entered in atomic context. */
  | { readonly kind: "schedule-atomic"; readonly state: ContextState; readonly stack: readonly StackEntry[] }
  | ({
      readonly kind: "lock-acquire";
      readonly lock: LockName;
      readonly held: readonly HeldLock[];
      readonly stack: readonly StackEntry[];
    } & Taking)
  /** It is already held by the same task, which will wait for ever. */
  | {
      readonly kind: "lock-recursion";
      readonly lock: LockName;
      readonly held: readonly HeldLock[];
      readonly stack: readonly StackEntry[];
    }
  | ({ readonly kind: "lock-acquired"; readonly lock: LockName; readonly stack: readonly StackEntry[] } & Taking)
  /** A lock is used that was not initialised, or whose memory was written over. */
  | {
      readonly kind: "lock-uninitialised";
      readonly lock: LockName;
      /** It stands in static memory, where lockdep takes its address for its class. */
      readonly isStatic: boolean;
      /** What stands in the place of its magic number. */
      readonly magic: number;
      readonly stack: readonly StackEntry[];
    }
  /** Memory is freed in which the running task still holds a lock. */
  | {
      readonly kind: "held-lock-freed";
      readonly lock: LockName;
      readonly address: number;
      readonly bytes: number;
      readonly held: readonly HeldLock[];
      readonly stack: readonly StackEntry[];
    }
  /** RCU_LOCKDEP_WARN(). */
  | {
      readonly kind: "rcu-misuse";
      readonly text: string;
      readonly held: readonly HeldLock[];
      readonly stack: readonly StackEntry[];
    }
  /** A task returns to user space, or ends, with locks. */
  | {
      readonly kind: "locks-held";
      readonly where: "user" | "exit";
      readonly id: number;
      readonly comm: string;
      readonly held: readonly HeldLock[];
      readonly stack: readonly StackEntry[];
    }
  /**
   * What came before `release` is seen by whoever comes to the `acquire` that it lets through: of what orders and is no
   * lock of a task, such as semaphores, completions and grace periods.
   */
  | { readonly kind: "order"; readonly phase: "release" | "acquire"; readonly what: string; readonly address: number }
  | { readonly kind: "lock-release"; readonly lock: LockName; readonly stack: readonly StackEntry[] }
  /** It is released by a task that does not hold it. */
  | {
      readonly kind: "lock-unbalance";
      readonly lock: LockName;
      readonly held: readonly HeldLock[];
      readonly stack: readonly StackEntry[];
    }
  | {
      readonly kind: "alloc";
      readonly address: number;
      readonly bytes: number;
      readonly cache: string;
      readonly stack: readonly StackEntry[];
    }
  | { readonly kind: "free"; readonly address: number; readonly cache: string; readonly stack: readonly StackEntry[] }
  | {
      readonly kind: "bad-access";
      readonly access: BadAccess;
      readonly object: HeapObject | undefined;
      readonly stack: readonly StackEntry[];
    }
  | {
      readonly kind: "bad-free";
      readonly address: number;
      readonly why: "double" | "invalid";
      readonly object: HeapObject | undefined;
      readonly stack: readonly StackEntry[];
    }
  /** Access to device memory outside of any register or mapping, or of a width the device does not take. */
  | {
      readonly kind: "mmio-out-of-range";
      readonly address: number;
      readonly bytes: number;
      readonly isWrite: boolean;
      readonly device: string | undefined;
      readonly offset: number;
      readonly stack: readonly StackEntry[];
    }
  | {
      readonly kind: "mmio";
      readonly device: string;
      readonly offset: number;
      readonly bytes: number;
      readonly isWrite: boolean;
      readonly value: bigint;
      readonly register: string | undefined;
    }
  /** A line of a device's own log. */
  | { readonly kind: "device-log"; readonly device: string; readonly message: string }
  | {
      readonly kind: "kthread";
      readonly phase: "create" | "start" | "stop" | "park" | "unpark" | "exit";
      readonly id: number;
      readonly comm: string;
    }
  /** A work is queued (`cpu` -1: on none in particular), its function is called, it has returned. */
  | {
      readonly kind: "work";
      readonly phase: "queue" | "start" | "done";
      readonly address: number;
      readonly function: string;
      readonly wq: string;
      readonly cpu: number;
    }
  | { readonly kind: "signal"; readonly signal: number; readonly id: number; readonly comm: string }
  /** A task has slept as TASK_UNINTERRUPTIBLE for so long, and still does. */
  | {
      readonly kind: "hung-task";
      readonly id: number;
      readonly comm: string;
      readonly seconds: number;
      readonly stack: readonly StackEntry[];
    }
  /** A task has kept its CPU for so long, waiting for a lock or the like. */
  | {
      readonly kind: "soft-lockup";
      readonly cpu: number;
      readonly id: number;
      readonly comm: string;
      readonly seconds: number;
      readonly stack: readonly StackEntry[];
    }
  /** A CPU has taken no interrupts for too long. */
  | {
      readonly kind: "hard-lockup";
      readonly cpu: number;
      readonly id: number;
      readonly comm: string;
      readonly stack: readonly StackEntry[];
    }
  /** A grace period of RCU does not end: because of what runs on these CPUs, and of readers that wait. */
  | ({ readonly kind: "rcu-stall" } & RcuStall)
  /** smp_processor_id() where the task may lose its CPU. */
  | {
      readonly kind: "processor-id";
      readonly what: string;
      readonly state: ContextState;
      readonly stack: readonly StackEntry[];
    }
  | { readonly kind: "softirq-raise"; readonly vector: number; readonly name: string }
  | { readonly kind: "softirq-enter" | "softirq-exit"; readonly vector: number; readonly name: string }
  /** A timer is set, its function is called, its function has returned. `expires` in jiffies. */
  | {
      readonly kind: "timer";
      readonly phase: "start" | "expire" | "done";
      readonly address: number;
      readonly function: string;
      readonly expires: number;
      readonly cpu: number;
    }
  | {
      readonly kind: "hrtimer";
      readonly phase: "start" | "expire" | "done";
      readonly address: number;
      readonly function: string;
      readonly cpu: number;
    }
  | {
      readonly kind: "tasklet";
      readonly phase: "start" | "done";
      readonly address: number;
      readonly function: string;
      readonly cpu: number;
    }
  /**
   * The life of a timer, work or tasklet, lib/debugobjects.c. Wrong are `free` (its memory or its module goes while it is
   * active), `init` of an active one, and `assert_init`, its use without initialisation; those have a stack.
   */
  | {
      readonly kind: "debug-object";
      readonly action: "init" | "activate" | "deactivate" | "free" | "assert_init";
      readonly type: "timer_list" | "hrtimer" | "work_struct" | "tasklet_struct";
      readonly address: number;
      readonly isActive: boolean;
      /** The function that it is for. */
      readonly hint: string;
      readonly stack: readonly StackEntry[];
    }
  | { readonly kind: "irq-enter"; readonly irq: number; readonly name: string }
  | { readonly kind: "irq-exit"; readonly irq: number; readonly handled: boolean }
  /** No handler of a line cares for its interrupts, or one returns what is no irqreturn_t. */
  | {
      readonly kind: "bad-irq";
      readonly text: string;
      /** As they are printed: `[<7f000010>] edu_irq`. */
      readonly handlers: readonly string[];
      /** Where the handler begins. */
      readonly site: Site | undefined;
      readonly stack: readonly StackEntry[];
    }
  | { readonly kind: "syscall"; readonly name: string; readonly result: number | undefined }
  | {
      readonly kind: "module";
      readonly name: string;
      readonly phase: "loading" | "live" | "going" | "gone" | "failed";
      readonly result: number;
    }
  /** What a module obtained and has not given back when it is gone. */
  | {
      readonly kind: "module-leak";
      readonly module: string;
      readonly what: string;
      readonly count: number;
      readonly bytes: number;
      readonly stack: readonly StackEntry[];
    }
  | {
      readonly kind: "task";
      readonly phase: "start" | "exit" | "block" | "wake";
      readonly id: number;
      readonly comm: string;
      readonly why?: string;
    }
  /** A test case, or a test of a scenario, has ended. */
  | { readonly kind: "test"; readonly name: string; readonly status: "ok" | "not ok" | "skipped" }
  /** mb() and its kin. */
  | { readonly kind: "barrier"; readonly name: string }
  /** A count of references went wrong: `refcount_t: underflow; use-after-free.` */
  | {
      readonly kind: "refcount";
      readonly address: number;
      readonly text: string;
      readonly stack: readonly StackEntry[];
    }
  /** A list's links contradict each other: what CONFIG_DEBUG_LIST finds. */
  | { readonly kind: "list-corruption"; readonly text: string; readonly stack: readonly StackEntry[] }
  /** What CONFIG_DMA_API_DEBUG finds; `mappedAt`: where the mapping was made, if it is about one. */
  | {
      readonly kind: "dma-misuse";
      readonly device: string;
      readonly text: string;
      readonly mappedAt: readonly StackEntry[] | undefined;
      readonly stack: readonly StackEntry[];
    }
  /** User space is told of a device: `add` of `/devices/platform/9000000.ns16550a`. */
  | { readonly kind: "uevent"; readonly action: string; readonly path: string; readonly environment: readonly string[] }
  /** A device has another state. */
  | {
      readonly kind: "lifecycle";
      readonly device: string;
      readonly from: string;
      readonly to: string;
      readonly stack: readonly StackEntry[];
    }
  /** Something is asked of a device or driver that its state does not allow: what the kernel logs without a stack. */
  | { readonly kind: "misuse"; readonly text: string; readonly stack: readonly StackEntry[] }
  /** dump_stack(). */
  | { readonly kind: "dump-stack"; readonly stack: readonly StackEntry[] }
  /** WARN(): the kernel says that something is wrong, and goes on. */
  | {
      readonly kind: "warn";
      /** The check that tells of it, if one does. */
      readonly id?: "irq-misuse" | "lifecycle-misuse";
      /** The statement that it is about, when that is not on the stack any more. */
      readonly site?: Site | undefined;
      readonly text: string;
      /** Its `file:line` in the kernel, when it is the kernel's own; else it is the driver's statement. */
      readonly where?: string;
      readonly stack: readonly StackEntry[];
    }
  /** kmem_cache_destroy() of a cache from which objects are still allocated. */
  | {
      readonly kind: "objects-remain";
      readonly cache: string;
      readonly objects: readonly HeapObject[];
      readonly stack: readonly StackEntry[];
    }
  | {
      readonly kind: "oops";
      readonly message: string;
      /** What could not be touched, when that is why. */
      readonly access?: FaultedAccess | undefined;
      readonly stack: readonly StackEntry[];
    }
  /** copy_to_user() of memory of which the bytes `first` to `last` were never written since it was allocated. */
  | {
      readonly kind: "info-leak";
      readonly from: number;
      readonly to: number;
      readonly bytes: number;
      readonly first: number;
      readonly last: number;
      readonly stack: readonly StackEntry[];
    }
  /** A value that nobody wrote since its memory was allocated was loaded, at `stack`, and used. */
  | {
      readonly kind: "uninit-use";
      readonly address: number;
      readonly bytes: number;
      readonly stack: readonly StackEntry[];
    }
  /** Two accesses that nothing orders, one of them a write: the earlier first, and the value that a write changed. */
  | {
      readonly kind: "data-race";
      readonly first: RacingAccess;
      readonly second: RacingAccess;
      readonly before: bigint;
      readonly after: bigint;
    }
  /** A driver computed a fraction, and puts it where only integers go: `edu_dev.count`. */
  | { readonly kind: "float"; readonly value: number; readonly target: string; readonly stack: readonly StackEntry[] }
  /** A kernel stack is full: the task ends as by an oops. */
  | { readonly kind: "stack-overflow"; readonly message: string; readonly stack: readonly StackEntry[] }
  /** A check's report: the lines go to the kernel log, the id is the static rule's. */
  | {
      readonly kind: "report";
      readonly id: string;
      readonly title: string;
      readonly lines: readonly string[];
      readonly site: Site | undefined;
    };

export interface RcuStall {
  readonly cpus: readonly Staller[];
  readonly blocked: readonly (Staller & { readonly nesting: number })[];
  /** The CPU that found it out. */
  readonly by: number;
  readonly jiffies: number;
  readonly sequence: number;
  readonly callbacks: number;
  readonly ofCpus: number;
}

/** Who keeps others waiting. */
export interface Staller {
  readonly cpu: number;
  readonly id: number;
  readonly comm: string;
  readonly stack: readonly StackEntry[];
}

/** An access of a data race. */
export interface RacingAccess {
  readonly kind: "read" | "write" | "read-write";
  /** By READ_ONCE(), an atomic operation or the like. */
  readonly isMarked: boolean;
  readonly address: number;
  readonly bytes: number;
  readonly cpu: number;
  /** Who made it; undefined for an interrupt, which came on top of `pid`. */
  readonly task: number | undefined;
  readonly pid: number;
  readonly comm: string;
  readonly stack: readonly StackEntry[];
}

export interface HeapObject {
  readonly address: number;
  readonly bytes: number;
  /** `kmalloc-64`. */
  readonly cache: string;
  readonly allocated: HeapTrack;
  readonly freed: HeapTrack | undefined;
  /** The flags with which it was allocated; absent where a function of the kernel itself did. */
  readonly gfp?: number;
}

/** Who allocated or freed an object, and when in virtual time. */
export interface HeapTrack {
  readonly task: number;
  readonly stack: readonly StackEntry[];
  readonly nanos: number;
}

/** The trace carries kernel events; the engine that owns it does not know them. */
export function asKernelEvent(event: TraceEvent): KernelEvent {
  return event as KernelEvent;
}
