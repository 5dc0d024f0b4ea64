// kfifo: rings of elements of one size, which one reader and one writer use without a lock.
// Source: include/linux/kfifo.h, lib/kfifo.c
import type { Steps } from "../engine/interfaces.ts";
import { layOut } from "../engine/layout.ts";
import type { LinearMemory } from "../engine/memory.ts";
import { errno } from "./errno.ts";
import type { Slab } from "./slab.ts";
import { Struct } from "./struct.ts";
import type { UserMemory } from "./user.ts";

const u32 = { kind: "scalar", scalar: "u32" } as const;

/** `in` and `out` count on and on; their difference is what the ring holds. */
export const kfifo = layOut("kfifo", [
  ["in", u32],
  ["out", u32],
  ["mask", u32],
  ["esize", u32],
  ["data", { kind: "pointer", to: "void" }],
]);

/** The parts of the kernel that it stands on. */
interface Parts {
  readonly core: { readonly memory: LinearMemory };
  readonly slab: Slab;
  readonly user: UserMemory;
}

/** A stretch of the ring, which may go round its end. */
interface Stretch {
  readonly at: number;
  readonly bytes: number;
}

export class Kfifos {
  private readonly parts: Parts;
  private readonly memory: LinearMemory;
  private readonly fields: Struct;

  constructor(parts: Parts) {
    this.parts = parts;
    this.memory = parts.core.memory;
    this.fields = new Struct(this.memory, kfifo);
  }

  /** INIT_KFIFO() and kfifo_init(): a ring in memory that is there; 0, or -EINVAL for less than two elements. */
  init(fifo: number, buffer: number, bytes: number, esize: number): number {
    const count = Math.floor(bytes / esize);
    const size = count < 1 ? 0 : 2 ** (31 - Math.clz32(count));
    const mask = size < 2 ? 0 : size - 1;
    this.use(fifo);
    this.setAll(fifo, { in: 0, out: 0, mask, esize, data: buffer });
    return size < 2 ? -errno.EINVAL : 0;
  }

  /** kfifo_alloc(): a ring for so many elements, rounded up to a power of two; 0, or a negative errno. */
  *alloc(fifo: number, count: number, gfp: number): Steps<number> {
    this.use(fifo);
    const size = count <= 1 ? count : 2 ** (32 - Math.clz32(count - 1));
    const esize = this.get(fifo, "esize") || 1;
    this.setAll(fifo, { in: 0, out: 0, mask: 0, esize, data: 0 });
    if (size < 2) return -errno.EINVAL;
    const data = yield* this.parts.slab.array(size, esize, gfp, "__kfifo_alloc");
    if (data === 0) return -errno.ENOMEM;
    this.setAll(fifo, { mask: size - 1, data });
    return 0;
  }

  free(fifo: number): void {
    this.use(fifo);
    this.parts.slab.kfree(this.get(fifo, "data"));
    this.setAll(fifo, { in: 0, out: 0, mask: 0, esize: 0, data: 0 });
  }

  isInitialised(fifo: number): boolean {
    this.use(fifo);
    return this.get(fifo, "mask") !== 0;
  }

  esize(fifo: number): number {
    this.use(fifo);
    return this.get(fifo, "esize");
  }

  size(fifo: number): number {
    this.use(fifo);
    return this.get(fifo, "mask") + 1;
  }

  /** How many elements it holds. */
  length(fifo: number): number {
    this.use(fifo);
    return (this.get(fifo, "in") - this.get(fifo, "out")) >>> 0;
  }

  /** How many more fit. */
  room(fifo: number): number {
    return this.size(fifo) - this.length(fifo);
  }

  reset(fifo: number): void {
    this.use(fifo);
    this.setAll(fifo, { in: 0, out: 0 });
  }

  /** kfifo_skip_count(), and kfifo_reset_out() for all that it holds. */
  skip(fifo: number, count: number): void {
    this.use(fifo);
    this.setAll(fifo, { out: (this.get(fifo, "out") + count) >>> 0 });
  }

  /** kfifo_in(): how many elements fitted. */
  in(fifo: number, from: number, count: number): number {
    const most = Math.min(count, this.room(fifo));
    this.memory.touch(from, most * this.get(fifo, "esize"), false);
    let done = 0;
    for (const { at, bytes } of this.stretches(fifo, "in", most)) {
      this.memory.copy(at, from + done, bytes);
      done += bytes;
    }
    this.setAll(fifo, { in: (this.get(fifo, "in") + most) >>> 0 });
    return most;
  }

