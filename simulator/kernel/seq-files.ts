// seq_file: files that drivers write as a text, piece by piece, and that users read as they like.
// Source: fs/seq_file.c
import type { Raw, Steps } from "../engine/interfaces.ts";
import { PAGE_SIZE } from "./addresses.ts";
import type { Core } from "./core.ts";
import { errno, isErrPtr } from "./errno.ts";
import { GFP_KERNEL } from "./gfp.ts";
import { plainFunction } from "./kernel-functions.ts";
import { file, offsetOf } from "./layouts.ts";
import type { Log } from "./printk.ts";
import { seq_file, seq_operations } from "./seq-layouts.ts";
import type { Slab } from "./slab.ts";
import { encode } from "./text.ts";
import type { UserMemory } from "./user.ts";
import type { Vmalloc } from "./vmalloc.ts";

const FMODE_PWRITE = 0x10;
const SEEK_SET = 0;
const SEEK_CUR = 1;
const MUTEX = "kernel/locking/mutex.c:586";
/** What start() of a file of one record gives. */
const SEQ_START_TOKEN = 1;

type Word = "buf" | "size" | "from" | "count" | "pad_until" | "op" | "private" | "file";
type Position = "index" | "read_pos";

export class SeqFiles {
  private readonly core: Core;
  private readonly log: Log;
  private readonly slab: Slab;
  private readonly vmalloc: Vmalloc;
  private readonly user: UserMemory;
  private singles: readonly [number, number, number] | undefined;

  constructor(core: Core, log: Log, slab: Slab, vmalloc: Vmalloc, user: UserMemory) {
    this.core = core;
    this.log = log;
    this.slab = slab;
    this.vmalloc = vmalloc;
    this.user = user;
  }

  /** seq_open(): 0; the seq_file becomes the file's private_data. */
  open(of: number, operations: number): number {
    const { memory } = this.core;
    this.slab.mightAlloc(GFP_KERNEL, "seq_open");
    if (memory.load(of + offsetOf(file, "private_data"), 4, false) !== 0) {
      this.core.warn("fs/seq_file.c", 62, "seq_open");
    }
    const m = this.slab.reserve(seq_file.size, "seq_file");
    memory.store(of + offsetOf(file, "private_data"), 4, m);
    this.set(m, "op", operations);
    this.set(m, "file", of);
    // Writing at a position makes no sense where the text is made anew for each reader.
    const mode = of + offsetOf(file, "f_mode");
    memory.poke(mode, 4, memory.peek(mode, 4) & ~FMODE_PWRITE);
    return 0;
  }

  /** __seq_open_private(): cleared memory for the file's own use, in `private`; 0 when there is none. */
  *openPrivate(of: number, operations: number, bytes: number): Steps<number> {
    const made = yield* this.slab.kzalloc(bytes, GFP_KERNEL, "__seq_open_private");
    if (made === 0) return 0;
    this.open(of, operations);
    this.set(this.of(of), "private", made);
    return made;
  }

  release(of: number): number {
    const m = this.of(of);
    this.vmalloc.kvfree(this.get(m, "buf"));
    this.slab.kfree(m);
    return 0;
  }

  releasePrivate(of: number): number {
    const m = this.of(of);
    this.slab.kfree(this.get(m, "private"));
    this.set(m, "private", 0);
    return this.release(of);
  }

  /** single_open(): a file of one record, which `show` writes. `bytes`: of the buffer, where it is known to be large. */
  *singleOpen(of: number, show: number, data: number, bytes = 0): Steps<number> {
    const operations = this.slab.reserve(seq_operations.size, "seq_operations");
    const buffer = bytes === 0 ? 0 : yield* this.vmalloc.kvmalloc(bytes, GFP_KERNEL);
    const [start, next, stop] = this.single;
    const { memory } = this.core;
    for (const [name, address] of Object.entries({ start, next, stop, show })) {
      memory.poke(operations + offsetOf(seq_operations, name), 4, address);
    }
    this.open(of, operations);
    const m = this.of(of);
    this.set(m, "private", data);
    this.set(m, "buf", buffer);
    this.set(m, "size", bytes);
    return 0;
  }

  singleRelease(of: number): number {
    const operations = this.get(this.of(of), "op");
    this.release(of);
    this.slab.kfree(operations);
    return 0;
  }

