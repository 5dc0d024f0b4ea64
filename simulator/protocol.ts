// What the debug adapter and its clients say to each other beyond the debug adapter protocol.

/** Arguments of `launch`, besides those of the protocol. */
export interface LaunchSettings {
  /** The driver: an absolute path to a TypeScript file. */
  readonly program: string;
  /** What user processes and the machine do: a file; without it `NAME.scenario.ts` beside the driver, or a default. */
  readonly scenario?: string;
  /** Every choice of the simulated machine follows from it. */
  readonly seed?: number;
  /** CPUs of the machine, 1 to 8. */
  readonly cpus?: number;
  /** Where a task in the kernel may lose its CPU; `full`, anywhere, without it. */
  readonly preempt?: "none" | "voluntary" | "full";
  /** Bytes of a kernel stack, THREAD_SIZE; 8192 without it. */
  readonly threadSize?: 8192 | 16384;
  /** Looks for data races, as CONFIG_KCSAN; without it where the driver or its scenario asks for that. */
  readonly kcsan?: boolean;
  /** Devices of the machine: names, paths of models (`./counter.ts`), peripherals of CMSIS-SVD files (`chip.svd#UART0`). */
  readonly devices?: readonly string[];
  /** Stops before the first statement. */
  readonly stopOnEntry?: boolean;
  /** Runs without stopping at breakpoints and reports. */
  readonly noDebug?: boolean;
  /** The session ends with the run; without it, the run stands at its end, so that one can go back. */
  readonly exitAtEnd?: boolean;
}

/** Adapter → client, an event: the machine stands still at another moment, so that views are to be read again. */
export type ChangedEvent = "driverlab/changed";

export interface Changed {
  /** Statements run so far: the coordinate of time travel. */
  readonly clock: number;
}

/** Client → adapter, a request without arguments: every lock, who has it and waits for it, and in which order they are taken. */
export type LocksRequest = "driverlab/locks";

export interface Locks {
  /** Those that are held or waited for. */
  readonly locks: readonly Lock[];
  /** All locks that were used, by what lockdep takes for one. */
  readonly classes: readonly LockClass[];
  readonly deadlocks: readonly Deadlock[];
}

export interface Lock {
  /** As the kernel's reports name it: `&edu->lock`. */
  readonly name: string;
  /** Eight hexadecimal digits. */
  readonly address: string;
  /** `spinlock`, `mutex`… */
  readonly flavour: string;
  /** `cat/214 on CPU 1`; undefined when nobody holds it. */
  readonly owner?: string;
  /** Where it was taken, innermost first. */
  readonly takenAt: readonly Place[];
  /** Who waits for it, in order. */
  readonly waiters: readonly string[];
  /** All who hold it: one writer, or any number of readers. */
  readonly owners: readonly LockUser[];
  readonly waiting: readonly LockUser[];
}

/** Who holds a lock or waits for it. */
export interface LockUser {
  readonly task: string;
  readonly isRead: boolean;
  /** Where it took the lock, or waits. */
  readonly place?: Place;
}

export interface LockClass {
  /** `&edu->lock`, with the subclass of nested taking behind it: `&edu->lock/1`. */
  readonly name: string;
  readonly flavour: string;
  /** As lockdep prints it: `-.-.`, of writers and readers in hardirqs, then in softirqs. */
  readonly usage: string;
  readonly uses: readonly LockUse[];
  /** Of locks that nobody has freed yet. */
  readonly instances: readonly Lock[];
  /** What was taken while one of this class was held. */
  readonly before: readonly LockEdge[];
}

/** The first time that a lock of a class was used in a way. */
export interface LockUse {
  /** `IN-HARDIRQ-W`. */
  readonly name: string;
  readonly place?: Place;
}

export interface LockEdge {
  readonly to: string;
  /** Where the second lock was taken first, and the one that was held then. */
  readonly place?: Place;
  readonly heldAt?: Place;
  /** With it, the order went in a circle: names from the second lock by way of others to the first and back. */
  readonly cycle?: readonly string[];
}

/** Tasks each of which waits for a lock of the next, and the last for one of the first. */
export interface Deadlock {
  readonly waits: readonly DeadlockedTask[];
}

export interface DeadlockedTask {
  readonly task: string;
  readonly lock: string;
  readonly place?: Place;
}

/** Client → adapter, a request without arguments: what is allocated, and what was freed lately. */
export type MemoryRequest = "driverlab/memory";

export interface MemoryState {
  /** Live allocations of drivers, by the statement that made them, the largest first. */
  readonly sites: readonly AllocationSite[];
  readonly caches: readonly CacheTotal[];
  /** What modules have to give back before they are gone, and what those that are gone did not. */
  readonly modules: readonly ModuleHoldings[];
  /** Freed objects whose memory is not used again yet, the latest first. */
  readonly quarantine: readonly HeapObjectState[];
  /** Objects in quarantine, of which `quarantine` has the latest. */
  readonly quarantined: number;
}