  /** kfifo_out() and kfifo_out_peek(): how many elements there were. */
  out(fifo: number, to: number, count: number, takes: boolean): number {
    const most = Math.min(count, this.length(fifo));
    this.memory.touch(to, most * this.get(fifo, "esize"), true);
    let done = 0;
    for (const { at, bytes } of this.stretches(fifo, "out", most)) {
      this.memory.copy(to + done, at, bytes);
      done += bytes;
    }
    if (takes) this.skip(fifo, most);
    return most;
  }

  /** kfifo_put() of an integer, or of a struct by its address: 1, or 0 when it is full. */
  put(fifo: number, value: number | bigint): number {
    const esize = this.esize(fifo);
    if (![1, 2, 4, 8].includes(esize)) return this.in(fifo, Number(value), 1);
    const [place] = this.room(fifo) === 0 ? [] : this.stretches(fifo, "in", 1);
    if (place === undefined) return 0;
    const bits = BigInt.asUintN(64, BigInt(value));
    for (let at = 0; at < esize; at += esize === 8 ? 4 : esize) {
      this.memory.poke(place.at + at, Math.min(esize, 4) as 1 | 2 | 4, Number((bits >> BigInt(8 * at)) & 0xffffffffn));
    }
    this.setAll(fifo, { in: (this.get(fifo, "in") + 1) >>> 0 });
    return 1;
  }

  /** kfifo_from_user(): so many bytes; 0, or -EFAULT. How many were copied goes to `*copied`. */
  *fromUser(fifo: number, from: number, bytes: number, copied: number): Steps<number> {
    const esize = this.esize(fifo);
    const most = Math.min(Math.floor(bytes / esize), this.room(fifo));
    return yield* this.across(fifo, "in", most, copied, (at, done, length) =>
      this.parts.user.copyFrom(at, from + done, length),
    );
  }

  /** kfifo_to_user(), likewise. */
  *toUser(fifo: number, to: number, bytes: number, copied: number): Steps<number> {
    const esize = this.esize(fifo);
    const most = Math.min(Math.floor(bytes / esize), this.length(fifo));
    return yield* this.across(fifo, "out", most, copied, (at, done, length) =>
      this.parts.user.copyTo(to + done, at, length),
    );
  }

  private *across(
    fifo: number,
    end: "in" | "out",
    most: number,
    copied: number,
    copy: (at: number, done: number, bytes: number) => Steps<number>,
  ): Steps<number> {
    const esize = this.get(fifo, "esize");
    let done = 0;
    let left = 0;
    for (const { at, bytes } of this.stretches(fifo, end, most)) {
      left = yield* copy(at, done, bytes);
      done += bytes - left;
      if (left > 0) break;
    }
    const whole = Math.floor(done / esize);
    this.memory.store(copied, 4, whole * esize);
    this.setAll(fifo, { [end]: (this.get(fifo, end) + whole) >>> 0 });
    return left > 0 ? -errno.EFAULT : 0;
  }

  /** Where so many elements lie from `in` or `out` on. */
  private stretches(fifo: number, from: "in" | "out", count: number): readonly Stretch[] {
    const [esize, data, size] = [this.get(fifo, "esize"), this.get(fifo, "data"), this.get(fifo, "mask") + 1];
    const first = this.get(fifo, from) & this.get(fifo, "mask");
    const upToEnd = Math.min(count, size - first);
    const stretches = [
      { at: data + first * esize, bytes: upToEnd * esize },
      { at: data, bytes: (count - upToEnd) * esize },
    ];
    return stretches.filter(({ bytes }) => bytes > 0);
  }

  /** A fifo that is gone is found out; nobody changes where the ring lies while it is used. */
  private use(fifo: number): void {
    this.memory.touch(this.fields.at(fifo, "data"), 4, false);
  }

  private get(fifo: number, member: string): number {
    return this.fields.get(fifo, member);
  }

  private setAll(fifo: number, members: Readonly<Record<string, number>>): void {
    for (const [member, value] of Object.entries(members)) this.fields.set(fifo, member, value);
  }
}