  /** seq_read(): bytes read, 0 at the end, or a negative errno. */
  *read(of: number, buffer: number, count: number, ppos: number): Steps<number> {
    const m = this.of(of);
    const { memory } = this.core;
    this.core.mightSleep("seq_read", MUTEX);
    if (count === 0) return 0;
    const wanted = memory.load64(ppos, true);
    if (wanted === 0n) {
      this.setPosition(m, "index", 0n);
      this.set(m, "count", 0);
    }
    if (wanted !== this.position(m, "read_pos")) {
      const error = yield* this.traverse(m, wanted);
      this.setPosition(m, "read_pos", error === 0 ? wanted : 0n);
      if (error !== 0) return error;
    }
    if (this.get(m, "buf") === 0 && !(yield* this.newBuffer(m, PAGE_SIZE))) return -errno.ENOMEM;
    let copied = 0;
    let error = 0;
    if (this.get(m, "count") > 0) copied = yield* this.give(m, buffer, count);
    if (this.get(m, "count") === 0) {
      this.set(m, "from", 0);
      error = yield* this.fill(m, count - copied);
      if (error === 0) copied += yield* this.give(m, buffer + copied, count - copied);
    }
    if (copied === 0) return this.get(m, "count") > 0 ? -errno.EFAULT : error;
    memory.store64(ppos, wanted + BigInt(copied));
    this.setPosition(m, "read_pos", this.position(m, "read_pos") + BigInt(copied));
    return copied;
  }

  /** seq_lseek(): the new position, or a negative errno. */
  *lseek(of: number, offset: number, whence: number): Steps<number> {
    const m = this.of(of);
    const { memory } = this.core;
    this.core.mightSleep("seq_lseek", MUTEX);
    const at = of + offsetOf(file, "f_pos");
    const to = whence === SEEK_SET ? offset : whence === SEEK_CUR ? Number(memory.load64(at, true)) + offset : -1;
    if (to < 0) return -errno.EINVAL;
    if (BigInt(to) !== this.position(m, "read_pos")) {
      const error = yield* this.traverse(m, BigInt(to));
      if (error !== 0) {
        memory.store64(at, 0n);
        this.setPosition(m, "read_pos", 0n);
        this.setPosition(m, "index", 0n);
        this.set(m, "count", 0);
        return error;
      }
      this.setPosition(m, "read_pos", BigInt(to));
    }
    memory.store64(at, BigInt(to));
    return to;
  }

  /** seq_puts(), seq_write() and what else adds to the record: a buffer that is full is noticed, and made larger. */
  put(m: number, bytes: readonly number[]): number {
    const { memory } = this.core;
    const count = this.get(m, "count");
    const size = this.get(m, "size");
    if (count + bytes.length >= size) {
      this.set(m, "count", size);
      return -1;
    }
    const to = this.get(m, "buf") + count;
    memory.touch(to, bytes.length, true);
    memory.bytesAt(to, bytes.length).set(bytes);
    this.set(m, "count", count + bytes.length);
    return 0;
  }

  puts(m: number, text: string): void {
    this.put(m, encode(text));
  }

  /** seq_setwidth() and seq_pad(): columns. */
  setWidth(m: number, width: number): void {
    this.set(m, "pad_until", this.get(m, "count") + width);
  }

  pad(m: number, byte: number): void {
    const blanks = this.get(m, "pad_until") - this.get(m, "count");
    if (blanks > 0) this.puts(m, " ".repeat(blanks));
    if (byte !== 0) this.put(m, [byte]);
  }

  /** seq_has_overflowed(). */
  isFull(m: number): boolean {
    return this.get(m, "count") === this.get(m, "size");
  }

  /** The seq_file of an open file. */
  of(of: number): number {
    return this.core.memory.load(of + offsetOf(file, "private_data"), 4, false);
  }

  /** Writes one record at least, and more as far as there is room and somebody wants them. */
  private *fill(m: number, wanted: number): Steps<number> {
    let it = yield* this.start(m);
    let error = 0;
    for (;;) {
      error = isErrPtr(it) ? it | 0 : 0;
      if (it === 0 || isErrPtr(it)) break;
      error = yield* this.show(m, it);
      if (error < 0) break;
      if (error > 0) this.set(m, "count", 0);
      error = 0;
      if (this.get(m, "count") === 0) {
        it = yield* this.next(m, it);
        continue;
      }
      if (!this.isFull(m)) return yield* this.fillMore(m, it, wanted);
      yield* this.stop(m, it);
      this.set(m, "count", 0);
      if (!(yield* this.newBuffer(m, 2 * this.get(m, "size")))) return -errno.ENOMEM;
      it = yield* this.start(m);
    }
    yield* this.stop(m, it);
    this.set(m, "count", 0);
    return error;
  }

  private *fillMore(m: number, first: number, wanted: number): Steps<number> {
    let it = first;
    for (;;) {
      const had = this.get(m, "count");
      const before = this.position(m, "index");
      it = yield* this.next(m, it);
      if (this.position(m, "index") === before) {
        const name = this.core.nameOf(this.operation(m, "next"));
        this.log.write(`seq_file: buggy .next function ${name} did not update position index`, 6);
        this.setPosition(m, "index", before + 1n);
      }
      if (it === 0 || isErrPtr(it) || had >= wanted) break;
      const error = yield* this.show(m, it);
      if (error > 0) this.set(m, "count", had);
      else if (error < 0 || this.isFull(m)) {
        this.set(m, "count", had);
        break;
      }
    }
    yield* this.stop(m, it);
    return 0;
  }

