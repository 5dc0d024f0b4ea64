// Memory that is not allocated by calls: string constants, file-scope structs, structs on kernel stacks.
import { type StackAllocator, StackOverflow } from "../engine/interfaces.ts";
import { roundUp } from "../engine/layout.ts";
import type { LinearMemory } from "../engine/memory.ts";
import type { Task } from "../engine/task.ts";
import {
  DATA_BYTES,
  DATA_START,
  KASAN_GLOBAL_REDZONE,
  KASAN_STACK_LEFT,
  KASAN_STACK_MID,
  STACKS_BYTES,
  STACKS_START,
} from "./addresses.ts";
import type { Core } from "./core.ts";
import { encode } from "./text.ts";

/** Between two variables, so that running over the end of one is seen. */
const REDZONE = 32;

export class Statics {
  readonly stack: KernelStacks;
  private readonly memory: LinearMemory;
  private next = DATA_START + REDZONE;
  private readonly literals = new Map<string, number>();
  private readonly names = new Map<number, string>();

  constructor(core: Core, threadSize: number) {
    this.memory = core.memory;
    this.memory.map(DATA_START, DATA_BYTES);
    this.memory.forbid(DATA_START, DATA_BYTES, KASAN_GLOBAL_REDZONE);
    this.stack = new KernelStacks(core, threadSize);
  }

  /** Room for a variable, cleared; it is never given back. */
  global(bytes: number, align: number, name: string): number {
    const address = roundUp(this.next, Math.max(8, align));
    this.next = roundUp(address + bytes, 8) + REDZONE;
    if (this.next > DATA_START + DATA_BYTES) throw new Error("no room for more static data");
    this.memory.allow(address, bytes);
    this.names.set(address, name);
    return address;
  }

  /** The name of the variable that begins at an address. */
  nameAt(address: number): string | undefined {
    return this.names.get(address >>> 0);
  }

  /** Whether an address lies in static memory. */
  isStatic(address: number): boolean {
    return address >= DATA_START && address < DATA_START + DATA_BYTES;
  }

  /** Whether an address lies on a kernel stack. */
  isStack(address: number): boolean {
    return address >= STACKS_START && address < STACKS_START + STACKS_BYTES;
  }

  /** The address of a string constant; equal texts share one. */
  literal(text: string): number {
    let address = this.literals.get(text);
    if (address === undefined) {
      const bytes = encode(text);
      address = this.global(bytes.length + 1, 1, "");
      this.memory.bytesAt(address, bytes.length).set(bytes);
      this.literals.set(text, address);
    }
    return address;
  }
}

/** What a call needs of the stack besides its local structs: return address, saved registers, a few scalars. */
const FRAME_BYTES = 64;

/**
 * A stack of THREAD_SIZE for each task, growing down; the bytes between two structs are red zones. Functions are no
 * machine code here, so that each call is taken to need FRAME_BYTES.
 */
export class KernelStacks implements StackAllocator {
  private readonly core: Core;
  private readonly tops = new Map<Task, { readonly start: number; top: number }>();
  private readonly free: number[] = [];
  private next = STACKS_START;
  readonly threadSize: number;

  constructor(core: Core, threadSize: number) {
    this.core = core;
    this.threadSize = threadSize;
    core.memory.map(STACKS_START, STACKS_BYTES);
    core.memory.forbid(STACKS_START, STACKS_BYTES, KASAN_STACK_LEFT);
  }

  push(bytes: number, align: number): number {
    const own = this.own();
    const address = Math.floor((own.top - bytes - REDZONE) / Math.max(8, align)) * Math.max(8, align);
    if (address < own.start) throw this.overflow(own.start, address);
    this.core.memory.allow(address, bytes);
    // A local variable holds what was on the stack before, until it is written.
    this.core.memory.neverWritten(address, bytes);
    this.core.memory.forbid(address - REDZONE, REDZONE, KASAN_STACK_LEFT);
    own.top = address - REDZONE;
    return address;
  }

  nest(depth: number): void {
    const own = this.own();
    const address = own.top - depth * FRAME_BYTES;
    if (address < own.start) throw this.overflow(own.start, address);
  }

  private overflow(start: number, address: number): StackOverflow {
    return new StackOverflow(
      Math.min(address, start - REDZONE - 8),
      start - REDZONE,
      start - REDZONE + this.threadSize,
    );
  }

  mark(): number {
    return this.own().top;
  }

  release(mark: number): void {
    const own = this.own();
    this.core.memory.forbid(own.top, mark - own.top, KASAN_STACK_MID);
    own.top = mark;
  }

  /** Bytes of a task's stack that are in use while it is in so many calls; for the views. */
  used(task: Task, depth: number): number {
    const own = this.tops.get(task);
    const pushed = own === undefined ? 0 : own.start - REDZONE + this.threadSize - own.top;
    return Math.min(this.threadSize, pushed + depth * FRAME_BYTES);
  }

  private own(): { readonly start: number; top: number } {
    const { task } = this.core;
    let own = this.tops.get(task);
    if (own === undefined) {
      this.reclaim();
      const start = this.free.pop() ?? this.next;
      if (start === this.next) this.next += this.threadSize;
      if (start + this.threadSize > STACKS_START + STACKS_BYTES) throw new Error("no room for more kernel stacks");
      own = { start: start + REDZONE, top: start + this.threadSize };
      this.tops.set(task, own);
    }
    return own;
  }

  private reclaim(): void {
    for (const [task, { start }] of this.tops) {
      if (task.state !== "done") continue;
      this.tops.delete(task);
      this.free.push(start - REDZONE);
    }
  }
}
