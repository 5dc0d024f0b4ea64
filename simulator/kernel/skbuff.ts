// Socket buffers: a head that says where the data lie, the data with room before and behind them, and queues of both.
// Source: net/core/skbuff.c
import { hex, type Steps } from "../engine/interfaces.ts";
import { roundUp } from "../engine/layout.ts";
import type { Core } from "./core.ts";
import { GFP_ATOMIC } from "./gfp.ts";
import { offsetOf } from "./layouts.ts";
import type { Locks } from "./locks.ts";
import { net_device, sk_buff, sk_buff_head, skb_shared_info } from "./net-layouts.ts";
import type { Log } from "./printk.ts";
import type { Slab } from "./slab.ts";
import { CheckedStruct } from "./struct.ts";
import { textAt } from "./text.ts";

const CACHE_LINE = 64;
/** Room that devices leave before a frame, and what makes an IP header lie at a multiple of four. */
export const NET_SKB_PAD = 64;
export const NET_IP_ALIGN = 2;
/** The offset of a header that was not set. */
const UNSET = 0xffff;
const HEADS = {
  name: "skbuff_head_cache",
  size: roundUp(sk_buff.size, CACHE_LINE),
  align: CACHE_LINE,
  isDma: false,
  keepsContent: false,
};

const QLEN = offsetOf(sk_buff_head, "qlen");
const QUEUE_LOCK = offsetOf(sk_buff_head, "lock");
const DATAREF = offsetOf(skb_shared_info, "dataref");

type Header = "mac_header" | "network_header" | "transport_header";

export class SkBuffs {
  private readonly core: Core;
  private readonly log: Log;
  private readonly slab: Slab;
  private readonly locks: Locks;
  private readonly fields: CheckedStruct;
  /** Told of each buffer that goes. */
  whenFreed: (skb: number) => void = () => {};

  constructor(core: Core, log: Log, slab: Slab, locks: Locks) {
    this.core = core;
    this.log = log;
    this.slab = slab;
    this.locks = locks;
    this.fields = new CheckedStruct(core.memory, sk_buff);
  }

  get(skb: number, member: string): number {
    return this.fields.get(skb, member);
  }

  set(skb: number, member: string, value: number): void {
    this.fields.set(skb, member, value);
  }

  /** alloc_skb(): no data yet, all room behind them. 0 when there is no memory. */
  *alloc(bytes: number, gfp: number, callee = "alloc_skb"): Steps<number> {
    this.slab.mightAlloc(gfp, callee);
    const skb = yield* this.slab.allocate(HEADS, sk_buff.size, gfp);
    if (skb === 0) return 0;
    const size = roundUp(bytes, CACHE_LINE);
    const whole = size + roundUp(skb_shared_info.size, CACHE_LINE);
    const head = yield* this.slab.kmalloc(whole, gfp, callee);
    if (head === 0) {
      this.slab.kfree(skb);
      return 0;
    }
    this.core.memory.touch(skb, sk_buff.size, true);
    this.core.memory.bytesAt(skb, sk_buff.size).fill(0);
    for (const member of ["head", "data", "tail"]) this.set(skb, member, head);
    this.set(skb, "end", head + size);
    this.set(skb, "truesize", whole + HEADS.size);
    this.set(skb, "users", 1);
    for (const member of ["mac_header", "transport_header"]) this.set(skb, member, UNSET);
    this.core.memory.touch(head + size, skb_shared_info.size, true);
    this.core.memory.bytesAt(head + size, skb_shared_info.size).fill(0);
    this.core.memory.store(head + size + DATAREF, 4, 1);
    return skb;
  }

  /** netdev_alloc_skb(): with room for headers before the data, from memory that is there. */
  *allocForDevice(dev: number, bytes: number, gfp = GFP_ATOMIC, pad = NET_SKB_PAD): Steps<number> {
    const skb = yield* this.alloc(bytes + pad, gfp, "__netdev_alloc_skb");
    if (skb === 0) return 0;
    this.reserve(skb, pad);
    this.set(skb, "dev", dev);
    return skb;
  }

  /** kfree_skb() and its kin: one user less; the last one's going frees it. */
  free(skb: number): void {
    if (skb === 0) return;
    const users = this.get(skb, "users");
    if (users !== 1) {
      this.set(skb, "users", users - 1);
      if (users > 1) return;
    }
    if (this.get(skb, "destructor") !== 0 && this.core.inHardirq) {
      this.core.warn("net/core/skbuff.c", 1171, "skb_release_head_state");
    }
    this.whenFreed(skb);
    const shared = this.get(skb, "end") + DATAREF;
    const sharers = this.core.memory.load(shared, 4, true) - 1;
    this.core.memory.store(shared, 4, sharers);
    if (sharers === 0) this.slab.kfree(this.get(skb, "head"));
    this.slab.kfree(skb);
  }

