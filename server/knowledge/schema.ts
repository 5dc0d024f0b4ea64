// What the server knows about the kernel's own functions, macros and types: data, each entry with its source.
import type { ExtractedFunction, Provenance } from "./extracted.ts";
import type { Context, MaySleep, Returns } from "./words.ts";

export type { Context, MaySleep, Returns } from "./words.ts";

/** Which interrupts a lock operation also turns off or on again. */
export type IrqEffect = "none" | "irq" | "irqsave" | "bh";

/** spin: spinning, the holder may not sleep. sleep: mutex, rwsem, semaphore. The others have no lock argument. */
export type LockFlavour =
  | "spin"
  | "raw-spin"
  | "read-spin"
  | "write-spin"
  | "mutex"
  | "read-sleep"
  | "write-sleep"
  | "semaphore"
  | "rcu"
  | "srcu"
  | "preempt"
  | "bh"
  | "irq"
  | "fpu"
  | "seq-write";

export interface LockEffect {
  readonly flavour: LockFlavour;
  /** Which argument names the lock, counted from 0; absent for rcu, preempt, bh, irq, fpu. */
  readonly param?: number;
  readonly irq?: IrqEffect;
  /** For trylocks and interruptible locks: the return value with which the lock is held. */
  readonly heldWhen?: "nonzero" | "zero";
  /** For a lock that no argument names: the kernel's own name of it (`rtnl_mutex`, `console_sem`). */
  readonly global?: string;
  /** Whoever holds it may take it again, and releases it as often (sdio_claim_host). */
  readonly nests?: true;
}

/** Something obtained that must be given back on every path that gives up. */
export interface Obtains {
  /** In plain words for messages: `memory`, `clock`, `irq`, `reference`. */
  readonly what: string;
  /** `return`: the returned pointer is the resource. Otherwise the index of the argument that names it. */
  readonly handle: "return" | number;
  /** Functions that give it back, the usual one first; each takes the handle as argument `handleParam` of its own entry. */
  readonly releasedBy: readonly string[];
  /** The argument is the address at which the handle is left (`&fw` of request_firmware: the handle is `fw`). */
  readonly out?: boolean;
  /** The argument is the address of a struct, and this member of it is the handle: `np` of of_parse_phandle_with_args(). */
  readonly member?: string;
  /** It is obtained even when the call fails (the count of pm_runtime_get_sync, the reference of device_register). */
  readonly evenOnFailure?: boolean;
  /** Function that says whether the handle is no good, with the handle as its last argument: `dma_mapping_error`. */
  readonly failureTest?: string;
  /** Function that says whether it is held at all, with the handle as its first argument: `pm_runtime_enabled`. */
  readonly heldTest?: string;
  /** In a function that uses an identifier that begins so (`DL_FLAG_AUTOREMOVE`) others give it back. */
  readonly unless?: string;
  /** A reference beside the one that whoever made the object has: to drop it ends nothing (usb_get_from_anchor). */
  readonly beside?: true;
  /** What a call that fails with a negative errno returns when it succeeds; 0 unless said otherwise. */
  readonly successIs?: "positive" | "zero-or-positive";
  /** Nothing is to be given back when the device was enabled by one of these: `pcim_enable_device`. */
  readonly managedBy?: readonly string[];
}

/** A function handed over to be called later. */
export interface Callback {
  /** Index of the argument that is the function, or that begins its name. */
  readonly param: number;
  /** What the macro appends to the argument to name the function: `_show` for DEVICE_ATTR_RO. */
  readonly suffix?: string;
  readonly context: Context;
  /** How a person names it: `interrupt handler`, `timer function`, `work function`. */
  readonly role: string;
  /** In a file that uses this identifier (`system_bh_wq`) the context is unknown. */
  readonly unless?: string;
}

