// User space: processes with memory of their own below TASK_SIZE, and the copying between it and the kernel.
import type { Steps } from "../engine/interfaces.ts";
import { roundUp } from "../engine/layout.ts";
import type { Task } from "../engine/task.ts";
import { PAGE_SIZE, TASK_SIZE, USER_SLOTS, USER_START, USER_STRIDE } from "./addresses.ts";
import type { Core } from "./core.ts";
import type { FaultInjection } from "./fault-injection.ts";
import { encode } from "./text.ts";

interface AddressSpace {
  readonly start: number;
  /** The first byte that is not given out. */
  end: number;
}

/** As with mmap_min_addr: a process's NULL and what is near it are never memory. */
const FIRST = 0x10000;
const BYTES = 0x40000;
/** A page that is cleared, and one that comes from a disk. */
const MINOR = 2_000;
const MAJOR = 5_000_000;
const MIGHT_FAULT = "include/linux/uaccess.h:195";

/** Files that processes have mapped: their pages are those of the kernel, or of devices. */
export interface MappedMemory {
  /** Whether files are mapped where an address lies, if anything is. */
  owns(address: number): boolean;
  /** Brings a page in: 0, or the signal that the process gets where there is none. */
  reach(address: number, isWrite: boolean): Steps<number>;
  /** Where the kernel finds a byte; 0 where it is not memory, or not there. */
  kernelAddress(address: number): number;
}

export class UserMemory {
  /** There once files can be mapped. */
  mapped: MappedMemory | undefined;
  private readonly core: Core;
  private readonly spaces = new Map<Task, AddressSpace>();
  private slots = 0;
  /** Pages that no access has brought in, and how long that takes in nanoseconds. */
  private readonly absent = new Map<number, number>();
  private readonly faults: FaultInjection;

  constructor(core: Core, faults: FaultInjection) {
    this.core = core;
    this.faults = faults;
  }

  /**
   * Cleared memory of the running process, with a hole of a page behind it. As with malloc() its pages come into being
   * when they are first touched; `swapped` ones are fetched from a disk.
   */
  allocate(bytes: number, swapped = false): number {
    const space = this.spaceOf(this.core.task);
    const address = space.end;
    const end = roundUp(address + bytes, PAGE_SIZE) + PAGE_SIZE;
    if (end > space.start + FIRST + BYTES) return 0;
    space.end = end;
    this.core.memory.allow(address, bytes);
    for (let at = address; at < address + bytes; at += PAGE_SIZE) this.absent.set(at, swapped ? MAJOR : MINOR);
    return address;
  }

  /** The process itself touches its memory: it waits for the pages outside of any system call. */
  touch(address: number, bytes: number): void {
    for (let at = address - (address % PAGE_SIZE); at < address + bytes; at += PAGE_SIZE) this.absent.delete(at);
  }

  /** Memory of the running process with a text and its NUL. */
  text(text: string): number {
    const bytes = encode(text);
    const address = this.allocate(bytes.length + 1);
    if (address === 0) return 0;
    this.core.memory.bytesAt(address, bytes.length).set(bytes);
    this.touch(address, bytes.length + 1);
    return address;
  }

  /** access_ok(): whether a range lies below TASK_SIZE, mapped or not. */
  accessOk(address: number, bytes: number): boolean {
    return address + bytes <= TASK_SIZE;
  }

  /** copy_to_user(): bytes that could not be copied. A page fault that cannot be served ends the copy where it is. */
  *copyTo(to: number, from: number, bytes: number, callee = "_copy_to_user", where = MIGHT_FAULT): Steps<number> {
    this.core.mightSleep(callee, where);
    return this.faults.shouldFail("fail_usercopy") ? bytes : yield* this.rawTo(to, from, bytes);
  }

  /** raw_copy_to_user(). */
  *rawTo(to: number, from: number, bytes: number): Steps<number> {
    this.core.memory.touch(from, bytes, false);
    const can = yield* this.reach(to, bytes, true);
    this.leaks(to, from, can);
    this.put(to, this.core.memory.bytesAt(from, can));
    return bytes - can;
  }

  /** copy_from_user(): what could not be copied is cleared. */
  *copyFrom(to: number, from: number, bytes: number, callee = "_copy_from_user", where = MIGHT_FAULT): Steps<number> {
    this.core.mightSleep(callee, where);
    if (this.faults.shouldFail("fail_usercopy")) return bytes;
    const left = yield* this.rawFrom(to, from, bytes);
    if (left > 0) this.core.memory.bytesAt(to + bytes - left, left).fill(0);
    return left;
  }

  /** raw_copy_from_user(): what could not be copied stays as it was. */
  *rawFrom(to: number, from: number, bytes: number): Steps<number> {
    this.core.memory.touch(to, bytes, true);
    const can = yield* this.reach(from, bytes);
    this.core.memory.bytesAt(to, can).set(this.take(from, can));
    return bytes - can;
  }

  /** __copy_to_user_inatomic(): absent pages are not fetched. */
  copyToInAtomic(to: number, from: number, bytes: number): number {
    this.core.memory.touch(from, bytes, false);
    const can = this.present(to, bytes);
    this.leaks(to, from, can);
    this.put(to, this.core.memory.bytesAt(from, can));
    return bytes - can;
  }

  /** __copy_from_user_inatomic(). */
  copyFromInAtomic(to: number, from: number, bytes: number): number {
    this.core.memory.touch(to, bytes, true);
    const can = this.present(from, bytes);
    this.core.memory.bytesAt(to, can).set(this.take(from, can));
    return bytes - can;
  }