export interface AllocationSite {
  /** `kzalloc`. */
  readonly fn: string;
  readonly place?: Place;
  /** `kmalloc-64`. */
  readonly cache: string;
  /** `0xdc0(GFP_KERNEL|__GFP_ZERO)`. */
  readonly flags: string;
  readonly bytes: number;
  readonly count: number;
  /** The latest of them. */
  readonly objects: readonly HeapObjectState[];
}

export interface HeapObjectState {
  /** `0x10002040`. */
  readonly address: string;
  readonly bytes: number;
  readonly cache: string;
  /** `insmod 214`, or the number of a task that is over. */
  readonly task: string;
  /** Nanoseconds of virtual time since it was allocated, or freed. */
  readonly ageNanos: number;
  readonly allocatedAt?: Place;
  readonly freedAt?: Place;
  readonly shadow: readonly ShadowRun[];
}

/** Bytes of KASAN's shadow that are the same, each for eight bytes of memory. */
export interface ShadowRun {
  /** `0x10002040`, of the memory. */
  readonly address: string;
  /** `fc`. */
  readonly code: string;
  readonly count: number;
  readonly meaning: string;
}

export interface CacheTotal {
  readonly name: string;
  readonly objects: number;
  readonly bytes: number;
  /** The kernel's own, such as `struct file`. */
  readonly isKernels: boolean;
}

export interface ModuleHoldings {
  readonly module: string;
  readonly isLoaded: boolean;
  readonly holdings: readonly Holding[];
}

export interface Holding {
  /** `kmalloc-64`, `irq 11`. */
  readonly what: string;
  readonly count: number;
  /** 0 for what has no size. */
  readonly bytes: number;
  readonly place?: Place;
}

export interface Place {
  readonly fn: string;
  /** Undefined for a function of the kernel itself. */
  readonly path?: string;
  /** Counts from 1. */
  readonly line?: number;
}

/** Client → adapter, a request without arguments: the registers of every device; looking has no side effects. */
export type RegistersRequest = "driverlab/registers";

export interface Registers {
  readonly devices: readonly DeviceRegisters[];
}

export interface DeviceRegisters {
  readonly name: string;
  readonly registers: readonly RegisterValue[];
}

export interface RegisterValue {
  readonly name: string;
  /** `0x24`. */
  readonly offset: string;
  /** `0x00000001`, in as many digits as the register has. */
  readonly value: string;
  readonly access: string;
  readonly description?: string;
  /** It had another value when the machine stood still before. */
  readonly changed: boolean;
  readonly fields: readonly FieldValue[];
  /** How many bits it has. */
  readonly width: number;
  /** Words of CMSIS-SVD, `oneToClear`: undefined where the bits become what is written. */
  readonly writeEffect?: string;
  /** What a driver's read does to it, `clear`; it may be that of one of its fields. */
  readonly readEffect?: string;
  /** The run stops where a driver or the device does this, `driverlab/breakOn`. */
  readonly breaksOn?: BreakOnAccess;
}

export interface FieldValue {
  readonly name: string;
  /** `7` or `15:8`. */
  readonly bits: string;
  readonly value: string;
  /** What the data sheet calls this value. */
  readonly meaning?: string;
  readonly changed: boolean;
  readonly width: number;
  /** As its register's, where it does not say otherwise. */
  readonly access: string;
  readonly writeEffect?: string;
  readonly readEffect?: string;
  /** What the data sheet calls its values. */
  readonly values?: Readonly<Record<string, string>>;
  readonly description?: string;
  readonly breaksOn?: BreakOnAccess;
}

/** Client → adapter, a request: writes a register or field as a driver would. It becomes a part of the run. */
export type WriteRegisterRequest = "driverlab/writeRegister";

export interface RegisterName {
  readonly device: string;
  readonly register: string;
  readonly field?: string;
}

export interface WriteRegister extends RegisterName {
  /** A number as TypeScript writes it, or what the data sheet calls the value of the field. */
  readonly value: string;
}

/** Client → adapter, a request: data breakpoints besides those that the client sets by the protocol. */
export type BreakOnRequest = "driverlab/breakOn";

/** `write`: when the value changes. */
export type BreakOnAccess = "read" | "write" | "readWrite";

export interface BreakOn extends RegisterName {
  /** Undefined: no more. */
  readonly access?: BreakOnAccess;
}

/** Client → adapter, a request: who read, wrote and changed a register, as far as the run was seen. */
export type AccessesRequest = "driverlab/accesses";

