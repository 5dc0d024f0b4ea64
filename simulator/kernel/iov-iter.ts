// struct iov_iter: what read_iter and write_iter of a file copy to and from, in one piece or several.
// Source: lib/iov_iter.c, fs/read_write.c
import type { Raw, StackAllocator, Steps } from "../engine/interfaces.ts";
import { layOut } from "../engine/layout.ts";
import type { Core } from "./core.ts";
import { file, offsetOf } from "./layouts.ts";
import type { UserMemory } from "./user.ts";

const u8 = { kind: "scalar", scalar: "u8" } as const;
const u32 = { kind: "scalar", scalar: "u32" } as const;
const anything = { kind: "pointer", to: "void" } as const;

/** A piece of a buffer: `struct iovec` in user space, `struct kvec` in the kernel. */
export const iovec = layOut("iovec", [
  ["iov_base", anything],
  ["iov_len", u32],
]);

export const kvec = layOut("kvec", [
  ["iov_base", anything],
  ["iov_len", u32],
]);

export const iov_iter = layOut("iov_iter", [
  ["iter_type", u8],
  ["nofault", u8],
  ["data_source", u8],
  ["iov_offset", u32],
  /** The buffer itself, or the address of its pieces. */
  ["ubuf", anything],
  ["count", u32],
  ["nr_segs", u32],
]);

export const kiocb = layOut("kiocb", [
  ["ki_filp", { kind: "pointer", to: file }],
  ["ki_pos", { kind: "scalar", scalar: "s64", safe: true }],
  ["ki_complete", { kind: "pointer", to: "function" }],
  ["private", anything],
  ["ki_flags", { kind: "scalar", scalar: "s32" }],
]);

/** enum iter_type. */
export const ITER_UBUF = 0;
export const ITER_IOVEC = 1;
export const ITER_KVEC = 3;
/** What iov_iter_rw() gives, and the direction that iterators are made with. */
export const READ = 0;
export const WRITE = 1;

/** A piece of a buffer. */
export type Segment = readonly [base: number, bytes: number];

/** Does something with one piece, `done` bytes being done: bytes that it could not do. */
type Piece = (base: number, bytes: number, done: number) => Steps<number>;

export class IovIters {
  private readonly core: Core;
  private readonly user: UserMemory;
  private readonly stack: StackAllocator;

  constructor(core: Core, user: UserMemory, stack: StackAllocator) {
    this.core = core;
    this.user = user;
    this.stack = stack;
  }

  /** iov_iter_ubuf(), iov_iter_init() and iov_iter_kvec(). */
  init(iter: number, type: number, direction: number, base: number, segments: number, count: number): void {
    this.core.memory.touch(iter, iov_iter.size, true);
    this.core.memory.bytesAt(iter, iov_iter.size).fill(0);
    this.core.memory.poke(iter, 1, type);
    this.core.memory.poke(iter + offsetOf(iov_iter, "data_source"), 1, direction);
    this.set(iter, "ubuf", base);
    this.set(iter, "nr_segs", segments);
    this.set(iter, "count", count);
  }

  /** Calls read_iter or write_iter of a file; `position` is the address of what moves on. */
  *call(
    opened: number,
    isWrite: boolean,
    segments: readonly Segment[],
    position: number,
    operate: (args: readonly Raw[]) => Steps<number | undefined>,
  ): Steps<number | undefined> {
    const { memory } = this.core;
    const mark = this.stack.mark();
    const io = this.stack.push(kiocb.size, kiocb.align);
    const iter = this.stack.push(iov_iter.size, iov_iter.align);
    const [first] = segments;
    const total = segments.reduce((sum, [, bytes]) => sum + bytes, 0);
    if (segments.length === 1) this.init(iter, ITER_UBUF, isWrite ? WRITE : READ, first![0], 1, total);
    else this.init(iter, ITER_IOVEC, isWrite ? WRITE : READ, this.imported(segments), segments.length, total);
    memory.bytesAt(io, kiocb.size).fill(0);
    memory.poke(io, 4, opened);
    memory.store64(io + offsetOf(kiocb, "ki_pos"), memory.load64(position, true));
    const result = yield* operate([io, iter]);
    memory.store64(position, memory.load64(io + offsetOf(kiocb, "ki_pos"), true));
    this.stack.release(mark);
    return result;
  }

  /** _copy_to_iter(): bytes copied from the kernel, by which the iterator moves on. */
  *copyTo(iter: number, from: number, bytes: number): Steps<number> {
    if (this.direction(iter) === WRITE) {
      this.core.warn("lib/iov_iter.c", 181, "_copy_to_iter");
      return 0;
    }
    const isKernel = this.isKernel(iter);
    return yield* this.walk(iter, bytes, (base, length, done) =>
      isKernel
        ? this.within(base, from + done, length)
        : this.user.copyTo(base, from + done, length, "_copy_to_iter", "lib/iov_iter.c:184"),
    );
  }