  /** Tells of bytes that nobody wrote since they were allocated, kmsan_copy_to_user(). */
  private leaks(to: number, from: number, bytes: number): void {
    const found = this.core.memory.unwrittenIn(from, bytes);
    if (found === undefined) return;
    this.core.emit({ kind: "info-leak", from, to, bytes, ...found, stack: this.core.stack() });
  }

  /** put_user() of a value that came from `from`, where nobody wrote it. */
  leaked(to: number, from: number, bytes: number): void {
    this.core.emit({ kind: "info-leak", from, to, bytes, first: 0, last: bytes - 1, stack: this.core.stack() });
  }

  *clear(to: number, bytes: number): Steps<number> {
    this.core.mightSleep("clear_user", MIGHT_FAULT);
    const can = yield* this.reach(to, bytes, true);
    this.put(to, new Uint8Array(can));
    return bytes - can;
  }

  /**
   * How many bytes from an address are memory of the running process. Its first touch of a page faults, and the task
   * sleeps until the page is there; where it must not sleep, the page is as good as none (faulthandler_disabled()).
   */
  *reach(address: number, bytes: number, isWrite = false): Steps<number> {
    const { mapped } = this;
    if (mapped?.owns(address) === true) {
      for (let at = address; at < address + bytes; at += PAGE_SIZE - (at % PAGE_SIZE)) {
        if ((yield* mapped.reach(at, isWrite)) !== 0 || mapped.kernelAddress(at) === 0) return at - address;
      }
      return bytes;
    }
    const can = this.backed(address, bytes);
    const { core } = this;
    for (let at = address - (address % PAGE_SIZE); at < address + can; at += PAGE_SIZE) {
      const wait = this.absent.get(at);
      if (wait === undefined) continue;
      if (core.inAtomic || core.context.irqsDisabled) return Math.max(0, at - address);
      yield* core.sleep(wait, "page fault");
      this.absent.delete(at);
    }
    return can;
  }

  /** Bytes of user space where `reach` has been. */
  take(address: number, bytes: number): Uint8Array {
    const taken = new Uint8Array(bytes);
    for (const [at, piece] of this.pieces(address, bytes)) taken.set(piece, at);
    return taken;
  }

  /** Writes bytes of user space where `reach` has been. */
  put(address: number, bytes: Uint8Array): void {
    let done = 0;
    for (const [at, piece] of this.pieces(address, bytes.length)) {
      piece.set(bytes.subarray(at, at + piece.length));
      done += piece.length;
    }
    if (done < bytes.length) throw new Error("user memory is written that was not reached");
  }

  /** Whether a range is memory of the running process, mapped files left out. */
  isOwn(address: number, bytes: number): boolean {
    return this.backed(address, bytes) === bytes;
  }

  /** Where what the running process has of user space begins. */
  startOf(task: Task): number {
    return this.spaceOf(task).start;
  }

  /** Where a range of user space really lies: as it is, or page by page where a file is mapped. */
  private *pieces(address: number, bytes: number): Generator<[at: number, piece: Uint8Array], void> {
    const { mapped } = this;
    if (bytes === 0) return;
    if (mapped?.owns(address) !== true) {
      yield [0, this.core.memory.bytesAt(address, bytes)];
      return;
    }
    for (let at = 0; at < bytes; ) {
      const length = Math.min(bytes - at, PAGE_SIZE - ((address + at) % PAGE_SIZE));
      yield [at, this.core.memory.bytesAt(mapped.kernelAddress(address + at), length)];
      at += length;
    }
  }

  /** The same without fetching pages. */
  private present(address: number, bytes: number): number {
    const { mapped } = this;
    if (mapped?.owns(address) === true) {
      for (let at = address; at < address + bytes; at += PAGE_SIZE - (at % PAGE_SIZE)) {
        if (mapped.kernelAddress(at) === 0) return at - address;
      }
      return bytes;
    }
    const can = this.backed(address, bytes);
    for (let at = address - (address % PAGE_SIZE); at < address + can; at += PAGE_SIZE) {
      if (this.absent.has(at)) return Math.max(0, at - address);
    }
    return can;
  }

  private backed(address: number, bytes: number): number {
    if (!this.accessOk(address, bytes)) return 0;
    const space = this.spaces.get(this.core.task);
    if (space === undefined || address < space.start || address >= space.end) return 0;
    let can = 0;
    while (can < bytes && this.isBacked(address + can)) can++;
    return can;
  }

  /** The shadow says which bytes were given out, though the kernel never reaches them directly. */
  private isBacked(address: number): boolean {
    const code = this.core.memory.shadowAt(address);
    return code === 0 || (code < 8 && (address & 7) < code);
  }

  private spaceOf(task: Task): AddressSpace {
    let space = this.spaces.get(task);
    if (space === undefined) {
      this.reclaim();
      if (this.slots >= USER_SLOTS) throw new Error("no room for more processes");
      const start = USER_START + this.slots++ * USER_STRIDE;
      this.core.memory.map(start, FIRST + BYTES, { user: true });
      space = { start, end: start + FIRST };
      this.spaces.set(task, space);
    }
    return space;
  }

  /** When all slots are in use, those of processes that are gone are given out again. */
  private reclaim(): void {
    if (this.slots < USER_SLOTS) return;
    const gone = [...this.spaces.keys()].every((task) => task.state === "done");
    if (!gone) return;
    this.spaces.clear();
    this.slots = 0;
  }
}
