// What the engine, the front ends and the kernel agree on: programs of statements, activations, why they stop.
import type { Layout } from "./layout.ts";

/** A statement of a driver: the unit in which the simulated world is stepped. Lines and columns count from 1. */
export interface Site {
  readonly id: number;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  /** The function it stands in; `<module>` for file scope. */
  readonly fn: string;
}

/** Something in a driver's source that keeps it, or a part of it, from running. */
export interface Problem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/**
 * A value as it passes between drivers and the kernel: integers up to 32 bits and addresses are numbers, 64-bit
 * integers bigints; undefined is void. Nothing else crosses: strings, structs and functions go by address.
 */
export type Raw = number | bigint | undefined;

/**
 * The type of an argument or result of a kernel function, for the language faces.
 * `size` takes bytes or, in TypeScript, a layout; `like` is a layout that only TypeScript passes, to say what a
 * `void *` result points to; `string` is the address of a C string; `callback` the address of a function, in TypeScript
 * any function or arrow; `format` a printk format, the last fixed argument, after which any scalars and strings follow;
 * `any` the argument of a macro that takes integers of every width and pointers.
 */
export type Type =
  | "void"
  | "int"
  | "bool"
  | "u8"
  | "u16"
  | "u32"
  | "u64"
  | "s64"
  /** 64 bits, unsigned, that TypeScript has in a number: a sector_t. */
  | "sector"
  | "ptr"
  | "user"
  | "iomem"
  | "string"
  | "callback"
  | "size"
  | "like"
  | "format"
  | "any"
  /** A pointer to this struct. */
  | Layout;

export interface KernelFunction {
  readonly kind: "function";
  readonly name: string;
  readonly params: readonly Type[];
  /**
   * `arg0`: a pointer to the layout given as first argument, or to anything when it was a number. `same`: a pointer to
   * what the first argument points to. `first`: the first argument itself. `like`: see Type.
   */
  readonly returns: Type | "arg0" | "same" | "first";
  /** The result may be NULL, or an ERR_PTR: TypeScript then gives null, or an ErrPtr. */
  readonly mayBeNull?: boolean | undefined;
  readonly mayBeErrPtr?: boolean | undefined;
  /** So many of the last parameters may be left out. */
  readonly optional?: number | undefined;
  /** Arguments whose text a macro takes too (`#lock`), 0-based: addresses of strings with it follow the others. */
  readonly stringizes?: readonly number[] | undefined;
  /** Pointers of whose target a macro takes the size (`sizeof(*p)`), 0-based: the sizes in bytes follow, 0 when unknown. */
  readonly measures?: readonly number[] | undefined;
  /** Raw arguments, without those of type `like`; a generator when the function may block or calls back into drivers. */
  call(args: readonly Raw[]): Raw | Steps<Raw>;
  /** It may return a generator, where it has to wait or calls drivers; it has begun then, up to there. */
  readonly steps: boolean;
}

export type KernelExport = KernelFunction | { readonly kind: "constant"; readonly value: number | string } | Layout;

/** What drivers may import, by header: `linux/slab` → `kmalloc`. */
export interface SymbolTable {
  find(header: string, name: string): KernelExport | undefined;
  /** Names of a header, sorted; undefined when there is no such header. */
  names(header: string): readonly string[] | undefined;
  /** Tables of one edition have the same names, of the same types: what one lacks, others lack too. */
  readonly edition?: object | undefined;
}

/** A compiled driver. It holds no state; every run makes images of its own. */
export interface Program {
  readonly language: "typescript" | "c";
  readonly sites: readonly Site[];
  readonly problems: readonly Problem[];
  link(world: World): Image;
}

/** What an image needs of the run it belongs to. */
export interface World {
  readonly symbols: SymbolTable;
  readonly memory: Memory;
  /** Gives a function an address (0x7f000000 + 16·n), so that it can be stored, compared and called by the kernel. */
  addFunction(image: Image, name: string, entry: unknown): number;
  /** The address of a string constant, the same for equal strings of a run. */
  literal(text: string): number;
  /** The text of a C string in memory. */
  textAt(address: number): string;
  readonly stack: StackAllocator;
  /** Room for a file-scope struct; it lives as long as the image. */
  global(bytes: number, align: number, name: string): number;
  /** Nobody will look at variables of drivers: they run faster, and frames have no scopes. */
  readonly isBare?: boolean;
  /** Statements to which people make calls jump: their functions are compiled so that this is possible. */
  readonly jumps?: readonly Site[];
  /** A driver is about to call the kernel, after which others may run, or interrupts come. */
  entering?(): void;
  /** A fraction is about to become an integer; `target` says where: `edu_dev.count`, `argument 2 of writel`, `u32`. */
  onFloat?(value: number, target: string): void;
}