  /** _copy_from_iter(): bytes copied to the kernel. */
  *copyFrom(iter: number, to: number, bytes: number): Steps<number> {
    if (this.direction(iter) !== WRITE) {
      this.core.warn("lib/iov_iter.c", 255, "_copy_from_iter");
      return 0;
    }
    const isKernel = this.isKernel(iter);
    return yield* this.walk(iter, bytes, (base, length, done) =>
      isKernel
        ? this.within(to + done, base, length)
        : this.user.copyFrom(to + done, base, length, "_copy_from_iter", "lib/iov_iter.c:259"),
    );
  }

  /** iov_iter_zero(): bytes cleared. */
  *zero(iter: number, bytes: number): Steps<number> {
    const { memory } = this.core;
    const cleared = function* (base: number, length: number): Steps<number> {
      memory.touch(base, length, true);
      memory.bytesAt(base, length).fill(0);
      yield* [];
      return 0;
    };
    const isKernel = this.isKernel(iter);
    return yield* this.walk(iter, bytes, (base, length) =>
      isKernel ? cleared(base, length) : this.user.clear(base, length),
    );
  }

  /** iov_iter_advance(). */
  advance(iter: number, bytes: number): void {
    const count = Math.min(bytes, this.get(iter, "count"));
    this.set(iter, "iov_offset", this.get(iter, "iov_offset") + count);
    this.set(iter, "count", this.get(iter, "count") - count);
  }

  /** iov_iter_revert(). */
  revert(iter: number, bytes: number): void {
    this.set(iter, "iov_offset", this.get(iter, "iov_offset") - bytes);
    this.set(iter, "count", this.get(iter, "count") + bytes);
  }

  /** iov_iter_truncate(). */
  truncate(iter: number, bytes: number): void {
    this.set(iter, "count", Math.min(bytes, this.get(iter, "count")));
  }

  count(iter: number): number {
    return this.get(iter, "count");
  }

  /** iov_iter_rw(). */
  direction(iter: number): number {
    return this.core.memory.load(iter + offsetOf(iov_iter, "data_source"), 1, false);
  }

  /** Goes through the pieces from where the iterator stands; ends at the first that cannot be done as a whole. */
  private *walk(iter: number, most: number, piece: Piece): Steps<number> {
    let wanted = Math.min(most, this.count(iter));
    let done = 0;
    for (const [base, length] of [...this.pieces(iter)]) {
      if (wanted === 0) break;
      const bytes = Math.min(wanted, length);
      const left = yield* piece(base, bytes, done);
      done += bytes - left;
      wanted -= bytes;
      if (left > 0) break;
    }
    this.advance(iter, done);
    return done;
  }

  /** What is left of the pieces. */
  private *pieces(iter: number): Generator<Segment, void> {
    const { memory } = this.core;
    const at = this.get(iter, "ubuf");
    let skip = this.get(iter, "iov_offset");
    let left = this.count(iter);
    if (this.core.memory.load(iter, 1, false) === ITER_UBUF) {
      if (left > 0) yield [at + skip, left];
      return;
    }
    for (let index = 0; index < this.get(iter, "nr_segs") && left > 0; index++) {
      const vec = at + index * iovec.size;
      const [base, length] = [memory.load(vec, 4, false), memory.load(vec + 4, 4, false)];
      const bytes = Math.min(length - skip, left);
      if (bytes > 0) {
        yield [base + skip, bytes];
        left -= bytes;
      }
      skip = Math.max(0, skip - length);
    }
  }

  private *within(to: number, from: number, bytes: number): Steps<number> {
    const { memory } = this.core;
    memory.touch(from, bytes, false);
    memory.touch(to, bytes, true);
    memory.copy(to, from, bytes);
    yield* [];
    return 0;
  }

  private isKernel(iter: number): boolean {
    return this.core.memory.load(iter, 1, false) === ITER_KVEC;
  }

  /** import_iovec(): the pieces lie on the stack of the system call. */
  private imported(segments: readonly Segment[]): number {
    const at = this.stack.push(iovec.size * segments.length, iovec.align);
    segments.forEach(([base, bytes], index) => {
      this.core.memory.poke(at + index * iovec.size, 4, base);
      this.core.memory.poke(at + index * iovec.size + 4, 4, bytes);
    });
    return at;
  }

  private get(iter: number, member: string): number {
    return this.core.memory.load(iter + offsetOf(iov_iter, member), 4, false);
  }

  private set(iter: number, member: string, value: number): void {
    this.core.memory.store(iter + offsetOf(iov_iter, member), 4, value);
  }
}