  /** skb_reserve(): moves the place of the data while there are none. */
  reserve(skb: number, bytes: number): void {
    this.set(skb, "data", this.get(skb, "data") + bytes);
    this.set(skb, "tail", this.get(skb, "tail") + bytes);
  }

  /** skb_put(): more data at the end; where they begin. Running over the end is a bug. */
  *put(skb: number, bytes: number): Steps<number> {
    const tail = this.get(skb, "tail");
    this.set(skb, "tail", tail + bytes);
    this.set(skb, "len", this.get(skb, "len") + bytes);
    if (tail + bytes > this.get(skb, "end")) yield* this.panic(skb, bytes, "skb_over_panic");
    return tail;
  }

  *putZero(skb: number, bytes: number): Steps<number> {
    const at = yield* this.put(skb, bytes);
    this.core.memory.touch(at, bytes, true);
    this.core.memory.bytesAt(at, bytes).fill(0);
    return at;
  }

  *putData(skb: number, from: number, bytes: number): Steps<number> {
    const at = yield* this.put(skb, bytes);
    const { memory } = this.core;
    memory.touch(from, bytes, false);
    memory.touch(at, bytes, true);
    memory.copy(at, from, bytes);
    return at;
  }

  /** skb_push(): more data at the start; where they begin. */
  *push(skb: number, bytes: number): Steps<number> {
    const data = this.get(skb, "data") - bytes;
    this.set(skb, "data", data);
    this.set(skb, "len", this.get(skb, "len") + bytes);
    if (data < this.get(skb, "head")) yield* this.panic(skb, bytes, "skb_under_panic");
    return data;
  }

  /** skb_pull(): takes data away from the start; where the rest begins, or NULL when there are not so many. */
  pull(skb: number, bytes: number): number {
    const length = this.get(skb, "len");
    if (bytes > length) return 0;
    this.set(skb, "len", length - bytes);
    const data = this.get(skb, "data") + bytes;
    this.set(skb, "data", data);
    return data;
  }

  /** skb_trim(): cuts the data to this length. */
  trim(skb: number, bytes: number): void {
    if (this.get(skb, "len") <= bytes) return;
    this.set(skb, "len", bytes);
    this.set(skb, "tail", this.get(skb, "data") + bytes);
  }

  headroom(skb: number): number {
    return this.get(skb, "data") - this.get(skb, "head");
  }

  tailroom(skb: number): number {
    return this.get(skb, "end") - this.get(skb, "tail");
  }

  /** skb_reset_mac_header() and its kin: the header begins where the data do. */
  resetHeader(skb: number, header: Header): void {
    this.set(skb, header, this.headroom(skb));
  }

  /** skb_set_network_header() and its kin. */
  setHeader(skb: number, header: Header, offset: number): void {
    this.set(skb, header, this.headroom(skb) + offset);
  }

  headerOf(skb: number, header: Header): number {
    return this.get(skb, "head") + this.get(skb, header);
  }

  hasHeader(skb: number, header: Header): boolean {
    return this.get(skb, header) !== UNSET;
  }

  /** skb_copy_expand(): a copy with data of its own and this room around them. */
  *copy(skb: number, headroom: number, tailroom: number, gfp: number, callee = "skb_copy"): Steps<number> {
    const length = this.get(skb, "len");
    const made = yield* this.alloc(headroom + length + tailroom, gfp, callee);
    if (made === 0) return 0;
    const kept = Math.min(headroom, this.headroom(skb));
    this.reserve(made, headroom);
    yield* this.put(made, length);
    const from = this.get(skb, "data") - kept;
    const place = this.get(made, "data") - kept;
    this.core.memory.touch(from, kept + length, false);
    this.core.memory.touch(place, kept + length, true);
    this.core.memory.copy(place, from, kept + length);
    this.copyHeader(made, skb, this.headroom(made) - this.headroom(skb));
    return made;
  }

  /** skb_copy(): with the room that the old one has. */
  copyWhole(skb: number, gfp: number): Steps<number> {
    return this.copy(skb, this.headroom(skb), this.tailroom(skb), gfp);
  }

