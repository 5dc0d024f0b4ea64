// kmalloc and kfree: size classes, red zones around objects, and a quarantine in which freed ones wait, as with KASAN.
import { MemoryFault, type Steps } from "../engine/interfaces.ts";
import { roundUp } from "../engine/layout.ts";
import {
  DMA_ZONE_END,
  DMA_ZONE_START,
  HEAP_BYTES,
  HEAP_START,
  KASAN_PAGE_FREE,
  KASAN_SLAB_FREE,
  KASAN_SLAB_REDZONE,
  PAGE_OFFSET,
  PAGE_SIZE,
} from "./addresses.ts";
import type { Core } from "./core.ts";
import type { HeapObject, HeapTrack, StackEntry } from "./events.ts";
import { __GFP_DIRECT_RECLAIM, __GFP_DMA, __GFP_ZERO, GFP_KERNEL } from "./gfp.ts";
import { encode } from "./text.ts";
import type { Zone } from "./zone.ts";

/** Sizes of the caches `kmalloc-8` … `kmalloc-8k`, mm/slab_common.c. */
const SIZES = [8, 16, 32, 64, 96, 128, 192, 256, 512, 1024, 2048, 4096, 8192] as const;
/** Larger requests go to the page allocator, up to 4 MB. */
const KMALLOC_MAX_SIZE = 0x400000;
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
  readonly keepsContent: boolean;
  object: HeapObject;
}

/** Where kmalloc() says that it may sleep. */
const MIGHT_ALLOC = "include/linux/sched/mm.h:321";

/** Memory of which a cache's objects are cut. */
interface Arena {
  next: number;
  readonly end: number;
}

export interface CacheSettings {
  readonly name: string;
  /** Bytes from one object to the next, without the red zone. */
  readonly size: number;
  readonly align: number;
  readonly isDma: boolean;
  /** Objects keep their content while they are free. */
  readonly keepsContent: boolean;
}

export class Slab {
  private readonly core: Core;
  private readonly zone: Zone;
  private readonly normal: Arena = { next: HEAP_START + PAGE_SIZE, end: HEAP_START + HEAP_BYTES };
  private readonly dma: Arena = { next: DMA_ZONE_START + PAGE_SIZE, end: DMA_ZONE_END };
  private readonly places = new Map<number, Place>();
  /** Addresses in the order in which they were cut, for finding the object around an address. */
  private readonly cut: number[] = [];
  private readonly free = new Map<string, number[]>();
  private readonly quarantine: number[] = [];
  private quarantined = 0;
  private readonly own = new Set<string>();
  private readonly doomed = new Set<number>();
  private readonly onFree: ((address: number, bytes: number) => void)[] = [];