/** Local structs of the running task. */
export interface StackAllocator {
  push(bytes: number, align: number): number;
  mark(): number;
  /** Throws a StackOverflow when calls nested so deep have no room beside what was pushed. */
  nest?(depth: number): void;
  /** Gives everything back that was pushed since `mark`. */
  release(mark: number): void;
}

/** A program in a run, with its globals. */
export interface Image {
  readonly program: Program;
  /** What only linking shows: unknown imports, wrong numbers of arguments, formats. With any, `start` faults at once. */
  readonly problems?: readonly Problem[];
  /** One byte a site; not 0: stop before it. */
  readonly breakpoints: Uint8Array;
  /** Starts a call of a function that `addFunction` was told of. */
  call(entry: unknown, args: readonly Raw[]): Activation;
  /** Runs file scope: struct definitions, constants, `module_init(…)`. */
  start(): Activation;
  globals(): readonly Variable[];
  /** What the program exports under a name, once file scope has run; undefined when it exports nothing of this name. */
  exported?(name: string): Exported | undefined;
  /** Told in the middle of a statement when objects of its language have come to take much more room than before. */
  onMuch?: (() => void) | undefined;
}

export type Exported =
  /** Numbers, texts, truth values, arrays and objects of them: a copy. */
  { readonly kind: "data"; readonly value: unknown } | { readonly kind: "function"; readonly address: number };

/** A running call, suspended between two statements whenever `run` has returned. */
export interface Activation {
  /**
   * Runs at most `budget` statements. `value` is what the activation was waiting for: the result of the call that it
   * asked for. A statement with a breakpoint at which `run` starts is run; one that is reached stops.
   */
  run(budget: number, value?: Raw): Stop;
  /** Statements run by the last `run`; while it runs, so far, the one that is being run not among them. */
  readonly used: number;
  /** While it runs: it is to run at most so many statements in all, fewer than it was told. */
  shorten?(budget: number): void;
  /** It stands before a statement, which is about to run. */
  readonly isAtStatement?: boolean;
  /**
   * Where it stands before a statement: the innermost call goes on at another one of its function, without running what
   * lies between. Only for one of the `jumps` of its world, at which its frame finds no obstacle.
   */
  jump?(to: Site): void;
  /** Innermost first; empty for code of the kernel itself. */
  frames(): readonly Frame[];
  /** The statements of the frames: for who only wants to know where it is. */
  sites(): readonly Site[];
  /** The first of them. */
  readonly site: Site | undefined;
}

export type Stop =
  | { readonly kind: "budget" }
  /** About to run a statement with a breakpoint. */
  | { readonly kind: "breakpoint"; readonly site: Site }
  /** Waits until the kernel wakes the task. */
  | { readonly kind: "block"; readonly on: WaitToken }
  /** Goes on at once, but interrupts that are due come first; `gives`: so do other tasks of its CPU. */
  | { readonly kind: "yield"; readonly gives?: true }
  /** Wants a function called, on the same task, and goes on with its result. */
  | { readonly kind: "call"; readonly address: number; readonly args: readonly Raw[] }
  /** The task ends here, however deep it is in calls. */
  | { readonly kind: "exit"; readonly value: Raw }
  /** The driver did something that ends its task: an oops. */
  | { readonly kind: "fault"; readonly fault: Fault }
  | { readonly kind: "done"; readonly value: Raw };

/** Kernel code that may block or call drivers: it yields `block`, `yield`, `call` and `fault` stops, and is sent call results. */
export type Steps<T> = Generator<Stop, T, Raw>;

/** What a blocked task waits for; opaque to the engine but for the words. */
export interface WaitToken {
  readonly words: string;
  /** Of the queue on which it waits. */
  readonly address?: number;
  /** The task keeps its CPU while it waits, as for a spinlock. */
  readonly spins?: true;
}