export interface Accesses {
  /** The latest ones, in their order. */
  readonly accesses: readonly RegisterAccess[];
  /** Earlier ones that are left out. */
  readonly omitted: number;
}

export interface RegisterAccess {
  /** Before the statement that made it: `driverlab/seek` leads there. */
  readonly clock: number;
  /** Seconds of virtual time: `0.000123`. */
  readonly time: string;
  /** `change`: by the device itself, or as an effect of what was done to another register; `input`: by a person. */
  readonly kind: "read" | "write" | "change" | "input";
  /** `cat/214`, `CPU 0 hardirq`; empty for the device by itself. */
  readonly who: string;
  /** What was read or written. */
  readonly value: string;
  readonly before: string;
  readonly after: string;
  /** The register whose write or read made the change. */
  readonly cause?: string;
  readonly place?: Place;
}

/** Client → adapter, a request without arguments: the kernel log, as far as the run was seen. */
export type KernelLogRequest = "driverlab/kernelLog";

export interface KernelLog {
  readonly lines: readonly LogLine[];
  /** How many of them were printed before the present moment; the others are to come. */
  readonly present: number;
}

export interface LogLine {
  /** `[    0.000123] edu 0000:00:04.0: ready`. */
  readonly text: string;
  /** 0 (emergency) to 7 (debug). */
  readonly level: number;
  /** Where it was printed, if by a driver. */
  readonly place?: Place;
  /** The same without the time. */
  readonly message: string;
  /** Seconds of virtual time: `0.000123`. */
  readonly time: string;
  /** `cat/214`, `CPU 0 hardirq`. */
  readonly who: string;
  /** Before the statement that printed it: `driverlab/seek` leads there. */
  readonly clock: number;
  /** The same for the lines of one text, such as a report. */
  readonly entry: number;
  /** The report that the text is. */
  readonly report?: { readonly id: string; readonly title: string };
}

/** Client → adapter, a request: the contexts and CPUs in which the lines of a file ran, as far as the run was seen. */
export type LinesRunRequest = "driverlab/linesRun";

export type LinesRunOf = Pick<RunBack, "path">;

export interface LinesRun {
  readonly lines: readonly LineRun[];
  /** Statements of the run that were counted: at most the first million. */
  readonly counted: number;
  /** All of them were. */
  readonly isWhole: boolean;
}

export interface LineRun {
  /** Counts from 1. */
  readonly line: number;
  readonly fn: string;
  readonly runs: readonly ContextRuns[];
}

export type ContextRuns = Readonly<{ context: "task" | "softirq" | "hardirq"; cpu: number; times: number }>;

/** Client → adapter, a request: goes to a moment of the run, by its count of statements. */
export type SeekRequest = "driverlab/seek";

export interface Seek {
  readonly clock: number;
}

/** Client → adapter, requests like `stepBack`, for a thread: into what was called last, and out to the call. */
export type ReverseStepInRequest = "driverlab/reverseStepIn";
export type ReverseStepOutRequest = "driverlab/reverseStepOut";

export interface ReverseStep {
  readonly threadId?: number;
}

/** Client → adapter, a request: back to when a line was about to run last, or to the beginning. */
export type RunBackRequest = "driverlab/runBackTo";

export interface RunBack {
  readonly path: string;
  /** Counts from 1, as does the column. */
  readonly line: number;
  readonly column?: number;
}

/** Client → adapter, a request: back to before the last write of what a data breakpoint could be set on. */
export type LastWriteRequest = "driverlab/lastWrite";

export interface LastWrite {
  /** As `dataBreakpointInfo` gave it. */
  readonly dataId: string;
}

/** Client → adapter, requests without arguments: to the report before this moment, and to the next one. */
export type PreviousReportRequest = "driverlab/previousReport";
export type NextReportRequest = "driverlab/nextReport";

/** Client → adapter, a request without arguments: the reports of the run so far and the moments that they speak of. */
export type MomentsRequest = "driverlab/moments";

export interface Moments {
  readonly reports: readonly MomentsOfReport[];
}

export interface MomentsOfReport {
  readonly id: string;
  readonly title: string;
  /** Before the statement that made it: `driverlab/seek` leads there. */
  readonly clock: number;
  readonly place?: Place;
  /** When the object was allocated and freed, when locks were first taken. */
  readonly related: readonly { readonly what: string; readonly clock: number }[];
}

/** Client → adapter, a request: what a log point would have written over the whole run so far. */
export type LogPastRequest = "driverlab/logPast";

export interface LogPast {
  readonly path: string;
  /** Counts from 1. */
  readonly line: number;
  /** Expressions stand between braces. */
  readonly message: string;
}

export interface LoggedPast {
  readonly lines: readonly { readonly clock: number; readonly text: string }[];
}