export interface FunctionFact {
  readonly name: string;
  readonly kind: "function" | "macro";
  readonly maySleep: MaySleep;
  /** In words, for `conditional`. */
  readonly sleepCondition?: string;
  /** Index of the gfp_t argument. */
  readonly gfpParam?: number;
  /** For `conditional`: index of an argument that, when it is the constant 0, keeps it from sleeping. */
  readonly sleepParam?: number;
  /** Contexts in which it may be called, where that is narrower than maySleep says. */
  readonly contexts?: readonly Context[];
  readonly returns?: Returns;
  readonly mustCheck?: boolean;
  /** It takes what it gives from a pool, and waits for it: where its flags let it sleep, it does not fail. */
  readonly waits?: true;
  readonly acquires?: readonly LockEffect[];
  readonly releases?: readonly LockEffect[];
  /** The kernel's own name of a lock that whoever calls it has to hold: `rtnl_mutex`. */
  readonly callerHolds?: string;
  readonly obtains?: Obtains;
  /** Index of the argument that is given back (for release functions). */
  readonly handleParam?: number;
  readonly callbacks?: readonly Callback[];
  /** Arguments that are read or written through at once, so that they may not be NULL. */
  readonly derefs?: readonly number[];
  /** Arguments that may be error pointers: it looks, and gives the error back or does nothing. */
  readonly passesErrors?: readonly number[];
  /** Arguments of which it keeps no pointer after it returned (it neither frees nor stores them). `all`: none is kept. */
  readonly borrows?: readonly number[] | "all";
  readonly noreturn?: boolean;
  /** Arguments that are the callee's from then on, whether it fails or not: `skb` of netif_rx(). */
  readonly takes?: readonly number[];
  /** Arguments that it keeps a pointer to after it returned, until its counterpart is called: `dev_id` of request_irq(). */
  readonly keeps?: readonly number[];
  /** Why this says otherwise than an annotation, a document or the calls in the kernel's own source do. */
  readonly contradicts?: string;
  /** First and last kernel version with it; since null: already in the oldest tree read (6.1). */
  readonly since?: string | null;
  readonly until?: string | null;
  /** Kernel file, with line where it helps, or Documentation/ path. */
  readonly source: string;
  /** How `maySleep` is known. No fact file has this field nor the next two: they are found when the facts are put together. */
  readonly maySleepBy?: "curated" | Provenance;
  /** The calls that lead to the sleeping one, for what was derived. */
  readonly via?: readonly string[];
  /** What the tree of the chosen version says of it: prototype, annotations, number of users. */
  readonly extracted?: ExtractedFunction;
}

/** A loop or scope macro that governs a statement. */
export interface GovernFact {
  readonly name: string;
  readonly kind: "iterator" | "scope";
  /** For iterators: arguments that the loop assigns. */
  readonly assigns?: readonly number[];
  /** For iterators: the current element may be deleted. */
  readonly deleteSafe?: boolean;
  /** The loop holds a reference to its element; who leaves it early has to give that back with this function. */
  readonly elementReleasedBy?: string;
  readonly since?: string | null;
  readonly until?: string | null;
  readonly source: string;
}

/** A struct of callbacks: in which context the kernel calls each member. */
export interface OpsFact {
  /** `struct file_operations`. */
  readonly struct: string;
  readonly kind: "ops";
  /** Member → context; a path for nested ones: `driver.pm`. Members not listed are unknown. */
  readonly members: Readonly<Record<string, Context>>;
  /** How a person names the table: `file operation`. */
  readonly role: string;
  /** Member → identifier, or a pattern of some: in a file that uses it (`nonatomic`) the member's context is unknown. */
  readonly unless?: Readonly<Record<string, string>>;
  /** Member → index of an argument that is the function's from then on, whatever it returns as success: the packet of ndo_start_xmit. */
  readonly takes?: Readonly<Record<string, number>>;
  readonly source: string;
}

/** Size of a type in bytes on a 64-bit kernel, for stack use; only where the size does not depend on the configuration. */
export interface TypeFact {
  readonly name: string;
  readonly kind: "type";
  readonly bytes: number;
  readonly source: string;
}

/** A function or header of the C library, which kernel code does not have. */
export interface LibcFact {
  readonly name: string;
  readonly kind: "libc-function" | "libc-header";
  /** What to use in its place; absent when there is nothing like it. */
  readonly kernel?: string;
  /** Kernel header of the replacement. */
  readonly header?: string;
  /** The replacement takes the same arguments, so that the name alone may be replaced. */
  readonly sameArguments?: boolean;
  readonly source: string;
}

