// kmalloc and kfree: size classes, red zones around objects, and a quarantine in which freed ones wait, as with KASAN.
import { MemoryFault } from "../engine/interfaces.ts";
import { roundUp } from "../engine/layout.ts";
import { HEAP_BYTES, HEAP_START, KASAN_PAGE_FREE, KASAN_SLAB_FREE, KASAN_SLAB_REDZONE } from "./addresses.ts";
import type { Core } from "./core.ts";
import type { HeapObject, StackEntry } from "./events.ts";
import { __GFP_DIRECT_RECLAIM, __GFP_ZERO } from "./gfp.ts";
import { encode } from "./text.ts";

/** Sizes of the caches `kmalloc-8` … `kmalloc-8k`, mm/slab_common.c. */
const SIZES = [8, 16, 32, 64, 96, 128, 192, 256, 512, 1024, 2048, 4096, 8192] as const;
/** Larger requests go to the page allocator, up to 4 MB. */
const KMALLOC_MAX_SIZE = 0x400000;
const PAGE_SIZE = 4096;
/** A request of no bytes gets this address; a zero is no error, but nothing may be touched. */
const ZERO_SIZE_PTR = 16;
/** Freed bytes that are kept from being used again. */
const QUARANTINE_BYTES = 0x40000;
/** Fresh and freed memory holds these, include/linux/poison.h. */
const POISON_INUSE = 0x5a;
const POISON_FREE = 0x6b;

/** A piece of the heap cut for one cache, and what lies or last lay in it. */
interface Place {
  readonly address: number;
  readonly size: number;
  readonly cache: string;
  object: HeapObject;
}

/** Where kmalloc() says that it may sleep. */
const MIGHT_ALLOC = "include/linux/sched/mm.h:321";

export class Slab {
  private readonly core: Core;
  private next = HEAP_START + PAGE_SIZE;
  private readonly places = new Map<number, Place>();
  /** Addresses in the order in which they were cut, for finding the object around an address. */
  private readonly cut: number[] = [];
  private readonly free = new Map<string, number[]>();
  private readonly quarantine: number[] = [];
  private quarantined = 0;
  private readonly own = new Set<string>();
  private readonly onFree: ((address: number, bytes: number) => void)[] = [];

  constructor(core: Core) {
    this.core = core;
    core.memory.map(HEAP_START, HEAP_BYTES);
    core.memory.forbid(HEAP_START, HEAP_BYTES, KASAN_PAGE_FREE);
    core.memory.forbid(this.next - PAGE_SIZE, PAGE_SIZE, KASAN_SLAB_REDZONE);
    core.memory.onBadAccess((access) => {
      core.emit({ kind: "bad-access", access, object: this.objectNear(access.address), stack: core.stack() });
    });
  }

  /** Calls back when memory is freed, before it may be used again. */
  watch(listener: (address: number, bytes: number) => void): void {
    this.onFree.push(listener);
  }

  /** Objects that are allocated now, in order of their addresses. */
  get live(): readonly HeapObject[] {
    return [...this.places.values()].map(({ object }) => object).filter(({ freed }) => freed === undefined);
  }

  /** Says that an allocation may sleep, where its flags let it. */
  mightAlloc(gfp: number, callee: string): void {
    if ((gfp & __GFP_DIRECT_RECLAIM) !== 0) this.core.mightSleep(callee, MIGHT_ALLOC);
  }

  kmalloc(bytes: number, gfp: number, callee = "kmalloc"): number {
    this.mightAlloc(gfp, callee);
    if (bytes === 0) return ZERO_SIZE_PTR;
    if (bytes > KMALLOC_MAX_SIZE) return 0;
    const size = SIZES.find((candidate) => candidate >= bytes) ?? roundUp(bytes, PAGE_SIZE);
    const cache = size > 8192 ? `page-${size}` : `kmalloc-${size >= 1024 ? `${size / 1024}k` : size}`;
    return this.allocate(bytes, size, cache, (gfp & __GFP_ZERO) !== 0 ? 0 : POISON_INUSE);
  }

  /** Cleared memory of the kernel's own, such as a `struct file`, from a cache of that name; it is no module's. */
  reserve(bytes: number, cache: string): number {
    this.own.add(cache);
    return this.allocate(bytes, roundUp(bytes, 8), cache, 0);
  }

  /** Whether objects of a cache are the kernel's own. */
  isOwn(cache: string): boolean {
    return this.own.has(cache);
  }

  kzalloc(bytes: number, gfp: number, callee = "kzalloc"): number {
    return this.kmalloc(bytes, gfp | __GFP_ZERO, callee);
  }

  /** kmalloc_array() and kcalloc(): a product that overflows is no memory. */
  array(count: number, bytes: number, gfp: number, callee: string): number {
    return count * bytes > 0xffffffff ? 0 : this.kmalloc(count * bytes, gfp, callee);
  }