/** An access that the machine could not make. */
export interface FaultedAccess {
  readonly address: number;
  readonly bytes: number;
  readonly isWrite: boolean;
  /** What lies there was to be called. */
  readonly isFetch?: true;
}

export interface Fault {
  /** As the kernel would begin the report: `BUG: kernel NULL pointer dereference, address: 00000004`. */
  readonly message: string;
  /** What could not be touched, when that is why. */
  readonly access?: FaultedAccess;
  /** The kernel stack is full. */
  readonly isOverflow?: boolean;
}

export interface Frame {
  readonly fn: string;
  /** The same for as long as the call lasts, and another one for every other call. */
  readonly call?: object;
  /** The statement about to run in the innermost frame, or the one that made the call in outer ones. */
  readonly site: Site;
  scopes(): readonly Scope[];
  /** Those of its variables that are parameters of its function. */
  readonly parameters: ReadonlySet<string>;
  /**
   * Where in memory something lies that an expression of the frame's language names, a member or an element; undefined
   * when it lies in none. Throws an Error that says what is wrong with the expression.
   */
  place?(source: string): Place | undefined;
  /** Evaluates an expression of the frame's language without side effects; throws an Error that says what is wrong. */
  evaluate(source: string): Variable;
  /** Why the call, which is about to run its statement, cannot go on at another one; undefined when it can. */
  obstacle?(to: Site): string | undefined;
  set(name: string, source: string): Variable;
}

export interface Scope {
  readonly name: string;
  readonly variables: readonly Variable[];
}

/** A range of memory. */
export interface Place {
  readonly address: number;
  readonly bytes: number;
}

/** A value for people. */
export interface Variable {
  readonly name: string;
  /** As shown: `42`, `NULL`, `struct edu_dev @ 10002040`. */
  readonly value: string;
  readonly type: string;
  /** Address of the object, where it has one. */
  readonly address?: number;
  /** Where the value itself lies, if in memory: for a pointer, the pointer and not what it points to. */
  readonly place?: Place;
  /** An array has so many elements, of which `children` gives some. */
  readonly length?: number;
  children?(start?: number, count?: number): readonly Variable[];
}

/** One heap for all drivers and the kernel: 32-bit addresses, little endian. */
export interface Memory {
  /** An access by a driver: checked; a bad one is noted, and one that no memory backs throws a `MemoryFault`. */
  load(address: number, bytes: 1 | 2 | 4, signed: boolean): number;
  store(address: number, bytes: 1 | 2 | 4, value: number): void;
  load64(address: number, signed: boolean): bigint;
  store64(address: number, value: bigint): void;
  /** The same without checks, for views and for the kernel's own bookkeeping. */
  peek(address: number, bytes: 1 | 2 | 4): number;
  poke(address: number, bytes: 1 | 2 | 4, value: number): void;
}

/** An access that the machine cannot make: the front end turns it into a `fault` stop. */
export class MemoryFault extends Error {
  readonly address: number;
  readonly isWrite: boolean;
  readonly bytes: number;

  constructor(address: number, isWrite: boolean, bytes = 1) {
    super(pageFault(address));
    this.address = address;
    this.isWrite = isWrite;
    this.bytes = bytes;
  }
}

/** The stack of a task, `start` to `end`, is full: the guard page below it is hit. */
export class StackOverflow extends MemoryFault {
  constructor(address: number, start: number, end: number) {
    super(address, true);
    this.message = `BUG: TASK stack guard page was hit at ${hex(address)} (stack is ${hex(start)}..${hex(end)})`;
  }
}

/** How a task ends that made such an access. */
export function faultOfAccess(error: MemoryFault): Fault {
  const { message, address, isWrite, bytes } = error;
  return error instanceof StackOverflow
    ? { message, isOverflow: true }
    : { message, access: { address, isWrite, bytes } };
}

/** As `show_fault_oops()` begins, arch/x86/mm/fault.c. */
export function pageFault(address: number): string {
  return address >>> 0 < 4096
    ? `BUG: kernel NULL pointer dereference, address: ${hex(address)}`
    : `BUG: unable to handle page fault for address: ${hex(address)}`;
}

/** Eight digits, as the kernel prints a 32-bit pointer. */
export function hex(address: number): string {
  return (address >>> 0).toString(16).padStart(8, "0");
}