/** A lock class for `guard(name)(lock)` and `scoped_guard(name, lock)`, as DEFINE_GUARD and DEFINE_LOCK_GUARD_* make it. */
export interface GuardFact {
  readonly name: string;
  readonly kind: "guard";
  readonly flavour: LockFlavour;
  readonly irq?: IrqEffect;
  /** The guard may fail to take the lock (`_try`, `_intr`). */
  readonly conditional?: boolean;
  readonly source: string;
}

/** Headers that user space has too, so that including one does not show kernel code. */
export interface UapiHeadersFact {
  readonly name: string;
  readonly kind: "uapi-headers";
  readonly headers: readonly string[];
  readonly source: string;
}

/**
 * What kernels no longer have, or have under another name. name: a function, macro, constant or annotation. call: the
 * same, where only a call of it is meant, because the name is a common word. type, header: as they are written. member:
 * of a struct. arguments: a call with a number of arguments that is no longer right. argument-type: the address of a
 * struct that the function no longer takes. callback: a member whose functions have another signature now.
 */
export type RemovedWhat = "name" | "call" | "type" | "header" | "member" | "arguments" | "argument-type" | "callback";

/** How the old form becomes the new one, where that needs no thought. Each field is one such way. */
export interface RemovedFix {
  /** The name alone is replaced. */
  readonly rename?: string;
  /** For `rename`: only where nothing looks at the result, which is another one. */
  readonly resultUnused?: boolean;
  /** Index of the argument that goes. */
  readonly drop?: number;
  /** For `drop`: only where the argument is one of these texts. */
  readonly when?: readonly string[];
  /** An argument that is added, and the index it gets. */
  readonly insert?: string;
  readonly at?: number;
  /** For a name: the initialiser, or the macro with its line, goes. */
  readonly remove?: boolean;
  /** For a member that is only written: the functions that take the struct and the flags, for `|=` and for `&= ~`. */
  readonly set?: string;
  readonly clear?: string;
}

/** Something that drivers used and that a kernel release does without. */
export interface RemovedFact {
  /** `class_create`, `linux/genhd.h`, `struct timeval`; for members and callbacks `struct file_operations.ioctl`. */
  readonly name: string;
  readonly kind: "removed";
  readonly what: RemovedWhat;
  /** The first release without it. */
  readonly since?: string;
  /** Where that is not known: the oldest release of which a tree was read that lacks it. */
  readonly missing?: string;
  /** The release from which its successor is there; until `since` or `missing` it still works. */
  readonly successor?: string;
  /** Before its successor is there, a hint tells of the change already, with no fix. */
  readonly foretold?: true;
  /** What to do, as the end of a message: `use foo()`; for callbacks the declaration of the member as it is now. */
  readonly instead: string;
  /** For `arguments`: the numbers of arguments of the old form. For `argument-type`: the index of the one. */
  readonly arguments?: readonly number[];
  /** For `argument-type`: the struct that is no longer taken. For `callback`: what the old function returns. */
  readonly type?: string;
  /** For `callback`: the number of parameters of the old function. */
  readonly parameters?: number;
  /** For `callback`: the first parameter of the old function is a pointer to this, without const. */
  readonly first?: string;
  /** For `callback`: index of the parameter that has to be const now. */
  readonly constParameter?: number;
  /** For `member`: reading it is still right. */
  readonly written?: boolean;
  readonly fix?: RemovedFix;
  /** Where the newest tree read shows the new form, or a document that tells of the change. */
  readonly source: string;
}

export type Fact =
  | FunctionFact
  | GovernFact
  | GuardFact
  | UapiHeadersFact
  | OpsFact
  | TypeFact
  | LibcFact
  | RemovedFact;

/** One JSON file: one area of the kernel. */
export interface FactFile {
  readonly schema: 1;
  readonly area: string;
  readonly facts: readonly Fact[];
}