  kfree(address: number): void {
    if (address <= ZERO_SIZE_PTR) return;
    const place = this.places.get(address);
    const stack = this.core.stack();
    if (place === undefined) {
      if (!this.core.memory.isMapped(address)) throw new MemoryFault(address, false);
      this.core.emit({ kind: "bad-free", address, why: "invalid", object: this.objectNear(address), stack });
      return;
    }
    const { object } = place;
    if (object.freed !== undefined) {
      this.core.emit({ kind: "bad-free", address, why: "double", object, stack });
      return;
    }
    for (const listener of this.onFree) listener(address, place.size);
    place.object = { ...object, freed: { task: this.core.task.id, stack } };
    this.core.memory.bytesAt(address, place.size).fill(POISON_FREE);
    this.core.memory.forbid(address, place.size, KASAN_SLAB_FREE);
    this.core.emit({ kind: "free", address, cache: place.cache, stack });
    this.retire(place);
  }

  /** A new size at a new place, with the old contents; the old place is freed. */
  krealloc(address: number, bytes: number, gfp: number): number {
    if (bytes === 0) {
      this.kfree(address);
      return ZERO_SIZE_PTR;
    }
    const old = address <= ZERO_SIZE_PTR ? 0 : this.ksize(address);
    const made = this.kmalloc(bytes, gfp, "krealloc");
    if (made === 0) return 0;
    const kept = Math.min(old, bytes);
    this.core.memory.bytesAt(made, kept).set(this.core.memory.bytesAt(address, kept));
    if (old > 0) this.kfree(address);
    return made;
  }

  kmemdup(from: number, bytes: number, gfp: number, callee = "kmemdup"): number {
    const made = this.kmalloc(bytes, gfp, callee);
    if (made <= ZERO_SIZE_PTR) return made;
    this.core.memory.touch(from, bytes, false);
    this.core.memory.bytesAt(made, bytes).set(this.core.memory.bytesAt(from, bytes));
    return made;
  }

  /** A text that the kernel made, in memory that a driver will free. */
  dupText(text: string, gfp: number, callee: string): number {
    const bytes = encode(text);
    const made = this.kmalloc(bytes.length + 1, gfp | __GFP_ZERO, callee);
    if (made !== 0) this.core.memory.bytesAt(made, bytes.length).set(bytes);
    return made;
  }

  /** The bytes that were asked for. */
  ksize(address: number): number {
    const object = this.places.get(address)?.object;
    return object === undefined || object.freed !== undefined ? 0 : object.bytes;
  }

  /** The object that an address belongs to, its red zone included. */
  objectNear(address: number): HeapObject | undefined {
    let low = 0;
    let high = this.cut.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.cut[middle]! <= address) low = middle + 1;
      else high = middle;
    }
    const before = low === 0 ? undefined : this.places.get(this.cut[low - 1]!);
    if (before !== undefined && address < before.address + before.size + redzoneOf(before.size)) return before.object;
    const after = low === this.cut.length ? undefined : this.places.get(this.cut[low]!);
    return after !== undefined && after.address - address <= PAGE_SIZE ? after.object : undefined;
  }

  private allocate(bytes: number, size: number, cache: string, fill: number): number {
    const address = this.free.get(cache)?.shift() ?? this.cutOne(size, cache);
    if (address === 0) return 0;
    this.occupy(address, bytes, size, cache);
    this.core.memory.bytesAt(address, size).fill(fill);
    this.core.emit({ kind: "alloc", address, bytes, cache, stack: this.core.stack() });
    return address;
  }

  private cutOne(size: number, cache: string): number {
    // Page-sized and larger objects lie at page boundaries, as kmalloc() promises for powers of two.
    const address = roundUp(this.next, size >= PAGE_SIZE ? PAGE_SIZE : (size & (size - 1)) === 0 ? size : 32);
    const end = address + size + redzoneOf(size);
    if (end > HEAP_START + HEAP_BYTES) return 0;
    this.core.memory.forbid(this.next, end - this.next, KASAN_SLAB_REDZONE);
    this.next = roundUp(end, 8);
    this.cut.push(address);
    // Only its place in the order counts until it is occupied.
    const object = { address, bytes: 0, cache, allocated: { task: 0, stack: [] }, freed: undefined };
    this.places.set(address, { address, size, cache, object });
    return address;
  }

  private occupy(address: number, bytes: number, size: number, cache: string): void {
    const stack: readonly StackEntry[] = this.core.stack();
    const allocated = { task: this.core.task.id, stack };
    this.places.get(address)!.object = { address, bytes, cache, allocated, freed: undefined };
    this.core.memory.forbid(address, size + redzoneOf(size), KASAN_SLAB_REDZONE);
    this.core.memory.allow(address, bytes);
  }

  private retire(place: Place): void {
    this.quarantine.push(place.address);
    this.quarantined += place.size;
    while (this.quarantined > QUARANTINE_BYTES) {
      const oldest = this.places.get(this.quarantine.shift()!)!;
      this.quarantined -= oldest.size;
      const free = this.free.get(oldest.cache) ?? [];
      free.push(oldest.address);
      this.free.set(oldest.cache, free);
    }
  }
}

/** optimal_redzone(), mm/kasan/generic.c. */
function redzoneOf(size: number): number {
  if (size <= 64 - 16) return 16;
  if (size <= 128 - 32) return 32;
  if (size <= 512 - 64) return 64;
  return size <= 4096 - 128 ? 128 : 256;
}