  /** skb_clone(): another head for the same data. */
  *clone(skb: number, gfp: number): Steps<number> {
    this.slab.mightAlloc(gfp, "skb_clone");
    const made = yield* this.slab.allocate(HEADS, sk_buff.size, gfp);
    if (made === 0) return 0;
    const { memory } = this.core;
    memory.touch(skb, sk_buff.size, false);
    memory.touch(made, sk_buff.size, true);
    memory.copy(made, skb, sk_buff.size);
    for (const member of ["next", "prev", "destructor"]) this.set(made, member, 0);
    this.set(made, "users", 1);
    for (const one of [skb, made]) this.set(one, "cloned", 1);
    const shared = this.get(skb, "end") + DATAREF;
    memory.store(shared, 4, memory.load(shared, 4, true) + 1);
    return made;
  }

  /** skb_cloned(): somebody else has the same data. */
  isCloned(skb: number): boolean {
    if (this.get(skb, "cloned") === 0) return false;
    return this.core.memory.load(this.get(skb, "end") + DATAREF, 4, true) !== 1;
  }

  initQueue(queue: number, name: string): void {
    this.locks.init(queue + QUEUE_LOCK, "spinlock", name);
    this.core.memory.store(queue, 4, queue);
    this.core.memory.store(queue + 4, 4, queue);
    this.core.memory.store(queue + QLEN, 4, 0);
  }

  /** __skb_queue_tail() and __skb_queue_head(), without the lock. */
  enqueue(queue: number, skb: number, isFirst: boolean): void {
    const { memory } = this.core;
    const before = isFirst ? queue : memory.load(queue + 4, 4, false);
    const after = memory.load(before, 4, false);
    memory.store(skb, 4, after);
    memory.store(skb + 4, 4, before);
    memory.store(after + 4, 4, skb);
    memory.store(before, 4, skb);
    memory.store(queue + QLEN, 4, memory.load(queue + QLEN, 4, false) + 1);
  }

  /** skb_peek(): 0 when the queue is empty. */
  first(queue: number): number {
    const first = this.core.memory.load(queue, 4, false);
    return first === queue ? 0 : first;
  }

  last(queue: number): number {
    const last = this.core.memory.load(queue + 4, 4, false);
    return last === queue ? 0 : last;
  }

  /** __skb_unlink(). */
  unlink(skb: number, queue: number): void {
    const { memory } = this.core;
    memory.store(queue + QLEN, 4, memory.load(queue + QLEN, 4, false) - 1);
    const [after, before] = [memory.load(skb, 4, false), memory.load(skb + 4, 4, false)];
    memory.store(skb, 4, 0);
    memory.store(skb + 4, 4, 0);
    memory.store(after + 4, 4, before);
    memory.store(before, 4, after);
  }

  lengthOf(queue: number): number {
    return this.core.memory.load(queue + QLEN, 4, false);
  }

  /** Does something with a queue under its lock. */
  *locked<T>(queue: number, act: () => T): Steps<T> {
    const flags = Number(yield* this.locks.spinLock(queue + QUEUE_LOCK, "_irqsave"));
    const result = act();
    yield* this.locks.spinUnlock(queue + QUEUE_LOCK, "_irqsave", flags);
    return result;
  }

  private copyHeader(to: number, from: number, moved: number): void {
    const { memory } = this.core;
    const cb = offsetOf(sk_buff, "cb");
    memory.copy(to + cb, from + cb, 48);
    const same = ["dev", "mac_len", "queue_mapping", "pkt_type", "ip_summed", "csum", "priority", "skb_iif", "hash"];
    for (const member of [...same, "mark", "protocol"]) this.set(to, member, this.get(from, member));
    for (const header of ["mac_header", "network_header", "transport_header"] as const) {
      const offset = this.get(from, header);
      this.set(to, header, offset === UNSET ? UNSET : offset + moved);
    }
  }

  /** skb_panic(): says what is where, and ends the task. */
  private *panic(skb: number, bytes: number, words: string): Steps<void> {
    const dev = this.get(skb, "dev");
    const name = dev === 0 ? "<NULL>" : textAt(this.core.memory, dev + offsetOf(net_device, "name"), 16);
    const at = (member: string): string => hex(this.get(skb, member));
    const long = (member: string): string => `0x${this.get(skb, member).toString(16)}`;
    this.log.write(
      `skbuff: ${words}: text:${this.core.here} len:${this.get(skb, "len")} put:${bytes} head:${at("head")} data:${at("data")} tail:${long("tail")} end:${long("end")} dev:${name}`,
      0,
    );
    yield { kind: "fault", fault: { message: "kernel BUG at net/core/skbuff.c:209!" } };
  }
}