  /** Makes the text up to a position, and forgets it: what is read next begins there. */
  private *traverse(m: number, offset: bigint): Steps<number> {
    for (;;) {
      this.setPosition(m, "index", 0n);
      this.set(m, "count", 0);
      this.set(m, "from", 0);
      if (offset === 0n) return 0;
      if (this.get(m, "buf") === 0 && !(yield* this.newBuffer(m, PAGE_SIZE))) return -errno.ENOMEM;
      const error = yield* this.pass(m, offset);
      if (error !== -errno.EAGAIN) return error;
      if (!(yield* this.newBuffer(m, 2 * this.get(m, "size")))) return -errno.ENOMEM;
    }
  }

  /** -EAGAIN when a record does not fit. */
  private *pass(m: number, offset: bigint): Steps<number> {
    let error = 0;
    let at = 0n;
    let it = yield* this.start(m);
    while (it !== 0) {
      if (isErrPtr(it)) {
        error = it | 0;
        break;
      }
      error = yield* this.show(m, it);
      if (error < 0) break;
      if (error > 0) this.set(m, "count", 0);
      error = 0;
      if (this.isFull(m)) {
        error = -errno.EAGAIN;
        break;
      }
      it = yield* this.next(m, it);
      const count = this.get(m, "count");
      if (at + BigInt(count) > offset) {
        const from = Number(offset - at);
        this.set(m, "from", from);
        this.set(m, "count", count - from);
        break;
      }
      at += BigInt(count);
      this.set(m, "count", 0);
      if (at === offset) break;
    }
    yield* this.stop(m, it);
    if (error === -errno.EAGAIN) this.set(m, "count", 0);
    return error;
  }

  /** Copies to user space what is there; gives the bytes. */
  private *give(m: number, buffer: number, most: number): Steps<number> {
    const count = this.get(m, "count");
    const from = this.get(m, "from");
    const bytes = Math.min(count, most);
    if (bytes === 0) return 0;
    const copied = bytes - (yield* this.user.copyTo(buffer, this.get(m, "buf") + from, bytes));
    this.set(m, "count", count - copied);
    this.set(m, "from", from + copied);
    return copied;
  }

  private *newBuffer(m: number, bytes: number): Steps<boolean> {
    this.vmalloc.kvfree(this.get(m, "buf"));
    const made = yield* this.vmalloc.kvmalloc(bytes, GFP_KERNEL);
    this.set(m, "buf", made);
    this.set(m, "size", made === 0 ? 0 : bytes);
    return made !== 0;
  }

  private operation(m: number, name: string): number {
    return this.core.memory.load(this.get(m, "op") + offsetOf(seq_operations, name), 4, false);
  }

  private *start(m: number): Steps<number> {
    const index = m + offsetOf(seq_file, "index");
    return (yield* this.core.callDriver(this.operation(m, "start"), [m, index])) >>> 0;
  }

  private *next(m: number, it: number): Steps<number> {
    const index = m + offsetOf(seq_file, "index");
    return (yield* this.core.callDriver(this.operation(m, "next"), [m, it, index])) >>> 0;
  }

  private *show(m: number, it: number): Steps<number> {
    return yield* this.core.callDriver(this.operation(m, "show"), [m, it]);
  }

  private *stop(m: number, it: Raw): Steps<void> {
    yield* this.core.callDriver(this.operation(m, "stop"), [m, it]);
  }

  /** single_start(), single_next() and single_stop(), which have addresses once somebody needs them. */
  private get single(): readonly [number, number, number] {
    const { memory, engine } = this.core;
    this.singles ??= [
      plainFunction(engine, "single_start", (_, pos) => (memory.load64(pos!, true) === 0n ? SEQ_START_TOKEN : 0)),
      plainFunction(engine, "single_next", (_, __, pos) => {
        memory.store64(pos!, memory.load64(pos!, true) + 1n);
        return 0;
      }),
      plainFunction(engine, "single_stop", () => undefined),
    ];
    return this.singles;
  }

  private get(m: number, member: Word): number {
    return this.core.memory.load(m + offsetOf(seq_file, member), 4, false);
  }

  private set(m: number, member: Word, value: number): void {
    this.core.memory.store(m + offsetOf(seq_file, member), 4, value);
  }

  private position(m: number, member: Position): bigint {
    return this.core.memory.load64(m + offsetOf(seq_file, member), true);
  }

  private setPosition(m: number, member: Position, value: bigint): void {
    this.core.memory.store64(m + offsetOf(seq_file, member), value);
  }
}