  constructor(core: Core, zone: Zone) {
    this.core = core;
    this.zone = zone;
    core.memory.map(PAGE_OFFSET, DMA_ZONE_END - PAGE_OFFSET);
    core.memory.map(HEAP_START, HEAP_BYTES);
    core.memory.forbid(HEAP_START, HEAP_BYTES, KASAN_PAGE_FREE);
    for (const { next } of [this.normal, this.dma]) core.memory.forbid(next - PAGE_SIZE, PAGE_SIZE, KASAN_SLAB_REDZONE);
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

  /** Freed objects whose memory is not used again yet, the latest first; for the views. */
  get waiting(): readonly HeapObject[] {
    return this.quarantine.map((address) => this.places.get(address)!.object).reverse();
  }

  /** Says that an allocation may sleep, where its flags let it. */
  mightAlloc(gfp: number, callee: string): void {
    if ((gfp & __GFP_DIRECT_RECLAIM) !== 0) this.core.mightSleep(callee, MIGHT_ALLOC);
  }

  *kmalloc(bytes: number, gfp: number, callee = "kmalloc"): Steps<number> {
    this.mightAlloc(gfp, callee);
    if (bytes === 0) return ZERO_SIZE_PTR;
    if (bytes > KMALLOC_MAX_SIZE) return 0;
    return yield* this.allocate(kmallocCache(bytes, (gfp & __GFP_DMA) !== 0), bytes, gfp);
  }

  /** An object of a cache; 0 when there is no memory. */
  *allocate(cache: CacheSettings, bytes: number, gfp: number): Steps<number> {
    if (!(yield* this.zone.take(cache.size, gfp, "failslab"))) return 0;
    const address = this.put(cache, bytes, (gfp & __GFP_ZERO) !== 0 ? 0 : POISON_INUSE, gfp);
    if (address === 0) this.zone.give(cache.size);
    return address;
  }

  /** Cleared memory of the kernel's own, such as a `struct file`, from a cache of that name; it is no module's. */
  reserve(bytes: number, name: string): number {
    this.own.add(name);
    return this.put({ name, size: roundUp(bytes, 8), align: 8, isDma: false, keepsContent: false }, bytes, 0);
  }

  /** The same for a driver, as an allocation that may sleep and fail: 0 then. */
  *reserveFor(bytes: number, name: string, callee: string): Steps<number> {
    this.mightAlloc(GFP_KERNEL, callee);
    if (!(yield* this.zone.take(bytes, GFP_KERNEL, "failslab"))) return 0;
    this.zone.give(bytes);
    return this.reserve(bytes, name);
  }

  /** Whether objects of a cache are the kernel's own. */
  isOwn(cache: string): boolean {
    return this.own.has(cache);
  }

  kzalloc(bytes: number, gfp: number, callee = "kzalloc"): Steps<number> {
    return this.kmalloc(bytes, gfp | __GFP_ZERO, callee);
  }

  /** kmalloc_array() and kcalloc(): a product that overflows is no memory. */
  *array(count: number, bytes: number, gfp: number, callee: string): Steps<number> {
    return count * bytes > 0xffffffff ? 0 : yield* this.kmalloc(count * bytes, gfp, callee);
  }

  /** kfree_rcu() has it: it is freed when its readers have left, and nobody's leak meanwhile. */
  doom(address: number): void {
    this.doomed.add(address);
  }

  isDoomed(address: number): boolean {
    return this.doomed.has(address);
  }

  kfree(address: number): void {
    if (address <= ZERO_SIZE_PTR) return;
    this.doomed.delete(address);
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
    place.object = { ...object, freed: this.track(stack) };
    if (!place.keepsContent) this.core.memory.fill(address, place.size, POISON_FREE);
    this.core.memory.forbid(address, place.size, KASAN_SLAB_FREE);
    this.core.emit({ kind: "free", address, cache: place.cache, stack });
    if (!this.own.has(place.cache)) this.zone.give(place.size);
    this.retire(place);
  }

  /** Objects of a cache that are allocated now. */
  liveOf(cache: string): readonly HeapObject[] {
    return this.live.filter((object) => object.cache === cache);
  }

  /** Whether an address begins an object of this cache, allocated or not. */
  cacheOf(address: number): string | undefined {
    return this.places.get(address)?.cache;
  }

  /** A new size at a new place, with the old contents; the old place is freed. */
  *krealloc(address: number, bytes: number, gfp: number): Steps<number> {
    if (bytes === 0) {
      this.kfree(address);
      return ZERO_SIZE_PTR;
    }
    const old = address <= ZERO_SIZE_PTR ? 0 : this.ksize(address);
    const made = yield* this.kmalloc(bytes, gfp, "krealloc");
    if (made === 0) return 0;
    const kept = Math.min(old, bytes);
    this.core.memory.copy(made, address, kept);
    if (old > 0) this.kfree(address);
    return made;
  }

  *kmemdup(from: number, bytes: number, gfp: number, callee = "kmemdup"): Steps<number> {
    const made = yield* this.kmalloc(bytes, gfp, callee);
    if (made <= ZERO_SIZE_PTR) return made;
    this.core.memory.touch(from, bytes, false);
    this.core.memory.copy(made, from, bytes);
    return made;
  }

  /** A text that the kernel made, in memory that a driver will free. */
  *dupText(text: string, gfp: number, callee: string): Steps<number> {
    const bytes = encode(text);
    const made = yield* this.kmalloc(bytes.length + 1, gfp | __GFP_ZERO, callee);
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
    const low = this.cutBefore(address);
    const before = low === 0 ? undefined : this.places.get(this.cut[low - 1]!);
    if (before !== undefined && address < before.address + before.size + redzoneOf(before.size)) return before.object;
    const after = low === this.cut.length ? undefined : this.places.get(this.cut[low]!);
    return after !== undefined && after.address - address <= PAGE_SIZE ? after.object : undefined;
  }

  /** How many places begin at or before an address. */
  private cutBefore(address: number): number {
    let low = 0;
    let high = this.cut.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.cut[middle]! <= address) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private put(cache: CacheSettings, bytes: number, fill: number, gfp?: number): number {
    const { name, size, keepsContent } = cache;
    const known = this.free.get(name)?.shift();
    const address = known ?? this.cutOne(cache);
    if (address === 0) return 0;
    this.occupy(address, bytes, size, name, gfp);
    if (known === undefined || !keepsContent) {
      this.core.memory.fill(address, size, fill);
      if (fill !== 0) this.core.memory.neverWritten(address, bytes);
    }
    this.core.emit({ kind: "alloc", address, bytes, cache: name, stack: this.core.stack() });
    return address;
  }

  private cutOne({ name: cache, size, align, isDma, keepsContent }: CacheSettings): number {
    const arena = isDma ? this.dma : this.normal;
    const address = roundUp(arena.next, align);
    const end = address + size + redzoneOf(size);
    if (end > arena.end) return 0;
    this.core.memory.forbid(arena.next, end - arena.next, KASAN_SLAB_REDZONE);
    arena.next = roundUp(end, 8);
    if (isDma) this.cut.splice(this.cutBefore(address), 0, address);
    else this.cut.push(address);
    // Only its place in the order counts until it is occupied.
    const object = { address, bytes: 0, cache, allocated: { task: 0, stack: [], nanos: 0 }, freed: undefined };
    this.places.set(address, { address, size, cache, keepsContent, object });
    return address;
  }

  private occupy(address: number, bytes: number, size: number, cache: string, gfp: number | undefined): void {
    const own = gfp === undefined ? {} : { gfp };
    this.places.get(address)!.object = { address, bytes, cache, allocated: this.track(), freed: undefined, ...own };
    this.core.memory.forbid(address, size + redzoneOf(size), KASAN_SLAB_REDZONE);
    this.core.memory.allow(address, bytes);
  }

  private track(stack: readonly StackEntry[] = this.core.stack()): HeapTrack {
    return { task: this.core.task.id, stack, nanos: this.core.engine.clock.nanos };
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

/** The caches of kmalloc(), by their sizes: there are not many. */
const KMALLOC = new Map<number, CacheSettings>();
const KMALLOC_DMA = new Map<number, CacheSettings>();

function kmallocCache(bytes: number, isDma: boolean): CacheSettings {
  let size: number = SIZES[0];
  for (let i = 1; size < bytes; i++) size = SIZES[i] ?? roundUp(bytes, PAGE_SIZE);
  const known = isDma ? KMALLOC_DMA : KMALLOC;
  let cache = known.get(size);
  if (cache === undefined) {
    const name = size > 8192 ? `page-${size}` : `kmalloc-${size >= 1024 ? `${size / 1024}k` : size}`;
    // Page-sized and larger objects lie at page boundaries, and powers of two at their own.
    const align = size >= PAGE_SIZE ? PAGE_SIZE : (size & (size - 1)) === 0 ? size : 32;
    cache = { name: isDma ? `dma-${name}` : name, size, align, isDma, keepsContent: false };
    known.set(size, cache);
  }
  return cache;
}

/** optimal_redzone(), mm/kasan/generic.c. */
function redzoneOf(size: number): number {
  if (size <= 64 - 16) return 16;
  if (size <= 128 - 32) return 32;
  if (size <= 512 - 64) return 64;
  return size <= 4096 - 128 ? 128 : 256;
}
